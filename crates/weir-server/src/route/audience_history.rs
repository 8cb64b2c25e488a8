//! Audiences over time: versions and what changed between them, sizes, and what hangs together.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::Silent;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::wire::{Audience, AudienceGraph, AudienceRun, Difference, Items, Job};

/// Versions of an audience, the latest first
#[utoipa::path(get, path = "/audiences/{name}/versions", operation_id = "list_audience_versions", tag = "audiences",
    params(("name", description = "Its name."), Listing),
    responses((status = 200, description = "A page.", body = Items<Audience>), Failures))]
pub(crate) async fn versions(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    listing: Listing,
) -> Answer<Items<Audience>> {
    let page = listing.page()?;
    let versions = blocking(move || workspace.audience_versions(&name, &page)).await?;
    Ok(Json(Items::page(&versions)))
}

/// One version of an audience
#[utoipa::path(get, path = "/audiences/{name}/versions/{version}", operation_id = "get_audience_version", tag = "audiences",
    params(("name", description = "Its name."), ("version" = u32, description = "From 1.")),
    responses((status = 200, description = "The audience as it was.", body = Audience), Failures))]
pub(crate) async fn version(
    Tenant(workspace): Tenant,
    Path((name, version)): Path<(String, String)>,
) -> Answer<Audience> {
    let version = number(&version)?;
    let audience = blocking(move || workspace.audience_version(&name, version)).await?;
    Ok(Json((&audience).into()))
}

/// Makes an old version the present one, as a new version
#[utoipa::path(post, path = "/audiences/{name}/versions/{version}/restore", operation_id = "restore_audience", tag = "audiences",
    params(("name", description = "Its name."), ("version" = u32, description = "From 1.")),
    responses((status = 200, description = "The audience as it is now.", body = Audience), Failures))]
pub(crate) async fn restore(
    Tenant(workspace): Tenant,
    Path((name, version)): Path<(String, String)>,
) -> Answer<Audience> {
    let version = number(&version)?;
    let audience = blocking(move || {
        workspace.restore_audience(&name, version)?;
        workspace.audience(&name)
    });
    Ok(Json((&audience.await?).into()))
}

/// What is not a number is no version's either.
fn number(text: &str) -> Result<u32> {
    text.parse().map_err(|_| Error::new(Code::NotFound, format!("there is no version \"{text}\"")))
}

/// Which versions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiffQuery {
    /// The earlier version.
    #[param(minimum = 1)]
    from: u32,
    /// The later version.
    #[param(minimum = 1)]
    to: u32,
}

impl<S: Send + Sync> FromRequestParts<S> for DiffQuery {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<DiffQuery> {
        Ok(query(parts)?)
    }
}

/// What changed from one version of an audience to another
#[utoipa::path(get, path = "/audiences/{name}/diff", operation_id = "diff_audience", tag = "audiences",
    params(("name", description = "Its name."), DiffQuery),
    responses((status = 200, description = "Place by place.", body = Items<Difference>), Failures))]
pub(crate) async fn diff(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    asked: DiffQuery,
) -> Answer<Items<Difference>> {
    let found = blocking(move || workspace.audience_diff(&name, asked.from, asked.to)).await?;
    Ok(Json(Items::all(found.iter().map(Difference::from))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshRequest {
    /// A local date, or up to 400 of them: the sizes of the past are exact, too.
    #[schema(value_type = Vec<String>, example = json!(["2024-10-31", "2024-11-30"]))]
    as_of: Dates,
    /// Answer at once with the job that does it.
    #[serde(default)]
    background: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Dates {
    One(String),
    Many(Vec<String>),
}

impl Dates {
    fn read(&self) -> Result<Vec<Day>> {
        match self {
            Dates::One(text) => Ok(vec![date(text, "/as_of")?]),
            Dates::Many(texts) => {
                texts.iter().enumerate().map(|(i, text)| date(text, &format!("/as_of/{i}"))).collect()
            }
        }
    }
}

/// Evaluates an audience as of some dates and records its sizes, and who came and went
#[utoipa::path(post, path = "/audiences/{name}/refresh", operation_id = "refresh_audience", tag = "audiences",
    params(("name", description = "Its name.")), request_body = RefreshRequest,
    responses((status = 200, description = "One run per date, in order.", body = Items<AudienceRun>),
        (status = 202, description = "Begun, in the background.", body = Job), Failures))]
pub(crate) async fn refresh(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(request): Body<RefreshRequest>,
) -> Reply<Response> {
    let dates = request.as_of.read()?;
    if request.background {
        let job = blocking(move || workspace.start_audience(&name, dates)).await?;
        return Ok((StatusCode::ACCEPTED, Json(Job::from(&job))).into_response());
    }
    let runs = blocking(move || workspace.refresh_audience(&name, &dates, &Silent).map_err(in_body)).await?;
    Ok(Json(Items::<AudienceRun>::all(runs.iter().map(AudienceRun::from))).into_response())
}

/// Recorded sizes of an audience, the latest date first
#[utoipa::path(get, path = "/audiences/{name}/history", operation_id = "audience_history", tag = "audiences",
    params(("name", description = "Its name."), Listing),
    responses((status = 200, description = "A page.", body = Items<AudienceRun>), Failures))]
pub(crate) async fn history(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    listing: Listing,
) -> Answer<Items<AudienceRun>> {
    let page = listing.page()?;
    let runs = blocking(move || workspace.audience_history(&name, &page)).await?;
    Ok(Json(Items::page(&runs)))
}

/// What an audience uses and what uses it, directly or through others
#[utoipa::path(get, path = "/audiences/{name}/graph", operation_id = "audience_graph", tag = "audiences",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "Both ways.", body = AudienceGraph), Failures))]
pub(crate) async fn graph(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<AudienceGraph> {
    let graph = blocking(move || workspace.audience_graph(&name)).await?;
    Ok(Json((&graph).into()))
}
