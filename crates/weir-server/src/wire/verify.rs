//! What verifying the store found.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// The outcome of reading every file and its checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub sound: bool,
    /// How many files were read.
    pub files: usize,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// Files that belong to no import: harmless, left by an import that broke off.
    pub orphans: Vec<String>,
    /// Bytes of the index by column, where all is sound.
    pub index: BTreeMap<String, u64>,
}

/// A file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Path below the data directory.
    pub file: String,
    /// Stable code.
    #[schema(example = "corrupt_file")]
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

impl From<&weir_app::Verification> for Verification {
    fn from(verification: &weir_app::Verification) -> Verification {
        Verification {
            sound: verification.findings.is_empty(),
            files: verification.files,
            findings: verification.findings.iter().map(Finding::from).collect(),
            orphans: verification.orphans.clone(),
            index: verification.index.clone(),
        }
    }
}

impl From<&weir_app::Finding> for Finding {
    fn from(found: &weir_app::Finding) -> Finding {
        Finding { file: found.file.clone(), code: found.code.as_str(), message: found.message.clone() }
    }
}
