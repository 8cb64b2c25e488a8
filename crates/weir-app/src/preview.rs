//! What an import would do, before it does it: the file's first rows, what a mapping makes of them, and the counts of all.
//! Nothing is written, so nothing is known here of rows that are there already.

use std::path::PathBuf;

use weir_core::Result;
use weir_sql::{Head, Preview};

use crate::app::Workspace;

/// Most rows that are shown one by one.
pub const MOST_PREVIEW_ROWS: usize = 1000;

/// What a mapping is meant to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewKind {
    /// Events.
    Events,
    /// Tags.
    Tags,
}

/// A file to look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRequest {
    /// What the mapping gives.
    pub kind: PreviewKind,
    /// Input files, one table together.
    pub files: Vec<PathBuf>,
    /// Side tables to join, each of one or more files.
    pub with: Vec<(String, Vec<PathBuf>)>,
    /// The mapping; without one only the file's own rows are shown.
    pub sql: Option<String>,
    /// How many rows to show one by one.
    pub rows: usize,
}

/// What is in a file, and what would become of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewAnswer {
    /// The file's columns and first rows.
    pub head: Head,
    /// What the mapping makes of it, where there is one.
    pub mapped: Option<Preview>,
}

impl Workspace {
    /// Looks into files, and runs a mapping over them without importing anything.
    pub fn preview_import(&self, request: &PreviewRequest) -> Result<PreviewAnswer> {
        let rows = request.rows.min(MOST_PREVIEW_ROWS);
        let session = self.session(&request.files, &request.with)?;
        let head = session.head(rows)?;
        let mapped = match (&request.sql, request.kind) {
            (None, _) => None,
            (Some(sql), PreviewKind::Events) => {
                Some(weir_sql::plan_events(&session, sql)?.preview(self.mapping_context()?, rows)?)
            }
            (Some(sql), PreviewKind::Tags) => Some(weir_sql::plan_tags(&session, sql)?.preview(rows)?),
        };
        Ok(PreviewAnswer { head, mapped })
    }
}
