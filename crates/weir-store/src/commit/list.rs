//! The door for list members.
//!
//! Every member that an import names is kept, also one that an earlier import put on the list: so each import can be
//! taken back by itself. Only the ledger tells new members from others.
//!
//! A plain identifier that nobody was known by names somebody from now on. A hash cannot: it is compared with the hashes of
//! all identifiers of its kind that are known now, and if it is none of them it is only noted.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use roaring::RoaringBitmap;
use rusqlite::{Connection, params};
use weir_core::Result;
use weir_core::identity::{Identifiers, Node};
use weir_core::ledger::Ledger;
use weir_core::list::{Digest, Hashing, Mode, Upload, spellings};
use weir_core::time::Micros;

use super::fileset::FileSet;
use super::identities::{IdColumns, Identities};
use crate::column;
use crate::event::ID_PREFIX;
use crate::fault::Fault;
use crate::import::{NO_IDENTIFIER, take_back};
use crate::list;
use crate::manifest::{FileKind, ImportId};
use crate::table::TableWriter;
use crate::view::View;

/// Reason for refusing a row that is no hash of the kind stated.
const NOT_A_HASH: &str = "not_a_hash";

pub(crate) struct ListDoor {
    identities: Identities,
    before: BTreeMap<String, RoaringBitmap>,
    members: BTreeMap<String, RoaringBitmap>,
    described: Option<Described>,
}

/// An upload that said what it is, and what became of its identifiers.
struct Described {
    upload: Upload,
    /// Nodes that something was known of before.
    known: RoaringBitmap,
    hashes: Option<Hashes>,
    matched: u64,
    unmatched: BTreeSet<String>,
    /// Unmatched ones of earlier uploads.
    noted: BTreeSet<String>,
}

/// Hashes of identifiers with their nodes, sorted.
struct Hashes {
    hashing: Hashing,
    nodes: Vec<(Digest, Node)>,
}

impl ListDoor {
    pub(crate) fn open(identities: Identities, before: &View) -> Result<ListDoor> {
        Ok(ListDoor { identities, before: before.lists()?, members: BTreeMap::new(), described: None })
    }

    /// Says what the upload is, before its rows come.
    pub(crate) fn describe(&mut self, upload: Upload, before: &View) -> Result<()> {
        let hashes = upload.hashing.map(|hashing| Hashes::of(hashing, &upload.kind, before)).transpose()?;
        let mut noted = BTreeSet::new();
        match upload.mode {
            Mode::Replace => {
                self.before.remove(&upload.name);
            }
            Mode::Add => noted = before.unmatched(&upload.name)?.into_iter().collect(),
        }
        let known = before.live_nodes()?;
        self.described =
            Some(Described { upload, known, hashes, matched: 0, unmatched: BTreeSet::new(), noted });
        Ok(())
    }

    pub(crate) fn push(
        &mut self,
        name: &str,
        batch: &RecordBatch,
        files: &FileSet,
        ledger: &mut Ledger,
    ) -> Result<()> {
        // A list that nobody is on is a list.
        self.members.entry(name.to_owned()).or_default();
        if self.described.as_ref().is_some_and(|described| described.hashes.is_some()) {
            return self.push_hashes(name, batch, ledger);
        }
        let ids = self.identities.columns(batch)?;
        for row in 0..batch.num_rows() {
            ledger.read += 1;
            self.push_plain(name, &ids, row, files, ledger)?;
        }
        Ok(())
    }

    fn push_plain(
        &mut self,
        name: &str,
        ids: &IdColumns<'_>,
        row: usize,
        files: &FileSet,
        ledger: &mut Ledger,
    ) -> Result<()> {
        // A list has no dates: what it says holds from the beginning.
        let Some(node) = self.identities.attribute(ids, row, Micros::MIN, files)? else {
            ledger.reject(NO_IDENTIFIER);
            return Ok(());
        };
        if !self.put(name, node) {
            ledger.duplicate += 1;
            return Ok(());
        }
        ledger.accept(None);
        if let Some(described) = &mut self.described {
            described.note(node, ids.first(row));
        }
        Ok(())
    }

