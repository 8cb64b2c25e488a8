//! Which single events a condition is about.

use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::catalog::EntryKind;
use weir_core::channel;
use weir_core::event::Event;
use weir_core::expr::{Did, Filter};
use weir_core::identity::Node;
use weir_core::op::{Operand, Ops};
use weir_core::scope::Scope;
use weir_core::time::{Day, DayRange, Window};

use super::{Context, Oracle, World};

/// A condition on one event: filter, window and scope together.
pub(super) struct Matcher<'a> {
    world: &'a World,
    filter: &'a Filter,
    /// The filter's channels as paths.
    channels: Vec<String>,
    days: DayRange,
    scope: Scope,
    as_of: Day,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(world: &'a World, did: &'a Did, at: &Context) -> Result<Matcher<'a>> {
        let mut channels = Vec::new();
        for name in &did.filter.channel {
            channels.push(world.channels.resolve(name)?);
        }
        let days = Window::range_of(did.within, at.as_of);
        let scope = if did.unscoped { Scope::Workspace } else { at.scope.clone() };
        Ok(Matcher { world, filter: &did.filter, channels, days, scope, as_of: at.as_of })
    }

    pub(super) fn accepts(&self, event: &Event) -> bool {
        self.days.contains(event.day)
            && self.in_scope(event)
            && self.behavior_fits(event)
            && self.places_fit(event)
            && self.properties_fit(event)
            && each_fits(self.filter.each_amount.as_ref(), event.amount)
            && each_fits(self.filter.each_quantity.as_ref(), event.quantity)
    }

    fn in_scope(&self, event: &Event) -> bool {
        match &self.scope {
            Scope::Workspace => true,
            Scope::Shop(shop) => event.shop.as_ref() == Some(shop),
            Scope::Brand(brand) => self.is_below(EntryKind::Brand, self.brand_of(event), brand),
            Scope::Category(category) => {
                self.is_below(EntryKind::Category, event.category.as_deref(), category)
            }
        }
    }

    fn behavior_fits(&self, event: &Event) -> bool {
        let wanted = &self.filter.behavior;
        let excluded = self.filter.not_behavior.contains(&event.behavior);
        !excluded && (wanted.is_empty() || wanted.contains(&event.behavior))
    }

    fn places_fit(&self, event: &Event) -> bool {
        let filter = self.filter;
        let on = |path: &String| event.channel.as_ref().is_some_and(|own| channel::is_below(own, path));
        let of = |brand: &String| self.is_below(EntryKind::Brand, self.brand_of(event), brand);
        let within = |name: &String| self.is_below(EntryKind::Category, event.category.as_deref(), name);
        any_or_empty(&self.channels, on)
            && any_or_empty(&filter.brand, of)
            && any_or_empty(&filter.category, within)
            && any_or_empty(&filter.shop, |shop| event.shop.as_ref() == Some(shop))
            && any_or_empty(&filter.campaign, |campaign| event.campaign.as_ref() == Some(campaign))
            && any_or_empty(&filter.item, |item| event.item.as_ref() == Some(item))
    }

    /// Its own brand, else its shop's.
    fn brand_of<'e>(&'e self, event: &'e Event) -> Option<&'e str> {
        match (&event.brand, &event.shop) {
            (Some(brand), _) => Some(brand),
            (None, Some(shop)) => self.world.catalog.brand_of_shop(shop),
            (None, None) => None,
        }
    }

    fn is_below(&self, kind: EntryKind, held: Option<&str>, wanted: &str) -> bool {
        held.is_some_and(|held| self.world.catalog.is_below(kind, held, wanted))
    }

    fn properties_fit(&self, event: &Event) -> bool {
        self.filter.property.iter().all(|(key, ops)| property_fits(event, key, ops, self.as_of))
    }
}

fn any_or_empty(wanted: &[String], fits: impl Fn(&String) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(fits)
}

/// An unknown number satisfies nothing.
fn each_fits(ops: Option<&Ops>, value: Option<Amount>) -> bool {
    match (ops, value) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(ops), Some(amount)) => ops.hold_exactly(i128::from(amount.0), 1),
    }
}

/// Numbers, texts, truth values and lists of texts compare; an object is merely present.
fn property_fits(event: &Event, key: &str, ops: &Ops, as_of: Day) -> bool {
    let Some(value) = event.properties.get(key).filter(|value| !value.is_null()) else {
        return ops.hold(Operand::Absent, as_of);
    };
    let items = value.as_array().into_iter().flatten();
    let texts: Vec<String> = items.filter_map(|item| item.as_str()).map(str::to_owned).collect();
    let number = value.as_f64().map(Operand::Number);
    let text = value.as_str().map(Operand::Text);
    let truth = value.as_bool().map(Operand::Bool);
    let single = number.or(text).or(truth);
    ops.hold(single.unwrap_or(Operand::Many(&texts)), as_of)
}

impl<'a> Oracle<'a> {
    pub(super) fn events_of(&self, person: Node) -> impl Iterator<Item = &'a Event> {
        self.events.get(&person).into_iter().flatten().copied()
    }

    /// A person's events that fit, in order of time.
    pub(super) fn matching(&self, person: Node, matcher: &Matcher<'_>) -> Vec<&'a Event> {
        self.events_of(person).filter(|event| matcher.accepts(event)).collect()
    }
}
