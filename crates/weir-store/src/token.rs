//! Tokens for the management API. A secret is shown once, when it is made; kept is its SHA-256.
//!
//! The secret is 256 random bits, so a plain hash is enough: there is nothing to guess.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::page::{Page, Paged};
use crate::random::hex;
use crate::store::Store;
use crate::workspace::Workspace;
use crate::{clock, random};

/// What every secret begins with, so that scanners find leaked ones.
pub const TOKEN_PREFIX: &str = "weir_";

/// How stale `last_used` may be: a write for each request would be too many.
const LAST_USED_PRECISION: Micros = 60_000_000;

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// Its name, unique within the workspace.
    pub name: String,
    /// When it was made.
    pub created: Micros,
    /// When it was last used, to the minute.
    pub last_used: Option<Micros>,
    /// When it was revoked.
    pub revoked: Option<Micros>,
    /// When it ends; none: it does not.
    pub expires: Option<Micros>,
}

const COLUMNS: &str = "id, name, created, last_used, revoked, expires";

impl Workspace {
    /// Makes a token; the second value is its secret, which cannot be had again.
    pub fn create_token(&self, name: &str) -> Result<(Token, String)> {
        if name.trim().is_empty() {
            return Err(Error::new(Code::InvalidArgument, "a token needs a name").at("name"));
        }
        let secret = new_secret()?;
        Ok((self.insert_token(name, &secret, None)?, secret))
    }

    /// Makes a token for a browser: it names itself, and ends after so many microseconds.
    pub fn create_session(&self, lifetime: Micros) -> Result<(Token, String)> {
        let secret = new_secret()?;
        let name = format!("console session {}", &hash(&secret)[..8]);
        Ok((self.insert_token(&name, &secret, Some(clock::now() + lifetime))?, secret))
    }

    fn insert_token(&self, name: &str, secret: &str, expires: Option<Micros>) -> Result<Token> {
        self.database().write(|db| {
            refuse_taken(db, self.id(), name)?;
            let sql = "INSERT INTO token (workspace, name, hash, created, expires) VALUES (?, ?, ?, ?, ?)";
            db.execute(sql, params![self.id(), name, hash(secret), clock::now(), expires]).fault()?;
            find(db, db.last_insert_rowid())
        })
    }

    /// Tokens by number, the revoked among them.
    pub fn tokens(&self, page: &Page) -> Result<Paged<Token>> {
        let after = page.after_number()?.unwrap_or(0);
        let sql = format!("SELECT {COLUMNS} FROM token WHERE workspace = ? AND id > ? ORDER BY id LIMIT ?");
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let rows = query.query_map(params![self.id(), after, page.fetch()], token).fault()?;
            let tokens = rows.collect::<rusqlite::Result<_>>().fault()?;
            Ok(Paged::of(tokens, page, |token: &Token| token.id.to_string()))
        })
    }

    /// Revokes a token, from now on.
    pub fn revoke_token(&self, id: i64) -> Result<Token> {
        self.database().write(|db| {
            let sql = "UPDATE token SET revoked = coalesce(revoked, ?) WHERE workspace = ? AND id = ?";
            if db.execute(sql, params![clock::now(), self.id(), id]).fault()? == 0 {
                return Err(Error::new(Code::NotFound, format!("there is no token {id}")));
            }
            find(db, id)
        })
    }
}

impl Store {
    /// The workspace and token that a secret opens.
    pub fn authenticate(&self, secret: &str) -> Result<(Workspace, Token)> {
        let hash = hash(secret);
        let found = self.database().read(|db| live_token(db, &hash))?;
        let Some((workspace, token)) = found else {
            return Err(Error::new(Code::Unauthorized, "this token is not valid")
                .help("make one with: weir token add NAME"));
        };
        self.note_use(&token)?;
        Ok((workspace_of(self, workspace)?, token))
    }

    fn note_use(&self, token: &Token) -> Result<()> {
        let now = clock::now();
        if token.last_used.is_some_and(|last| now - last < LAST_USED_PRECISION) {
            return Ok(());
        }
        self.database().write(|db| {
            db.execute("UPDATE token SET last_used = ? WHERE id = ?", params![now, token.id]).fault()?;
            Ok(())
        })
    }
}

fn live_token(db: &Connection, hash: &str) -> Result<Option<(i64, Token)>> {
    let sql = format!(
        "SELECT {COLUMNS}, workspace FROM token
         WHERE hash = ? AND revoked IS NULL AND (expires IS NULL OR expires > ?)"
    );
    let found = |row: &Row| Ok((row.get("workspace")?, token(row)?));
    db.query_row(&sql, params![hash, clock::now()], found).optional().fault()
}

fn workspace_of(store: &Store, id: i64) -> Result<Workspace> {
    let sql = "SELECT name FROM workspace WHERE id = ?";
    let name: String = store.database().read(|db| db.query_row(sql, [id], |row| row.get(0)).fault())?;
    Ok(Workspace::new(store.clone(), id, &name))
}

fn refuse_taken(db: &Connection, workspace: i64, name: &str) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM token WHERE workspace = ? AND name = ?)";
    let taken: bool = db.query_row(sql, params![workspace, name], |row| row.get(0)).fault()?;
    if !taken {
        return Ok(());
    }
    Err(Error::new(Code::NameTaken, format!("the token \"{name}\" exists already"))
        .help("choose another name"))
}

fn find(db: &Connection, id: i64) -> Result<Token> {
    let sql = format!("SELECT {COLUMNS} FROM token WHERE id = ?");
    db.query_row(&sql, [id], token).fault()
}

fn token(row: &Row) -> rusqlite::Result<Token> {
    Ok(Token {
        id: row.get(0)?,
        name: row.get(1)?,
        created: row.get(2)?,
        last_used: row.get(3)?,
        revoked: row.get(4)?,
        expires: row.get(5)?,
    })
}

fn new_secret() -> Result<String> {
    Ok(format!("{TOKEN_PREFIX}{}", hex(&random::bytes::<32>()?)))
}

pub(crate) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}
