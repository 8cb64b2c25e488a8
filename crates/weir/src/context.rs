//! What every command starts from: the data directory, the workspace, and how to answer.

use std::path::Path;

use serde::Serialize;
use weir_app::{App, Workspace};
use weir_core::{Code, Error, Result};

use crate::cli::Globals;
use crate::output;

/// The global flags, at work.
pub struct Context {
    globals: Globals,
}

impl Context {
    /// From the global flags.
    pub fn new(globals: Globals) -> Context {
        Context { globals }
    }

    /// Whether answers and errors are JSON.
    pub fn json(&self) -> bool {
        self.globals.json
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.globals.data
    }

    /// The name of the workspace.
    pub fn workspace_name(&self) -> &str {
        &self.globals.workspace
    }

    /// The data directory, created if need be: for commands that put something into it.
    pub fn create(&self) -> Result<App> {
        App::open(self.data())?.allow_networks(&self.globals.allow_networks)
    }

    /// The data directory, which must be there: a question to a mistyped one is not answered with zero.
    pub fn open(&self) -> Result<App> {
        if self.data().is_dir() {
            return self.create();
        }
        let error =
            Error::new(Code::FileNotFound, format!("there is no data directory {}", self.data().display()));
        Err(error.at("--data").help("import something first, or name another with --data or WEIR_DATA"))
    }

    /// The workspace, to ask.
    pub fn workspace(&self) -> Result<Workspace> {
        self.open()?.workspace(self.workspace_name())
    }

    /// The workspace, to fill: in a new data directory the default one is there.
    pub fn workspace_to_fill(&self) -> Result<Workspace> {
        self.create()?.workspace(self.workspace_name())
    }

    /// Answers: as JSON, or as `draw` draws it.
    pub fn answer<T: Serialize>(&self, answer: &T, draw: impl FnOnce() -> String) -> Result<()> {
        if !self.json() {
            return output::print(&draw());
        }
        let json = serde_json::to_string(answer).map_err(|error| Error::internal(error.to_string()))?;
        output::print(&json)
    }
}
