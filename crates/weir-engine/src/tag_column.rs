//! One tag of everybody, with its history.

use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::identity::Node;
use weir_core::op::{Operand, Ops};
use weir_core::tag::TagValue;
use weir_core::time::Day;

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::shard::{Dense, dense_of, local_of};

/// A statement about a consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct TagEntry {
    /// Whose.
    pub dense: Dense,
    /// The identifier it was stated of; needed when people are merged or un-merged.
    pub node: Node,
    /// Since when.
    pub day: Day,
    /// Later statements win on equal days.
    pub seq: u64,
    /// The value.
    pub value: TagValue,
}

/// All statements of one tag. Entries of retired consumers may remain: they are in no universe.
#[derive(Debug, Clone, Default)]
pub struct TagColumn {
    /// By consumer, day, seq; shared by the columns that others are laid over.
    entries: Arc<[TagEntry]>,
    /// Laid over them, in the same order.
    over: Vec<TagEntry>,
}

impl TagColumn {
    /// A column of statements in any order.
    pub fn new(entries: Vec<TagEntry>) -> TagColumn {
        TagColumn { entries: sorted(entries).into(), over: Vec::new() }
    }

    /// The column after `moved` nodes have gone from their consumers of `old` to others of `new`, and after more
    /// statements were made. What has not moved is not copied.
    pub fn overlaid(
        &self,
        moved: &RoaringBitmap,
        (old, new): (&Consumers, &Consumers),
        more: impl IntoIterator<Item = TagEntry>,
    ) -> TagColumn {
        let gone: RoaringBitmap = old.people_of(moved);
        let of_gone = gone.iter().flat_map(|dense| history(&self.entries, dense));
        let again =
            of_gone.filter_map(|entry| Some(TagEntry { dense: new.dense(entry.node)?, ..entry.clone() }));
        let over = sorted(again.chain(more).collect());
        TagColumn { entries: self.entries.clone(), over }
    }

    /// The value in force for a consumer as of a date.
    pub fn value(&self, dense: Dense, as_of: Day) -> Option<&TagValue> {
        let both = [history(&self.entries, dense), history(&self.over, dense)];
        both.into_iter().filter_map(|entries| in_force(entries, as_of)).max_by_key(stated).map(|e| &e.value)
    }

    /// Consumers of a shard, among `universe`, whose value as of a date satisfies the operators.
    pub fn select(&self, shard: usize, universe: &Bits, ops: &Ops, as_of: Day) -> Bits {
        let mut selected = if ops.hold(Operand::Absent, as_of) { universe.clone() } else { Bits::empty() };
        for of_one in of_shard(&self.entries, shard).chunk_by(|a, b| a.dense == b.dense) {
            if let Some(entry) = in_force(of_one, as_of) {
                selected.set(local_of(entry.dense), ops.hold(entry.value.operand(), as_of));
            }
        }
        for of_one in of_shard(&self.over, shard).chunk_by(|a, b| a.dense == b.dense) {
            if let Some(value) = self.value(of_one[0].dense, as_of) {
                selected.set(local_of(of_one[0].dense), ops.hold(value.operand(), as_of));
            }
        }
        selected.and(universe);
        selected
    }
}

fn sorted(mut entries: Vec<TagEntry>) -> Vec<TagEntry> {
    entries.sort_by_key(|entry| (entry.dense, entry.day, entry.seq));
    entries
}

/// Of two statements the one with the later day counts; of equal days, the one stated last.
fn stated(entry: &&TagEntry) -> (Day, u64) {
    (entry.day, entry.seq)
}

fn in_force(of_one: &[TagEntry], as_of: Day) -> Option<&TagEntry> {
    of_one.iter().rev().find(|entry| entry.day <= as_of)
}

/// The entries of one consumer.
fn history(entries: &[TagEntry], dense: Dense) -> &[TagEntry] {
    let start = entries.partition_point(|entry| entry.dense < dense);
    let len = entries[start..].iter().take_while(|entry| entry.dense == dense).count();
    &entries[start..start + len]
}

fn of_shard(entries: &[TagEntry], shard: usize) -> &[TagEntry] {
    let start = entries.partition_point(|entry| entry.dense < dense_of(shard, 0));
    let end = entries.partition_point(|entry| entry.dense <= dense_of(shard, u16::MAX));
    &entries[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_core::op::{Op, Value};

    fn entry(dense: Dense, day: i32, seq: u64, text: &str) -> TagEntry {
        TagEntry { dense, node: dense, day: Day(day), seq, value: TagValue::Text(text.to_owned()) }
    }

    #[test]
    fn the_latest_statement_not_after_the_date_is_in_force() {
        let column = TagColumn::new(vec![
            entry(1, 9, 2, "b"),
            entry(1, 5, 1, "a"),
            entry(1, 9, 3, "c"),
            entry(2, i32::MIN, 4, "z"),
        ]);
        let value = |dense, day| column.value(dense, Day(day)).map(|v| format!("{v:?}"));
        assert_eq!(value(1, 4), None);
        assert_eq!(value(1, 8).as_deref(), Some("Text(\"a\")"));
        assert_eq!(value(1, 9).as_deref(), Some("Text(\"c\")"));
        assert_eq!(value(2, -100).as_deref(), Some("Text(\"z\")"));
        assert_eq!(value(3, 9), None);
    }

    #[test]
    fn absent_values_satisfy_only_exists_false() {
        let column = TagColumn::new(vec![entry(1, 5, 1, "a")]);
        let mut universe = Bits::empty();
        (0..4).for_each(|local| universe.insert(local));
        let select = |op: Op| column.select(0, &universe, &Ops(vec![op]), Day(5)).iter().collect::<Vec<_>>();
        assert_eq!(select(Op::Exists(false)), [0, 2, 3]);
        assert_eq!(select(Op::Ne(Value::Text("b".into()))), [1]);
    }
}
