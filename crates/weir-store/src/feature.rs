//! Features that a workspace is without, by name. Which there are, and what is refused, is for others to know.

use rusqlite::params;
use weir_core::Result;
use weir_core::time::Micros;

use crate::clock;
use crate::fault::Fault;
use crate::workspace::Workspace;

impl Workspace {
    /// Features that are off, and since when.
    pub fn features_off(&self) -> Result<Vec<(String, Micros)>> {
        self.database().read(|db| {
            let sql = "SELECT name, since FROM feature_off WHERE workspace = ? ORDER BY name";
            let mut query = db.prepare(sql).fault()?;
            let rows = query.query_map([self.id()], |row| Ok((row.get(0)?, row.get(1)?))).fault()?;
            rows.collect::<rusqlite::Result<_>>().fault()
        })
    }

    /// Turns a feature on or off; one that is off already stays so since then.
    pub fn set_feature(&self, name: &str, is_on: bool) -> Result<()> {
        let sql = match is_on {
            true => "DELETE FROM feature_off WHERE workspace = ?1 AND name = ?2 AND ?3 NOT NULL",
            false => "INSERT OR IGNORE INTO feature_off (workspace, name, since) VALUES (?1, ?2, ?3)",
        };
        self.database().write(|db| {
            db.execute(sql, params![self.id(), name, clock::now()]).fault()?;
            Ok(())
        })
    }
}
