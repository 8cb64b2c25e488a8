//! Snapshots: audiences frozen.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::{Whom, Workspace};
use weir_core::time::Day;
use weir_core::{Code, Error};

use super::whom::whom;
use super::{date, in_body, in_expression};
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Expression, Items, Problem, Snapshot};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudienceSnapshot {
    #[schema(example = "after_double_11")]
    name: String,
    /// Local date.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSnapshot {
    #[schema(example = "after_double_11")]
    name: String,
    /// Local date.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Whom to freeze: this audience …
    audience: Option<String>,
    /// … or this expression.
    expression: Option<Expression>,
}

/// Freezes the members of an audience as of a date
#[utoipa::path(post, path = "/audiences/{name}/snapshots", operation_id = "create_audience_snapshot",
    tag = "snapshots",
    params(("name", description = "Name of the audience.")), request_body = AudienceSnapshot,
    responses((status = 201, description = "Taken.", body = Snapshot),
        (status = 409, description = "There is one of that name.", body = Problem), Failures))]
pub(crate) async fn of_audience(
    Tenant(workspace): Tenant,
    Path(audience): Path<String>,
    Body(request): Body<AudienceSnapshot>,
) -> Reply<(StatusCode, Json<Snapshot>)> {
    let as_of = date(&request.as_of, "/as_of")?;
    take(workspace, Whom::Audience(audience), as_of, request.name).await
}

/// Freezes the members of an audience or an expression as of a date
#[utoipa::path(post, path = "/snapshots", operation_id = "create_snapshot",
    tag = "snapshots", request_body = NewSnapshot,
    responses((status = 201, description = "Taken.", body = Snapshot),
        (status = 409, description = "There is one of that name.", body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(request): Body<NewSnapshot>,
) -> Reply<(StatusCode, Json<Snapshot>)> {
    let as_of = date(&request.as_of, "/as_of")?;
    let whom = whom(request.audience, request.expression.as_ref(), None)?;
    if whom == Whom::Universe {
        let error = Error::new(Code::InvalidArgument, "name an audience or write an expression");
        return Err(error.help("for everybody write {\"everyone\": true}").into());
    }
    take(workspace, whom, as_of, request.name).await
}

async fn take(
    workspace: Workspace,
    whom: Whom,
    as_of: Day,
    name: String,
) -> Reply<(StatusCode, Json<Snapshot>)> {
    let place = if matches!(whom, Whom::Expression(_)) { in_expression } else { in_body };
    let record = blocking(move || workspace.take_snapshot(&whom, as_of, &name).map_err(place)).await?;
    Ok((StatusCode::CREATED, Json((&record).into())))
}

/// Snapshots
#[utoipa::path(get, path = "/snapshots", operation_id = "list_snapshots", tag = "snapshots", params(Listing),
    responses((status = 200, description = "A page.", body = Items<Snapshot>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Snapshot>> {
    let page = listing.page()?;
    let snapshots = blocking(move || workspace.snapshots(&page)).await?;
    Ok(Json(Items::page(&snapshots)))
}

/// A snapshot
#[utoipa::path(get, path = "/snapshots/{id}", operation_id = "get_snapshot",
    tag = "snapshots", params(("id", description = "Its id or its name.")),
    responses((status = 200, description = "The snapshot.", body = Snapshot), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Snapshot> {
    let snapshot = blocking(move || workspace.snapshot(&id)).await?;
    Ok(Json((&snapshot).into()))
}
