//! Tokens for the management API.

use weir_core::Result;
use weir_store::{Page, Paged, Token};

use crate::app::{App, Workspace};

impl App {
    /// Makes a token for a workspace; the secret cannot be had again.
    pub fn issue_token(&self, workspace: &str, name: &str) -> Result<String> {
        let (_, secret) = self.store().workspace(workspace)?.create_token(name)?;
        Ok(secret)
    }

    /// The workspace that a token opens.
    pub fn authenticate(&self, token: &str) -> Result<String> {
        let (workspace, _) = self.store().authenticate(token)?;
        Ok(workspace.name().to_owned())
    }

    /// The name of a token, for what is recorded of its deeds.
    pub fn token_name(&self, token: &str) -> Result<String> {
        let (_, token) = self.store().authenticate(token)?;
        Ok(token.name)
    }

    /// Whether any workspace has a token.
    pub fn has_tokens(&self) -> Result<bool> {
        for name in self.store().workspaces()? {
            if !self.store().workspace(&name)?.tokens(&Page::all())?.items.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Workspace {
    /// Makes a token; the second value is its secret, which cannot be had again.
    pub fn create_token(&self, name: &str) -> Result<(Token, String)> {
        self.store().create_token(name)
    }

    /// Tokens by number, sessions and the revoked among them.
    pub fn tokens(&self, page: &Page) -> Result<Paged<Token>> {
        self.store().tokens(page)
    }

    /// Revokes a token, from now on.
    pub fn revoke_token(&self, id: i64) -> Result<Token> {
        self.store().revoke_token(id)
    }
}
