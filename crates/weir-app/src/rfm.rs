//! RFM: everybody's scores, and the people of each cell, class and segment.

use std::collections::BTreeMap;
use std::time::Instant;

use weir_core::Result;
use weir_core::amount::{Amount, UNITS};
use weir_core::expr::{Expr, Warning};
use weir_core::feature::Feature;
use weir_core::identity::Identifiers;
use weir_core::rfm::cell::Cells;
use weir_core::rfm::score::days_since;
use weir_core::rfm::segment::{name_of, names};
use weir_core::rfm::{Class, Mean, Person, Rfm, Thresholds};
use weir_core::time::Day;
use weir_engine::rfm::{Scored, score_people};

use crate::app::{View, Workspace};
use crate::states::{lost, subject};
use crate::whom::{Whom, check_beside};

/// An analysis as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct RfmAnswer {
    /// The date.
    pub as_of: Day,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
    /// Whoever of it bought within the window of R: these are scored.
    pub scored: u64,
    /// Days since the last purchase, orders, money.
    pub summary: [Summary; 3],
    /// Thresholds of the scores.
    pub thresholds: Thresholds,
    /// Thresholds of the classes.
    pub mean: Thresholds,
    /// By scores, greatest first; only those that somebody has.
    pub cells: Vec<RfmGroup<[u32; 3]>>,
    /// All eight.
    pub classes: Vec<RfmGroup<Class>>,
    /// All that the analysis has.
    pub segments: Vec<RfmGroup<String>>,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

/// People who have something in common.
#[derive(Debug, Clone, PartialEq)]
pub struct RfmGroup<K> {
    /// What.
    pub key: K,
    /// How many they are.
    pub people: u64,
    /// Their money in 1/10000.
    pub units: i128,
    /// Who they are, to be evaluated as of the analysis's date.
    pub expr: Expr,
}

/// Mean, median and greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The mean.
    pub mean: f64,
    /// The middle value, or the mean of the two in the middle.
    pub median: f64,
    /// The greatest.
    pub greatest: f64,
}

/// One of the people scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RfmRow {
    /// Kind of the canonical identifier.
    pub kind: String,
    /// The canonical identifier.
    pub value: String,
    /// Days since the last purchase.
    pub days: i64,
    /// What was measured.
    pub person: Person,
    /// The scores of R, F and M.
    pub scores: [u32; 3],
    /// The class.
    pub class: Class,
    /// The segment, if the analysis has any.
    pub segment: Option<String>,
}

