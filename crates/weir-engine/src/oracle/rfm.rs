//! RFM by its definitions: no thresholds, every score from everybody's values.

use std::collections::{BTreeMap, BTreeSet};

use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::identity::Node;
use weir_core::rfm::segment::{Segment, name_of};
use weir_core::rfm::{Class, Method, Person, Rfm};
use weir_core::tag::TagValue;
use weir_core::tag::rule::Give;
use weir_core::time::{Day, Window};

use super::flow::FlowSet;
use super::matching::Matcher;
use super::{Context, Oracle};

/// Everybody who is scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// What their purchases amount to.
    pub people: BTreeMap<Node, Person>,
    /// Size of the set, as in a distribution.
    pub total: u64,
    rfm: Rfm,
    segments: Vec<Segment>,
    as_of: Day,
}

impl Oracle<'_> {
    /// The people of a set that an analysis scores.
    pub fn rfm(&self, rfm: &Rfm, set: FlowSet<'_>, as_of: Day) -> Result<Scored> {
        let set = self.counted(set, as_of)?;
        let mut people = BTreeMap::new();
        for person in &set.people {
            people.extend(self.scored(*person, rfm, as_of)?.map(|values| (*person, values)));
        }
        let (total, segments) = (set.total(), rfm.segments());
        Ok(Scored { people, total, rfm: rfm.clone(), segments, as_of })
    }

    fn scored(&self, person: Node, rfm: &Rfm, as_of: Day) -> Result<Option<Person>> {
        let within = |window: Option<Window>| {
            let purchases = rfm.purchases(window);
            let matcher = Matcher::new(self.world, &purchases, &Context::new(as_of))?;
            Ok(self.matching(person, &matcher))
        };
        let Some(last) = within(rfm.windows.r)?.last().map(|event| event.day) else { return Ok(None) };
        let orders: BTreeSet<&str> =
            within(rfm.windows.f)?.iter().filter_map(|event| event.order_id.as_deref()).collect();
        let amounts = within(rfm.windows.m)?.into_iter().filter_map(|event| event.amount);
        let units = amounts.map(|Amount(units)| i128::from(units)).sum();
        Ok(Some(Person { last, orders: orders.len() as u64, units }))
    }
}

impl Scored {
    /// The scores of R, F and M of one of the people.
    pub fn scores(&self, person: &Person) -> [u32; 3] {
        let of = |value: fn(&Person) -> i128, own: i128| -> u32 {
            let values: Vec<i128> = self.people.values().map(value).collect();
            let lesser = values.iter().filter(|other| **other < own).count() as u64;
            let sum: i128 = values.iter().sum();
            match &self.rfm.method {
                Method::Quantile(bins) => 1 + (u64::from(*bins) * lesser / values.len() as u64) as u32,
                Method::Mean => 1 + u32::from(own * values.len() as i128 > sum),
                Method::Fixed(_) => 0,
            }
        };
        // Of days less is better, so the method looks at their negative.
        let days = i128::from(self.as_of.0) - i128::from(person.last.0);
        match &self.rfm.method {
            Method::Fixed(bounds) => [
                1 + bounds.r.iter().filter(|bound| days <= i128::from(**bound)).count() as u32,
                1 + bounds.f.iter().filter(|bound| person.orders >= u64::from(**bound)).count() as u32,
                1 + bounds.m.iter().filter(|bound| person.units >= i128::from(bound.0)).count() as u32,
            ],
            Method::Mean => [
                1 + u32::from(self.class(person).recent),
                of(|p| i128::from(p.orders), i128::from(person.orders)),
                of(|p| p.units, person.units),
            ],
            Method::Quantile(_) => [
                of(|p| i128::from(p.last.0), i128::from(person.last.0)),
                of(|p| i128::from(p.orders), i128::from(person.orders)),
                of(|p| p.units, person.units),
            ],
        }
    }

    /// The class of one of the people: not more days than the mean, more orders, more money.
    pub fn class(&self, person: &Person) -> Class {
        let n = self.people.len() as i128;
        let sum = |value: fn(&Person) -> i128| self.people.values().map(value).sum::<i128>();
        let dates = sum(|p| i128::from(p.last.0));
        Class {
            recent: i128::from(person.last.0) * n >= dates,
            frequent: i128::from(person.orders) * n > sum(|p| i128::from(p.orders)),
            rich: person.units * n > sum(|p| p.units),
        }
    }

    /// What a tag of the analysis holds for somebody.
    pub fn value(&self, person: Node, give: Give) -> Option<TagValue> {
        let person = self.people.get(&person)?;
        let scores = self.scores(person);
        let [r, f, m] = scores;
        Some(match give {
            Give::Recency => TagValue::Number(r.into()),
            Give::Frequency => TagValue::Number(f.into()),
            Give::Monetary => TagValue::Number(m.into()),
            Give::Cell => TagValue::Text(format!("{r}-{f}-{m}")),
            Give::Class => TagValue::Text(self.class(person).name().to_owned()),
            Give::Segment => TagValue::Text(name_of(&self.segments, scores).to_owned()),
        })
    }
}
