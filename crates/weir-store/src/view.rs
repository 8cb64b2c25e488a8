//! A consistent view: the settings, the tags' names and the live files of one generation.
//!
//! A view does not keep its files on disk. When an import is taken back while a view of it is read, the reading fails
//! with [`Code::StoreBusy`]; it never gives a mixture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use roaring::RoaringBitmap;
use weir_core::catalog::Catalog;
use weir_core::identity::{Link, Node, People, resolve};
use weir_core::tag::{TagFact, TagKind};
use weir_core::time::Day;
use weir_core::{Code, Result};

use crate::identity::{Pair, read_unlinked};
use crate::import::is_flush;
use crate::manifest::{FileKind, ImportId, StoredFile, live_files};
use crate::names::Names;
use crate::setting::{Settings, read_settings};
use crate::table::{read_coded, read_columns, read_table};
use crate::tag::Statement;
use crate::workspace::{Workspace, generation, log_flushed};
use crate::{bitmap, catalog, fault, link, list, names, tag};

/// What a workspace holds at one generation.
#[derive(Clone)]
pub struct View {
    workspace: Workspace,
    generation: u64,
    log_flushed: u64,
    settings: Arc<Settings>,
    tags: Arc<BTreeMap<String, TagKind>>,
    unlinked: Arc<BTreeSet<Pair>>,
    files: Arc<[StoredFile]>,
}

impl Workspace {
    /// What the workspace holds now.
    pub fn view(&self) -> Result<View> {
        self.database().read(|db| {
            Ok(View {
                workspace: self.clone(),
                generation: generation(db, self.id())?,
                log_flushed: log_flushed(db, self.id())?,
                settings: Arc::new(read_settings(db, self.id())?),
                tags: Arc::new(tag::read_keys(db, self.id())?),
                unlinked: Arc::new(read_unlinked(db, self.id())?),
                files: live_files(db, self.id(), &self.dir())?.into(),
            })
        })
    }

    /// See [`View::event_files`].
    pub fn event_files(&self) -> Result<Vec<PathBuf>> {
        Ok(self.view()?.event_files())
    }

    /// See [`View::identifiers`].
    pub fn identifiers(&self) -> Result<Names> {
        self.view()?.identifiers()
    }

    /// See [`View::links`].
    pub fn links(&self) -> Result<Vec<Link>> {
        self.view()?.links()
    }

    /// See [`View::people`].
    pub fn people(&self, names: &Names) -> Result<People> {
        self.view()?.people(names)
    }

    /// See [`View::live_nodes`].
    pub fn live_nodes(&self) -> Result<RoaringBitmap> {
        self.view()?.live_nodes()
    }

    /// See [`View::tag_facts`].
    pub fn tag_facts(&self) -> Result<Vec<(Node, TagFact)>> {
        self.view()?.tag_facts()
    }

    /// See [`View::tags`].
    pub fn tags(&self) -> Result<BTreeMap<String, TagKind>> {
        Ok(self.view()?.tags().clone())
    }

    /// See [`View::lists`].
    pub fn lists(&self) -> Result<BTreeMap<String, RoaringBitmap>> {
        self.view()?.lists()
    }

    /// See [`View::catalog`].
    pub fn catalog(&self) -> Result<Catalog> {
        self.view()?.catalog()
    }
}

impl View {
    /// Whose it is.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The generation seen.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Frames of the ingest log before this position are in the files of this view.
    pub fn log_flushed(&self) -> u64 {
        self.log_flushed
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The live files of a kind, in the order of their imports.
    pub fn files(&self, kind: FileKind) -> impl Iterator<Item = &StoredFile> {
        self.files.iter().filter(move |file| file.kind == kind)
    }

    /// Paths of the event table's files.
    pub fn event_files(&self) -> Vec<PathBuf> {
        self.files(FileKind::Events).map(|file| file.path.clone()).collect()
    }

    /// Calls `each` with every batch of the given event files ([`crate::event::table_schema`]), each file's rows in
    /// the order (behavior, channel, shop, time).
    pub fn scan_events<'a>(
        &self,
        files: impl IntoIterator<Item = &'a StoredFile>,
        mut each: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        for file in files {
            for batch in self.settle(read_table(file))? {
                each(&batch?)?;
            }
        }
        Ok(())
    }

    /// Calls `each` with every batch of an event file, only these columns of it.
    pub(crate) fn scan_event_columns(
        &self,
        file: &StoredFile,
        columns: &[&str],
        mut each: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        for batch in self.settle(read_columns(file, columns))? {
            each(&batch?)?;
        }
        Ok(())
    }

    /// The same, with some text columns as dictionaries.
    pub(crate) fn scan_coded_columns(
        &self,
        file: &StoredFile,
        columns: &[&str],
        coded: &[&str],
        mut each: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        for batch in self.settle(read_coded(file, columns, coded))? {
            each(&batch?)?;
        }
        Ok(())
    }

