//! Runs of computed tags, and who else states a tag.

use rusqlite::{Connection, OptionalExtension, Row, params};
use weir_core::Result;
use weir_core::time::{Day, Micros};

use crate::clock;
use crate::fault::Fault;
use crate::import::{ImportKind, stored_kind};
use crate::manifest::ImportId;
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// A run that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTagRun {
    /// The tag.
    pub tag: String,
    /// The date.
    pub as_of: Day,
    /// Version of the definition.
    pub version: u32,
    /// How many have a value then.
    pub people: u64,
    /// Statements made.
    pub stated: u64,
}

/// A tag was computed as of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRun {
    /// Its number; later runs have greater ones.
    pub id: i64,
    /// What was to be recorded.
    pub run: NewTagRun,
    /// The import that holds its statements; none where nothing differed from what was in force.
    pub import: Option<ImportId>,
    /// Whether that import was taken back.
    pub undone: bool,
    /// When it began.
    pub started: Micros,
    /// When it became visible.
    pub finished: Micros,
}

/// A live import that states a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSource {
    /// The tag.
    pub tag: String,
    /// The import.
    pub import: ImportId,
    /// What kind of import; [`ImportKind::Stream`] for traits that clients sent.
    pub kind: ImportKind,
    /// Its source.
    pub source: String,
    /// When it became visible.
    pub finished: Micros,
}

const SELECT: &str =
    "SELECT r.id, r.tag, r.as_of, r.version, r.people, r.stated, r.import, coalesce(i.state = 'undone', 0),
    r.started, r.finished
    FROM tag_run r LEFT JOIN import i ON i.workspace = r.workspace AND i.id = r.import
    WHERE r.workspace = ?1 AND r.tag = ?2";

impl Workspace {
    /// Runs of a tag, latest first.
    pub fn tag_runs(&self, tag: &str, page: &Page) -> Result<Paged<TagRun>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        let sql = format!("{SELECT} AND r.id < ?3 ORDER BY r.id DESC LIMIT ?4");
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let mut rows = query.query(params![self.id(), tag, before, page.fetch()]).fault()?;
            let mut runs = Vec::new();
            while let Some(row) = rows.next().fault()? {
                runs.push(tag_run(row).fault()?);
            }
            Ok(Paged::of(runs, page, |run| run.id.to_string()))
        })
    }

    /// The latest run of a tag.
    pub fn last_tag_run(&self, tag: &str) -> Result<Option<TagRun>> {
        let sql = format!("{SELECT} ORDER BY r.id DESC LIMIT 1");
        self.database().read(|db| db.query_row(&sql, params![self.id(), tag], tag_run).optional().fault())
    }

    /// Records runs that had nothing to state.
    pub fn record_tag_runs(&self, runs: &[NewTagRun], started: Micros) -> Result<()> {
        self.database()
            .write(|db| runs.iter().try_for_each(|run| insert_run(db, self.id(), run, None, started)))
    }

    /// Forgets the runs of a tag.
    pub fn forget_tag_runs(&self, tag: &str) -> Result<()> {
        let sql = "DELETE FROM tag_run WHERE workspace = ? AND tag = ?";
        self.database().write(|db| db.execute(sql, params![self.id(), tag]).fault()).map(|_| ())
    }

    /// The live imports that state tags, latest first within a tag.
    pub fn tag_sources(&self) -> Result<Vec<TagSource>> {
        let sql = "SELECT t.key, i.id, i.kind, i.source, i.finished FROM tag t
                   JOIN import i ON i.workspace = t.workspace AND i.id = t.import
                   WHERE t.workspace = ? ORDER BY t.key, i.id DESC";
        self.database().read(|db| {
            let mut query = db.prepare(sql).fault()?;
            let rows = query.query_map([self.id()], tag_source).fault()?;
            rows.collect::<rusqlite::Result<_>>().fault()
        })
    }
}

fn tag_source(row: &Row) -> rusqlite::Result<TagSource> {
    let kind: String = row.get(2)?;
    Ok(TagSource {
        tag: row.get(0)?,
        import: row.get(1)?,
        kind: stored_kind(&kind).unwrap_or(ImportKind::Tags),
        source: row.get(3)?,
        finished: row.get(4)?,
    })
}

fn tag_run(row: &Row) -> rusqlite::Result<TagRun> {
    let run = NewTagRun {
        tag: row.get(1)?,
        as_of: Day(row.get(2)?),
        version: row.get(3)?,
        people: row.get::<_, i64>(4)? as u64,
        stated: row.get::<_, i64>(5)? as u64,
    };
    let (id, import, undone) = (row.get(0)?, row.get(6)?, row.get(7)?);
    Ok(TagRun { id, run, import, undone, started: row.get(8)?, finished: row.get(9)? })
}

pub(crate) fn insert_run(
    db: &Connection,
    workspace: i64,
    run: &NewTagRun,
    import: Option<ImportId>,
    started: Micros,
) -> Result<()> {
    let sql =
        "INSERT INTO tag_run (workspace, tag, as_of, version, import, people, stated, started, finished)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let NewTagRun { tag, as_of, version, people, stated } = run;
    let (people, stated, finished) = (*people as i64, *stated as i64, clock::now());
    let values = params![workspace, tag, as_of.0, version, import, people, stated, started, finished];
    db.execute(sql, values).fault()?;
    Ok(())
}
