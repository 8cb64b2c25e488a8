//! Frames of the log on their way to files: what one flush writes.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use roaring::RoaringBitmap;
use weir_core::arrival::Content;
use weir_core::identity::{Link, Node};
use weir_core::tag::TagKind;
use weir_core::time::Micros;
use weir_core::{Error, Result};

use super::frame::{Frame, Item};
use super::intake::Intake;
use super::rows::Rows;
use crate::commit::{
    EventBuffer, FileSet, MESSAGES, NewNames, Statement, Statements, write_run, write_sightings,
};
use crate::fingerprint::Fingerprint;
use crate::link;

/// Rows of a batch.
const ROWS_AT_ONCE: usize = 16 * 1024;

pub(crate) struct Tail {
    files: FileSet,
    rows: Rows,
    buffer: EventBuffer,
    names: NewNames,
    links: HashMap<(Node, Node, bool), Micros>,
    sighted: RoaringBitmap,
    statements: Statements,
    stated: BTreeMap<String, TagKind>,
    stated_count: u64,
    messages: Vec<Fingerprint>,
    intake: Intake,
}

/// Everything is on disk; nothing is visible yet.
pub(crate) struct SealedTail {
    pub files: FileSet,
    pub next_node: Node,
    pub stated: BTreeMap<String, TagKind>,
    pub intake: Intake,
}

impl Tail {
    /// For frames that follow a dictionary of `next_node` names.
    pub(crate) fn new(files: FileSet, next_node: Node, intake: Intake) -> Tail {
        Tail {
            files,
            rows: Rows::new(),
            buffer: EventBuffer::new(),
            names: NewNames::from(next_node),
            links: HashMap::new(),
            sighted: RoaringBitmap::new(),
            statements: Statements::default(),
            stated: BTreeMap::new(),
            stated_count: 0,
            messages: Vec::new(),
            intake,
        }
    }

    pub(crate) fn push(&mut self, frame: &Frame) -> Result<()> {
        for item in &frame.items {
            self.attribute(item)?;
            self.messages.push(item.message);
            match &item.arrival.content {
                Content::Event(event) => {
                    self.rows.push(item.nodes[0], &frame.source, &item.arrival, event);
                }
                Content::Traits(_) => self.state(item),
                Content::Link => {}
            }
        }
        self.intake.accept(&frame.source, frame.received, frame.items.len() as u64);
        self.statements.flush_if_full(&mut self.files)?;
        if self.rows.len() < ROWS_AT_ONCE { Ok(()) } else { self.batch() }
    }

    /// Names what is new, and notes who was mentioned and linked.
    fn attribute(&mut self, item: &Item) -> Result<()> {
        let arrival = &item.arrival;
        if item.nodes.is_empty() || item.nodes.len() != arrival.identifiers.len() {
            return Err(Error::internal("a frame of the log has nodes that do not fit its identifiers"));
        }
        for (node, identifier) in item.nodes.iter().zip(&arrival.identifiers) {
            if *node == self.names.next() {
                self.names.push(&identifier.kind, &identifier.value, &self.files)?;
            } else if *node > self.names.next() {
                return Err(Error::internal(format!("node {node} comes before it is named")));
            }
            self.sighted.insert(*node);
        }
        for node in &item.nodes[1..] {
            let link = (item.nodes[0], *node, arrival.joins_known);
            let earliest = self.links.entry(link).or_insert(arrival.time);
            *earliest = arrival.time.min(*earliest);
        }
        Ok(())
    }

    fn state(&mut self, item: &Item) {
        let Content::Traits(traits) = &item.arrival.content else { return };
        for (key, value) in traits {
            let seq = u64::from(self.files.import()) << 32 | self.stated_count;
            self.stated_count += 1;
            let day = Some(item.arrival.day.0);
            self.statements.push(&Statement { node: item.nodes[0], key, day, seq }, value.clone());
            if let Some(kind) = value.kind() {
                self.stated.insert(key.clone(), kind);
            }
        }
    }

    fn batch(&mut self) -> Result<()> {
        let rows = self.rows.take()?;
        self.buffer.push(rows, &mut self.files)
    }

    /// Writes what is still in memory and syncs everything.
    pub(crate) fn seal(mut self) -> Result<SealedTail> {
        self.batch()?;
        self.buffer.flush(&mut self.files)?;
        self.names.seal(&mut self.files)?;
        self.statements.flush(&mut self.files)?;
        write_run(MESSAGES, self.messages, &mut self.files)?;
        let links = self.links.into_iter();
        let links = links.map(|((a, b, joins_known), time)| Link { a, b, time, joins_known }).collect();
        link::write(links, &mut self.files)?;
        write_sightings(&self.sighted, &mut self.files)?;
        self.files.sync()?;
        let next_node = self.names.next();
        Ok(SealedTail { files: self.files, next_node, stated: self.stated, intake: self.intake })
    }
}
