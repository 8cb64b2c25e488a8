//! Texts of events as small numbers, one table per column. Number 0 is "absent".
//!
//! A table is a pile of layers, each at most half of the one below it. New texts go to the top; what has been handed out
//! as a clone is shared, not copied, however many texts there are.

use std::sync::Arc;

use hashbrown::HashMap;
use weir_core::{Code, Error, Result};

use crate::container::{Aligned, Bytes, Container, Writer};

/// Columns whose texts are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Behaviors.
    Behavior,
    /// Shops.
    Shop,
    /// Channel paths.
    Channel,
    /// Brands.
    Brand,
    /// Categories.
    Category,
    /// Campaigns.
    Campaign,
    /// Items.
    Item,
    /// Property keys.
    Property,
}

impl Column {
    /// Every column, in the order of their numbers.
    pub const ALL: [Column; COLUMNS] = [
        Column::Behavior,
        Column::Shop,
        Column::Channel,
        Column::Brand,
        Column::Category,
        Column::Campaign,
        Column::Item,
        Column::Property,
    ];
}

const COLUMNS: usize = 8;

/// The number of an absent text.
pub const ABSENT: u32 = 0;

/// All numbered texts of an index.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    tables: [Table; COLUMNS],
}

#[derive(Debug, Clone, Default)]
struct Table {
    layers: Vec<Arc<Layer>>,
    /// The number given last: rows that lie together mostly have the same texts.
    last: u32,
}

/// Texts whose numbers follow each other.
#[derive(Debug, Clone, Default)]
struct Layer {
    /// How many texts are in the layers below.
    below: u32,
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Symbols {
    /// The number of a text, given a new one if need be.
    pub fn intern(&mut self, column: Column, text: &str) -> u32 {
        let table = &mut self.tables[column as usize];
        if table.text(table.last) != Some(text) {
            table.last = table.intern(text);
        }
        table.last
    }

    /// The number of an optional text; absent is 0.
    pub fn intern_some(&mut self, column: Column, text: Option<&str>) -> u32 {
        text.map_or(ABSENT, |text| self.intern(column, text))
    }

    /// The number of a text, if it has one.
    pub fn number(&self, column: Column, text: &str) -> Option<u32> {
        self.tables[column as usize].number(text)
    }

    /// The text of a number; `None` for 0.
    pub fn text(&self, column: Column, number: u32) -> Option<&str> {
        self.tables[column as usize].text(number)
    }

    /// Every text of a column, in order of number (from 1).
    pub fn texts(&self, column: Column) -> impl Iterator<Item = &str> {
        self.tables[column as usize].texts()
    }

    /// Which numbers' texts satisfy a predicate; entry 0 (absent) is false.
    pub fn select(&self, column: Column, wanted: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut selected = vec![false];
        selected.extend(self.texts(column).map(wanted));
        selected
    }

    /// The file form.
    pub fn to_bytes(&self) -> Aligned {
        let part = |(i, table): (usize, &Table)| {
            let lengths: Vec<u32> = table.texts().map(|text| text.len() as u32).collect();
            let texts: String = table.texts().collect();
            ((format!("lengths{i}"), lengths), (format!("texts{i}"), texts))
        };
        let parts: Vec<_> = self.tables.iter().enumerate().map(part).collect();
        let mut writer = Writer::default();
        for ((lengths_name, lengths), (texts_name, texts)) in &parts {
            writer.column(lengths_name, lengths);
            writer.column(texts_name, texts.as_bytes());
        }
        writer.finish()
    }

    /// Reads the file form.
    pub fn from_bytes(label: &str, bytes: Bytes) -> Result<Symbols> {
        let container = Container::open(label, bytes)?;
        let mut symbols = Symbols::default();
        for (i, table) in symbols.tables.iter_mut().enumerate() {
            let lengths = container.column::<u32>(&format!("lengths{i}"))?;
            let texts = container.column::<u8>(&format!("texts{i}"))?;
            *table = Table::read(lengths, texts).ok_or_else(|| bad_texts(label))?;
        }
        Ok(symbols)
    }
}

impl Table {
    fn text(&self, number: u32) -> Option<&str> {
        let above = self.layers.partition_point(|layer| layer.below < number);
        let layer = &self.layers[above.checked_sub(1)?];
        layer.texts.get((number - layer.below - 1) as usize).map(|text| &**text)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().flat_map(|layer| layer.texts.iter().map(|text| &**text))
    }

