//! An import under way. It writes files that nobody sees; [`Commit::finish`] makes all of them live in one transaction,
//! together with the ledger. Dropped (or killed) before that, it leaves nothing behind: the files it wrote are not in
//! the manifest, and the next writer removes them.
//!
//! Each kind of import has its own door: rows come in, are attributed to an identifier, and end up in files.

mod catalog;
mod dedupe;
mod dictionary;
mod event_buffer;
mod events;
mod fileset;
mod identities;
mod list;
mod new_names;
mod prints;
mod row_key;
mod seen;
mod tags;

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use roaring::RoaringBitmap;
use rusqlite::{Connection, params};
use weir_core::catalog::Entry;
use weir_core::identity::{Identifiers, Node, resolve};
use weir_core::ledger::Ledger;
use weir_core::list::Upload;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};

use crate::clock;
use crate::exclusive::Exclusive;
use crate::fault::Fault;
use crate::import::{ImportKind, ImportRecord, ImportSpec, ImportState, insert_import, next_import};
use crate::manifest::{FileKind, ImportId, insert_file, remove_orphans};
use crate::space::{Space, free_at};
use crate::tag_run::{NewTagRun, insert_run};
use crate::view::View;
use crate::workspace::Workspace;
use catalog::CatalogDoor;
use events::EventDoor;
use identities::Identities;
use list::ListDoor;
use tags::TagDoor;

pub(crate) use dedupe::{MESSAGES, ROWS, check_run, message_of, write_run};
pub(crate) use dictionary::Dictionary;
pub(crate) use event_buffer::EventBuffer;
pub(crate) use fileset::FileSet;
pub(crate) use identities::write_sightings;
pub(crate) use new_names::NewNames;
pub(crate) use seen::Seen;
pub(crate) use tags::{Statement, Statements};

/// Kinds of files that only imports write.
pub(crate) const IMPORTED: [FileKind; 9] = [
    FileKind::Events,
    FileKind::Tags,
    FileKind::Computed,
    FileKind::List,
    FileKind::Unmatched,
    FileKind::Identity,
    FileKind::Links,
    FileKind::Sightings,
    FileKind::Dedupe,
];

/// An import that has begun and not finished.
pub struct Commit {
    workspace: Workspace,
    id: ImportId,
    spec: ImportSpec,
    started: Micros,
    ledger: Ledger,
    before: View,
    files: FileSet,
    /// The space before anything was written.
    space: Space,
    door: Door,
    /// Of computed tags.
    runs: Vec<NewTagRun>,
    _exclusive: Exclusive,
}

/// What comes in, and what it needs.
enum Door {
    Events(Box<EventDoor>),
    Tags(Box<TagDoor>),
    List(Box<ListDoor>),
    Catalog(CatalogDoor),
}

/// Everything is on disk; nothing is visible yet.
struct Sealed {
    sighted: RoaringBitmap,
    next_node: Option<u32>,
}

impl Workspace {
    /// Begins an import, unless there is no space for it. Only one can be under way in a data directory.
    pub fn begin(&self, spec: ImportSpec) -> Result<Commit> {
        let exclusive = self.exclusive()?;
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &IMPORTED))?;
        let space = self.space()?;
        space.check(0)?;
        let id = self.database().read(|db| next_import(db, self.id()))?;
        let before = self.view()?;
        let door = Door::open(self, &before, &spec)?;
        let files = FileSet::new(self.dir(), id);
        let (workspace, started) = (self.clone(), clock::now());
        Ok(Commit {
            workspace,
            id,
            spec,
            started,
            ledger: Ledger::default(),
            before,
            files,
            space,
            door,
            runs: Vec::new(),
            _exclusive: exclusive,
        })
    }
}

impl Door {
    fn open(workspace: &Workspace, before: &View, spec: &ImportSpec) -> Result<Door> {
        if spec.kind == ImportKind::Catalog {
            return Ok(Door::Catalog(CatalogDoor::default()));
        }
        let keys = workspace.store().keys();
        let identities = Identities::open(keys.clone(), before)?;
        Ok(match spec.kind {
            ImportKind::Events => {
                Door::Events(Box::new(EventDoor::open(keys, identities, before, &spec.source)?))
            }
            ImportKind::Tags => Door::Tags(Box::new(TagDoor::open(identities, before))),
            ImportKind::List => Door::List(Box::new(ListDoor::open(identities, before)?)),
            ImportKind::Catalog => Door::Catalog(CatalogDoor::default()),
            ImportKind::Stream => return Err(Error::internal("the ingest does not come through this door")),
        })
    }

