//! The names of all identifiers of a workspace, by node, in one block of memory; and their files.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use weir_core::identity::{Identifiers, Node};
use weir_core::{Error, Result};

use crate::column;
use crate::fault::{Fault, corrupt};
use crate::manifest::StoredFile;
use crate::table::read_table;

/// Kinds and values by node.
#[derive(Debug, Clone, Default)]
pub struct Names {
    kinds: Vec<String>,
    kind_of: Vec<u16>,
    /// Where the value of each node ends in `text`; it begins where the one before ends.
    ends: Vec<u64>,
    text: String,
}

impl Names {
    /// The node of an identifier. Looks at every name: meant for one person at a time.
    pub fn find(&self, kind: &str, value: &str) -> Option<Node> {
        (0..self.kind_of.len() as Node).find(|node| self.get(*node) == (kind, value))
    }

    /// The kinds in use.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    fn push(&mut self, kind: &str, value: &str) -> Result<()> {
        let kind = self.kind_number(kind)?;
        self.kind_of.push(kind);
        self.text.push_str(value);
        self.ends.push(self.text.len() as u64);
        Ok(())
    }

    fn kind_number(&mut self, kind: &str) -> Result<u16> {
        let place = self.kinds.iter().position(|known| known == kind).unwrap_or(self.kinds.len());
        if place == self.kinds.len() {
            self.kinds.push(kind.to_owned());
        }
        u16::try_from(place).map_err(|_| Error::internal("more than 65,536 kinds of identifiers"))
    }
}

impl Identifiers for Names {
    fn len(&self) -> usize {
        self.kind_of.len()
    }

    fn get(&self, node: Node) -> (&str, &str) {
        let node = node as usize;
        let begin = if node == 0 { 0 } else { self.ends[node - 1] as usize };
        (&self.kinds[self.kind_of[node] as usize], &self.text[begin..self.ends[node] as usize])
    }
}

/// Schema of the files.
pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("node", DataType::UInt32, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, false),
    ]))
}

/// A batch of names whose nodes follow `first`.
pub(crate) fn batch(first: Node, kinds: &[&str], values: &[String]) -> Result<RecordBatch> {
    let nodes = UInt32Array::from_iter_values((first..).take(values.len()));
    let kinds = StringArray::from_iter_values(kinds);
    let values = StringArray::from_iter_values(values);
    let columns: Vec<ArrayRef> = vec![Arc::new(nodes), Arc::new(kinds), Arc::new(values)];
    RecordBatch::try_new(schema(), columns).fault()
}

/// Calls `each` with every name in node order, the first being that of `next`; checks that none is missing.
pub(crate) fn scan<'a>(
    mut next: Node,
    files: impl IntoIterator<Item = &'a StoredFile>,
    mut each: impl FnMut(&str, &str) -> Result<()>,
) -> Result<()> {
    for file in files {
        for batch in read_table(file)? {
            let batch = batch?;
            let (kinds, values) = (column::text(&batch, "kind")?, column::text(&batch, "value")?);
            for (row, node) in column::nodes(&batch, "node")?.iter().enumerate() {
                if *node != next {
                    return Err(corrupt(&file.path, format!("names node {node} where {next} was due")));
                }
                each(kinds.value(row), values.value(row))?;
                next += 1;
            }
        }
    }
    Ok(())
}

/// Reads all names.
pub(crate) fn load<'a>(files: impl IntoIterator<Item = &'a StoredFile>) -> Result<Names> {
    let mut names = Names::default();
    scan(0, files, |kind, value| names.push(kind, value))?;
    Ok(names)
}
