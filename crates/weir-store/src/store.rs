//! A data directory: its format version, the metadata database, and the workspaces in it.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use rusqlite::{Connection, OptionalExtension, params};
use weir_core::error::suggestion;
use weir_core::{Code, Error, Result};

use crate::database::Database;
use crate::fault::{self, Fault, corrupt, newer};
use crate::files;
use crate::fingerprint::Keys;
use crate::ingest::Ingest;
use crate::lock::WriterLock;
use crate::setting;
use crate::workspace::Workspace;
use crate::{clock, random};

/// The workspace that is there without being asked for.
pub const DEFAULT_WORKSPACE: &str = "default";

/// Format version of the data directory as a whole.
const FORMAT: u32 = 1;

/// What may lie in a data directory; anything else means that it is some other directory.
const OWN_NAMES: [&str; 10] = [
    "demo",
    "format",
    "format.tmp",
    "lock",
    "lock.wanted",
    "weir.db",
    "weir.db-wal",
    "weir.db-shm",
    "weir.db-journal",
    "workspaces",
];

/// An open data directory. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    database: Database,
    keys: Keys,
    /// The writer lock, while anybody in this process needs it.
    writing: Mutex<Weak<WriterLock>>,
    importing: AtomicBool,
    /// The ingests that are open in this process, by workspace.
    ingests: Mutex<HashMap<i64, Weak<Ingest>>>,
}

