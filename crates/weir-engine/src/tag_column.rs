//! One tag of everybody, with its history.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;
use roaring::RoaringBitmap;
use weir_core::identity::Node;
use weir_core::op::{Operand, Ops};
use weir_core::tag::TagValue;
use weir_core::time::Day;

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::members::Members;
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
    /// Shared by the columns that others are laid over.
    entries: Arc<Entries>,
    /// Laid over them.
    over: Entries,
}

/// Statements by consumer, day, seq, as columns. Each distinct value is kept once.
#[derive(Debug, Clone, Default)]
struct Entries {
    dense: Vec<Dense>,
    node: Vec<Node>,
    day: Vec<i32>,
    seq: Vec<u64>,
    /// Place of the value among the distinct ones.
    code: Vec<u32>,
    values: Vec<TagValue>,
}

/// Which values of a column satisfy some operators as of a date: found once, for all shards.
#[derive(Debug, Clone)]
pub struct Decided {
    as_of: Day,
    absent: bool,
    values: Vec<bool>,
    over: Vec<bool>,
}

impl TagColumn {
    /// A column of statements in any order.
    pub fn new(entries: Vec<TagEntry>) -> TagColumn {
        TagColumn { entries: Arc::new(Entries::of(entries)), over: Entries::default() }
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
        let of_gone = gone.iter().flat_map(|dense| self.entries.history(dense));
        let again = of_gone.filter_map(|at| {
            let entry = self.entries.entry(at);
            Some(TagEntry { dense: new.dense(entry.node)?, ..entry })
        });
        TagColumn { entries: self.entries.clone(), over: Entries::of(again.chain(more).collect()) }
    }

    /// The value in force for a consumer as of a date.
    pub fn value(&self, dense: Dense, as_of: Day) -> Option<&TagValue> {
        self.stated(dense, as_of).map(|(_, value)| value).filter(|value| **value != TagValue::Absent)
    }

    /// The statement in force for a consumer as of a date, which may be that there is no value: since when, and what.
    pub fn stated(&self, dense: Dense, as_of: Day) -> Option<(Day, &TagValue)> {
        let stored = self.entries.in_force(dense, as_of).map(|at| (&*self.entries, at));
        let over = self.over.in_force(dense, as_of).map(|at| (&self.over, at));
        let later = [stored, over].into_iter().flatten().max_by_key(|(entries, at)| entries.stated(*at));
        later.map(|(entries, at)| (Day(entries.day[at]), entries.value(at)))
    }

    /// Everybody of a set who has a value as of a date, with it, in ascending order of ids.
    pub fn values<'a>(
        &'a self,
        among: &'a Members,
        as_of: Day,
    ) -> impl Iterator<Item = (Dense, &'a TagValue)> + 'a {
        among.iter().filter_map(move |dense| Some((dense, self.value(dense, as_of)?)))
    }

    /// The day of the latest statement, if there is a dated one.
    pub fn latest(&self) -> Option<Day> {
        let days = self.entries.day.iter().chain(&self.over.day);
        days.copied().max().map(Day).filter(|day| *day != Day::BEGINNING)
    }

    /// Which values satisfy the operators as of a date.
    pub fn decide(&self, ops: &Ops, as_of: Day) -> Decided {
        let decide =
            |values: &[TagValue]| values.iter().map(|value| ops.hold(value.operand(), as_of)).collect();
        Decided {
            as_of,
            absent: ops.hold(Operand::Absent, as_of),
            values: decide(&self.entries.values),
            over: decide(&self.over.values),
        }
    }

    /// Consumers of a shard, among `universe`, whose value satisfies what was decided.
    pub fn select(&self, shard: usize, universe: &Bits, decided: &Decided) -> Bits {
        let mut selected = if decided.absent { universe.clone() } else { Bits::empty() };
        let entries = &*self.entries;
        for at in entries.of_shard(shard) {
            // Later entries of one consumer come later, so the last one before the date stands.
            if entries.day[at] <= decided.as_of.0 {
                selected.set(local_of(entries.dense[at]), decided.values[entries.code[at] as usize]);
            }
        }
        for at in self.over.of_shard(shard) {
            self.select_over(self.over.dense[at], decided, &mut selected);
        }
        selected.and(universe);
        selected
    }

    fn select_over(&self, dense: Dense, decided: &Decided, selected: &mut Bits) {
        let stored = self.entries.in_force(dense, decided.as_of);
        let Some(over) = self.over.in_force(dense, decided.as_of) else { return };
        if stored.is_none_or(|stored| self.entries.stated(stored) < self.over.stated(over)) {
            selected.set(local_of(dense), decided.over[self.over.code[over] as usize]);
        }
    }
}

