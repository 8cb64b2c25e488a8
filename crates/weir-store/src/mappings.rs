//! What clients' names of events and campaigns mean in a workspace: one JSON document, kept as it was given. What it says is
//! not the store's to know.

use rusqlite::params;
use weir_core::Result;

use crate::fault::Fault;
use crate::workspace::Workspace;

impl Workspace {
    /// The document; none: as built in.
    pub fn mappings(&self) -> Result<Option<String>> {
        let sql = "SELECT mappings FROM workspace WHERE id = ?";
        self.database().read(|db| db.query_row(sql, [self.id()], |row| row.get(0)).fault())
    }

    /// Keeps another document, or goes back to what is built in.
    pub fn set_mappings(&self, document: Option<&str>) -> Result<()> {
        self.database().write(|db| {
            let sql = "UPDATE workspace SET mappings = ? WHERE id = ?";
            db.execute(sql, params![document, self.id()]).fault()?;
            Ok(())
        })
    }
}
