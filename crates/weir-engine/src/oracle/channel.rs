//! Channels: whom each of them reached, and what its events have brought; event by event.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::channel::is_below;
use weir_core::event::Event;
use weir_core::time::{Day, Window};

use super::{Members, Oracle};

impl Oracle<'_> {
    /// For each node of the tree whom it and those below it reached in a window; some behaviors only, if any are named.
    pub fn channel_reach(
        &self,
        behavior: &[String],
        window: Option<Window>,
        as_of: Day,
    ) -> BTreeMap<String, u64> {
        let days = Window::range_of(window, as_of);
        let counts = |event: &&Event| {
            days.contains(event.day) && (behavior.is_empty() || behavior.contains(&event.behavior))
        };
        let mut nodes = BTreeMap::new();
        for (node, _) in self.world.channels.nodes() {
            let mut reached = Members::new();
            for (person, events) in &self.events {
                let there = |event: &&Event| event.channel.as_ref().is_some_and(|path| is_below(path, node));
                if events.iter().copied().any(|event| counts(&event) && there(&event)) {
                    reached.insert(*person);
                }
            }
            nodes.insert(node.to_owned(), reached.len() as u64);
        }
        nodes
    }

    /// Values that events on a channel or below it have up to a date, by place as in `weir_engine::channel::CHOICES`.
    pub fn seen_on(&self, channel: &str, as_of: Day) -> Result<BTreeMap<(usize, String), u64>> {
        let node = self.world.channels.resolve(channel)?;
        let mut seen: BTreeMap<(usize, String), u64> = BTreeMap::new();
        for event in self.events.values().flatten() {
            let there = event.channel.as_ref().is_some_and(|path| is_below(path, &node));
            if !there || event.day > as_of {
                continue;
            }
            let behavior = Some(event.behavior.clone());
            let fields =
                [&behavior, &event.shop, &event.brand, &event.category, &event.campaign, &event.item];
            // A property that is null is absent.
            let keys = event.properties.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| (6, key));
            for (place, text) in
                fields.into_iter().enumerate().filter_map(|(i, f)| Some((i, f.as_ref()?))).chain(keys)
            {
                *seen.entry((place, text.clone())).or_default() += 1;
            }
        }
        Ok(seen)
    }
}
