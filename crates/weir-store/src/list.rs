//! Files of list members. The members of a list are those of all its live files.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::identity::Node;

use crate::column;
use crate::fault::{Fault, corrupt};
use crate::manifest::StoredFile;
use crate::table::read_table;

pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("node", DataType::UInt32, false)]))
}

pub(crate) fn batch(members: impl Iterator<Item = Node>) -> Result<RecordBatch> {
    let nodes: ArrayRef = Arc::new(UInt32Array::from_iter_values(members));
    RecordBatch::try_new(schema(), vec![nodes]).fault()
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
