//! Tables for people: one thin line below the header, numbers to the right, no boxes.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table under construction.
pub struct Grid {
    table: Table,
    /// For each column whether it holds numbers.
    numbers: Vec<bool>,
}

impl Grid {
    /// A table with a header; columns from `first_number` on are aligned to the right.
    pub fn new<T: ToString>(header: impl IntoIterator<Item = T>, first_number: usize) -> Grid {
        let header: Vec<String> = header.into_iter().map(|text| text.to_string()).collect();
        let numbers = (0..header.len()).map(|column| column >= first_number).collect();
        Grid::aligned(&header, numbers)
    }

    /// A table with a header, and for each column whether it holds numbers.
    pub fn aligned(header: &[String], numbers: Vec<bool>) -> Grid {
        let mut grid = Grid { table: Table::new(), numbers };
        grid.table.load_style(STYLE);
        let cells = grid.cells(header.iter().cloned());
        grid.table.set_header(cells);
        grid
    }

    /// Adds a row.
    pub fn row<T: ToString>(&mut self, texts: impl IntoIterator<Item = T>) {
        let cells = self.cells(texts.into_iter().map(|text| text.to_string()));
        self.table.add_row(cells);
    }

    /// The table as text.
    pub fn text(&self) -> String {
        self.table.trim_fmt()
    }

    fn cells(&self, texts: impl Iterator<Item = String>) -> Vec<Cell> {
        let right = |column: usize| self.numbers.get(column).copied().unwrap_or(false);
        let cell = |(column, text): (usize, String)| {
            let side = if right(column) { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(text).set_alignment(side)
        };
        texts.enumerate().map(cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right_and_wide_characters_count_twice() {
        let mut grid = Grid::new(["state", "people"], 1);
        grid.row(["老客", "1,234"]);
        grid.row(["new", "7"]);
        insta::assert_snapshot!(grid.text(), @r"
         state   people
        ────────────────
         老客     1,234
         new          7
        ");
    }
}
