//! What the log's tail adds to the facts of a generation: tags, names, how many events of which day.

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::identity::Node;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::{Day, Micros};
use weir_engine::consumers::Consumers;

use crate::names::Names;

/// Statements of the tail come after all stored ones: they will be stored later.
const FIRST_SEQ: u64 = 1 << 63;

/// The tail so far, as of one moment. Cheap to clone, never changed.
#[derive(Clone)]
pub struct Overlay {
    /// The names of all nodes, stored or not.
    pub names: Names,
    /// Names and kinds of all tags, stored or not.
    pub tags: Arc<BTreeMap<String, TagKind>>,
    /// People before the tail; the stored facts are about them.
    pub before: Arc<Consumers>,
    /// Nodes that have gone to another dense id than they had before the tail.
    pub moved: Arc<RoaringBitmap>,
    /// Events by local date.
    pub by_day: Arc<BTreeMap<Day, u64>>,
    /// Time of the latest event.
    pub last_time: Option<Micros>,
    /// Statements kept out, because the tag holds values of another kind.
    pub conflicts: u64,
    statements: Arc<BTreeMap<String, Vec<Arc<[Stated]>>>>,
    stated: u64,
}

/// A statement about a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// Of whom.
    pub node: Node,
    /// Since when.
    pub day: Day,
    /// Later statements win on equal days.
    pub seq: u64,
    /// The value.
    pub value: TagValue,
}

impl Overlay {
    pub(super) fn new(names: Names, tags: BTreeMap<String, TagKind>, before: Arc<Consumers>) -> Overlay {
        Overlay {
            names,
            tags: Arc::new(tags),
            before,
            moved: Arc::default(),
            by_day: Arc::default(),
            last_time: None,
            conflicts: 0,
            statements: Arc::default(),
            stated: 0,
        }
    }

    /// What was stated about a tag, in pieces.
    pub fn statements(&self, tag: &str) -> impl Iterator<Item = &Stated> {
        self.statements.get(tag).into_iter().flatten().flat_map(|piece| piece.iter())
    }

    /// Events of the tail.
    pub fn events(&self) -> u64 {
        self.by_day.values().sum()
    }

    /// Whether a tag may be given a value of this kind; a tag that nobody has named takes the kind.
    pub(super) fn admits(&mut self, tag: &str, kind: TagKind) -> bool {
        match self.tags.get(tag) {
            Some(known) if *known == kind => true,
            Some(_) => {
                self.conflicts += 1;
                false
            }
            None => {
                Arc::make_mut(&mut self.tags).insert(tag.to_owned(), kind);
                true
            }
        }
    }

    /// The next statement, in order.
    pub(super) fn statement(&mut self, node: Node, day: Day, value: &TagValue) -> Stated {
        self.stated += 1;
        Stated { node, day, seq: FIRST_SEQ + self.stated, value: value.clone() }
    }

    pub(super) fn state(&mut self, statements: BTreeMap<String, Vec<Stated>>) {
        if statements.is_empty() {
            return;
        }
        let all = Arc::make_mut(&mut self.statements);
        for (tag, statements) in statements {
            all.entry(tag).or_default().push(statements.into());
        }
    }

    pub(super) fn count(&mut self, days: &BTreeMap<Day, u64>, last_time: Option<Micros>) {
        let by_day = Arc::make_mut(&mut self.by_day);
        for (day, events) in days {
            *by_day.entry(*day).or_default() += events;
        }
        self.last_time = self.last_time.max(last_time);
    }

    /// Notes where these nodes are now.
    pub(super) fn find(&mut self, among: &[Node], consumers: &Consumers) {
        let before = self.before.clone();
        let has_moved = |node: Node| before.dense(node).is_some_and(|old| consumers.dense(node) != Some(old));
        for node in among
            .iter()
            .copied()
            .filter(|node| has_moved(*node) != self.moved.contains(*node))
            .collect::<Vec<_>>()
        {
            let moved = Arc::make_mut(&mut self.moved);
            if !moved.remove(node) {
                moved.insert(node);
            }
        }
    }
}
