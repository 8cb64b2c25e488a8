//! Sources of events over the wire, each with a write key. A key is shown once, when it is made; kept is its SHA-256.
//!
//! A write key lies open in every page and app that sends with it. So it opens the way in and nothing else, and it is no
//! token: the tables are different ones. A key that was changed stays good for a day, because what is already in
//! people's browsers goes on sending with it, and whatever is refused there is lost. Revoking ends all keys at once.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use weir_core::error::suggestion;
use weir_core::time::{DAY_MICROS, Micros};
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::page::{Page, Paged};
use crate::random::hex;
use crate::store::Store;
use crate::workspace::Workspace;
use crate::{clock, random};

/// What every write key begins with, so that it is not taken for a token.
pub const WRITE_KEY_PREFIX: &str = "wk_";

/// How much of a key is kept to be shown.
const SHOWN: usize = WRITE_KEY_PREFIX.len() + 6;

/// How long the key before the newest stays good.
const OVERLAP: Micros = DAY_MICROS;

/// How stale `last_used` may be: a write for each request would be too many.
const LAST_USED_PRECISION: Micros = 60_000_000;

/// How long a name may be.
const LONGEST_NAME: usize = 64;

/// How a source sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A client sends to us, with a write key.
    Sdk,
    /// We read a NATS JetStream.
    Nats,
}

impl SourceKind {
    /// The kind's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Sdk => "sdk",
            SourceKind::Nats => "nats",
        }
    }

    /// A kind by its name.
    fn named(name: &str) -> Option<SourceKind> {
        [SourceKind::Sdk, SourceKind::Nats].into_iter().find(|kind| kind.name() == name)
    }
}

/// A source, without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    id: i64,
    /// Its name, unique within the workspace.
    pub name: String,
    /// How it sends.
    pub kind: SourceKind,
    /// How its newest key begins; none: it has no key.
    pub key_prefix: Option<String>,
    /// Origins of pages that may send, such as `https://shop.example`; empty: all.
    pub origins: Vec<String>,
    /// Of a queue: where it is, JSON, with its password.
    pub queue: Option<String>,
    /// When it was made.
    pub created: Micros,
    /// When a key of it was last used, to the minute.
    pub last_used: Option<Micros>,
    /// Since when nothing is taken from it.
    pub disabled: Option<Micros>,
    /// Since when it has no key.
    pub revoked: Option<Micros>,
}

const SELECT: &str =
    "SELECT s.id, s.name, s.kind, s.origins, s.queue, s.created, s.last_used, s.disabled, s.revoked,
    (SELECT k.prefix FROM source_key k WHERE k.source = s.id AND k.expires IS NULL) AS prefix FROM source s";

impl Workspace {
    /// Makes a source that clients send to; the second value is its write key, which cannot be had again.
    pub fn create_source(&self, name: &str, origins: &[String]) -> Result<(Source, String)> {
        check_name(name)?;
        let (origins, key) = (origins_text(origins)?, new_key()?);
        let source = self.database().write(|db| {
            refuse_taken(db, self.id(), name)?;
            let sql = "INSERT INTO source (workspace, name, kind, origins, created) VALUES (?, ?, ?, ?, ?)";
            let kind = SourceKind::Sdk.name();
            db.execute(sql, params![self.id(), name, kind, origins, clock::now()]).fault()?;
            insert_key(db, db.last_insert_rowid(), &key)?;
            find(db, self.id(), name)
        })?;
        Ok((source, key))
    }

    /// Makes a source that Weir reads itself; it has no key.
    pub fn create_queue(&self, name: &str, queue: &str) -> Result<Source> {
        check_name(name)?;
        self.database().write(|db| {
            refuse_taken(db, self.id(), name)?;
            let sql = "INSERT INTO source (workspace, name, kind, origins, queue, created)
                       VALUES (?, ?, ?, '[]', ?, ?)";
            db.execute(sql, params![self.id(), name, SourceKind::Nats.name(), queue, clock::now()])
                .fault()?;
            find(db, self.id(), name)
        })
    }

