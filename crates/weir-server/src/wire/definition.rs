//! What applying and exporting definition files did.

use std::path::PathBuf;

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::Change;

use super::audience::Difference;

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

/// What applying a folder would do, definition by definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// In the order in which they would be applied.
    pub planned: Vec<Planned>,
}

/// What would become of one definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// `audience`, `state_model`, `destination`, `tag` or `track`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// `created`, `updated` or `unchanged`.
    pub change: &'static str,
    /// Where it would change, place by place.
    pub changes: Vec<Difference>,
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

impl From<&weir_app::Planned> for Planned {
    fn from(planned: &weir_app::Planned) -> Planned {
        let Applied { kind, name, change } = Applied::from(&planned.applied);
        Planned { kind, name, change, changes: planned.changes.iter().map(Difference::from).collect() }
    }
}

fn change(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Updated => "updated",
        Change::Unchanged => "unchanged",
    }
}
