//! Jobs: how far they are, how they ended, and ending them.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;
use weir_app::JobState;
use weir_core::error::suggestion;
use weir_core::{Code, Error, Result};

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::wire::{Items, Job};

/// Which jobs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
    /// Only those in this state: `running`, `done`, `failed`, `cancelled` or `interrupted`.
    state: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<Wanted> {
        Ok(query(parts)?)
    }
}

/// Jobs, latest first
#[utoipa::path(get, path = "/jobs", operation_id = "list_jobs", tag = "jobs", params(Wanted),
    responses((status = 200, description = "A page.", body = Items<Job>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, wanted: Wanted) -> Answer<Items<Job>> {
    let state = wanted.state.as_deref().map(state).transpose()?;
    let page = Listing::of(wanted.limit, wanted.after).page()?;
    let jobs = blocking(move || workspace.jobs(state, &page)).await?;
    Ok(Json(Items::page(&jobs)))
}

/// A job
#[utoipa::path(get, path = "/jobs/{id}", operation_id = "get_job", tag = "jobs",
    params(("id", description = "Its id.")),
    responses((status = 200, description = "The job.", body = Job), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Job> {
    let job = blocking(move || workspace.job(&id)).await?;
    Ok(Json((&job).into()))
}

/// Asks a job to end; one that has ended stays as it is
#[utoipa::path(post, path = "/jobs/{id}/cancel", operation_id = "cancel_job", tag = "jobs",
    params(("id", description = "Its id.")),
    responses((status = 200, description = "The job; it ends at the next place where nothing is half-done.", body = Job),
        Failures))]
pub(crate) async fn cancel(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Job> {
    let job = blocking(move || workspace.cancel_job(&id)).await?;
    Ok(Json((&job).into()))
}

fn state(name: &str) -> Result<JobState> {
    JobState::named(name).ok_or_else(|| {
        let names = JobState::ALL.map(|(name, _)| name);
        let help = suggestion(name, names).unwrap_or_else(|| format!("states are {}", names.join(", ")));
        Error::new(Code::InvalidArgument, format!("a job is never \"{name}\"")).at("state").help(help)
    })
}
