//! The metadata database: one SQLite file, opened with the safe settings, brought up to date by numbered steps.
//!
//! A step is never changed once released; a new one is a new file and one line in `STEPS`.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use weir_core::{Error, Result};

use crate::fault::{Fault, newer};

/// What brings a database from version n to n + 1.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_token_expiry.sql"),
    include_str!("migrations/0003_push.sql"),
    include_str!("migrations/0004_ingest.sql"),
    include_str!("migrations/0005_source.sql"),
    include_str!("migrations/0006_identity.sql"),
    include_str!("migrations/0007_queue.sql"),
    include_str!("migrations/0008_expiry.sql"),
    include_str!("migrations/0009_job.sql"),
    include_str!("migrations/0010_tag.sql"),
    include_str!("migrations/0011_audience.sql"),
    include_str!("migrations/0012_track.sql"),
    include_str!("migrations/0015_feature.sql"),
    include_str!("migrations/0016_password.sql"),
    include_str!("migrations/0017_consumer.sql"),
];

/// How long to wait for another process's transaction; ours take milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// One connection, shared by all handles of a store in this process.
pub(crate) struct Database {
    connection: Mutex<Connection>,
}

impl Database {
    /// Opens or creates the database and brings it up to date.
    pub(crate) fn open(path: &Path) -> Result<Database> {
        let mut connection = Connection::open(path).fault()?;
        connection.busy_timeout(PATIENCE).fault()?;
        connection.pragma_update(None, "journal_mode", "WAL").fault()?;
        connection.pragma_update(None, "synchronous", "FULL").fault()?;
        connection.pragma_update(None, "foreign_keys", true).fault()?;
        migrate(&mut connection, path)?;
        Ok(Database { connection: Mutex::new(connection) })
    }

    /// Reads from one state of the database.
    pub(crate) fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.transact(TransactionBehavior::Deferred, |transaction| query(transaction))
    }

    /// Changes the database: all of it when `change` succeeds, nothing otherwise.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.transact(TransactionBehavior::Immediate, change)
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(behavior).fault()?;
        let outcome = work(&transaction)?;
        transaction.commit().fault()?;
        Ok(outcome)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back; the connection is as good as before.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    if version(connection)? == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).fault()?;
    let version = version(&transaction)?;
    let Some(steps) = STEPS.get(version..) else { return Err(newer(path, version)) };
    for step in steps {
        transaction.execute_batch(step).fault()?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len() as i64).fault()?;
    transaction.commit().fault()
}

fn version(connection: &Connection) -> Result<usize> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).fault()?;
    usize::try_from(version).map_err(|_| Error::internal(format!("weir.db: user_version is {version}")))
}
