//! Lists: uploaded identifiers, used like any set.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;
use weir_core::Result;
use weir_store::{ListRecord, Page, Paged};

use crate::app::Workspace;

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What is recorded of its uploads.
    pub record: ListRecord,
    /// People on it.
    pub size: u64,
    /// Audiences and state models that name it.
    pub used_by: Vec<String>,
}

impl Workspace {
    /// Lists by name.
    pub fn lists(&self, page: &Page) -> Result<Paged<List>> {
        let records = self.store().list_records(page)?;
        let data = self.data()?;
        let people = data.lists()?;
        let items = records.items.into_iter().map(|record| self.list_of(record, people));
        Ok(Paged { items: items.collect::<Result<_>>()?, next: records.next })
    }

    /// A list.
    pub fn list(&self, name: &str) -> Result<List> {
        let record = self.store().list_record(name)?;
        let data = self.data()?;
        self.list_of(record, data.lists()?)
    }

    /// Removes a list that nothing refers to: all its uploads are taken back.
    pub fn delete_list(&self, name: &str) -> Result<()> {
        self.store().list_record(name)?;
        self.refuse_if_named("list", name)?;
        self.store().remove_list(name)
    }

    /// Identifiers that were uploaded and that nobody was known by then.
    pub fn list_unmatched(&self, name: &str) -> Result<Vec<String>> {
        self.store().list_unmatched(name)
    }

    fn list_of(&self, record: ListRecord, people: &BTreeMap<String, RoaringBitmap>) -> Result<List> {
        let size = people.get(&record.name).map_or(0, RoaringBitmap::len);
        let used_by = self.users("list", &record.name)?;
        Ok(List { record, size, used_by })
    }
}
