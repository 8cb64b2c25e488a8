//! What the catalogue and the data know of shops, brands, categories, items and campaigns.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::catalog::{Entry, EntryKind};
use weir_engine::symbols::Column;
use weir_store::{Page, Paged};

use crate::app::Workspace;

impl Workspace {
    /// Entries of a kind by id: those of the catalogue, and those that only events mention, by their id alone.
    pub fn catalog(&self, kind: EntryKind, page: &Page) -> Result<Paged<Entry>> {
        let data = self.data()?;
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for id in column(kind).into_iter().flat_map(|column| data.world().texts(column)) {
            entries.insert(id.to_owned(), nameless(kind, id));
        }
        for entry in data.catalog().entries().filter(|entry| entry.kind == kind) {
            entries.insert(entry.id.clone(), entry.clone());
        }
        let is_later = |entry: &Entry| page.after.as_ref().is_none_or(|after| entry.id > *after);
        let fetched: Vec<Entry> =
            entries.into_values().filter(is_later).take((page.limit as usize).saturating_add(1)).collect();
        Ok(Paged::of(fetched, page, |entry| entry.id.clone()))
    }
}

/// The column of events that names entries of a kind. Channels have a tree of their own.
fn column(kind: EntryKind) -> Option<Column> {
    match kind {
        EntryKind::Brand => Some(Column::Brand),
        EntryKind::Shop => Some(Column::Shop),
        EntryKind::Category => Some(Column::Category),
        EntryKind::Item => Some(Column::Item),
        EntryKind::Campaign => Some(Column::Campaign),
        EntryKind::Channel => None,
    }
}

fn nameless(kind: EntryKind, id: &str) -> Entry {
    let id = id.to_owned();
    Entry { kind, id, name: None, name_zh: None, parent: None, brand: None, price: None }
}
