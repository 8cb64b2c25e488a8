//! Since when each identifier is known, and which event files have been looked at to know it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI32, Ordering};

use arrow::datatypes::Date32Type;
use rayon::prelude::*;
use weir_core::identity::Node;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::container::{Aligned, Bytes, Container, Writer};

use super::file_name;
use crate::column;
use crate::manifest::{FileKind, StoredFile};
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
    /// What events taught before and some files of them teach now, with today's tags and lists, for a dictionary of `nodes`
    /// identifiers.
    pub fn with_facts(mut old: Known, nodes: usize, view: &View, fresh: &[&StoredFile]) -> Result<Known> {
        old.by_events.resize(nodes, Day::END);
        let first = Firsts::from(&old.by_events);
        fresh.par_iter().try_for_each(|file| first.events(view, file))?;
        old.by_events = first.days();
        let tags: Vec<&StoredFile> = view.files(FileKind::Tags).collect();
        tags.par_iter().try_for_each(|file| view.scan_tag_days(file, |node, day| first.learn(node, day)))?;
        for node in view.lists()?.values().flatten() {
            first.learn(node, Day::BEGINNING);
        }
        old.since = first.days();
        old.covered.extend(fresh.iter().map(|file| file_name(file)));
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

/// The first day of each node, found by several threads: whoever comes last, the least day stays.
struct Firsts(Vec<AtomicI32>);

impl Firsts {
    fn from(days: &[Day]) -> Firsts {
        Firsts(days.iter().map(|day| AtomicI32::new(day.0)).collect())
    }

    fn learn(&self, node: Node, day: Day) {
        let first = &self.0[node as usize];
        // Most of what is read is not the first: looking is cheaper than taking the memory for oneself.
        if day.0 < first.load(Ordering::Relaxed) {
            first.fetch_min(day.0, Ordering::Relaxed);
        }
    }

    fn events(&self, view: &View, file: &StoredFile) -> Result<()> {
        view.scan_event_columns(file, &["consumer", "day"], |batch| {
            let days = column::primitive::<Date32Type>(batch, "day")?.values();
            for (node, day) in column::nodes(batch, "consumer")?.iter().zip(days) {
                self.learn(*node, Day(*day));
            }
            Ok(())
        })
    }

    fn days(&self) -> Vec<Day> {
        self.0.iter().map(|day| Day(day.load(Ordering::Relaxed))).collect()
    }
}
