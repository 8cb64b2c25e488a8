//! What has changed since a moment: only imports, and which, or more than that.

use rusqlite::params;
use weir_core::{Error, Result};

use crate::fault::Fault;
use crate::import::{ImportKind, stored_kind};
use crate::workspace::{Workspace, generation};

/// A moment in the life of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    generation: u64,
    last_import: i64,
}

impl Workspace {
    /// This moment.
    pub fn stamp(&self) -> Result<Stamp> {
        self.database().read(|db| {
            let sql = "SELECT coalesce(max(id), 0) FROM import WHERE workspace = ?";
            let last_import = db.query_row(sql, [self.id()], |row| row.get(0)).fault()?;
            Ok(Stamp { generation: generation(db, self.id())?, last_import })
        })
    }

    /// Kinds and sources of the imports since a moment, flushes among them. None if anything else has changed: something was
    /// taken back, set, unlinked, or has expired.
    pub fn imports_since(&self, stamp: Stamp) -> Result<Option<Vec<(ImportKind, String)>>> {
        self.database().read(|db| {
            let sql = "SELECT kind, source FROM import WHERE workspace = ? AND id > ? ORDER BY id";
            let mut query = db.prepare(sql).fault()?;
            let mut rows = query.query(params![self.id(), stamp.last_import]).fault()?;
            let mut imports = Vec::new();
            while let Some(row) = rows.next().fault()? {
                let kind: String = row.get(0).fault()?;
                let kind = stored_kind(&kind)
                    .ok_or_else(|| Error::internal("weir.db: an import's kind cannot be read"))?;
                imports.push((kind, row.get(1).fault()?));
            }
            // Each import is one step of the generation, and so is everything else.
            let steps = generation(db, self.id())? - stamp.generation;
            Ok((steps == imports.len() as u64).then_some(imports))
        })
    }
}
