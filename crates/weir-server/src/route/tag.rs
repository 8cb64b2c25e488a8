//! The tag market: what tags there are, where they come from, how they are distributed; computed ones and their runs.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{Change, Origin, Silent, TagFilter, Workspace};
use weir_core::about::About;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use super::{about, date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::listing::{Listing, read_from_the_query};
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Items, Job, Problem, Tag, TagCoverage, TagDetail, TagRun, TagValues};

/// Most dates of a history.
const MOST_DATES: usize = 100;

/// Which tags, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagListing {
    /// Text in the name, the description or the owner, in any case.
    search: Option<String>,
    /// A label.
    category: Option<String>,
    /// `imported`, `trait`, `computed` or `described`.
    origin: Option<String>,
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// As of when, and which page of the values.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AsOf {
    /// Local date; today in the workspace's zone unless given.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<String>,
    /// Most values to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// As of when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dates {
    /// Local dates, with commas between them.
    #[param(example = "2024-10-31,2024-11-30")]
    at: String,
}

/// The date of a detail.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Date {
    /// Local date; today in the workspace's zone unless given.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<String>,
}

read_from_the_query!(TagListing AsOf Dates Date);

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagBody {
    /// How it is computed; left out where it is only described.
    #[schema(value_type = Option<Object>, example = json!({"amount": {"behavior": ["purchase"], "within": {"days": 365}}}))]
    value: Option<Value>,
    /// What it is for.
    description: Option<String>,
    /// Who answers for it.
    #[schema(example = "crm team")]
    owner: Option<String>,
    /// What it is used as.
    role: Option<String>,
    /// Categories to find it by.
    #[serde(default)]
    labels: Vec<String>,
    /// When it is computed anew without being asked: `continuous`, `hourly`, `daily 05:00`, `weekly mon 05:00` or
    /// `monthly 1 05:00`.
    #[schema(example = "daily 05:00")]
    refresh: Option<String>,
}

impl TagBody {
    /// What weir-core reads: the fields that were given.
    fn about(&self) -> Result<About> {
        about([&self.description, &self.owner, &self.role, &self.refresh], &self.labels)
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagRunRequest {
    /// Local dates to compute it as of; today in the workspace's zone unless given.
    #[schema(value_type = Option<Vec<String>>, example = json!(["2024-10-31", "2024-11-30"]))]
    as_of: Option<Vec<String>>,
    /// Answer at once with the job that does it.
    #[serde(default)]
    background: bool,
}

/// Tags by name
#[utoipa::path(get, path = "/tags", operation_id = "list_tags", tag = "tags", params(TagListing),
    responses((status = 200, description = "A page.", body = Items<Tag>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: TagListing) -> Answer<Items<Tag>> {
    let origin = listing.origin.as_deref().map(Origin::named).transpose()?;
    let filter = TagFilter { search: listing.search, category: listing.category, origin };
    let page = Listing::of(listing.limit, listing.after).page()?;
    let tags = blocking(move || workspace.tags(&filter, &page)).await?;
    Ok(Json(Items::page(&tags)))
}

/// A tag: its definition, who has it, how fresh it is, where it comes from and who uses it
#[utoipa::path(get, path = "/tags/{name}", operation_id = "get_tag", tag = "tags",
    params(("name", description = "Its name."), Date),
    responses((status = 200, description = "The tag.", body = TagDetail), Failures))]
pub(crate) async fn get(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    asked: Date,
) -> Answer<TagDetail> {
    let detail = asking(workspace, Length::Long, move |workspace| {
        let as_of = as_of(workspace, asked.as_of.as_deref(), "as_of")?;
        workspace.tag(&name, as_of)
    });
    Ok(Json((&detail.await?).into()))
}

/// Describes a tag, or says how it is computed
#[utoipa::path(put, path = "/tags/{name}", operation_id = "put_tag", tag = "tags",
    params(("name", description = "Its name.")), request_body = TagBody,
    responses((status = 200, description = "Changed, or the same as before.", body = Tag),
        (status = 201, description = "Created.", body = Tag),
        (status = 409, description = "Somebody else states a tag of that name.", body = Problem), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<TagBody>,
) -> Reply<(StatusCode, Json<Tag>)> {
    let saved = blocking(move || {
        let applied = workspace.put_tag(&name, body.value.as_ref(), body.about()?);
        let status = if applied?.change == Change::Created { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, Json((&workspace.tag_record(&name)?).into())))
    });
    Ok(saved.await?)
}

