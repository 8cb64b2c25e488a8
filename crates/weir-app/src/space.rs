//! Space on the disk, of one workspace and of all.

use weir_core::Result;
use weir_store::Space;

use crate::app::{App, Workspace};

impl Workspace {
    /// What the workspace uses, may use, and what is left.
    pub fn space(&self) -> Result<Space> {
        self.store().space()
    }
}

impl App {
    /// The space of every workspace, by name.
    pub fn spaces(&self) -> Result<Vec<(String, Space)>> {
        let names = self.workspaces()?;
        names
            .into_iter()
            .map(|name| self.store().workspace(&name)?.space().map(|space| (name, space)))
            .collect()
    }
}
