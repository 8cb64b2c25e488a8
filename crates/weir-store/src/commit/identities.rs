//! Whose row it is: the identifier of the highest rank. The others on the row are linked to it.
//!
//! New identifiers are written as they come; links and sightings stay in memory until the import is sealed.

use arrow::array::{RecordBatch, StringArray};
use hashbrown::HashMap;
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::identity::{IdentityPolicy, Link, Node};
use weir_core::time::Micros;

use super::dictionary::Dictionary;
use super::fileset::FileSet;
use super::new_names::NewNames;
use crate::bitmap;
use crate::column;
use crate::event::ID_PREFIX;
use crate::fingerprint::{Fingerprinter, Keys};
use crate::link;
use crate::manifest::FileKind;
use crate::view::View;

pub(crate) struct Identities {
    keys: Keys,
    policy: IdentityPolicy,
    dictionary: Dictionary,
    new_names: NewNames,
    links: HashMap<(Node, Node), Micros>,
    sighted: RoaringBitmap,
}

/// The identifier columns of a batch, highest rank first.
pub(crate) struct IdColumns<'a> {
    columns: Vec<IdColumn<'a>>,
}

struct IdColumn<'a> {
    kind: &'a str,
    start: Fingerprinter,
    values: &'a StringArray,
}

impl IdColumns<'_> {
    /// The identifier of the highest rank in a row.
    pub(crate) fn first(&self, row: usize) -> Option<&str> {
        self.columns.iter().find_map(|column| column::cell(column.values, row))
    }

    /// Whether a row names anybody.
    pub(crate) fn any(&self, row: usize) -> bool {
        self.columns.iter().any(|column| column::cell(column.values, row).is_some())
    }
}

impl Identities {
    pub(crate) fn open(keys: Keys, before: &View) -> Result<Identities> {
        let dictionary = Dictionary::load(&keys, before.files(FileKind::Identity))?;
        let new_names = NewNames::from(dictionary.next());
        let policy = before.settings().policy.clone();
        let (links, sighted) = (HashMap::new(), RoaringBitmap::new());
        Ok(Identities { keys, policy, dictionary, new_names, links, sighted })
    }

    /// The identifier columns of a batch in the order of the workspace's policy.
    pub(crate) fn columns<'a>(&self, batch: &'a RecordBatch) -> Result<IdColumns<'a>> {
        let mut columns = Vec::new();
        for field in batch.schema_ref().fields() {
            if let Some(kind) = field.name().strip_prefix(ID_PREFIX) {
                let values = column::text(batch, field.name())?;
                columns.push(IdColumn { kind, start: self.keys.of_kind(kind), values });
            }
        }
        columns.sort_by(|x, y| self.policy.order((x.kind, ""), (y.kind, "")));
        Ok(IdColumns { columns })
    }

    /// The node that a row belongs to; links the row's other identifiers to it as of `time`.
    pub(crate) fn attribute(
        &mut self,
        columns: &IdColumns,
        row: usize,
        time: Micros,
        files: &FileSet,
    ) -> Result<Option<Node>> {
        let mut primary = None;
        for column in &columns.columns {
            let Some(value) = column::cell(column.values, row) else { continue };
            let node = self.node(column, value, files)?;
            match primary {
                None => primary = Some(node),
                Some(primary) => self.link(primary, node, time),
            }
        }
        Ok(primary)
    }

    fn node(&mut self, column: &IdColumn, value: &str, files: &FileSet) -> Result<Node> {
        let (node, is_new) = self.dictionary.get_or_create(column.start.with(value.as_bytes()))?;
        if is_new {
            self.new_names.push(column.kind, value, files)?;
        }
        self.sighted.insert(node);
        Ok(node)
    }

    /// Of several statements of one link the earliest is enough.
    fn link(&mut self, a: Node, b: Node, time: Micros) {
        let earliest = self.links.entry((a, b)).or_insert(time);
        *earliest = time.min(*earliest);
    }

    /// Writes new names, links and sightings.
    pub(crate) fn seal(&mut self, files: &mut FileSet) -> Result<()> {
        self.new_names.seal(files)?;
        let links = std::mem::take(&mut self.links).into_iter();
        let links = links.map(|((a, b), time)| Link { a, b, time, joins_known: false }).collect();
        link::write(links, files)?;
        write_sightings(&self.sighted, files)
    }

    /// Counts an identifier that is known already as mentioned.
    pub(crate) fn sight(&mut self, node: Node) {
        self.sighted.insert(node);
    }

    /// All identifiers that the import mentions.
    pub(crate) fn sighted(&self) -> &RoaringBitmap {
        &self.sighted
    }

    /// The counter of nodes after this import.
    pub(crate) fn next_node(&self) -> Node {
        self.dictionary.next()
    }
}

/// Writes who was mentioned.
pub(crate) fn write_sightings(sighted: &RoaringBitmap, files: &mut FileSet) -> Result<()> {
    let (kind, name) = (FileKind::Sightings, format!("{}.roaring", files.import()));
    let file = bitmap::write(kind, &files.dir(kind), &name, sighted)?;
    files.add(file);
    Ok(())
}
