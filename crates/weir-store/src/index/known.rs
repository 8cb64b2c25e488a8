//! Since when each identifier is known, and which event files have been looked at to know it.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;
use weir_core::identity::Node;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::container::{Aligned, Bytes, Container, Writer};

use crate::view::View;

/// Since when each identifier is known: its first event, its first dated tag, or always (undated tags, lists).
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// By node; [`Day::END`] for nodes that no live data mentions.
    pub since: Vec<Day>,
    /// By node, by events alone.
    by_events: Vec<Day>,
    /// Event files that have been looked at.
    pub covered: BTreeSet<String>,
}

impl Known {
    /// What events taught before, with today's tags and lists, for a dictionary of `nodes` identifiers.
    pub fn with_facts(mut old: Known, nodes: usize, view: &View) -> Result<Known> {
        old.by_events.resize(nodes, Day::END);
        old.since = old.by_events.clone();
        view.scan_given_tags(|node, fact| {
            learn(&mut old.since, node, fact.day);
            Ok(())
        })?;
        for node in view.lists()?.values().flatten() {
            learn(&mut old.since, node, Day::BEGINNING);
        }
        Ok(old)
    }

    /// Makes room for a dictionary of `nodes` identifiers.
    pub fn make_room(&mut self, nodes: usize) {
        self.since.resize(nodes.max(self.since.len()), Day::END);
    }

    /// Notes that something of the tail mentions a node as of a day. Whether it was not known by then.
    pub fn mention(&mut self, node: Node, day: Day) -> bool {
        let is_new = day < self.since[node as usize];
        learn(&mut self.since, node, day);
        is_new
    }

    /// Notes who has events on a day.
    pub fn events(&mut self, day: Day, nodes: &RoaringBitmap) {
        for node in nodes {
            learn(&mut self.since, node, day);
            learn(&mut self.by_events, node, day);
        }
    }

    /// The file form.
    pub fn to_bytes(&self) -> Aligned {
        let days: Vec<i32> = self.by_events.iter().map(|day| day.0).collect();
        let covered: Vec<&str> = self.covered.iter().map(String::as_str).collect();
        let covered = covered.join("\n");
        let mut writer = Writer::default();
        writer.column("by_events", &days);
        writer.column("covered", covered.as_bytes());
        writer.finish()
    }

    /// Reads the file form.
    pub fn open(label: &str, bytes: Bytes) -> Result<Known> {
        let container = Container::open(label, bytes)?;
        let by_events: Vec<Day> = container.column::<i32>("by_events")?.iter().map(|day| Day(*day)).collect();
        let covered = std::str::from_utf8(container.column::<u8>("covered")?)
            .map_err(|_| Error::new(Code::CorruptFile, format!("{label} is damaged: it names no files")))?;
        let covered = covered.lines().map(str::to_owned).collect();
        Ok(Known { since: by_events.clone(), by_events, covered })
    }
}

fn learn(since: &mut [Day], node: Node, day: Day) {
    let known = &mut since[node as usize];
    *known = (*known).min(day);
}