    /// Sources by name.
    pub fn sources(&self, page: &Page) -> Result<Paged<Source>> {
        let after = page.after.as_deref().unwrap_or_default();
        let sql = format!("{SELECT} WHERE s.workspace = ? AND s.name > ? ORDER BY s.name LIMIT ?");
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let rows = query.query_map(params![self.id(), after, page.fetch()], read_row).fault()?;
            let sources = rows.map(|row| readable(row.fault()?)).collect::<Result<_>>()?;
            Ok(Paged::of(sources, page, |source: &Source| source.name.clone()))
        })
    }

    /// A source by name.
    pub fn source(&self, name: &str) -> Result<Source> {
        self.database().read(|db| find(db, self.id(), name))
    }

    /// Makes a new write key. The one before stays good for a day, unless the source was revoked.
    pub fn change_source_key(&self, name: &str) -> Result<(Source, String)> {
        let key = new_key()?;
        let source = self.change_source(name, |db, source| {
            let now = clock::now();
            let end_old = "DELETE FROM source_key WHERE source = ? AND expires IS NOT NULL";
            db.execute(end_old, [source]).fault()?;
            let limit = "UPDATE source_key SET expires = ? WHERE source = ?";
            db.execute(limit, params![now + OVERLAP, source]).fault()?;
            db.execute("UPDATE source SET revoked = NULL WHERE id = ?", [source]).fault()?;
            insert_key(db, source, &key)
        })?;
        Ok((source, key))
    }

    /// Ends every key of a source, from now on.
    pub fn revoke_source(&self, name: &str) -> Result<Source> {
        self.change_source(name, |db, source| {
            db.execute("DELETE FROM source_key WHERE source = ?", [source]).fault()?;
            let sql = "UPDATE source SET revoked = coalesce(revoked, ?) WHERE id = ?";
            db.execute(sql, params![clock::now(), source]).fault()?;
            Ok(())
        })
    }

    /// Takes nothing more from a source, until it is enabled.
    pub fn disable_source(&self, name: &str) -> Result<Source> {
        self.change_source(name, |db, source| {
            let sql = "UPDATE source SET disabled = coalesce(disabled, ?) WHERE id = ?";
            db.execute(sql, params![clock::now(), source]).fault()?;
            Ok(())
        })
    }

    /// Takes from a source again.
    pub fn enable_source(&self, name: &str) -> Result<Source> {
        self.change_source(name, |db, source| {
            db.execute("UPDATE source SET disabled = NULL WHERE id = ?", [source]).fault()?;
            Ok(())
        })
    }

    /// Changes which pages may send.
    pub fn set_source_origins(&self, name: &str, origins: &[String]) -> Result<Source> {
        let origins = origins_text(origins)?;
        self.change_source(name, |db, source| {
            db.execute("UPDATE source SET origins = ? WHERE id = ?", params![origins, source]).fault()?;
            Ok(())
        })
    }

    fn change_source(
        &self,
        name: &str,
        change: impl FnOnce(&Connection, i64) -> Result<()>,
    ) -> Result<Source> {
        self.database().write(|db| {
            change(db, find(db, self.id(), name)?.id)?;
            find(db, self.id(), name)
        })
    }
}

impl Store {
    /// The source that a write key opens, and the name of its workspace. A disabled source is found too: it is not the key
    /// that is wrong.
    pub fn source_of_key(&self, key: &str) -> Result<(String, Source)> {
        let found = self.database().read(|db| {
            let sql = "SELECT w.name, s.name, w.id FROM source_key k
                JOIN source s ON s.id = k.source JOIN workspace w ON w.id = s.workspace
                WHERE k.hash = ? AND (k.expires IS NULL OR k.expires > ?)";
            let names = |row: &Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            let names = db.query_row(sql, params![write_key_hash(key), clock::now()], names).optional();
            let Some((workspace, name, id)) = names.fault()? else { return Ok(None) };
            let (workspace, name): (String, String) = (workspace, name);
            Ok(Some((workspace, find(db, id, &name)?)))
        })?;
        found.ok_or_else(|| {
            Error::new(Code::Unauthorized, "this write key is not valid")
                .help("\"weir source add NAME\" makes a source and its key")
        })
    }

