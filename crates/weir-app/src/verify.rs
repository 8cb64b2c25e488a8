//! Is everything on disk what was written, does it fit together, and does the index agree with the event table?

use std::collections::BTreeMap;

use weir_core::{Code, Error, Result};
use weir_store::{FileKind, Verification};

use crate::app::Workspace;

pub use weir_store::Finding;

impl Workspace {
    /// Verifies every file, and the index against the event table. Nothing is repaired.
    pub fn verify(&self) -> Result<Verification> {
        let mut verification = self.store().verify()?;
        if verification.findings.is_empty() {
            match self.verify_index()? {
                Ok(columns) => verification.index = columns,
                Err(finding) => verification.findings.push(finding),
            }
        }
        Ok(verification)
    }

    /// The index must open, pass its checksums, and hold every event once. Then it is told what its columns take.
    fn verify_index(&self) -> Result<std::result::Result<BTreeMap<String, u64>, Finding>> {
        let view = self.store().view()?;
        let in_table: u64 = view.files(FileKind::Events).map(|file| file.rows).sum();
        let checked = view.index().and_then(|index| {
            index.verify()?;
            let in_index = index.rows()?;
            if in_index == in_table { Ok(index.columns()) } else { Err(disagree(in_index, in_table)) }
        });
        let finding =
            |error: Error| Finding { file: "segments".to_owned(), code: error.code, message: error.message };
        Ok(checked.map_err(finding))
    }
}

fn disagree(in_index: u64, in_table: u64) -> Error {
    Error::new(Code::CorruptFile, format!("the index holds {in_index} events, the event table {in_table}"))
}