    fn number(&self, text: &str) -> Option<u32> {
        self.layers.iter().find_map(|layer| layer.numbers.get(text).copied())
    }

    fn intern(&mut self, text: &str) -> u32 {
        self.number(text).unwrap_or_else(|| self.top().push(text.into()))
    }

    /// The layer that takes new texts.
    fn top(&mut self) -> &mut Layer {
        let is_shared = self.layers.last_mut().is_none_or(|layer| Arc::get_mut(layer).is_none());
        if is_shared {
            self.settle();
            let below = self.layers.last().map_or(0, |layer| layer.end());
            self.layers.push(Arc::new(Layer { below, ..Layer::default() }));
        }
        let top = self.layers.len() - 1;
        Arc::make_mut(&mut self.layers[top])
    }

    /// Puts layers together until each is at most half of the one below.
    fn settle(&mut self) {
        while let [.., lower, upper] = self.layers.as_slice() {
            if upper.texts.len() * 2 <= lower.texts.len() {
                return;
            }
            let (lower, upper) = (lower.clone(), upper.clone());
            self.layers.truncate(self.layers.len() - 2);
            self.layers.push(Arc::new(lower.with(&upper)));
        }
    }

    fn read(lengths: &[u32], mut texts: &[u8]) -> Option<Table> {
        let mut layer = Layer::default();
        for length in lengths {
            let (head, rest) = texts.split_at_checked(*length as usize)?;
            layer.push(std::str::from_utf8(head).ok()?.into());
            texts = rest;
        }
        Some(Table { layers: vec![Arc::new(layer)], last: ABSENT })
    }
}

impl Layer {
    /// The number of its last text.
    fn end(&self) -> u32 {
        self.below + self.texts.len() as u32
    }

    fn push(&mut self, text: Arc<str>) -> u32 {
        self.texts.push(text.clone());
        let number = self.end();
        self.numbers.insert(text, number);
        number
    }

    /// This layer and the one above it as one.
    fn with(&self, upper: &Layer) -> Layer {
        let mut both = self.clone();
        for text in &upper.texts {
            both.push(text.clone());
        }
        both
    }
}

fn bad_texts(label: &str) -> Error {
    Error::new(Code::CorruptFile, format!("{label} is damaged: its texts do not fit their lengths"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_its_texts_while_others_come() {
        let (mut symbols, mut clones) = (Symbols::default(), Vec::new());
        for i in 1..=200u32 {
            assert_eq!(symbols.intern(Column::Item, &format!("item {i}")), i);
            clones.push(symbols.clone());
        }
        assert!(symbols.tables[Column::Item as usize].layers.len() <= 9);
        for (i, clone) in (1..).zip(&clones) {
            assert_eq!(clone.texts(Column::Item).count(), i);
            for number in 1..=200u32 {
                let text = format!("item {number}");
                let wanted = (number as usize <= i).then_some(number);
                assert_eq!(clone.number(Column::Item, &text), wanted);
                assert_eq!(clone.text(Column::Item, number), wanted.map(|_| text.as_str()));
            }
        }
    }

    #[test]
    fn numbers_survive_a_file() {
        let mut symbols = Symbols::default();
        assert_eq!(symbols.intern(Column::Shop, "flagship"), 1);
        assert_eq!(symbols.intern(Column::Shop, "旗舰店"), 2);
        assert_eq!(symbols.intern(Column::Shop, "flagship"), 1);
        assert_eq!(symbols.intern_some(Column::Brand, None), ABSENT);
        let again = Symbols::from_bytes("symbols", Arc::new(symbols.to_bytes())).unwrap();
        assert_eq!(again.text(Column::Shop, 2), Some("旗舰店"));
        assert_eq!(again.number(Column::Shop, "flagship"), Some(1));
        assert_eq!(again.text(Column::Shop, ABSENT), None);
        assert_eq!(again.select(Column::Shop, |text| text == "旗舰店"), [false, false, true]);
    }
}