impl Store {
    /// Opens a data directory, creating it if it is not there.
    pub fn open(dir: impl AsRef<Path>) -> Result<Store> {
        let dir = dir.as_ref();
        files::create_dir(dir)?;
        check_format(dir)?;
        let database = Database::open(&dir.join("weir.db"))?;
        let keys = keys(&database)?;
        let inner = Inner {
            dir: dir.to_owned(),
            database,
            keys,
            writing: Mutex::default(),
            importing: AtomicBool::new(false),
            ingests: Mutex::default(),
        };
        Ok(Store { inner: Arc::new(inner) })
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// A workspace by name. The default one is created when it is first asked for.
    pub fn workspace(&self, name: &str) -> Result<Workspace> {
        if let Some(id) = self.database().read(|db| find(db, name))? {
            return Ok(Workspace::new(self.clone(), id, name));
        }
        if name == DEFAULT_WORKSPACE {
            return self.create_workspace(name);
        }
        let known = self.workspaces()?;
        let help = suggestion(name, known.iter().map(String::as_str))
            .unwrap_or_else(|| format!("create it with: weir --workspace {name} workspace set timezone=…"));
        Err(Error::new(Code::UnknownWorkspace, format!("there is no workspace \"{name}\"")).help(help))
    }

    /// A workspace by name, created if it is not there.
    pub fn create_workspace(&self, name: &str) -> Result<Workspace> {
        check_name(name)?;
        let id = self.database().write(|db| find_or_create(db, name))?;
        Ok(Workspace::new(self.clone(), id, name))
    }

    /// Names of all workspaces.
    pub fn workspaces(&self) -> Result<Vec<String>> {
        self.database().read(|db| {
            let mut query = db.prepare("SELECT name FROM workspace ORDER BY name").fault()?;
            let names = query.query_map([], |row| row.get(0)).fault()?;
            names.collect::<rusqlite::Result<_>>().fault()
        })
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Whether an import is under way in this process.
    pub(crate) fn importing(&self) -> &AtomicBool {
        &self.inner.importing
    }

    /// The right to write, shared by everybody in this process.
    pub(crate) fn writing(&self) -> Result<Arc<WriterLock>> {
        let mut held = self.inner.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = held.upgrade() {
            return Ok(lock);
        }
        let lock = Arc::new(WriterLock::take(self.dir())?);
        *held = Arc::downgrade(&lock);
        Ok(lock)
    }

    /// The ingest of a workspace in this process, made if there is none.
    pub(crate) fn ingest_of(&self, workspace: &Workspace) -> Result<Arc<Ingest>> {
        let mut ingests = self.ingests();
        if let Some(ingest) = ingests.get(&workspace.id()).and_then(Weak::upgrade) {
            return Ok(ingest);
        }
        let ingest = Ingest::begin(workspace.clone())?;
        ingests.insert(workspace.id(), Arc::downgrade(&ingest));
        Ok(ingest)
    }

    /// The ingest of a workspace, if one is open in this process.
    pub(crate) fn open_ingest_of(&self, workspace: &Workspace) -> Option<Arc<Ingest>> {
        self.ingests().get(&workspace.id()).and_then(Weak::upgrade)
    }

    fn ingests(&self) -> MutexGuard<'_, HashMap<i64, Weak<Ingest>>> {
        self.inner.ingests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(db: &Connection, name: &str) -> Result<Option<i64>> {
    db.query_row("SELECT id FROM workspace WHERE name = ?", [name], |row| row.get(0)).optional().fault()
}

fn find_or_create(db: &Connection, name: &str) -> Result<i64> {
    if let Some(id) = find(db, name)? {
        return Ok(id);
    }
    let sql =
        "INSERT INTO workspace (name, created, timezone, currency, identity) VALUES (?, ?, 'UTC', 'USD', ?)";
    db.execute(sql, params![name, clock::now(), setting::default_policy_text()]).fault()?;
    Ok(db.last_insert_rowid())
}

/// Names become directories, so they are kept to what every file system agrees on.
fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let fits = (1..=64).contains(&name.len()) && name.chars().all(allowed);
    if fits {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("\"{name}\" cannot be the name of a workspace"))
        .help("use up to 64 lower-case letters, digits, \"_\" and \"-\""))
}

/// Reads the format version, or writes it into a directory that is new.
fn check_format(dir: &Path) -> Result<()> {
    let path = dir.join("format");
    match fs::read_to_string(&path) {
        Ok(text) => check_format_text(&path, &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => begin_format(dir),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(corrupt(&path, error)),
        Err(error) => Err(fault::io(&path)(error)),
    }
}

fn check_format_text(path: &Path, text: &str) -> Result<()> {
    let version = text.trim().strip_prefix("weir ").and_then(|number| number.parse::<u32>().ok());
    match version {
        None => Err(corrupt(path, "this is not a format version")),
        Some(version) if version > FORMAT => Err(newer(path, version)),
        Some(_) => Ok(()),
    }
}

fn begin_format(dir: &Path) -> Result<()> {
    for entry in fs::read_dir(dir).map_err(fault::io(dir))? {
        let name = entry.map_err(fault::io(dir))?.file_name();
        if !OWN_NAMES.iter().any(|own| name == *own) {
            let message = format!("{} holds other files and is not a Weir data directory", dir.display());
            return Err(Error::new(Code::InvalidArgument, message).help("name an empty or a new directory"));
        }
    }
    files::write_durable(dir, "format", |out| writeln!(out, "weir {FORMAT}"))?;
    Ok(())
}

/// The secret that fingerprints are keyed with; made once per data directory.
fn keys(database: &Database) -> Result<Keys> {
    if let Some(secret) = database.read(secret)? {
        return Ok(Keys::new(&secret));
    }
    let fresh = random::bytes::<16>()?;
    let made = database.write(|db| {
        let insert = "INSERT INTO secret (name, value) VALUES ('fingerprint', ?) ON CONFLICT DO NOTHING";
        db.execute(insert, [fresh]).fault()?;
        secret(db)
    })?;
    Ok(Keys::new(&made.ok_or_else(|| Error::internal("weir.db: the secret was not stored"))?))
}

fn secret(db: &Connection) -> Result<Option<[u8; 16]>> {
    let sql = "SELECT value FROM secret WHERE name = 'fingerprint'";
    db.query_row(sql, [], |row| row.get(0)).optional().fault()
}
