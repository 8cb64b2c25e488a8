//! What people state about links: this one does not count, or it does again.
//!
//! A statement is about a pair of identifiers, so it holds for every link between the two, also for one that comes later:
//! otherwise the next event of a shared device would undo it. Recorded links stay where they are; [`View::links`] leaves
//! out those that do not count, and so people become at every date what they were without them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use weir_core::Result;
use weir_core::identity::{Link, Node};
use weir_core::time::Micros;

use crate::clock;
use crate::fault::Fault;
use crate::link;
use crate::manifest::{FileKind, ImportId};
use crate::page::{Page, Paged};
use crate::view::View;
use crate::workspace::Workspace;

/// Two different identifiers, the lesser node first.
pub type Pair = (Node, Node);

/// The pair that a link is between.
pub fn pair(a: Node, b: Node) -> Pair {
    (a.min(b), a.max(b))
}

/// Somebody's statement about all links between two identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its number.
    pub number: i64,
    /// Between which.
    pub pair: Pair,
    /// Whether they count from now on.
    pub counts: bool,
    /// Who stated it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub made: Micros,
}

const COLUMNS: &str = "id, a, b, counts, author, reason, made";

impl Workspace {
    /// States whether links between two identifiers count. Nothing new is recorded if that is so already.
    pub fn state_links(
        &self,
        pair: Pair,
        counts: bool,
        author: &str,
        reason: Option<&str>,
    ) -> Result<Option<Statement>> {
        self.database().write(|db| {
            let before = latest(db, self.id(), pair)?;
            if before.as_ref().is_none_or(|statement| statement.counts) == counts {
                return Ok(before);
            }
            let sql = "INSERT INTO link_statement (workspace, a, b, counts, author, reason, made)
                       VALUES (?, ?, ?, ?, ?, ?, ?)";
            let values = params![self.id(), pair.0, pair.1, counts, author, reason, clock::now()];
            db.execute(sql, values).fault()?;
            let generation = "UPDATE workspace SET generation = generation + 1 WHERE id = ?";
            db.execute(generation, [self.id()]).fault()?;
            latest(db, self.id(), pair)
        })
    }

    /// The latest statement about a pair.
    pub fn link_statement(&self, pair: Pair) -> Result<Option<Statement>> {
        self.database().read(|db| latest(db, self.id(), pair))
    }

    /// Every statement, the latest first.
    pub fn link_statements(&self, page: &Page) -> Result<Paged<Statement>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT {COLUMNS} FROM link_statement WHERE workspace = ? AND id < ? ORDER BY id DESC LIMIT ?"
        );
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let rows = query.query_map(params![self.id(), before, page.fetch()], statement).fault()?;
            let statements = rows.collect::<rusqlite::Result<_>>().fault()?;
            Ok(Paged::of(statements, page, |statement: &Statement| statement.number.to_string()))
        })
    }
}

impl View {
    /// Whether a link counts, as far as people have stated.
    pub fn counts(&self, link: &Link) -> bool {
        !self.unlinked().contains(&pair(link.a, link.b))
    }

    /// Calls `each` with every recorded link and the import that brought it, those among them that do not count.
    pub fn scan_links(&self, mut each: impl FnMut(Link, Option<ImportId>)) -> Result<()> {
        for file in self.files(FileKind::Links) {
            let links = self.settle(link::load([file]))?;
            links.into_iter().for_each(|link| each(link, file.import));
        }
        Ok(())
    }
}

/// The pairs whose links do not count.
pub(crate) fn read_unlinked(db: &Connection, workspace: i64) -> Result<BTreeSet<Pair>> {
    let sql = "SELECT a, b FROM link_statement s WHERE workspace = ? AND NOT counts AND NOT EXISTS (
                 SELECT 1 FROM link_statement later
                 WHERE later.workspace = s.workspace AND later.a = s.a AND later.b = s.b AND later.id > s.id)";
    let mut query = db.prepare(sql).fault()?;
    let pairs = query.query_map([workspace], |row| Ok((row.get(0)?, row.get(1)?))).fault()?;
    pairs.collect::<rusqlite::Result<_>>().fault()
}

fn latest(db: &Connection, workspace: i64, pair: Pair) -> Result<Option<Statement>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM link_statement WHERE workspace = ? AND a = ? AND b = ? ORDER BY id DESC LIMIT 1"
    );
    db.query_row(&sql, params![workspace, pair.0, pair.1], statement).optional().fault()
}

fn statement(row: &Row) -> rusqlite::Result<Statement> {
    Ok(Statement {
        number: row.get(0)?,
        pair: (row.get(1)?, row.get(2)?),
        counts: row.get(3)?,
        author: row.get(4)?,
        reason: row.get(5)?,
        made: row.get(6)?,
    })
}
