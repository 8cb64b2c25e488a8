//! The values of a computed tag: what its rule gives each person known as of a date, and what has to be stated so that
//! these are in force.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use weir_core::Result;
use weir_core::amount::UNITS;
use weir_core::rfm::segment::name_of;
use weir_core::rfm::{Class, Rfm};
use weir_core::tag::TagValue;
use weir_core::tag::rule::{Cases, Give, TagRule};
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::eval::{evaluate, everyone};
use crate::measure::{Total, measure, most};
use crate::rfm::score_people;
use crate::shard::Dense;
use crate::states::Subject;
use crate::tag_column::TagColumn;
use crate::world::World;

/// The values of a rule whose names have been checked, in ascending order of ids. Who has none is left out.
pub fn tag_values(
    world: &World,
    names: &dyn Vocabulary,
    rule: &TagRule,
    as_of: Day,
) -> Result<Vec<(Dense, TagValue)>> {
    match rule {
        TagRule::Measure(by, events) => {
            let totals = measure(world, names, (*by, events), &everyone(world, as_of), as_of)?;
            Ok(totals.into_iter().filter_map(|(dense, total)| Some((dense, value_of(total)?))).collect())
        }
        TagRule::Most(asked) => {
            let texts = most(world, names, asked, &everyone(world, as_of), as_of)?;
            Ok(texts.into_iter().map(|(dense, text)| (dense, TagValue::Text(text))).collect())
        }
        TagRule::Cases(cases) => {
            let texts = texts(world, names, cases, as_of)?.into_iter();
            Ok(texts.map(|(dense, texts)| (dense, TagValue::Text(texts[0].clone()))).collect())
        }
        TagRule::Each(cases) => {
            let texts = texts(world, names, cases, as_of)?.into_iter();
            Ok(texts.map(|(dense, texts)| (dense, TagValue::Multi(distinct(texts)))).collect())
        }
        TagRule::Rfm(rfm, give) => of_rfm(world, names, (rfm, *give), as_of),
    }
}

/// The closest number to an exact one.
fn value_of(total: Total) -> Option<TagValue> {
    match total {
        Total::Ratio { units, divisor } => {
            Some(TagValue::Number(units as f64 / (divisor * i128::from(UNITS)) as f64))
        }
        Total::Date(day) => Some(TagValue::Date(day)),
        Total::Absent => None,
    }
}

/// The texts of all cases that hold, in their order.
fn texts(
    world: &World,
    names: &dyn Vocabulary,
    cases: &Cases,
    as_of: Day,
) -> Result<BTreeMap<Dense, Vec<String>>> {
    let mut texts: BTreeMap<Dense, Vec<String>> = BTreeMap::new();
    for case in &cases.cases {
        for dense in evaluate(world, names, &case.when, as_of)?.members.iter() {
            texts.entry(dense).or_default().push(case.is.clone());
        }
    }
    if let Some(otherwise) = &cases.otherwise {
        for dense in everyone(world, as_of).iter() {
            texts.entry(dense).or_insert_with(|| vec![otherwise.clone()]);
        }
    }
    Ok(texts)
}

/// The first of each.
fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut distinct = Vec::with_capacity(texts.len());
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

fn of_rfm(
    world: &World,
    names: &dyn Vocabulary,
    (rfm, give): (&Rfm, Give),
    as_of: Day,
) -> Result<Vec<(Dense, TagValue)>> {
    let scored = score_people(world, names, rfm, &Subject::Universe, as_of)?;
    let segments = rfm.segments();
    let value = |scores: [u32; 3], class: Class| match give {
        Give::Recency => TagValue::Number(scores[0].into()),
        Give::Frequency => TagValue::Number(scores[1].into()),
        Give::Monetary => TagValue::Number(scores[2].into()),
        Give::Cell => TagValue::Text(format!("{}-{}-{}", scores[0], scores[1], scores[2])),
        Give::Class => TagValue::Text(class.name().to_owned()),
        Give::Segment => TagValue::Text(name_of(&segments, scores).to_owned()),
    };
    let of_each = scored.people.iter();
    Ok(of_each.map(|(dense, person)| (*dense, value(scored.scores(person), scored.class(person)))).collect())
}

/// What a rule gives as of a date, and what is to be stated then.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// The date.
    pub day: Day,
    /// How many have a value.
    pub people: u64,
    /// Values that differ from what is in force; [`TagValue::Absent`] for whoever has none any more.
    pub changes: Vec<(Dense, TagValue)>,
}

/// What was stated about a tag, and what is about to be: dates are computed in ascending order.
pub struct History {
    column: Arc<TagColumn>,
    stated: HashMap<Dense, (Day, TagValue)>,
}

impl History {
    /// What was stated so far.
    pub fn new(column: Arc<TagColumn>) -> History {
        History { column, stated: HashMap::new() }
    }

    /// What a rule, whose names have been checked, gives as of a date, and how that differs from what is in force.
    pub fn compute(
        &mut self,
        world: &World,
        names: &dyn Vocabulary,
        rule: &TagRule,
        day: Day,
    ) -> Result<Computed> {
        let values = tag_values(world, names, rule, day)?;
        let people = values.len() as u64;
        let mut changes = Vec::new();
        let mut values = values.into_iter().peekable();
        for dense in everyone(world, day).iter() {
            let value = values.next_if(|(of, _)| *of == dense).map_or(TagValue::Absent, |(_, value)| value);
            if *self.in_force(dense, day) != value {
                self.stated.insert(dense, (day, value.clone()));
                changes.push((dense, value));
            }
        }
        Ok(Computed { day, people, changes })
    }

    fn in_force(&self, dense: Dense, day: Day) -> &TagValue {
        let stored = self.column.stated(dense, day);
        match (stored, self.stated.get(&dense)) {
            // Of equal days what is about to be stated is the later one.
            (Some((before, value)), Some((since, _))) if before > *since => value,
            (_, Some((_, value))) | (Some((_, value)), None) => value,
            (None, None) => &TagValue::Absent,
        }
    }
}
