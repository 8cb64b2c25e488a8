//! One tag of everybody, with its history.

use weir_core::op::{Operand, Ops};
use weir_core::tag::TagValue;
use weir_core::time::Day;

use crate::bits::Bits;
use crate::shard::{Dense, dense_of, local_of};

/// A statement about a consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct TagEntry {
    /// Whose.
    pub dense: Dense,
    /// Since when.
    pub day: Day,
    /// Later statements win on equal days.
    pub seq: u64,
    /// The value.
    pub value: TagValue,
}

/// All statements of one tag.
#[derive(Debug, Clone, Default)]
pub struct TagColumn {
    /// By consumer, day, seq.
    entries: Vec<TagEntry>,
}

impl TagColumn {
    /// A column of statements in any order.
    pub fn new(mut entries: Vec<TagEntry>) -> TagColumn {
        entries.sort_by_key(|entry| (entry.dense, entry.day, entry.seq));
        TagColumn { entries }
    }

    /// The value in force for a consumer as of a date.
    pub fn value(&self, dense: Dense, as_of: Day) -> Option<&TagValue> {
        let end = self.entries.partition_point(|entry| (entry.dense, entry.day) <= (dense, as_of));
        let last = self.entries[..end].last()?;
        (last.dense == dense).then_some(&last.value)
    }

    /// Consumers of a shard, among `universe`, whose value as of a date satisfies the operators.
    pub fn select(&self, shard: usize, universe: &Bits, ops: &Ops, as_of: Day) -> Bits {
        let mut selected = if ops.hold(Operand::Absent, as_of) { universe.clone() } else { Bits::empty() };
        let start = self.entries.partition_point(|entry| entry.dense < dense_of(shard, 0));
        let end = self.entries.partition_point(|entry| entry.dense <= dense_of(shard, u16::MAX));
        for history in self.entries[start..end].chunk_by(|a, b| a.dense == b.dense) {
            let in_force = history.iter().rev().find(|entry| entry.day <= as_of);
            if let Some(entry) = in_force {
                selected.set(local_of(entry.dense), ops.hold(entry.value.operand(), as_of));
            }
        }
        selected.and(universe);
        selected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_core::op::{Op, Value};

    fn entry(dense: Dense, day: i32, seq: u64, text: &str) -> TagEntry {
        TagEntry { dense, day: Day(day), seq, value: TagValue::Text(text.to_owned()) }
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
