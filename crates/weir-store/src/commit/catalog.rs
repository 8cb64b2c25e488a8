//! The door for catalogue entries.

use std::collections::BTreeMap;

use rusqlite::Connection;
use weir_core::Result;
use weir_core::catalog::{Entry, EntryKind};
use weir_core::ledger::Ledger;

use crate::catalog;
use crate::manifest::ImportId;

#[derive(Default)]
pub(crate) struct CatalogDoor {
    entries: BTreeMap<(EntryKind, String), Entry>,
}

impl CatalogDoor {
    pub(crate) fn push(&mut self, entries: Vec<Entry>, ledger: &mut Ledger) {
        for entry in entries {
            ledger.read += 1;
            let before = self.entries.insert((entry.kind, entry.id.clone()), entry);
            if before.is_some() { ledger.duplicate += 1 } else { ledger.accept(None) }
        }
    }

    pub(crate) fn insert(&self, db: &Connection, workspace: i64, import: ImportId) -> Result<()> {
        catalog::insert(db, workspace, import, self.entries.values())
    }
}