    fn seal(&mut self, files: &mut FileSet) -> Result<Sealed> {
        let identities = match self {
            Door::Catalog(_) => return Ok(Sealed { sighted: RoaringBitmap::new(), next_node: None }),
            Door::Events(door) => door.seal(files)?,
            Door::Tags(door) => door.seal(files)?,
            Door::List(door) => door.seal(files)?,
        };
        identities.seal(files)?;
        Ok(Sealed { sighted: identities.sighted().clone(), next_node: Some(identities.next_node()) })
    }
}

impl Commit {
    /// The number that the import will have.
    pub fn id(&self) -> ImportId {
        self.id
    }

    /// The ledger so far. The doors below count every row that comes to them, as read and as what became of it;
    /// whoever turns rows away before that counts them here, both as read and as rejected.
    pub fn ledger_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Adds what a mapping counted before its rows came to a door: the rows it refused, its remarks, and the names it
    /// did not know. What it counted as read and passed on is counted here, by the door.
    pub fn note(&mut self, mapped: &Ledger) {
        self.ledger.read += mapped.rejected();
        add(&mut self.ledger.reasons, &mapped.reasons);
        add(&mut self.ledger.remarks, &mapped.remarks);
        for (kind, names) in &mapped.unmapped {
            add(self.ledger.unmapped.entry(kind.clone()).or_default(), names);
        }
    }

    /// How many bytes of events to hold in memory before files are written.
    pub fn set_memory_budget(&mut self, bytes: usize) {
        if let Door::Events(door) = &mut self.door {
            door.set_budget(bytes);
        }
    }

    /// Takes in events: a batch of [`crate::event::incoming_schema`].
    pub fn events(&mut self, batch: &RecordBatch) -> Result<()> {
        self.check_space()?;
        match &mut self.door {
            Door::Events(door) => door.push(batch, &mut self.files, &mut self.ledger),
            _ => Err(self.wrong_door("events")),
        }
    }

    /// Takes in tags: `id_<kind>` columns, an optional `day`, and one column per tag (Utf8, Float64, Date32 or
    /// `List<Utf8>`). A null cell states nothing.
    pub fn tags(&mut self, batch: &RecordBatch) -> Result<()> {
        self.check_space()?;
        match &mut self.door {
            Door::Tags(door) => door.push(batch, &mut self.files, &mut self.ledger),
            _ => Err(self.wrong_door("tags")),
        }
    }

    /// Takes in statements of a computed tag as of a day, each about a node that is there already: they make nobody
    /// known.
    pub fn computed(
        &mut self,
        of: (&str, TagKind, Day),
        values: impl IntoIterator<Item = (Node, TagValue)>,
    ) -> Result<()> {
        self.check_space()?;
        match &mut self.door {
            Door::Tags(door) => door.compute(of, values, &mut self.files, &mut self.ledger),
            _ => Err(self.wrong_door("a computed tag")),
        }
    }

    /// Records, with the import itself, that it is a run of a computed tag.
    pub fn note_run(&mut self, run: NewTagRun) {
        self.runs.push(run);
    }

    /// Says what an upload of list members is, before the first of them comes.
    pub fn describe_list(&mut self, upload: Upload) -> Result<()> {
        match &mut self.door {
            Door::List(door) => door.describe(upload, &self.before),
            _ => Err(self.wrong_door("a list")),
        }
    }

    /// Takes in members of a list: `id_<kind>` columns.
    pub fn list(&mut self, name: &str, batch: &RecordBatch) -> Result<()> {
        self.check_space()?;
        match &mut self.door {
            Door::List(door) => door.push(name, batch, &self.files, &mut self.ledger),
            _ => Err(self.wrong_door("a list")),
        }
    }

