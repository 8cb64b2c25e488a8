//! What decides about an arrival, in memory: which messages are there already, and which node an identifier is.
//! Rebuilt from the files of a view and the frames of the log that follow it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use weir_core::Result;
use weir_core::identity::Node;

use super::frame::{Frame, ItemHead};
use super::prepared::{Prepared, Ready};
use crate::commit::{Dictionary, ROWS, Seen};
use crate::fingerprint::Keys;
use crate::manifest::{FileKind, StoredFile};
use crate::view::View;

pub(crate) struct Registry {
    keys: Keys,
    dictionary: Dictionary,
    seen: Seen,
    /// Files whose contents are in here.
    covered: BTreeSet<PathBuf>,
}

impl Registry {
    pub(crate) fn load(keys: &Keys, view: &View) -> Result<Registry> {
        let mut registry = Registry {
            keys: keys.clone(),
            dictionary: Dictionary::new(),
            seen: Seen::new(),
            covered: BTreeSet::new(),
        };
        registry.catch_up(view)?;
        Ok(registry)
    }

    /// The same after somebody else has written; `None` when files have gone that are in here.
    pub(crate) fn refreshed(mut self, view: &View) -> Result<Option<Registry>> {
        let live: BTreeSet<PathBuf> = relevant(view).map(|file| file.path.clone()).collect();
        if !self.covered.is_subset(&live) {
            return Ok(None);
        }
        self.catch_up(view)?;
        Ok(Some(self))
    }

    fn catch_up(&mut self, view: &View) -> Result<()> {
        let fresh: Vec<&StoredFile> =
            relevant(view).filter(|file| !self.covered.contains(&file.path)).collect();
        let names = fresh.iter().filter(|file| file.kind == FileKind::Identity);
        self.dictionary.extend(&self.keys, names.copied())?;
        let runs = fresh.iter().copied().filter(|file| file.kind == FileKind::Dedupe);
        self.seen.load(&runs.collect::<Vec<_>>())?;
        self.cover(fresh);
        Ok(())
    }

    /// These files hold what is in here already.
    pub(crate) fn cover<'a>(&mut self, files: impl IntoIterator<Item = &'a StoredFile>) {
        self.covered.extend(files.into_iter().filter(|file| is_relevant(file)).map(|file| file.path.clone()));
    }

    /// Takes in what was decided before.
    pub(crate) fn replay(&mut self, frame: &Frame) -> Result<()> {
        let named = frame.items.iter().flat_map(|item| item.arrival.identifiers.iter().zip(&item.nodes));
        let name = |kind: &str, value: &str| self.keys.of_kind(kind).with(value.as_bytes());
        let names: Vec<_> = named.map(|(id, node)| (name(&id.kind, &id.value), *node)).collect();
        self.seen.touch(frame.items.iter().map(|item| item.message));
        self.dictionary.touch(names.iter().map(|(name, _)| *name));
        for item in &frame.items {
            self.seen.insert(item.message);
        }
        names.into_iter().try_for_each(|(name, node)| self.dictionary.insert(name, node))
    }

    /// Makes ready for all that [`Registry::admit`] is going to look up.
    pub(crate) fn touch(&self, prepared: &Prepared) {
        self.seen.touch(prepared.iter().map(|ready| ready.message));
        self.dictionary.touch(prepared.names().iter().copied());
    }

    /// Decides about an arrival: its message and its nodes, or `None` for one that is there already.
    pub(crate) fn admit(&mut self, ready: Ready) -> Result<Option<ItemHead>> {
        if !self.seen.insert(ready.message) {
            return Ok(None);
        }
        let node = |name| self.dictionary.get_or_create(name).map(|(node, _)| node);
        let nodes: Vec<Node> = ready.names.iter().copied().map(node).collect::<Result<_>>()?;
        Ok(Some(ItemHead { message: ready.message, nodes }))
    }

    /// How many messages and identifiers are known.
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.seen.len(), self.dictionary.next() as usize)
    }
}

/// Runs of rows without message id cannot name an arrival, which always has one.
fn is_relevant(file: &StoredFile) -> bool {
    match file.kind {
        FileKind::Identity => true,
        FileKind::Dedupe => file.label.as_deref() != Some(ROWS),
        _ => false,
    }
}

fn relevant(view: &View) -> impl Iterator<Item = &StoredFile> {
    let names = view.files(FileKind::Identity);
    names.chain(view.files(FileKind::Dedupe)).filter(|file| is_relevant(file))
}
