//! Tags, lists, snapshots and names, fetched when an expression asks for them.
//!
//! What is stored is read once, about people as the stored index has them. What the log's tail adds is laid over it:
//! people who moved, and later statements. So a refresh reads nothing again.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::identity::{Identifiers, Node};
use weir_core::tag::{TagFact, TagKind};
use weir_core::{Code, Error, Result};
use weir_engine::consumers::Consumers;
use weir_engine::tag_column::{Builder, Stated, TagColumn, TagEntry};
use weir_engine::world::Facts;

use super::overlay::Overlay;
use crate::manifest::StoredFile;
use crate::names::Names;
use crate::tag::{Statement, Value};
use crate::view::View;

/// The facts of one generation.
pub(super) struct StoredFacts {
    view: View,
    consumers: Arc<Consumers>,
    /// Each read when it is first asked for.
    tags: Mutex<HashMap<String, Arc<OnceLock<Arc<TagColumn>>>>>,
    /// Nodes, and their people.
    lists: OnceLock<BTreeMap<String, (RoaringBitmap, RoaringBitmap)>>,
    names: OnceLock<Arc<Names>>,
}

/// The facts as of one moment.
pub struct LiveFacts {
    stored: Arc<StoredFacts>,
    consumers: Arc<Consumers>,
    overlay: Option<Overlay>,
    tags: Mutex<HashMap<String, Arc<TagColumn>>>,
    lists: OnceLock<BTreeMap<String, RoaringBitmap>>,
    names: OnceLock<Arc<Names>>,
}

impl StoredFacts {
    /// The facts of a view whose index has these people.
    pub(super) fn new(view: View, consumers: Arc<Consumers>) -> StoredFacts {
        let (lists, names) = (OnceLock::new(), OnceLock::new());
        StoredFacts { view, consumers, tags: Mutex::default(), lists, names }
    }

    fn names(&self) -> Result<&Arc<Names>> {
        get_or_try(&self.names, || Ok(Arc::new(self.view.identifiers()?)))
    }

    fn lists(&self) -> Result<&BTreeMap<String, (RoaringBitmap, RoaringBitmap)>> {
        get_or_try(&self.lists, || {
            let lists = self.view.lists()?.into_iter();
            Ok(lists.map(|(name, nodes)| (name, (nodes.clone(), self.consumers.people_of(nodes)))).collect())
        })
    }

    fn tag(&self, key: &str) -> Result<Arc<TagColumn>> {
        let Some(kind) = self.view.tags().get(key) else { return Ok(Arc::default()) };
        let column = self
            .tags
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key.to_owned())
            .or_default()
            .clone();
        get_or_try(&column, || Ok(Arc::new(self.read_tag(key, *kind)?))).cloned()
    }

    fn read_tag(&self, key: &str, kind: TagKind) -> Result<TagColumn> {
        let files: Vec<&StoredFile> = self.view.tag_files().collect();
        let read: Vec<Builder> =
            files.par_iter().map(|file| self.read_tag_file(file, key, kind)).collect::<Result<_>>()?;
        let mut column = Builder::default();
        read.into_iter().for_each(|of_file| column.append(of_file));
        Ok(column.finish())
    }

    fn read_tag_file(&self, file: &StoredFile, key: &str, kind: TagKind) -> Result<Builder> {
        let mut column = Builder::default();
        self.view.scan_tag(file, key, kind, |node, Statement { day, seq, value }| {
            let Some(dense) = self.consumers.dense(node) else { return };
            let stated = Stated { dense, day, seq, node };
            match value {
                Value::Text(text) => column.push_text(stated, text),
                Value::Other(value) => column.push(stated, value),
            }
        })?;
        Ok(column)
    }
}

impl LiveFacts {
    /// The facts of a view whose index has these people, with nothing over them.
    pub fn new(view: View, consumers: Arc<Consumers>) -> LiveFacts {
        LiveFacts::over(Arc::new(StoredFacts::new(view, consumers.clone())), consumers, None)
    }

