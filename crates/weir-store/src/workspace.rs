//! A workspace: one merchant's separate world. The methods live with their nouns (`setting`, `import`, `definition` …).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_core::Result;

use crate::database::Database;
use crate::fault::Fault;
use crate::store::Store;

/// A handle on one workspace. Cheap to clone; may be used from several threads.
#[derive(Clone)]
pub struct Workspace {
    store: Store,
    id: i64,
    name: Arc<str>,
}

impl Workspace {
    pub(crate) fn new(store: Store, id: i64, name: &str) -> Workspace {
        Workspace { store, id, name: name.into() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The store it is in.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The directory of its files.
    pub fn dir(&self) -> PathBuf {
        workspace_dir(self.store.dir(), &self.name)
    }

    /// A number that goes up whenever answers may have changed: with every import, undo, and setting.
    pub fn generation(&self) -> Result<u64> {
        self.database().read(|db| generation(db, self.id))
    }

    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    pub(crate) fn database(&self) -> &Database {
        self.store.database()
    }
}

pub(crate) fn workspace_dir(data_dir: &Path, name: &str) -> PathBuf {
    data_dir.join("workspaces").join(name)
}

pub(crate) fn generation(db: &rusqlite::Connection, workspace: i64) -> Result<u64> {
    let sql = "SELECT generation FROM workspace WHERE id = ?";
    let generation: i64 = db.query_row(sql, [workspace], |row| row.get(0)).fault()?;
    Ok(generation as u64)
}

pub(crate) fn next_node(db: &rusqlite::Connection, workspace: i64) -> Result<u32> {
    db.query_row("SELECT next_node FROM workspace WHERE id = ?", [workspace], |row| row.get(0)).fault()
}

pub(crate) fn log_flushed(db: &rusqlite::Connection, workspace: i64) -> Result<u64> {
    let sql = "SELECT log_flushed FROM workspace WHERE id = ?";
    let position: i64 = db.query_row(sql, [workspace], |row| row.get(0)).fault()?;
    Ok(position as u64)
}
