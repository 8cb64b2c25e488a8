//! What applying and exporting definition files did.

use std::path::PathBuf;

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::Change;

/// What applying a folder did, definition by definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definitions {
    /// In the order in which they were applied.
    pub applied: Vec<Applied>,
}

/// One definition that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Applied {
    /// `audience`, `state_model`, `destination`, `tag` or `track`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// `created`, `updated` or `unchanged`.
    pub change: &'static str,
}

/// The files that an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Their paths.
    pub files: Vec<PathBuf>,
}

impl From<&weir_app::Applied> for Applied {
    fn from(applied: &weir_app::Applied) -> Applied {
        Applied { kind: applied.kind.name(), name: applied.name.clone(), change: change(applied.change) }
    }
}

fn change(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Updated => "updated",
        Change::Unchanged => "unchanged",
    }
}