    pub(super) fn over(
        stored: Arc<StoredFacts>,
        consumers: Arc<Consumers>,
        overlay: Option<Overlay>,
    ) -> LiveFacts {
        let (lists, names) = (OnceLock::new(), OnceLock::new());
        LiveFacts { stored, consumers, overlay, tags: Mutex::default(), lists, names }
    }

    /// The view whose files hold what is stored of them.
    pub fn view(&self) -> &View {
        &self.stored.view
    }

    /// What lies over that.
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }

    /// Names and kinds of all tags.
    pub fn tags(&self) -> &BTreeMap<String, TagKind> {
        self.overlay.as_ref().map_or_else(|| self.stored.view.tags(), |overlay| &overlay.tags)
    }

    /// Every statement about a tag of some nodes. Only their rows are read, whatever else is in memory.
    pub fn statements_of(&self, nodes: &RoaringBitmap) -> Result<Vec<(Node, TagFact)>> {
        let mut facts = self.view().tag_facts_of(nodes)?;
        let Some(overlay) = &self.overlay else { return Ok(facts) };
        for key in overlay.tags.keys() {
            let stated = overlay.statements(key).filter(|stated| nodes.contains(stated.node));
            facts.extend(stated.map(|stated| {
                let super::Stated { node, day, seq, value } = stated.clone();
                (node, TagFact { key: key.clone(), day, seq, value })
            }));
        }
        Ok(facts)
    }

    /// The names of all nodes.
    pub fn names(&self) -> Result<&Arc<Names>> {
        match &self.overlay {
            Some(overlay) => Ok(self.names.get_or_init(|| Arc::new(overlay.names.clone()))),
            None => self.stored.names(),
        }
    }

    /// The people on each list.
    pub fn lists(&self) -> Result<&BTreeMap<String, RoaringBitmap>> {
        get_or_try(&self.lists, || {
            let stored = self.stored.lists()?.iter();
            Ok(stored.map(|(name, (nodes, people))| (name.clone(), self.moved(nodes, people))).collect())
        })
    }

    /// The people of a stored list, now.
    fn moved(&self, nodes: &RoaringBitmap, people: &RoaringBitmap) -> RoaringBitmap {
        let Some(overlay) = &self.overlay else { return people.clone() };
        let moved = nodes & &*overlay.moved;
        (people - overlay.before.people_of(&moved)) | self.consumers.people_of(&moved)
    }

    fn overlaid(&self, key: &str, overlay: &Overlay) -> Result<TagColumn> {
        let entry = |stated: &super::Stated| {
            let (node, day, seq) = (stated.node, stated.day, stated.seq);
            let dense = self.consumers.dense(node)?;
            Some(TagEntry { dense, node, day, seq, value: stated.value.clone() })
        };
        let more = overlay.statements(key).filter_map(entry);
        let people = (&*overlay.before, &*self.consumers);
        Ok(self.stored.tag(key)?.overlaid(&overlay.moved, people, more))
    }
}

impl Facts for LiveFacts {
    fn tag(&self, key: &str) -> Result<Arc<TagColumn>> {
        let Some(overlay) = &self.overlay else { return self.stored.tag(key) };
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(column) = tags.get(key) {
            return Ok(column.clone());
        }
        let column = Arc::new(self.overlaid(key, overlay)?);
        tags.insert(key.to_owned(), column.clone());
        Ok(column)
    }

    fn list(&self, name: &str) -> Result<RoaringBitmap> {
        let unknown = || Error::new(Code::UnknownList, format!("there is no list \"{name}\""));
        self.lists()?.get(name).cloned().ok_or_else(unknown)
    }

    fn snapshot(&self, id: &str) -> Result<Vec<Node>> {
        Ok(self.stored.view.workspace().snapshot_members(id)?.iter().collect())
    }

    fn identifiers(&self) -> Result<Arc<dyn Identifiers + Send + Sync>> {
        Ok(self.names()?.clone())
    }
}

/// Two threads may both compute the value; the first to finish keeps it.
fn get_or_try<T>(cell: &OnceLock<T>, compute: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = compute()?;
    Ok(cell.get_or_init(|| value))
}
