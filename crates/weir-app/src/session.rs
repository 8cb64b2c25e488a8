//! Sessions of the console: tokens that a browser keeps in a cookie, and that end by themselves.

use weir_core::Result;

use crate::app::App;

/// How long a session lasts.
pub const SESSION_SECONDS: i64 = 30 * 24 * 3600;

const MICROS: i64 = 1_000_000;

/// A new session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What the cookie holds; it cannot be had again.
    pub secret: String,
    /// The workspace it opens.
    pub workspace: String,
}

impl App {
    /// Begins a session in a workspace, for somebody who may.
    pub fn begin_session(&self, workspace: &str) -> Result<Session> {
        let (_, secret) = self.store().workspace(workspace)?.create_session(SESSION_SECONDS * MICROS)?;
        Ok(Session { secret, workspace: workspace.to_owned() })
    }

    /// Begins a session for whoever holds a token.
    pub fn log_in(&self, token: &str) -> Result<Session> {
        self.begin_session(&self.authenticate(token)?)
    }

    /// Ends a session; it opens nothing any more.
    pub fn log_out(&self, secret: &str) -> Result<()> {
        let (workspace, token) = self.store().authenticate(secret)?;
        workspace.revoke_token(token.id).map(|_| ())
    }
}