    /// Notes that a key of a source was used just now.
    pub fn note_source_use(&self, source: &Source) -> Result<()> {
        let now = clock::now();
        if source.last_used.is_some_and(|last| now - last < LAST_USED_PRECISION) {
            return Ok(());
        }
        self.database().write(|db| {
            db.execute("UPDATE source SET last_used = ? WHERE id = ?", params![now, source.id]).fault()?;
            Ok(())
        })
    }
}

/// What is kept of a write key.
pub fn write_key_hash(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// 128 random bits: there is nothing to guess, so a plain hash is enough; and some clients put the key into addresses.
fn new_key() -> Result<String> {
    Ok(format!("{WRITE_KEY_PREFIX}{}", hex(&random::bytes::<16>()?)))
}

fn insert_key(db: &Connection, source: i64, key: &str) -> Result<()> {
    let sql = "INSERT INTO source_key (hash, source, prefix, created) VALUES (?, ?, ?, ?)";
    db.execute(sql, params![write_key_hash(key), source, &key[..SHOWN], clock::now()]).fault()?;
    Ok(())
}

fn find(db: &Connection, workspace: i64, name: &str) -> Result<Source> {
    let sql = format!("{SELECT} WHERE s.workspace = ? AND s.name = ?");
    let row = db.query_row(&sql, params![workspace, name], read_row).optional().fault()?;
    row.map_or_else(|| Err(unknown(db, workspace, name)), readable)
}

fn unknown(db: &Connection, workspace: i64, name: &str) -> Error {
    let error = Error::new(Code::UnknownSource, format!("there is no source \"{name}\""));
    let help = names(db, workspace).ok().and_then(|known| suggestion(name, known.iter().map(String::as_str)));
    error.help(help.unwrap_or_else(|| "make it with: weir source add NAME".to_owned()))
}

fn names(db: &Connection, workspace: i64) -> Result<Vec<String>> {
    let mut query = db.prepare("SELECT name FROM source WHERE workspace = ?").fault()?;
    let names = query.query_map([workspace], |row| row.get(0)).fault()?;
    names.collect::<rusqlite::Result<_>>().fault()
}

fn refuse_taken(db: &Connection, workspace: i64, name: &str) -> Result<()> {
    if !names(db, workspace)?.iter().any(|taken| taken == name) {
        return Ok(());
    }
    Err(Error::new(Code::NameTaken, format!("the source \"{name}\" exists already"))
        .at("name")
        .help("choose another name, or make it a new key with: weir source rotate NAME"))
}

/// Names stand in metrics and addresses, so they are kept plain.
fn check_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(plain) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("{name:?} cannot be the name of a source"))
        .at("name")
        .help("use up to 64 letters and digits of ASCII, \"_\", \"-\" and \".\""))
}

/// Origins as browsers write them: scheme, host and maybe a port, in lower case, without a path.
fn origins_text(origins: &[String]) -> Result<String> {
    for origin in origins {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let is_origin = host.is_some_and(|host| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
            !host.is_empty() && host.chars().all(plain)
        });
        if !is_origin {
            return Err(Error::new(Code::InvalidArgument, format!("{origin:?} is not the origin of a page"))
                .at("origins")
                .help("write it as the browser does: https://shop.example, without a path"));
        }
    }
    Ok(serde_json::Value::from(origins).to_string())
}

/// What is damaged makes no row.
fn read_row(row: &Row) -> rusqlite::Result<Option<Source>> {
    let (kind, origins): (String, String) = (row.get("kind")?, row.get("origins")?);
    let texts = (SourceKind::named(&kind), read_origins(&origins));
    let (Some(kind), Some(origins)) = texts else { return Ok(None) };
    Ok(Some(Source {
        id: row.get("id")?,
        name: row.get("name")?,
        kind,
        key_prefix: row.get("prefix")?,
        origins,
        queue: row.get("queue")?,
        created: row.get("created")?,
        last_used: row.get("last_used")?,
        disabled: row.get("disabled")?,
        revoked: row.get("revoked")?,
    }))
}

fn read_origins(text: &str) -> Option<Vec<String>> {
    let list = serde_json::from_str::<serde_json::Value>(text).ok()?;
    list.as_array()?.iter().map(|origin| origin.as_str().map(str::to_owned)).collect()
}

fn readable(source: Option<Source>) -> Result<Source> {
    source.ok_or_else(|| Error::internal("weir.db: a source cannot be read"))
}
