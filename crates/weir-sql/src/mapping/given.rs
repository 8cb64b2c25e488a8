//! What a row is recognised by when its file is imported again: the row as the mapping gave it.
//!
//! Without it the store takes the finished row. But a channel's path follows the catalogue, and a converted amount the
//! rates: after a change there, the same line of the same file would look new. So a mapping with a channel or a
//! currency says what stood there before either was resolved.

use arrow::array::{ArrayRef, StringArray};

use super::properties::{Property, objects};

/// Column of a normalised batch that holds this text.
pub(super) const GIVEN: &str = "given";

/// The columns of a row before names and money were resolved, as text.
pub(super) fn rows(rows: usize, columns: &[(&str, ArrayRef)]) -> StringArray {
    let columns: Vec<Property> = columns.iter().map(|(name, values)| Property { name, values }).collect();
    objects(rows, &columns, &[])
}