    /// The names of all nodes, live or not.
    pub fn identifiers(&self) -> Result<Names> {
        self.settle(names::load(self.files(FileKind::Identity)))
    }

    /// All recorded links that count.
    pub fn links(&self) -> Result<Vec<Link>> {
        let mut links = self.settle(link::load(self.files(FileKind::Links)))?;
        if !self.unlinked.is_empty() {
            links.retain(|link| self.counts(link));
        }
        Ok(links)
    }

    /// Who is one person.
    pub fn people(&self, names: &Names) -> Result<People> {
        Ok(resolve(names, &self.links()?, &self.settings.policy))
    }

    /// The nodes that some live import mentions.
    pub fn live_nodes(&self) -> Result<RoaringBitmap> {
        let mut live = RoaringBitmap::new();
        for file in self.files(FileKind::Sightings) {
            live |= self.settle(bitmap::read(file))?;
        }
        Ok(live)
    }

    /// Names and kinds of all tags.
    pub fn tags(&self) -> &BTreeMap<String, TagKind> {
        &self.tags
    }

    /// The files of tag statements, the computed ones after the others.
    pub(crate) fn tag_files(&self) -> impl Iterator<Item = &StoredFile> {
        self.files(FileKind::Tags).chain(self.files(FileKind::Computed))
    }

    /// Calls `each` with the node and the day of every statement about a tag in a file; undated ones have the beginning.
    pub(crate) fn scan_tag_days(&self, file: &StoredFile, each: impl FnMut(Node, Day)) -> Result<()> {
        self.settle(tag::scan_days(file, each))
    }

    /// Calls `each` with every statement about a tag, in the order of imports.
    pub fn scan_tags(&self, each: impl FnMut(Node, TagFact) -> Result<()>) -> Result<()> {
        self.settle(tag::scan(self.tag_files(), each))
    }

    /// Calls `each` with every statement of a file about one tag, which is of this kind.
    pub(crate) fn scan_tag(
        &self,
        file: &StoredFile,
        key: &str,
        kind: TagKind,
        each: impl FnMut(Node, Statement<'_>),
    ) -> Result<()> {
        self.settle(tag::scan_one(file, key, kind, each))
    }

    /// Every statement about a tag.
    pub fn tag_facts(&self) -> Result<Vec<(Node, TagFact)>> {
        let mut facts = Vec::new();
        self.scan_tags(|node, fact| {
            facts.push((node, fact));
            Ok(())
        })?;
        Ok(facts)
    }

    /// Every statement about a tag of some nodes.
    pub fn tag_facts_of(&self, nodes: &RoaringBitmap) -> Result<Vec<(Node, TagFact)>> {
        let mut facts = Vec::new();
        for file in self.tag_files() {
            self.settle(tag::scan_of(file, nodes, |node, fact| facts.push((node, fact))))?;
        }
        Ok(facts)
    }

    /// Members of all lists, as nodes.
    pub fn lists(&self) -> Result<BTreeMap<String, RoaringBitmap>> {
        self.settle(list::load(self.files(FileKind::List)))
    }

    /// The catalogue.
    pub fn catalog(&self) -> Result<Catalog> {
        let workspace = &self.workspace;
        workspace.database().read(|db| {
            if generation(db, workspace.id())? != self.generation {
                return Err(moved());
            }
            catalog::read(db, workspace.id())
        })
    }

    /// Whether all that it holds beyond an earlier view is what flushes of the ingest log wrote.
    pub fn adds_only_flushes_to(&self, earlier: &View) -> Result<bool> {
        let imported = |view: &View| -> BTreeMap<PathBuf, ImportId> {
            let files = view.files.iter();
            files.filter_map(|file| Some((file.path.clone(), file.import?))).collect()
        };
        let (mut new, old) = (imported(self), imported(earlier));
        let are_all_there = old.keys().all(|path| new.remove(path).is_some());
        let same_rules = self.settings == earlier.settings && self.unlinked == earlier.unlinked;
        if !are_all_there || !same_rules {
            return Ok(false);
        }
        let imports: BTreeSet<ImportId> = new.into_values().collect();
        self.workspace.database().read(|db| {
            for import in imports {
                if !is_flush(db, self.workspace.id(), import)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// The view with files that an import is about to add.
    pub(crate) fn with_files(&self, more: &[StoredFile]) -> View {
        let files = self.files.iter().chain(more).cloned().collect();
        View { files, ..self.clone() }
    }

    /// The pairs whose links do not count.
    pub fn unlinked(&self) -> &BTreeSet<Pair> {
        &self.unlinked
    }

    /// A missing file is damage, unless it went because the generation is over.
    pub(crate) fn settle<T>(&self, outcome: Result<T>) -> Result<T> {
        match outcome {
            Err(error)
                if error.code == Code::CorruptFile && self.workspace.generation()? != self.generation =>
            {
                Err(moved())
            }
            other => other,
        }
    }
}

fn moved() -> weir_core::Error {
    fault::busy("the data changed while it was read")
}
