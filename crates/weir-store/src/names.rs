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

/// Kinds and values by node: those of the files in one block, later ones on pages. Clones share both.
#[derive(Debug, Clone, Default)]
pub struct Names {
    kinds: Vec<String>,
    stored: Arc<Block>,
    pages: Vec<Arc<Page>>,
    len: usize,
}

/// Names that follow each other.
#[derive(Debug, Clone, Default)]
struct Block {
    kind_of: Vec<u16>,
    /// Where the value of each node ends in `text`; it begins where the one before ends.
    ends: Vec<u64>,
    text: String,
}

/// Names of [`PAGE`] nodes, which come in any order.
#[derive(Debug, Clone)]
struct Page {
    /// Kind, and where the value lies in `text`.
    slots: Vec<(u16, u32, u32)>,
    text: String,
    named: usize,
}

/// Nodes of a page: what is copied when one name comes after the page was shared.
const PAGE: usize = 1024;

/// Kind of a node without a name: the dictionary has skipped it.
const NAMELESS: u16 = u16::MAX;

impl Names {
    /// The node of an identifier. Looks at every name: meant for one person at a time.
    pub fn find(&self, kind: &str, value: &str) -> Option<Node> {
        (0..self.len as Node).find(|node| self.get(*node) == (kind, value))
    }

    /// The kinds in use.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    fn push(&mut self, kind: &str, value: &str) -> Result<()> {
        let kind = self.kind_number(kind)?;
        let stored = Arc::make_mut(&mut self.stored);
        stored.kind_of.push(kind);
        stored.text.push_str(value);
        stored.ends.push(stored.text.len() as u64);
        self.len = stored.ends.len();
        Ok(())
    }

    /// Names a node, unless it has a name. Nodes come in any order; those between are nameless until they come.
    pub(crate) fn set(&mut self, node: Node, kind: &str, value: &str) -> Result<()> {
        let Some(place) = (node as usize).checked_sub(self.stored.ends.len()) else { return Ok(()) };
        let (page, slot) = (place / PAGE, place % PAGE);
        if self.pages.get(page).is_some_and(|page| page.slots[slot].0 != NAMELESS) {
            return Ok(());
        }
        let kind = self.kind_number(kind)?;
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, Arc::default);
        }
        Arc::make_mut(&mut self.pages[page]).set(slot, kind, value);
        self.len = self.len.max(node as usize + 1);
        Ok(())
    }

    fn kind_number(&mut self, kind: &str) -> Result<u16> {
        let place = self.kinds.iter().position(|known| known == kind).unwrap_or(self.kinds.len());
        if place == self.kinds.len() {
            self.kinds.push(kind.to_owned());
        }
        let number = u16::try_from(place).ok().filter(|number| *number != NAMELESS);
        number.ok_or_else(|| Error::internal("more than 65,535 kinds of identifiers"))
    }

    fn kind(&self, number: u16) -> &str {
        self.kinds.get(number as usize).map_or("", String::as_str)
    }
}

impl Block {
    fn value(&self, node: usize) -> &str {
        let begin = if node == 0 { 0 } else { self.ends[node - 1] };
        &self.text[begin as usize..self.ends[node] as usize]
    }
}

impl Default for Page {
    fn default() -> Page {
        Page { slots: vec![(NAMELESS, 0, 0); PAGE], text: String::new(), named: 0 }
    }
}

impl Page {
    fn set(&mut self, slot: usize, kind: u16, value: &str) {
        let begin = self.text.len() as u32;
        self.text.push_str(value);
        self.slots[slot] = (kind, begin, self.text.len() as u32);
        self.named += 1;
        if self.named == PAGE {
            self.text.shrink_to_fit();
        }
    }
}

impl Identifiers for Names {
    fn len(&self) -> usize {
        self.len
    }

    /// A node that the dictionary has skipped has neither kind nor value.
    fn get(&self, node: Node) -> (&str, &str) {
        let node = node as usize;
        let Some(place) = node.checked_sub(self.stored.ends.len()) else {
            return (self.kind(self.stored.kind_of[node]), self.stored.value(node));
        };
        let page = &self.pages[place / PAGE];
        let (kind, begin, end) = page.slots[place % PAGE];
        (self.kind(kind), &page.text[begin as usize..end as usize])
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