    /// Takes in catalogue entries. Of two entries of one kind and id the later counts, the earlier is a duplicate.
    pub fn catalog(&mut self, entries: Vec<Entry>) -> Result<()> {
        match &mut self.door {
            Door::Catalog(door) => {
                door.push(entries, &mut self.ledger);
                Ok(())
            }
            _ => Err(self.wrong_door("catalogue entries")),
        }
    }

    fn wrong_door(&self, what: &str) -> Error {
        Error::internal(format!("{what} at the door of an import of {}", self.spec.kind.name()))
    }

    /// Makes the import durable and visible, all at once.
    pub fn finish(mut self) -> Result<ImportRecord> {
        let sealed = self.seal()?;
        self.publish(&sealed)
    }

    /// Writes what is still in memory and syncs everything.
    fn seal(&mut self) -> Result<Sealed> {
        if !self.ledger.balances() {
            return Err(Error::internal(format!("the ledger does not balance: {:?}", self.ledger)));
        }
        let sealed = self.door.seal(&mut self.files)?;
        self.check_space()?;
        self.files.sync()?;
        Ok(sealed)
    }

    /// An import that would use what it may not ends here, and leaves nothing.
    fn check_space(&self) -> Result<()> {
        let written = Space { used: self.space.used + self.files.bytes(), ..self.space };
        Space { free: free_at(self.workspace.store().dir())?, ..written }.check(0)
    }

    fn publish(mut self, sealed: &Sealed) -> Result<ImportRecord> {
        self.ledger.new_consumers = self.new_people(sealed)?;
        let record = ImportRecord {
            id: self.id,
            kind: self.spec.kind,
            source: std::mem::take(&mut self.spec.source),
            files: std::mem::take(&mut self.spec.files),
            mapping: self.spec.mapping.take(),
            started: self.started,
            finished: clock::now(),
            ledger: std::mem::take(&mut self.ledger),
            state: ImportState::Done,
            expired: 0,
        };
        // From here on the manifest decides about the files. Should the transaction's outcome be in doubt, removing them
        // now could remove live ones; if it failed, the next writer removes them.
        self.files.keep();
        self.workspace.database().write(|db| self.insert(db, &record, sealed))?;
        Ok(record)
    }

    fn insert(&self, db: &Connection, record: &ImportRecord, sealed: &Sealed) -> Result<()> {
        let (workspace, dir) = (self.workspace.id(), self.workspace.dir());
        insert_import(db, workspace, record)?;
        for file in self.files.all() {
            insert_file(db, workspace, &dir, file)?;
        }
        for run in &self.runs {
            insert_run(db, workspace, run, Some(self.id), self.started)?;
        }
        match &self.door {
            Door::Tags(door) => door.insert_keys(db, workspace, self.id)?,
            Door::Catalog(door) => door.insert(db, workspace, self.id)?,
            Door::List(door) => door.insert(db, workspace, self.id)?,
            Door::Events(_) => {}
        }
        let sql = "UPDATE workspace SET generation = generation + 1, next_node = coalesce(?, next_node) WHERE id = ?";
        db.execute(sql, params![sealed.next_node, workspace]).fault()?;
        Ok(())
    }

    /// How many people have come into being: those seen now of whom nothing was known before.
    fn new_people(&self, sealed: &Sealed) -> Result<u64> {
        let known = self.before.live_nodes()?;
        let unseen = &sealed.sighted - &known;
        if unseen.is_empty() {
            return Ok(0);
        }
        let after = self.before.with_files(self.files.all());
        let links = after.links()?;
        if links.is_empty() {
            return Ok(unseen.len());
        }
        let names = after.identifiers()?;
        let canonical = resolve(&names, &links, &self.before.settings().policy).canonical;
        assert_eq!(canonical.len(), names.len());
        let people = |nodes: &RoaringBitmap| -> RoaringBitmap {
            nodes.iter().filter_map(|node| canonical.get(node as usize).copied()).collect()
        };
        Ok((people(&unseen) - people(&known)).len())
    }
}

fn add(to: &mut BTreeMap<String, u64>, counts: &BTreeMap<String, u64>) {
    for (key, count) in counts {
        *to.entry(key.clone()).or_default() += count;
    }
}

#[cfg(test)]
mod tests;
