//! Sources: where events come from over the wire, and their write keys.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::ToSchema;

use super::in_body;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::wire::{Items, Problem, SeenMessage, Source, WriteKey};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSource {
    /// Letters and digits of ASCII, `_`, `-` and `.`.
    #[schema(example = "web")]
    name: String,
    /// Origins of pages that may send, such as `https://shop.example`; left out: all.
    #[serde(default)]
    origins: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceBody {
    /// Origins of pages that may send, such as `https://shop.example`; empty: all.
    origins: Vec<String>,
}

/// Which messages of a source.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// Only those after this number; all that are remembered unless given.
    #[serde(default)]
    after: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for After {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<After> {
        Ok(query(parts)?)
    }
}

/// Sources by name
#[utoipa::path(get, path = "/sources", operation_id = "list_sources", tag = "sources", params(Listing),
    responses((status = 200, description = "A page.", body = Items<Source>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Source>> {
    let page = listing.page()?;
    let sources = blocking(move || workspace.sources(&page)).await?;
    Ok(Json(Items::page(&sources)))
}

/// A new source; the answer tells its write key, this once
#[utoipa::path(post, path = "/sources", operation_id = "create_source", tag = "sources", request_body = NewSource,
    responses((status = 201, description = "Created.", body = WriteKey),
        (status = 409, description = "There is one of that name.", body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(request): Body<NewSource>,
) -> Reply<(StatusCode, Json<WriteKey>)> {
    let source = request.name.clone();
    let made = blocking(move || workspace.create_source(&request.name, &request.origins).map_err(in_body));
    let (_, write_key) = made.await?;
    Ok((StatusCode::CREATED, Json(WriteKey { source, write_key })))
}

/// A source, without its key
#[utoipa::path(get, path = "/sources/{name}", operation_id = "get_source", tag = "sources",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "The source.", body = Source), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Source> {
    let record = blocking(move || workspace.source(&name)).await?;
    Ok(Json((&record).into()))
}

/// Changes which pages may send
#[utoipa::path(put, path = "/sources/{name}", operation_id = "put_source", tag = "sources",
    params(("name", description = "Its name.")), request_body = SourceBody,
    responses((status = 200, description = "Changed.", body = Source), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<SourceBody>,
) -> Answer<Source> {
    let record = blocking(move || workspace.set_source_origins(&name, &body.origins).map_err(in_body));
    Ok(Json((&record.await?).into()))
}

/// Makes a new write key and tells it, this once; the one before stays good for a day
#[utoipa::path(post, path = "/sources/{name}/key", operation_id = "change_source_key", tag = "sources",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "The new key.", body = WriteKey), Failures))]
pub(crate) async fn key(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<WriteKey> {
    let source = name.clone();
    let (_, write_key) = blocking(move || workspace.change_source_key(&name)).await?;
    Ok(Json(WriteKey { source, write_key }))
}

/// Ends every write key of a source, at once; clients that use them lose what they send
#[utoipa::path(post, path = "/sources/{name}/revoke", operation_id = "revoke_source", tag = "sources",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "Revoked; a new key begins again.", body = Source), Failures))]
pub(crate) async fn revoke(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Source> {
    let record = blocking(move || workspace.revoke_source(&name)).await?;
    Ok(Json((&record).into()))
}

/// Takes nothing more from a source; clients lose what they send
#[utoipa::path(post, path = "/sources/{name}/disable", operation_id = "disable_source", tag = "sources",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "Disabled.", body = Source), Failures))]
pub(crate) async fn disable(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Source> {
    let record = blocking(move || workspace.disable_source(&name)).await?;
    Ok(Json((&record).into()))
}

/// Takes from a source again
#[utoipa::path(post, path = "/sources/{name}/enable", operation_id = "enable_source", tag = "sources",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "Enabled.", body = Source), Failures))]
pub(crate) async fn enable(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Source> {
    let record = blocking(move || workspace.enable_source(&name)).await?;
    Ok(Json((&record).into()))
}

/// The last messages of a source and what became of them, the oldest first
///
/// The last 200 are remembered, without what is personal, while the server runs. Where more than 200 come in a second, not all of
/// them are looked at. To follow, ask again with `after` set to the last number.
#[utoipa::path(get, path = "/sources/{name}/events", operation_id = "list_source_events", tag = "sources",
    params(("name", description = "Its name."), After),
    responses((status = 200, description = "The messages.", body = Items<SeenMessage>), Failures))]
pub(crate) async fn events(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    after: After,
) -> Answer<Items<SeenMessage>> {
    let seen = blocking(move || workspace.seen(&name, after.after)).await?;
    Ok(Json(Items::all(seen.iter().map(SeenMessage::from))))
}
