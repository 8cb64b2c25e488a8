//! The password of a workspace, as a hash. Making and comparing hashes is not here: that is meant to be slow, and nothing
//! in here is held meanwhile.

use rusqlite::{OptionalExtension, params};
use weir_core::Result;
use weir_core::time::Micros;

use crate::clock;
use crate::fault::Fault;
use crate::token::hash;
use crate::workspace::Workspace;

/// A password at rest.
#[derive(Clone, PartialEq, Eq)]
pub struct Password {
    /// What it hashes to.
    pub hash: String,
    /// When it was set.
    pub changed: Micros,
}

impl Workspace {
    /// The password, if one was set.
    pub fn password(&self) -> Result<Option<Password>> {
        let sql = "SELECT hash, changed FROM password WHERE workspace = ?";
        self.database().read(|db| {
            let password = db
                .query_row(sql, [self.id()], |row| Ok(Password { hash: row.get(0)?, changed: row.get(1)? }));
            password.optional().fault()
        })
    }

    /// Sets the password and ends all sessions but the one with this secret: whoever knew the one before is out.
    pub fn set_password(&self, password: &str, kept: Option<&str>) -> Result<()> {
        let (now, kept) = (clock::now(), kept.map(hash));
        self.database().write(|db| {
            let sql = "INSERT OR REPLACE INTO password (workspace, hash, changed) VALUES (?, ?, ?)";
            db.execute(sql, params![self.id(), password, now]).fault()?;
            let sql = "UPDATE token SET revoked = ?
                       WHERE workspace = ? AND expires IS NOT NULL AND revoked IS NULL AND hash IS NOT ?";
            db.execute(sql, params![now, self.id(), kept]).fault()?;
            Ok(())
        })
    }
}
