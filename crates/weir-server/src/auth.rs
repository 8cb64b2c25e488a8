//! Who asks: a bearer token, or the session of a browser, which is a token in a cookie. Either belongs to one workspace.
//!
//! A route that takes a [`Tenant`] cannot be reached without one. Deliberately absent: users and roles.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use weir_app::Workspace;
use weir_core::{Code, Error, Result};

use crate::blocking::blocking;
use crate::error::{Refusal, Reply};
use crate::server::Shared;
use crate::session;

/// Names the workspace that is meant; it must be the token's own.
const WORKSPACE_HEADER: &str = "weir-workspace";

/// The workspace of the token that came with the request.
pub(crate) struct Tenant(pub Workspace);

impl FromRequestParts<Shared> for Tenant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Reply<Tenant> {
        let token = token(parts)?.to_owned();
        let wanted = text(parts, WORKSPACE_HEADER).map(str::to_owned);
        let server = server.clone();
        let workspace = blocking(move || {
            let name = server.app().authenticate(&token)?;
            check_workspace(&name, wanted.as_deref())?;
            server.app().workspace(&name)
        });
        Ok(Tenant(workspace.await?))
    }
}

/// The name of the token that came with the request, for what is recorded of its deeds.
pub(crate) struct Author(pub String);

impl FromRequestParts<Shared> for Author {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Reply<Author> {
        let token = token(parts)?.to_owned();
        let server = server.clone();
        Ok(Author(blocking(move || server.app().token_name(&token)).await?))
    }
}

fn token(parts: &Parts) -> Result<&str> {
    if let Some(token) = bearer(parts) {
        return Ok(token);
    }
    if let Some(session) = session::cookie(&parts.headers) {
        session::check_origin(&parts.method, &parts.headers)?;
        return Ok(session);
    }
    Err(Error::new(Code::Unauthorized, "this needs a token")
        .at("authorization")
        .help("send \"Authorization: Bearer TOKEN\"; \"weir token add NAME\" makes one"))
}

fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, token) = text(parts, AUTHORIZATION.as_str())?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn text<'a>(parts: &'a Parts, header: &str) -> Option<&'a str> {
    parts.headers.get(header)?.to_str().ok()
}

fn check_workspace(own: &str, wanted: Option<&str>) -> Result<()> {
    match wanted {
        Some(wanted) if wanted != own => {
            let message = format!("this token belongs to the workspace \"{own}\", not to \"{wanted}\"");
            Err(Error::new(Code::Unauthorized, message).at(WORKSPACE_HEADER))
        }
        _ => Ok(()),
    }
}