    fn push_hashes(&mut self, name: &str, batch: &RecordBatch, ledger: &mut Ledger) -> Result<()> {
        let Some(mut described) = self.described.take() else { return Ok(()) };
        let texts = column::text(batch, &format!("{ID_PREFIX}{}", described.upload.kind))?;
        for row in 0..batch.num_rows() {
            ledger.read += 1;
            let found = column::cell(texts, row).and_then(|text| described.hashes.as_ref()?.read(text));
            let Some((hex, nodes)) = found else {
                ledger.reject(NOT_A_HASH);
                continue;
            };
            let mut is_new = false;
            for node in &nodes {
                self.identities.sight(*node);
                is_new |= self.put(name, *node);
            }
            if nodes.is_empty() {
                is_new = !described.noted.contains(&hex) && described.unmatched.insert(hex);
            } else {
                described.matched += u64::from(is_new);
            }
            if is_new { ledger.accept(None) } else { ledger.duplicate += 1 }
        }
        self.described = Some(described);
        Ok(())
    }

    /// Puts somebody on the list; false if they are on it.
    fn put(&mut self, name: &str, node: Node) -> bool {
        let again = !self.members.entry(name.to_owned()).or_default().insert(node);
        let known = self.before.get(name).is_some_and(|before| before.contains(node));
        !again && !known
    }

    pub(crate) fn seal(&mut self, files: &mut FileSet) -> Result<&mut Identities> {
        for (name, members) in &self.members {
            let file_name = format!("{}-{}.parquet", files.import(), files.count(FileKind::List));
            let dir = files.dir(FileKind::List);
            let mut writer = TableWriter::create(FileKind::List, &dir, &file_name, list::schema())?;
            writer.write(&list::batch(members.iter())?)?;
            let mut file = writer.finish()?;
            file.label = Some(name.clone());
            files.add(file);
        }
        if let Some(described) = &self.described {
            described.seal(files)?;
        }
        Ok(&mut self.identities)
    }

    /// Records the upload; one that replaces takes the earlier ones back, in the same transaction.
    pub(crate) fn insert(&self, db: &Connection, workspace: i64, import: ImportId) -> Result<()> {
        let Some(Described { upload, matched, unmatched, .. }) = &self.described else { return Ok(()) };
        if upload.mode == Mode::Replace {
            for earlier in list::imports_of(db, workspace, &upload.name)? {
                if earlier != import {
                    take_back(db, workspace, earlier)?;
                }
            }
        }
        let sql =
            "INSERT INTO list_upload (workspace, import, list, kind, hashing, partner, matched, unmatched)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let values = params![
            workspace,
            import,
            upload.name,
            upload.kind,
            upload.hashing.map(Hashing::name),
            upload.owner.partner(),
            *matched as i64,
            unmatched.len() as i64,
        ];
        db.execute(sql, values).fault()?;
        Ok(())
    }
}

impl Described {
    /// Counts a plain identifier that is new on the list.
    fn note(&mut self, node: Node, value: Option<&str>) {
        match value {
            Some(value) if !self.known.contains(node) => {
                self.unmatched.insert(value.to_owned());
            }
            Some(_) | None => self.matched += 1,
        }
    }

    fn seal(&self, files: &mut FileSet) -> Result<()> {
        if self.unmatched.is_empty() {
            return Ok(());
        }
        let name = format!("{}.parquet", files.import());
        let dir = files.dir(FileKind::Unmatched);
        let mut writer = TableWriter::create(FileKind::Unmatched, &dir, &name, list::unmatched_schema())?;
        writer.write(&list::unmatched_batch(self.unmatched.iter())?)?;
        let mut file = writer.finish()?;
        file.label = Some(self.upload.name.clone());
        files.add(file);
        Ok(())
    }
}

impl Hashes {
    fn of(hashing: Hashing, kind: &str, before: &View) -> Result<Hashes> {
        let (names, live) = (before.identifiers()?, before.live_nodes()?);
        let mut nodes = Vec::new();
        for node in live {
            let (of_kind, value) = names.get(node);
            if of_kind == kind {
                nodes.extend(spellings(kind, value).iter().map(|spelling| (hashing.of(spelling), node)));
            }
        }
        nodes.sort_unstable();
        nodes.dedup();
        Ok(Hashes { hashing, nodes })
    }

    /// A hash in its usual form and the nodes it stands for; none if it is no hash.
    fn read(&self, text: &str) -> Option<(String, Vec<Node>)> {
        let digest = self.hashing.read(text)?;
        let from = self.nodes.partition_point(|(other, _)| *other < digest);
        let same = self.nodes[from..].iter().take_while(|(other, _)| *other == digest);
        Some((self.hashing.hex(&digest), same.map(|(_, node)| *node).collect()))
    }
}
