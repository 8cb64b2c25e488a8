//! The door for list members.
//!
//! Every member that an import names is kept, also one that an earlier import put on the list: so each import can be
//! taken back by itself. Only the ledger tells new members from others.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::ledger::Ledger;
use weir_core::time::Micros;

use super::fileset::FileSet;
use super::identities::Identities;
use crate::import::NO_IDENTIFIER;
use crate::list;
use crate::manifest::FileKind;
use crate::table::TableWriter;
use crate::view::View;

pub(crate) struct ListDoor {
    identities: Identities,
    before: BTreeMap<String, RoaringBitmap>,
    members: BTreeMap<String, RoaringBitmap>,
}

impl ListDoor {
    pub(crate) fn open(identities: Identities, before: &View) -> Result<ListDoor> {
        Ok(ListDoor { identities, before: before.lists()?, members: BTreeMap::new() })
    }

    pub(crate) fn push(
        &mut self,
        name: &str,
        batch: &RecordBatch,
        files: &FileSet,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let ids = self.identities.columns(batch)?;
        let before = self.before.get(name);
        let members = self.members.entry(name.to_owned()).or_default();
        for row in 0..batch.num_rows() {
            ledger.read += 1;
            // A list has no dates: what it says holds from the beginning.
            match self.identities.attribute(&ids, row, Micros::MIN, files)? {
                None => ledger.reject(NO_IDENTIFIER),
                Some(node) => {
                    let again = !members.insert(node);
                    let known = before.is_some_and(|before| before.contains(node));
                    if again || known { ledger.duplicate += 1 } else { ledger.accept(None) }
                }
            }
        }
        Ok(())
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
        Ok(&mut self.identities)
    }
}