/// Removes the definition of a tag, and what was computed; what imports and clients state stays
#[utoipa::path(delete, path = "/tags/{name}", operation_id = "delete_tag", tag = "tags",
    params(("name", description = "Its name.")),
    responses((status = 204, description = "Removed."),
        (status = 409, description = "It is computed, and something names it.", body = Problem), Failures))]
pub(crate) async fn delete(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<StatusCode> {
    blocking(move || workspace.delete_tag(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How the values of a tag are distributed
#[utoipa::path(get, path = "/tags/{name}/values", operation_id = "get_tag_values", tag = "tags",
    params(("name", description = "Its name."), AsOf),
    responses((status = 200, description = "Exact counts.", body = TagValues), Failures))]
pub(crate) async fn values(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    asked: AsOf,
) -> Answer<TagValues> {
    let page = Listing::of(asked.limit, asked.after).page()?;
    let values = asking(workspace, Length::Long, move |workspace| {
        let as_of = as_of(workspace, asked.as_of.as_deref(), "as_of")?;
        workspace.tag_values(&name, as_of, &page)
    });
    Ok(Json((&values.await?).into()))
}

/// How many people had a value of a tag at some dates
#[utoipa::path(get, path = "/tags/{name}/history", operation_id = "get_tag_history", tag = "tags",
    params(("name", description = "Its name."), Dates),
    responses((status = 200, description = "In the order asked.", body = Items<TagCoverage>), Failures))]
pub(crate) async fn history(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    asked: Dates,
) -> Answer<Items<TagCoverage>> {
    let dates: Vec<Day> = asked.at.split(',').map(|text| date(text.trim(), "at")).collect::<Result<_>>()?;
    if dates.len() > MOST_DATES {
        let error = Error::new(Code::InvalidArgument, format!("at most {MOST_DATES} dates are answered"));
        return Err(error.at("at").into());
    }
    let history =
        asking(workspace, Length::Long, move |workspace| workspace.tag_history(&name, &dates)).await?;
    Ok(Json(Items::all(history.iter().map(TagCoverage::from))))
}

/// Runs of a computed tag, latest first
#[utoipa::path(get, path = "/tags/{name}/runs", operation_id = "list_tag_runs", tag = "tags",
    params(("name", description = "Its name."), Listing),
    responses((status = 200, description = "A page.", body = Items<TagRun>), Failures))]
pub(crate) async fn runs(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    listing: Listing,
) -> Answer<Items<TagRun>> {
    let page = listing.page()?;
    let runs = blocking(move || workspace.tag_runs(&name, &page)).await?;
    Ok(Json(Items::page(&runs)))
}

/// Computes a tag as of some dates, and again as of the later ones that it was computed as of
#[utoipa::path(post, path = "/tags/{name}/runs", operation_id = "compute_tag", tag = "tags",
    params(("name", description = "Its name.")), request_body = TagRunRequest,
    responses((status = 200, description = "One run per date, earliest first.", body = Items<TagRun>),
        (status = 202, description = "Begun; its result names the runs.", body = Job), Failures))]
pub(crate) async fn compute(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(request): Body<TagRunRequest>,
) -> Reply<Response> {
    let mut dates = Vec::new();
    for (i, text) in request.as_of.iter().flatten().enumerate() {
        dates.push(date(text, &format!("/as_of/{i}"))?);
    }
    if request.as_of.is_none() {
        dates.push(as_of(&workspace, None, "as_of")?);
    }
    if request.background {
        let job = blocking(move || workspace.start_tag(&name, dates)).await?;
        return Ok((StatusCode::ACCEPTED, Json(Job::from(&job))).into_response());
    }
    let runs = blocking(move || workspace.compute_tag(&name, &dates, &Silent).map_err(in_body)).await?;
    Ok(Json(Items::all(runs.iter().map(TagRun::from))).into_response())
}

/// The date written, or today.
fn as_of(workspace: &Workspace, written: Option<&str>, at: &str) -> Result<Day> {
    match written {
        Some(text) => date(text, at),
        None => workspace.day_of(jiff::Timestamp::now().as_microsecond()),
    }
}
