//! Runs of audiences: how large each was at which dates. The members of the latest date are kept, so that whoever came or
//! went since then is known exactly.

use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension, Row, params};
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::manifest::{FileKind, StoredFile, insert_file, live_files, remove_orphans};
use crate::page::{Page, Paged};
use crate::workspace::Workspace;
use crate::{bitmap, clock, files};

/// The size of an audience as of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceRun {
    /// Its number in the store; 0 while it is not stored.
    pub number: i64,
    /// The date.
    pub as_of: Day,
    /// Version of the audience that was evaluated.
    pub version: u32,
    /// How many members it had.
    pub size: u64,
    /// Members who were not in it at the date compared with; none: there was nothing to compare with.
    pub added: Option<u64>,
    /// Members of the date compared with who were no longer in it.
    pub dropped: Option<u64>,
    /// Hash over the members' canonical identifiers.
    pub content_hash: String,
    /// When it was evaluated.
    pub at: Micros,
    /// How long that took, in microseconds.
    pub elapsed_us: u64,
}

/// Members of an audience as of its latest date, as nodes that were canonical then.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptMembers {
    /// The date.
    pub as_of: Day,
    /// Who.
    pub nodes: RoaringBitmap,
}

const COLUMNS: &str = "as_of, version, size, added, dropped, content_hash, at, elapsed_us";

impl Workspace {
    /// Records runs of an audience, by the number of its definition. A date before that of the members kept is recorded anew;
    /// the latest date may have several runs, each compared with the one before. The members of the latest run are kept.
    pub fn add_audience_runs(
        &self,
        audience: i64,
        runs: &[AudienceRun],
        members: &KeptMembers,
    ) -> Result<()> {
        // Other writers are kept out while the file is there and its row is not.
        self.database().write(|db| {
            let kept = kept_as_of(db, self, audience)?.map(|(as_of, _)| as_of);
            for run in runs {
                record(db, audience, run, kept)?;
            }
            if kept.is_none_or(|as_of| as_of <= members.as_of) {
                self.keep(db, audience, members)?;
            }
            Ok(())
        })?;
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &[FileKind::Members]))
    }

    /// Runs of an audience, the latest date first.
    pub fn audience_runs(&self, audience: i64, page: &Page) -> Result<Paged<AudienceRun>> {
        let (as_of, number) = match &page.after {
            Some(cursor) => read_cursor(cursor)?,
            None => (Day::END, i64::MAX),
        };
        let sql = format!(
            "SELECT {COLUMNS}, id FROM audience_run WHERE definition = ? AND (as_of, id) < (?, ?)\n             ORDER BY as_of DESC, id DESC LIMIT ?"
        );
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let rows = query.query_map(params![audience, as_of.0, number, page.fetch()], run).fault()?;
            let runs = rows.collect::<rusqlite::Result<Vec<_>>>().fault()?;
            Ok(Paged::of(runs, page, |run| format!("{}.{}", run.as_of, run.number)))
        })
    }

    /// The members kept of an audience.
    pub fn audience_members(&self, audience: i64) -> Result<Option<KeptMembers>> {
        let kept = self.database().read(|db| kept_as_of(db, self, audience))?;
        kept.map(|(as_of, file)| Ok(KeptMembers { as_of, nodes: bitmap::read(&file)? })).transpose()
    }

    fn keep(&self, db: &Connection, audience: i64, members: &KeptMembers) -> Result<()> {
        let dir = self.dir().join(FileKind::Members.dir());
        // A name of its own each time: the old file is live until the transaction ends.
        let name = format!("{audience}-{}.roaring", clock::now());
        let mut file = bitmap::write(FileKind::Members, &dir, &name, &members.nodes)?;
        files::sync_dir(&dir)?;
        file.label = Some(audience.to_string());
        file.days = Some((members.as_of, members.as_of));
        forget_members(db, self.id(), audience)?;
        insert_file(db, self.id(), &self.dir(), &file)
    }
}

/// The kept members go with their audience.
pub(crate) fn forget_members(db: &Connection, workspace: i64, audience: i64) -> Result<()> {
    let sql = "DELETE FROM file WHERE workspace = ? AND kind = 'members' AND label = ?";
    db.execute(sql, params![workspace, audience.to_string()]).fault()?;
    Ok(())
}

fn kept_as_of(db: &Connection, workspace: &Workspace, audience: i64) -> Result<Option<(Day, StoredFile)>> {
    let label = audience.to_string();
    let exists = "SELECT 1 FROM file WHERE workspace = ? AND kind = 'members' AND label = ?";
    let found: Option<i64> =
        db.query_row(exists, params![workspace.id(), label], |row| row.get(0)).optional().fault()?;
    if found.is_none() {
        return Ok(None);
    }
    let files = live_files(db, workspace.id(), &workspace.dir())?.into_iter();
    let is_its = |file: &StoredFile| file.kind == FileKind::Members && file.label.as_deref() == Some(&label);
    Ok(files.filter(is_its).find_map(|file| Some((file.days?.1, file))))
}

fn read_cursor(cursor: &str) -> Result<(Day, i64)> {
    let parts =
        cursor.split_once('.').and_then(|(day, number)| Some((day.parse().ok()?, number.parse().ok()?)));
    parts.ok_or_else(|| {
        Error::new(Code::InvalidArgument, format!("\"{cursor}\" is not a cursor of this listing")).at("after")
    })
}

fn record(db: &Connection, audience: i64, run: &AudienceRun, kept: Option<Day>) -> Result<()> {
    if kept == Some(run.as_of) && (run.added, run.dropped) == (Some(0), Some(0)) {
        // The same people on the same date say nothing new.
        return Ok(());
    }
    if kept.is_some_and(|kept| run.as_of < kept) {
        let sql = "DELETE FROM audience_run WHERE definition = ? AND as_of = ?";
        db.execute(sql, params![audience, run.as_of.0]).fault()?;
    }
    insert(db, audience, run)
}

fn insert(db: &Connection, audience: i64, run: &AudienceRun) -> Result<()> {
    let sql = format!("INSERT INTO audience_run (definition, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let values = params![
        audience,
        run.as_of.0,
        run.version,
        run.size as i64,
        run.added.map(|n| n as i64),
        run.dropped.map(|n| n as i64),
        run.content_hash,
        run.at,
        run.elapsed_us as i64,
    ];
    db.execute(&sql, values).fault()?;
    Ok(())
}

fn run(row: &Row) -> rusqlite::Result<AudienceRun> {
    let count = |place| row.get::<_, Option<i64>>(place).map(|n| n.map(|n| n as u64));
    Ok(AudienceRun {
        number: row.get(8)?,
        as_of: Day(row.get(0)?),
        version: row.get(1)?,
        size: row.get::<_, i64>(2)? as u64,
        added: count(3)?,
        dropped: count(4)?,
        content_hash: row.get(5)?,
        at: row.get(6)?,
        elapsed_us: row.get::<_, i64>(7)? as u64,
    })
}
