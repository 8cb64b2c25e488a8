//! The first token of a new data directory: a link with a random key, good for one opening.
//!
//! It exists only where the server listens on loopback and nobody has a token yet, and it is printed to the terminal of
//! whoever started the server. There is no default password to forget.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use weir_app::App;
use weir_core::{Code, Error, Result};

use crate::blocking::blocking;
use crate::error::Reply;
use crate::home::PAGE_HEADERS;
use crate::server::Shared;
use crate::wire::Token;

/// Name of the token that the link makes.
const OWNER: &str = "owner";

/// A key that is still good, and the workspace it opens.
pub(crate) struct FirstRun {
    key: Mutex<Option<String>>,
    workspace: String,
}

/// The query of the link.
#[derive(Deserialize)]
pub(crate) struct Claim {
    #[serde(default)]
    key: String,
}

impl FirstRun {
    /// A fresh key.
    pub fn new(workspace: &str) -> Result<FirstRun> {
        Ok(FirstRun { key: Mutex::new(Some(random_key()?)), workspace: workspace.to_owned() })
    }

    /// The path of the link, while it is good.
    pub fn path(&self) -> Option<String> {
        self.key().as_ref().map(|key| format!("/first-run?key={key}"))
    }

    fn key(&self) -> MutexGuard<'_, Option<String>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the token, if the key is right and was not used; afterwards no key is right.
    fn claim(&self, app: &App, key: &str) -> Result<Token> {
        let mut good = self.key();
        let matches = good.as_ref().is_some_and(|good| good.as_bytes().ct_eq(key.as_bytes()).into());
        if !matches {
            return Err(dead());
        }
        let token = app.issue_token(&self.workspace, OWNER)?;
        *good = None;
        Ok(Token { token, name: OWNER.to_owned(), workspace: self.workspace.clone() })
    }
}

fn random_key() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn dead() -> Error {
    Error::new(Code::Unauthorized, "this link is not valid, or was used already")
        .at("key")
        .help("make a token with: weir token add NAME")
}

/// Answers the link: a page for people, JSON for programs that ask for it.
pub(crate) async fn claim(
    State(server): State<Shared>,
    Query(claim): Query<Claim>,
    headers: HeaderMap,
) -> Reply<Response> {
    let token =
        blocking(move || server.first_run().ok_or_else(dead)?.claim(server.app(), &claim.key)).await?;
    if wants_json(&headers) {
        return Ok((PAGE_HEADERS, Json(token)).into_response());
    }
    Ok((PAGE_HEADERS, Html(page(&token))).into_response())
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|a| a.contains("application/json"))
}

/// Names of workspaces and tokens hold nothing that HTML would read as more than text.
fn page(token: &Token) -> String {
    let Token { token, workspace, .. } = token;
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Weir 堰: first token</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1rem }}
code {{ background: #eee; padding: .2rem .4rem; word-break: break-all }}</style>
<h1>Your first token</h1>
<p>It opens the workspace <b>{workspace}</b> and is shown only now; keep it safe. This link will not work again.</p>
<p><code>{token}</code></p>
<p>Send it with every request: <code>Authorization: Bearer {token}</code></p>
</html>
"#
    )
}
