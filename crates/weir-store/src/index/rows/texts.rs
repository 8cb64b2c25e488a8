//! The texts of a file that is read while others are: known ones have the index's numbers, new ones a number of the file's
//! own until the index gives them theirs.

use arrow::array::{Array, ArrayData, ArrayRef, StringArray};
use hashbrown::HashMap;
use weir_engine::packed::Numbering;
use weir_engine::symbols::{ABSENT, Column, Symbols};

/// Marks a number of a file's own.
const OWN: u32 = 1 << 31;

/// Numbers of texts, as they come.
pub(super) struct Texts<'s> {
    symbols: &'s Symbols,
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The dictionary that was numbered last: batches of a row group share it.
    dictionary: Option<(ArrayData, std::sync::Arc<[u32]>)>,
}

impl Numbering for Texts<'_> {
    fn number(&mut self, column: Column, text: &str) -> u32 {
        match self.symbols.number(column, text) {
            Some(number) => number,
            None => OWN | self.tables[column as usize].number(text),
        }
    }
}

impl<'s> Texts<'s> {
    /// Texts beyond those that have numbers.
    pub fn over(symbols: &'s Symbols) -> Texts<'s> {
        Texts { symbols, tables: Column::ALL.iter().map(|_| Table::default()).collect() }
    }

    /// The numbers of a dictionary's texts.
    pub fn numbers(
        &mut self,
        column: Column,
        dictionary: &ArrayRef,
        texts: &StringArray,
    ) -> std::sync::Arc<[u32]> {
        let data = dictionary.to_data();
        if let Some((last, numbers)) = &self.tables[column as usize].dictionary
            && last.ptr_eq(&data)
        {
            return numbers.clone();
        }
        let number = |text: Option<&str>| text.map_or(ABSENT, |text| self.number(column, text));
        let numbers: std::sync::Arc<[u32]> = texts.iter().map(number).collect();
        self.tables[column as usize].dictionary = Some((data, numbers.clone()));
        numbers
    }

    /// What is new in the file.
    pub fn new_texts(self) -> NewTexts {
        NewTexts(self.tables.into_iter().map(|table| table.texts).collect())
    }
}

impl Table {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// Texts that a file has brought, by column.
pub(super) struct NewTexts(Vec<Vec<String>>);

impl NewTexts {
    /// Gives them the index's numbers.
    pub fn numbers(&self, symbols: &mut Symbols) -> Numbers {
        let mut of_column = |(column, texts): (&Column, &Vec<String>)| {
            texts.iter().map(|text| symbols.intern(*column, text)).collect()
        };
        Numbers(Column::ALL.iter().zip(&self.0).map(&mut of_column).collect())
    }
}

/// For each column and each number of a file's own the index's.
pub(super) struct Numbers(Vec<Vec<u32>>);

impl Numbers {
    /// Whether any number is to be changed.
    pub fn are_any(&self) -> bool {
        self.0.iter().any(|column| !column.is_empty())
    }

    /// The index's number.
    pub fn of(&self, column: Column, number: u32) -> u32 {
        if number & OWN == 0 { number } else { self.0[column as usize][(number & !OWN) as usize] }
    }
}
