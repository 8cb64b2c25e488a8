//! Keeping the data of every workspace fresh in the background, so that no question waits for what has come in.

use std::time::Duration;

use weir_core::Result;
use weir_deliver::Stop;

use crate::app::{App, Workspace};

/// How often to look for what has come in.
const ROUND: Duration = Duration::from_millis(400);

impl App {
    /// Keeps every workspace that was asked for fresh until somebody asks to stop.
    pub fn keep_fresh(&self, stop: &Stop) {
        while !stop.is_raised() {
            for workspace in self.asked_for() {
                tell(&workspace, workspace.keep_fresh());
            }
            stop.wait(ROUND);
        }
    }
}

impl Workspace {
    fn keep_fresh(&self) -> Result<()> {
        self.current().keep_fresh(self.store())
    }
}

/// What goes wrong here is told to whoever asks a question, too.
fn tell(workspace: &Workspace, outcome: Result<()>) {
    if let Err(error) = outcome {
        let (code, message) = (error.code.as_str(), error.message.as_str());
        tracing::warn!(workspace = workspace.name(), code, message, "cannot bring the data up to date");
    }
}
