//! Who asks: a bearer token, which belongs to one workspace.
//!
//! A route that takes a [`Tenant`] cannot be reached without one. Deliberately absent: users, roles and sessions.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use weir_app::Workspace;
use weir_core::{Code, Error, Result};

use crate::blocking::blocking;
use crate::error::{Refusal, Reply};
use crate::server::Shared;

/// Names the workspace that is meant; it must be the token's own.
const WORKSPACE_HEADER: &str = "weir-workspace";

/// The workspace of the token that came with the request.
pub(crate) struct Tenant(pub Workspace);

impl FromRequestParts<Shared> for Tenant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Reply<Tenant> {
        let token = token(parts)?;
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

fn token(parts: &Parts) -> Result<String> {
    let header = text(parts, AUTHORIZATION.as_str()).unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        return Ok(token.trim().to_owned());
    }
    Err(Error::new(Code::Unauthorized, "this needs a token")
        .at("authorization")
        .help("send \"Authorization: Bearer TOKEN\"; \"weir token add NAME\" makes one"))
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
