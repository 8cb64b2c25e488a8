//! Texts of events as small numbers, one table per column. Number 0 is "absent".

use hashbrown::HashMap;
use weir_core::{Code, Error, Result};

use crate::container::{Bytes, Container, Writer};

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
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The number given last: rows that lie together mostly have the same texts.
    last: u32,
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
        self.tables[column as usize].numbers.get(text).copied()
    }

    /// The text of a number; `None` for 0.
    pub fn text(&self, column: Column, number: u32) -> Option<&str> {
        self.tables[column as usize].text(number)
    }

    /// Every text of a column, in order of number (from 1).
    pub fn texts(&self, column: Column) -> &[String] {
        &self.tables[column as usize].texts
    }

    /// Which numbers' texts satisfy a predicate; entry 0 (absent) is false.
    pub fn select(&self, column: Column, wanted: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut selected = vec![false];
        selected.extend(self.texts(column).iter().map(|text| wanted(text)));
        selected
    }

    /// The file form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        for (i, table) in self.tables.iter().enumerate() {
            let lengths: Vec<u32> = table.texts.iter().map(|text| text.len() as u32).collect();
            writer.column(&format!("lengths{i}"), &lengths);
            writer.column(&format!("texts{i}"), table.texts.concat().as_bytes());
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
        let index = (number as usize).checked_sub(1)?;
        self.texts.get(index).map(String::as_str)
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = self.texts.len() as u32;
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn read(lengths: &[u32], mut texts: &[u8]) -> Option<Table> {
        let mut table = Table::default();
        for length in lengths {
            let (head, rest) = texts.split_at_checked(*length as usize)?;
            let text = std::str::from_utf8(head).ok()?.to_owned();
            texts = rest;
            table.texts.push(text.clone());
            table.numbers.insert(text, table.texts.len() as u32);
        }
        Some(table)
    }
}

fn bad_texts(label: &str) -> Error {
    Error::new(Code::CorruptFile, format!("{label} is damaged: its texts do not fit their lengths"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::in_memory;

    #[test]
    fn numbers_survive_a_file() {
        let mut symbols = Symbols::default();
        assert_eq!(symbols.intern(Column::Shop, "flagship"), 1);
        assert_eq!(symbols.intern(Column::Shop, "旗舰店"), 2);
        assert_eq!(symbols.intern(Column::Shop, "flagship"), 1);
        assert_eq!(symbols.intern_some(Column::Brand, None), ABSENT);
        let again = Symbols::from_bytes("symbols", in_memory(&symbols.to_bytes())).unwrap();
        assert_eq!(again.text(Column::Shop, 2), Some("旗舰店"));
        assert_eq!(again.number(Column::Shop, "flagship"), Some(1));
        assert_eq!(again.text(Column::Shop, ABSENT), None);
        assert_eq!(again.select(Column::Shop, |text| text == "旗舰店"), [false, false, true]);
    }
}
