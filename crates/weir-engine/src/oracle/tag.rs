//! The values of a computed tag, person by person.

use std::collections::{BTreeMap, BTreeSet};

use weir_core::Result;
use weir_core::amount::UNITS;
use weir_core::event::Event;
use weir_core::identity::Node;
use weir_core::tag::TagValue;
use weir_core::tag::rule::{Cases, Dimension, Most, TagRule};
use weir_core::time::Day;

use super::matching::Matcher;
use super::measure::{self, Measured};
use super::{Context, Oracle};

impl Oracle<'_> {
    /// What a rule gives each person known as of a date; who has no value is left out.
    pub fn tag_values(&self, rule: &TagRule, as_of: Day) -> Result<BTreeMap<Node, TagValue>> {
        let mut values = BTreeMap::new();
        for person in self.universe(as_of) {
            let value = match rule {
                TagRule::Measure(by, events) => {
                    let matcher = Matcher::new(self.world, events, &Context::new(as_of))?;
                    let matching = self.matching(person, &matcher);
                    measure::of(*by, &matching).filter(|_| !matching.is_empty()).map(value_of)
                }
                TagRule::Most(most) => self.most(person, most, as_of)?.map(TagValue::Text),
                TagRule::Cases(cases) => {
                    self.texts(person, cases, as_of)?.first().cloned().map(TagValue::Text)
                }
                TagRule::Each(cases) => {
                    let texts = self.texts(person, cases, as_of)?;
                    (!texts.is_empty()).then_some(TagValue::Multi(texts))
                }
                TagRule::Rfm(rfm, give) => {
                    self.rfm(rfm, super::FlowSet::Universe, as_of)?.value(person, *give)
                }
            };
            values.extend(value.map(|value| (person, value)));
        }
        Ok(values)
    }

    fn most(&self, person: Node, most: &Most, as_of: Day) -> Result<Option<String>> {
        let matcher = Matcher::new(self.world, &most.events, &Context::new(as_of))?;
        let mut groups: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
        for event in self.matching(person, &matcher) {
            if let Some(value) = self.value(event, most.of) {
                groups.entry(value.to_owned()).or_default().push(event);
            }
        }
        let mut best: Option<(Measured, String)> = None;
        for (value, events) in groups {
            let Some(measured) = measure::of(most.by, &events) else { continue };
            if best.as_ref().is_none_or(|(greatest, _)| measured.order(*greatest).is_gt()) {
                best = Some((measured, value));
            }
        }
        Ok(best.map(|(_, value)| value))
    }

    pub(super) fn value<'e>(&'e self, event: &'e Event, of: Dimension) -> Option<&'e str> {
        match of {
            Dimension::Category => event.category.as_deref(),
            Dimension::Channel => event.channel.as_deref(),
            Dimension::Shop => event.shop.as_deref(),
            Dimension::Item => event.item.as_deref(),
            Dimension::Campaign => event.campaign.as_deref(),
            Dimension::Brand => {
                let of_shop = || self.world.catalog.brand_of_shop(event.shop.as_deref()?);
                event.brand.as_deref().or_else(of_shop)
            }
        }
    }

    /// The texts of the cases that hold, each once.
    fn texts(&self, person: Node, cases: &Cases, as_of: Day) -> Result<Vec<String>> {
        let (mut texts, mut seen) = (Vec::new(), BTreeSet::new());
        for case in &cases.cases {
            if self.members(&case.when, as_of)?.contains(&person) && seen.insert(&case.is) {
                texts.push(case.is.clone());
            }
        }
        if texts.is_empty() {
            texts.extend(cases.otherwise.clone());
        }
        Ok(texts)
    }
}

fn value_of(measured: Measured) -> TagValue {
    match measured {
        Measured::Ratio { units, divisor } => {
            TagValue::Number(units as f64 / (divisor * i128::from(UNITS)) as f64)
        }
        Measured::Date(day) => TagValue::Date(day),
    }
}