impl Entries {
    fn of(entries: Vec<TagEntry>) -> Entries {
        let mut builder = Builder::default();
        for TagEntry { dense, node, day, seq, value } in entries {
            builder.push(Stated { dense, node, day, seq }, value);
        }
        builder.entries()
    }

    fn entry(&self, at: usize) -> TagEntry {
        TagEntry {
            dense: self.dense[at],
            node: self.node[at],
            day: Day(self.day[at]),
            seq: self.seq[at],
            value: self.value(at).clone(),
        }
    }

    fn value(&self, at: usize) -> &TagValue {
        &self.values[self.code[at] as usize]
    }

    /// Of two statements the one with the later day counts; of equal days, the one stated last.
    fn stated(&self, at: usize) -> (i32, u64) {
        (self.day[at], self.seq[at])
    }

    /// The entry of one consumer that counts as of a date.
    fn in_force(&self, dense: Dense, as_of: Day) -> Option<usize> {
        self.history(dense).rev().find(|at| self.day[*at] <= as_of.0)
    }

    /// The entries of one consumer.
    fn history(&self, dense: Dense) -> Range<usize> {
        let start = self.dense.partition_point(|other| *other < dense);
        let len = self.dense[start..].iter().take_while(|other| **other == dense).count();
        start..start + len
    }

    fn of_shard(&self, shard: usize) -> Range<usize> {
        let start = self.dense.partition_point(|dense| *dense < dense_of(shard, 0));
        let end = self.dense.partition_point(|dense| *dense <= dense_of(shard, u16::MAX));
        start..end
    }
}

/// A statement without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stated {
    /// About whom.
    pub dense: Dense,
    /// Since when.
    pub day: Day,
    /// Later statements win on equal days.
    pub seq: u64,
    /// The identifier it was stated of.
    pub node: Node,
}

/// Makes a column of statements in any order. A text that was there before is not owned again.
#[derive(Default)]
pub struct Builder {
    stated: Vec<(Stated, u32)>,
    values: Vec<TagValue>,
    texts: HashMap<String, u32>,
    others: HashMap<Distinct, u32>,
}

impl Builder {
    /// Adds a statement of a text.
    pub fn push_text(&mut self, stated: Stated, text: &str) {
        let next = self.values.len() as u32;
        let code = *self.texts.entry_ref(text).or_insert(next);
        if code == next {
            self.values.push(TagValue::Text(text.to_owned()));
        }
        self.stated.push((stated, code));
    }

    /// Adds a statement.
    pub fn push(&mut self, stated: Stated, value: TagValue) {
        let next = self.values.len() as u32;
        let code = match Distinct::of(&value) {
            Distinct::Text(text) => return self.push_text(stated, &text),
            other => *self.others.entry(other).or_insert(next),
        };
        if code == next {
            self.values.push(value);
        }
        self.stated.push((stated, code));
    }

    /// Adds the statements of another.
    pub fn append(&mut self, other: Builder) {
        let Builder { stated, values, .. } = other;
        for (stated, code) in stated {
            match &values[code as usize] {
                TagValue::Text(text) => self.push_text(stated, text),
                value => self.push(stated, value.clone()),
            }
        }
    }

    /// The column.
    pub fn finish(self) -> TagColumn {
        TagColumn { entries: Arc::new(self.entries()), over: Entries::default() }
    }

    fn entries(mut self) -> Entries {
        self.stated.sort_unstable();
        let mut entries = Entries { values: self.values, ..Entries::default() };
        for (Stated { dense, day, seq, node }, code) in self.stated {
            entries.dense.push(dense);
            entries.node.push(node);
            entries.day.push(day.0);
            entries.seq.push(seq);
            entries.code.push(code);
        }
        entries
    }
}

/// A value as far as it differs from others.
#[derive(PartialEq, Eq, Hash)]
enum Distinct {
    Text(String),
    Number(u64),
    Date(Day),
    Multi(Vec<String>),
    Absent,
}

impl Distinct {
    fn of(value: &TagValue) -> Distinct {
        match value {
            TagValue::Text(text) => Distinct::Text(text.clone()),
            TagValue::Number(number) => Distinct::Number(number.to_bits()),
            TagValue::Date(day) => Distinct::Date(*day),
            TagValue::Multi(texts) => Distinct::Multi(texts.clone()),
            TagValue::Absent => Distinct::Absent,
        }
    }
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
        let select = |op: Op| {
            let decided = column.decide(&Ops(vec![op]), Day(5));
            column.select(0, &universe, &decided).iter().collect::<Vec<_>>()
        };
        assert_eq!(select(Op::Exists(false)), [0, 2, 3]);
        assert_eq!(select(Op::Ne(Value::Text("b".into()))), [1]);
    }
}
