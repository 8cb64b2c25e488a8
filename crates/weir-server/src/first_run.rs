//! The way in without a token: a link with a random key, good for one opening.
//!
//! It exists only where the server listens on loopback and, unless whoever started it wants one each time, nobody has a
//! token yet. It is printed to their terminal. A browser gets a session and the console, a program gets a token. There is
//! no default password to forget.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use weir_app::{App, Session};
use weir_core::{Code, Error, Result};

use crate::blocking::blocking;
use crate::error::Reply;
use crate::server::Shared;
use crate::session;
use crate::wire::Token;

/// Nobody keeps the answer, and nobody learns where a link was followed from.
const HEADERS: [(&str, &str); 3] = [
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
];

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

    /// Makes a token, if the key is right and was not used; afterwards no key is right.
    fn claim_token(&self, app: &App, key: &str) -> Result<Token> {
        self.claim(key, || {
            let token = app.issue_token(&self.workspace, OWNER)?;
            Ok(Token { token, name: OWNER.to_owned(), workspace: self.workspace.clone() })
        })
    }

    /// Begins a session, under the same conditions.
    fn claim_session(&self, app: &App, key: &str) -> Result<Session> {
        self.claim(key, || app.begin_session(&self.workspace))
    }

    fn claim<T>(&self, key: &str, make: impl FnOnce() -> Result<T>) -> Result<T> {
        let mut good = self.key();
        let matches = good.as_ref().is_some_and(|good| good.as_bytes().ct_eq(key.as_bytes()).into());
        if !matches {
            return Err(dead());
        }
        let made = make()?;
        *good = None;
        Ok(made)
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

/// Answers the link: a session and the console for browsers, a token for programs.
pub(crate) async fn claim(
    State(server): State<Shared>,
    Query(claim): Query<Claim>,
    headers: HeaderMap,
) -> Reply<Response> {
    let is_browser = wants_html(&headers);
    let answer = blocking(move || {
        let first_run = server.first_run().ok_or_else(dead)?;
        if is_browser {
            let session = first_run.claim_session(server.app(), &claim.key)?;
            return Ok(([session::set(&session)], Redirect::to("/")).into_response());
        }
        let token = first_run.claim_token(server.app(), &claim.key)?;
        Ok((StatusCode::OK, Json(token)).into_response())
    });
    Ok((HEADERS, answer.await?).into_response())
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|a| a.contains("text/html"))
}
