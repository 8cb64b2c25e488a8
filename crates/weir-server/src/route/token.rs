//! Tokens for this API.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_core::{Code, Error, Result};

use super::in_body;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Items, Problem, Token, TokenRecord};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    /// What to call it.
    #[schema(example = "nightly export")]
    name: String,
}

/// Tokens by number, sessions and the revoked among them
#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", tag = "tokens", params(Listing),
    responses((status = 200, description = "A page, without secrets.", body = Items<TokenRecord>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<TokenRecord>> {
    let page = listing.page()?;
    let tokens = blocking(move || workspace.tokens(&page)).await?;
    Ok(Json(Items::page(&tokens)))
}

/// Makes a token
#[utoipa::path(post, path = "/tokens", operation_id = "create_token", tag = "tokens", request_body = NewToken,
    responses((status = 201, description = "The token; its secret is shown this once.", body = Token),
        (status = 409, description = "The name is taken.", body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(body): Body<NewToken>,
) -> Reply<(StatusCode, Json<Token>)> {
    let token = blocking(move || {
        let (token, secret) = workspace.create_token(&body.name).map_err(in_body)?;
        Ok(Token { token: secret, name: token.name, workspace: workspace.name().to_owned() })
    });
    Ok((StatusCode::CREATED, Json(token.await?)))
}

/// Revokes a token, from now on
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "revoke_token", tag = "tokens",
    params(("id" = i64, description = "Its number.")),
    responses((status = 200, description = "Revoked; its record stays.", body = TokenRecord), Failures))]
pub(crate) async fn revoke(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<TokenRecord> {
    let id = number(&id)?;
    let token = blocking(move || workspace.revoke_token(id)).await?;
    Ok(Json((&token).into()))
}

/// What is not a number is no token's either.
fn number(id: &str) -> Result<i64> {
    id.parse().map_err(|_| Error::new(Code::NotFound, format!("there is no token \"{id}\"")))
}
