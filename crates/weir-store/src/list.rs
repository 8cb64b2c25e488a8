//! Files of list members, and what is recorded of uploads. The members of a list are those of all its live files.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use roaring::RoaringBitmap;
use rusqlite::{Connection, Row, params};
use weir_core::identity::Node;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use crate::column;
use crate::commit::IMPORTED;
use crate::fault::{Fault, corrupt};
use crate::import::take_back;
use crate::manifest::{FileKind, ImportId, StoredFile, remove_orphans};
use crate::page::{Page, Paged};
use crate::table::read_table;
use crate::view::View;
use crate::workspace::Workspace;

/// What is recorded of a list: its uploads together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRecord {
    /// Its name.
    pub name: String,
    /// Kind of the identifiers of its latest upload; none where that was made before this was recorded.
    pub kind: Option<String>,
    /// How those were hashed.
    pub hashing: Option<String>,
    /// The partner whose people they are; none: one's own.
    pub partner: Option<String>,
    /// Identifiers that somebody was known by when they were uploaded.
    pub matched: u64,
    /// Identifiers that nobody was known by.
    pub unmatched: u64,
    /// Numbers of its imports, the first first.
    pub imports: Vec<ImportId>,
    /// When the first of them was made.
    pub created: Micros,
    /// When the last of them was made.
    pub updated: Micros,
}

const UPLOADS: &str = "SELECT i.source, u.kind, u.hashing, u.partner, coalesce(u.matched, json_extract(i.ledger, '$.accepted')),
        coalesce(u.unmatched, 0), i.id, i.finished
    FROM import i LEFT JOIN list_upload u ON u.workspace = i.workspace AND u.import = i.id
    WHERE i.workspace = ?1 AND i.kind = 'list' AND i.state = 'done'";

impl Workspace {
    /// Lists by name.
    pub fn list_records(&self, page: &Page) -> Result<Paged<ListRecord>> {
        let after = page.after.clone().unwrap_or_default();
        self.database().read(|db| {
            let mut found = records(db, self.id(), None)?;
            found.retain(|record| record.name > after);
            found.truncate(usize::try_from(page.fetch()).unwrap_or(usize::MAX));
            Ok(Paged::of(found, page, |record| record.name.clone()))
        })
    }

    /// A list.
    pub fn list_record(&self, name: &str) -> Result<ListRecord> {
        self.database().read(|db| records(db, self.id(), Some(name))?.pop().ok_or_else(|| unknown(name)))
    }

    /// Removes a list: all its uploads are taken back at once. Whether something refers to it is for the caller to know.
    pub fn remove_list(&self, name: &str) -> Result<()> {
        let _exclusive = self.exclusive()?;
        self.database().write(|db| {
            let imports = imports_of(db, self.id(), name)?;
            if imports.is_empty() {
                return Err(unknown(name));
            }
            imports.into_iter().try_for_each(|import| take_back(db, self.id(), import).map(drop))
        })?;
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &IMPORTED))
    }

    /// Identifiers of a list's uploads that nobody was known by: as they were given, hashes in hex.
    pub fn list_unmatched(&self, name: &str) -> Result<Vec<String>> {
        self.list_record(name)?;
        self.view()?.unmatched(name)
    }
}

impl View {
    /// Identifiers of a list's uploads that nobody was known by.
    pub(crate) fn unmatched(&self, name: &str) -> Result<Vec<String>> {
        let files = self.files(FileKind::Unmatched).filter(|file| file.label.as_deref() == Some(name));
        let mut values = Vec::new();
        for file in files {
            for batch in self.settle(read_table(file))? {
                let batch = batch?;
                let texts = column::text(&batch, "value")?;
                values.extend((0..texts.len()).map(|row| texts.value(row).to_owned()));
            }
        }
        values.sort();
        values.dedup();
        Ok(values)
    }
}

/// Live imports of a list, the first first.
pub(crate) fn imports_of(db: &Connection, workspace: i64, name: &str) -> Result<Vec<ImportId>> {
    let sql = "SELECT id FROM import WHERE workspace = ? AND kind = 'list' AND state = 'done' AND source = ? ORDER BY id";
    let mut query = db.prepare(sql).fault()?;
    let ids = query.query_map(params![workspace, name], |row| row.get(0)).fault()?;
    ids.collect::<rusqlite::Result<_>>().fault()
}

fn records(db: &Connection, workspace: i64, name: Option<&str>) -> Result<Vec<ListRecord>> {
    let sql = format!("{UPLOADS} AND (?2 IS NULL OR i.source = ?2) ORDER BY i.source, i.id");
    let mut query = db.prepare(&sql).fault()?;
    let mut rows = query.query(params![workspace, name]).fault()?;
    let mut records: Vec<ListRecord> = Vec::new();
    while let Some(row) = rows.next().fault()? {
        let upload = upload(row).fault()?;
        match records.last_mut().filter(|record| record.name == upload.name) {
            Some(record) => record.add(upload),
            None => records.push(upload),
        }
    }
    Ok(records)
}

fn upload(row: &Row) -> rusqlite::Result<ListRecord> {
    Ok(ListRecord {
        name: row.get(0)?,
        kind: row.get(1)?,
        hashing: row.get(2)?,
        partner: row.get(3)?,
        matched: row.get::<_, i64>(4)? as u64,
        unmatched: row.get::<_, i64>(5)? as u64,
        imports: vec![row.get(6)?],
        created: row.get(7)?,
        updated: row.get(7)?,
    })
}

impl ListRecord {
    /// Adds a later upload.
    fn add(&mut self, later: ListRecord) {
        let (matched, unmatched) = (self.matched + later.matched, self.unmatched + later.unmatched);
        let imports = [std::mem::take(&mut self.imports), later.imports.clone()].concat();
        *self = ListRecord { matched, unmatched, imports, created: self.created, ..later };
    }
}

fn unknown(name: &str) -> Error {
    Error::new(Code::NotFound, format!("there is no list \"{name}\""))
}

pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("node", DataType::UInt32, false)]))
}

pub(crate) fn batch(members: impl Iterator<Item = Node>) -> Result<RecordBatch> {
    let nodes: ArrayRef = Arc::new(UInt32Array::from_iter_values(members));
    RecordBatch::try_new(schema(), vec![nodes]).fault()
}

pub(crate) fn unmatched_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("value", DataType::Utf8, false)]))
}

pub(crate) fn unmatched_batch<'a>(values: impl Iterator<Item = &'a String>) -> Result<RecordBatch> {
    let values: ArrayRef = Arc::new(StringArray::from_iter_values(values));
    RecordBatch::try_new(unmatched_schema(), vec![values]).fault()
}

pub(crate) fn load<'a>(
    files: impl IntoIterator<Item = &'a StoredFile>,
) -> Result<BTreeMap<String, RoaringBitmap>> {
    let mut lists: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
    for file in files {
        let name = file.label.clone().ok_or_else(|| corrupt(&file.path, "no list is named for this file"))?;
        let members = lists.entry(name).or_default();
        for batch in read_table(file)? {
            members.extend(column::nodes(&batch?, "node")?);
        }
    }
    Ok(lists)
}