impl Workspace {
    /// Scores a subject.
    pub fn rfm(&self, rfm: &Rfm, as_of: Day, whom: &Whom) -> Result<RfmAnswer> {
        self.require(Feature::Rfm)?;
        let whom = &self.by_id(whom)?;
        let view = self.view()?;
        let started = Instant::now();
        let mut warnings = rfm.check(&view.names)?;
        warnings.extend(check_beside(&view, whom)?);
        let subject = subject(&view, whom)?;
        let scored = score_people(view.world(), &view.names, rfm, &subject, as_of)?;
        let (merged, erased) = lost(&subject);
        let groups = Groups { rfm, scored: &scored, whom };
        Ok(RfmAnswer {
            as_of,
            total: scored.total,
            scored: scored.people.len() as u64,
            summary: summaries(&scored, as_of),
            thresholds: scored.thresholds.clone(),
            mean: scored.mean.clone(),
            cells: groups.cells(),
            classes: groups.classes(),
            segments: groups.segments(),
            merged,
            erased,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }

    /// Everybody who is scored, in the order of listings.
    pub fn rfm_people(&self, rfm: &Rfm, as_of: Day, whom: &Whom) -> Result<Vec<RfmRow>> {
        self.require(Feature::Rfm)?;
        let whom = &self.by_id(whom)?;
        let view = self.view()?;
        rfm.check(&view.names)?;
        check_beside(&view, whom)?;
        let scored = score_people(view.world(), &view.names, rfm, &subject(&view, whom)?, as_of)?;
        rows(&view, rfm, &scored, as_of)
    }
}

fn rows(view: &View, rfm: &Rfm, scored: &Scored, as_of: Day) -> Result<Vec<RfmRow>> {
    let (identifiers, segments) = (view.identifiers()?, rfm.segments());
    let mut rows = Vec::with_capacity(scored.people.len());
    for (dense, person) in &scored.people {
        let (kind, value) = identifiers.get(view.world().consumers.canonical(*dense));
        let scores = scored.scores(person);
        rows.push(RfmRow {
            kind: kind.to_owned(),
            value: value.to_owned(),
            days: days_since(person.last, as_of) as i64,
            person: *person,
            scores,
            class: scored.class(person),
            segment: (!segments.is_empty()).then(|| name_of(&segments, scores).to_owned()),
        });
    }
    let policy = &view.world().policy;
    rows.sort_unstable_by(|a, b| policy.order((&a.kind, &a.value), (&b.kind, &b.value)));
    Ok(rows)
}

fn summaries(scored: &Scored, as_of: Day) -> [Summary; 3] {
    let of = |value: &dyn Fn(&Person) -> i128, unit: i64| {
        Summary::of(scored.people.iter().map(|(_, person)| value(person)).collect(), unit)
    };
    let days = |person: &Person| days_since(person.last, as_of);
    [of(&days, 1), of(&|person| person.orders.into(), 1), of(&|person| person.units, UNITS)]
}

impl Summary {
    /// Of whole numbers of so many to one.
    fn of(mut values: Vec<i128>, unit: i64) -> Summary {
        values.sort_unstable();
        let unit = unit as f64;
        let mean = Mean::of(values.iter().copied()).to_f64() / unit;
        let middle = |of: usize| values.get(of).copied().unwrap_or_default();
        let upper = values.len() / 2;
        let lower = values.len().saturating_sub(1) / 2;
        let median = (middle(lower) + middle(upper)) as f64 / (2.0 * unit);
        let greatest = values.last().copied().unwrap_or_default() as f64 / unit;
        Summary { mean, median, greatest }
    }
}

/// How many people, and their money.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    people: u64,
    units: i128,
}

struct Groups<'a> {
    rfm: &'a Rfm,
    scored: &'a Scored,
    whom: &'a Whom,
}

impl Groups<'_> {
    fn expressions(&self) -> Cells<'_> {
        Cells { rfm: self.rfm, thresholds: &self.scored.thresholds, mean: &self.scored.mean }
    }

    fn sums<K: Ord>(&self, key: impl Fn(&Person) -> K) -> BTreeMap<K, Sum> {
        let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
        for (_, person) in &self.scored.people {
            let sum = sums.entry(key(person)).or_default();
            sum.people += 1;
            sum.units += person.units;
        }
        sums
    }

    fn group<K>(&self, key: K, sum: Sum, expr: Expr) -> RfmGroup<K> {
        RfmGroup { key, people: sum.people, units: sum.units, expr: self.whom.and(expr) }
    }

    fn cells(&self) -> Vec<RfmGroup<[u32; 3]>> {
        let sums = self.sums(|person| self.scored.scores(person)).into_iter().rev();
        sums.map(|(scores, sum)| self.group(scores, sum, self.expressions().cell(scores))).collect()
    }

    fn classes(&self) -> Vec<RfmGroup<Class>> {
        let sums = self.sums(|person| self.scored.class(person));
        let of = |class: Class| sums.get(&class).copied().unwrap_or_default();
        Class::all().map(|class| self.group(class, of(class), self.class(class))).into()
    }

    /// Of nobody there is no mean to be above.
    fn class(&self, class: Class) -> Expr {
        if self.scored.people.is_empty() { Expr::Any(Vec::new()) } else { self.expressions().class(class) }
    }

    fn segments(&self) -> Vec<RfmGroup<String>> {
        let segments = self.rfm.segments();
        if segments.is_empty() {
            return Vec::new();
        }
        let sums = self.sums(|person| name_of(&segments, self.scored.scores(person)));
        let group = |name: &str| {
            let sum = sums.get(name).copied().unwrap_or_default();
            self.group(name.to_owned(), sum, self.expressions().segment(&segments, name))
        };
        names(&segments).into_iter().map(group).collect()
    }
}

/// Money as exact text; sums beyond what an amount holds as the closest number.
pub fn money(units: i128) -> String {
    match i64::try_from(units) {
        Ok(units) => Amount(units).to_string(),
        Err(_) => (units as f64 / UNITS as f64).to_string(),
    }
}
