//! Who is one person, by which links; and taking links out of account and back.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::{Author, Tenant};
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::wire::{Identified, Items, LinkStatement, Linked};

/// Who is asked about.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Who {
    /// A user id, or `kind:value`.
    #[param(example = "email:someone@example.com")]
    consumer: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<Who> {
        Ok(query(parts)?)
    }
}

/// Two identifiers, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkBody {
    /// A user id, or `kind:value`.
    #[schema(example = "10142")]
    a: String,
    /// Another identifier, which some recorded link is between.
    #[schema(example = "device:a4c1")]
    b: String,
    /// Why; it is kept with the statement.
    #[schema(example = "a tablet that the shop lends out")]
    reason: Option<String>,
}

/// A person with all identifiers and links
#[utoipa::path(get, path = "/identity", operation_id = "get_identity", tag = "identity", params(Who),
    responses((status = 200, description = "The person.", body = Identified), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, who: Who) -> Answer<Identified> {
    let identity = blocking(move || workspace.identity(&who.consumer)).await?;
    Ok(Json((&identity).into()))
}

/// What was stated about links, the latest first
#[utoipa::path(get, path = "/identity/statements", operation_id = "list_link_statements", tag = "identity",
    params(Listing), responses((status = 200, description = "A page.", body = Items<LinkStatement>), Failures))]
pub(crate) async fn statements(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<LinkStatement>> {
    let page = listing.page()?;
    let statements = blocking(move || workspace.link_statements(&page)).await?;
    Ok(Json(Items::page(&statements)))
}

/// Takes links between two identifiers out of account
///
/// At every date people are as if there were no such link, also one that comes later. A relink takes it back.
#[utoipa::path(post, path = "/identity/unlink", operation_id = "unlink", tag = "identity", request_body = LinkBody,
    responses((status = 200, description = "Stated, now or earlier.", body = Linked), Failures))]
pub(crate) async fn unlink(
    Tenant(workspace): Tenant,
    Author(author): Author,
    Body(link): Body<LinkBody>,
) -> Answer<Linked> {
    let LinkBody { a, b, reason } = link;
    let linked = blocking(move || workspace.unlink(&a, &b, &author, reason.as_deref())).await?;
    Ok(Json((&linked).into()))
}

/// Takes an unlink back
///
/// At every date people are again as they were before it.
#[utoipa::path(post, path = "/identity/relink", operation_id = "relink", tag = "identity", request_body = LinkBody,
    responses((status = 200, description = "Stated, now or earlier.", body = Linked), Failures))]
pub(crate) async fn relink(
    Tenant(workspace): Tenant,
    Author(author): Author,
    Body(link): Body<LinkBody>,
) -> Answer<Linked> {
    let LinkBody { a, b, reason } = link;
    let linked = blocking(move || workspace.relink(&a, &b, &author, reason.as_deref())).await?;
    Ok(Json((&linked).into()))
}
