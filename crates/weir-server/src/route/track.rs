//! Tracks: people followed under a state model; their reports.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use weir_app::{Change, Silent, Workspace};
use weir_core::about::About;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use super::{about, date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{
    AlertState, Expression, Items, Job, Model, Problem, ReportFile, Track, TrackComparison, TrackRefresh,
    TrackReport,
};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTrack {
    #[schema(example = "double_11_buyers")]
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Who answers for it.
    #[schema(example = "crm team")]
    owner: Option<String>,
    /// What it is used as, such as `target`, `exclude` or `seed`.
    role: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    labels: Vec<String>,
    /// When it is looked at without being asked: alerts opened and closed, reports written. `continuous`, `hourly`,
    /// `daily 05:00`, `weekly mon 05:00` or `monthly 1 05:00`.
    #[schema(example = "daily 05:00")]
    refresh: Option<String>,
    /// Follows this audience, evaluated at each date …
    audience: Option<String>,
    /// … or this expression, evaluated at each date …
    expression: Option<Expression>,
    /// … or this snapshot, by id or name …
    snapshot: Option<String>,
    /// … or this uploaded list, own or a partner's; without any, everybody.
    list: Option<String>,
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// The first date.
    #[schema(format = Date, example = "2024-11-11")]
    from: String,
    /// How far its dates are apart: `daily`, `weekly` or `monthly`; or `dates` are given.
    #[schema(example = "weekly")]
    step: Option<String>,
    /// Its dates.
    dates: Option<Vec<String>>,
    /// Numbers that should stay within a band: the share or count of a state, or of those who went from a state to
    /// another within some days.
    #[schema(value_type = Option<Vec<Object>>, example = json!([
        {"name": "lost", "state": "none", "share": {"above": 0.25}},
        {"name": "slow", "flow": {"from": "potential", "to": "old", "days": 7}, "share": {"below": 0.01}},
    ]))]
    alerts: Option<Value>,
    /// What is written when it is refreshed: `html`, `csv`.
    #[schema(example = json!(["html", "csv"]))]
    report: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackBody {
    /// What it is for.
    description: Option<String>,
    /// Who answers for it.
    #[schema(example = "crm team")]
    owner: Option<String>,
    /// What it is used as, such as `target`, `exclude` or `seed`.
    role: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    labels: Vec<String>,
    /// When it is looked at without being asked: alerts opened and closed, reports written. `continuous`, `hourly`,
    /// `daily 05:00`, `weekly mon 05:00` or `monthly 1 05:00`.
    #[schema(example = "daily 05:00")]
    refresh: Option<String>,
    /// Follows this audience, evaluated at each date …
    audience: Option<String>,
    /// … or this expression, evaluated at each date …
    expression: Option<Expression>,
    /// … or this snapshot, by id or name …
    snapshot: Option<String>,
    /// … or this uploaded list, own or a partner's; without any, everybody.
    list: Option<String>,
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// The first date.
    #[schema(format = Date, example = "2024-11-11")]
    from: String,
    /// How far its dates are apart: `daily`, `weekly` or `monthly`; or `dates` are given.
    #[schema(example = "weekly")]
    step: Option<String>,
    /// Its dates.
    dates: Option<Vec<String>>,
    /// Numbers that should stay within a band.
    #[schema(value_type = Option<Vec<Object>>,
        example = json!([{"name": "lost", "state": "none", "share": {"above": 0.25}}]))]
    alerts: Option<Value>,
    /// What is written when it is refreshed: `html`, `csv`.
    #[schema(example = json!(["html", "csv"]))]
    report: Option<Vec<String>>,
}

impl TrackBody {
    /// What is said about it.
    fn about(&self) -> Result<About> {
        about([&self.description, &self.owner, &self.role, &self.refresh], &self.labels)
    }

    /// What weir-core reads.
    fn definition(&self) -> Value {
        let fields = [
            ("audience", json!(self.audience)),
            ("expression", json!(self.expression)),
            ("snapshot", json!(self.snapshot)),
            ("list", json!(self.list)),
            ("model", json!(self.model)),
            ("scope", json!(self.scope)),
            ("from", json!(self.from)),
            ("step", json!(self.step)),
            ("dates", json!(self.dates)),
            ("alerts", json!(self.alerts)),
            ("report", json!(self.report)),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(given.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
    }
}

impl From<NewTrack> for TrackBody {
    fn from(new: NewTrack) -> TrackBody {
        TrackBody {
            description: new.description,
            owner: new.owner,
            role: new.role,
            labels: new.labels,
            refresh: new.refresh,
            audience: new.audience,
            expression: new.expression,
            snapshot: new.snapshot,
            list: new.list,
            model: new.model,
            scope: new.scope,
            from: new.from,
            step: new.step,
            dates: new.dates,
            alerts: new.alerts,
            report: new.report,
        }
    }
}

/// Up to which date.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Until {
    /// Last local date; today in the workspace's zone unless given.
    #[param(format = Date)]
    to: Option<String>,
}

/// Up to which date, and whether to wait for it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshQuery {
    /// Last local date; today in the workspace's zone unless given.
    #[param(format = Date)]
    to: Option<String>,
    /// Answer at once with the job that does it.
    #[serde(default)]
    background: bool,
}

/// Up to which date, and how many paths.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportQuery {
    /// Last local date; today in the workspace's zone unless given.
    #[param(format = Date)]
    to: Option<String>,
    /// How many paths to list, greatest first; 50 unless given.
    #[param(minimum = 1, maximum = 1000)]
    top: Option<u32>,
}

/// Which other track, and up to which date.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareQuery {
    /// The other track, under the same model.
    with: String,
    /// Last local date; today in the workspace's zone unless given.
    #[param(format = Date)]
    to: Option<String>,
}

/// The query of a request, read strictly.
pub(super) struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<Asked<T>> {
        Ok(Asked(query(parts)?))
    }
}

/// The date asked for, else today.
fn until(workspace: &Workspace, to: Option<&str>) -> Result<Day> {
    match to {
        Some(text) => date(text, "to"),
        None => workspace.day_of(jiff::Timestamp::now().as_microsecond()),
    }
}

/// Tracks by name
#[utoipa::path(get, path = "/tracks", operation_id = "list_tracks", tag = "tracks", params(Listing),
    responses((status = 200, description = "A page.", body = Items<Track>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Track>> {
    let page = listing.page()?;
    let tracks = blocking(move || workspace.tracks(&page)).await?;
    Ok(Json(Items::page(&tracks)))
}

/// A new track
#[utoipa::path(post, path = "/tracks", operation_id = "create_track", tag = "tracks", request_body = NewTrack,
    responses((status = 201, description = "Created.", body = Track),
        (status = 409, description = "There is one of that name.", body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(request): Body<NewTrack>,
) -> Reply<(StatusCode, Json<Track>)> {
    let (name, body) = (request.name.clone(), TrackBody::from(request));
    let saved = blocking(move || {
        refuse_if_taken(&workspace, &name)?;
        save(&workspace, &name, &body)
    });
    Ok(saved.await?)
}

fn refuse_if_taken(workspace: &Workspace, name: &str) -> Result<()> {
    match workspace.track(name) {
        Ok(_) => Err(Error::new(Code::NameTaken, format!("there is a track \"{name}\" already"))
            .at("/name")
            .help("PUT it to change it, or choose another name")),
        Err(error) if error.code == Code::UnknownTrack => Ok(()),
        Err(error) => Err(error),
    }
}

fn save(workspace: &Workspace, name: &str, body: &TrackBody) -> Result<(StatusCode, Json<Track>)> {
    let applied = workspace.put_track(name, &body.definition(), body.about()?);
    let applied = applied.map_err(in_body)?;
    let status = if applied.change == Change::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json((&workspace.track(name)?).into())))
}

/// A track
#[utoipa::path(get, path = "/tracks/{name}", operation_id = "get_track", tag = "tracks",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "The track.", body = Track), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Track> {
    let record = blocking(move || workspace.track(&name)).await?;
    Ok(Json((&record).into()))
}

/// Creates a track or changes it
#[utoipa::path(put, path = "/tracks/{name}", operation_id = "put_track", tag = "tracks",
    params(("name", description = "Its name.")), request_body = TrackBody,
    responses((status = 200, description = "Changed, or the same as before.", body = Track),
        (status = 201, description = "Created.", body = Track), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<TrackBody>,
) -> Reply<(StatusCode, Json<Track>)> {
    Ok(blocking(move || save(&workspace, &name, &body)).await?)
}

/// Removes a track and its reports; its alerts stay in the books, closed
#[utoipa::path(delete, path = "/tracks/{name}", operation_id = "delete_track", tag = "tracks",
    params(("name", description = "Its name.")),
    responses((status = 204, description = "Removed."), Failures))]
pub(crate) async fn delete(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<StatusCode> {
    blocking(move || workspace.delete_track(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Versions of a track, latest first
#[utoipa::path(get, path = "/tracks/{name}/versions", operation_id = "list_track_versions", tag = "tracks",
    params(("name", description = "Its name."), Listing),
    responses((status = 200, description = "A page.", body = Items<Track>), Failures))]
pub(crate) async fn versions(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    listing: Listing,
) -> Answer<Items<Track>> {
    let page = listing.page()?;
    let found = blocking(move || workspace.track_versions(&name, &page)).await?;
    Ok(Json(Items::page(&found)))
}

/// A track as of a date: distribution over its dates, flow from the first to the last, paths, alerts
#[utoipa::path(get, path = "/tracks/{name}/report", operation_id = "track_report", tag = "tracks",
    params(("name", description = "Its name."), ReportQuery),
    responses((status = 200, description = "All of it.", body = TrackReport), Failures))]
pub(crate) async fn report(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Asked(asked): Asked<ReportQuery>,
) -> Answer<TrackReport> {
    let ask = move |workspace: &Workspace| {
        workspace.track_report(&name, until(workspace, asked.to.as_deref())?, asked.top)
    };
    let report = asking(workspace, Length::Long, ask).await?;
    Ok(Json((&report).into()))
}

/// What the alerts of a track find as of a date; nothing is recorded
#[utoipa::path(get, path = "/tracks/{name}/check", operation_id = "check_track", tag = "tracks",
    params(("name", description = "Its name."), Until),
    responses((status = 200, description = "One for each alert.", body = Items<AlertState>), Failures))]
pub(crate) async fn check(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Asked(asked): Asked<Until>,
) -> Answer<Items<AlertState>> {
    let ask = move |workspace: &Workspace| {
        workspace.check_track_alerts(&name, until(workspace, asked.to.as_deref())?)
    };
    let states = asking(workspace, Length::Long, ask).await?;
    Ok(Json(Items::all(states.iter().map(AlertState::from))))
}

/// Looks at a track now: opens and closes its alerts, writes its reports. A schedule does the same
#[utoipa::path(post, path = "/tracks/{name}/refresh", operation_id = "refresh_track", tag = "tracks",
    params(("name", description = "Its name."), RefreshQuery),
    responses((status = 200, description = "What was found and written.", body = TrackRefresh),
        (status = 202, description = "Begun, in the background.", body = Job), Failures))]
pub(crate) async fn refresh(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Asked(asked): Asked<RefreshQuery>,
) -> Reply<Response> {
    let RefreshQuery { to, background } = asked;
    if background {
        let job = blocking(move || workspace.start_track(&name, until(&workspace, to.as_deref())?)).await?;
        return Ok((StatusCode::ACCEPTED, Json(Job::from(&job))).into_response());
    }
    let refreshed =
        blocking(move || workspace.refresh_track(&name, until(&workspace, to.as_deref())?, &Silent));
    Ok(Json(TrackRefresh::from(&refreshed.await?)).into_response())
}

/// Two tracks under one model, side by side over the dates of the first
#[utoipa::path(get, path = "/tracks/{name}/compare", operation_id = "compare_tracks", tag = "tracks",
    params(("name", description = "The first track."), CompareQuery),
    responses((status = 200, description = "Distributions and flows of both, and how they differ.",
        body = TrackComparison), Failures))]
pub(crate) async fn compare(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Asked(asked): Asked<CompareQuery>,
) -> Answer<TrackComparison> {
    let ask = move |workspace: &Workspace| {
        workspace.compare_tracks(&name, &asked.with, until(workspace, asked.to.as_deref())?)
    };
    let comparison = asking(workspace, Length::Long, ask).await?;
    Ok(Json((&comparison).into()))
}

/// Reports that a track has written, latest first
#[utoipa::path(get, path = "/tracks/{name}/reports", operation_id = "list_track_reports", tag = "tracks",
    params(("name", description = "Its name."), Listing),
    responses((status = 200, description = "A page.", body = Items<ReportFile>), Failures))]
pub(crate) async fn reports(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    listing: Listing,
) -> Answer<Items<ReportFile>> {
    let page = listing.page()?;
    let found = blocking(move || workspace.reports(&name, &page)).await?;
    Ok(Json(Items::page(&found)))
}

/// A report that a track has written, as a file
#[utoipa::path(get, path = "/tracks/{name}/reports/{id}", operation_id = "get_track_report", tag = "tracks",
    params(("name", description = "Its name."), ("id", description = "Number of the report.")),
    responses((status = 200, description = "The file.", content_type = "application/octet-stream"), Failures))]
pub(crate) async fn report_file(
    Tenant(workspace): Tenant,
    Path((name, id)): Path<(String, i64)>,
) -> Reply<([(HeaderName, String); 2], Vec<u8>)> {
    let (record, bytes) = blocking(move || {
        let (record, path) = workspace.report_file(&name, id)?;
        let bytes = std::fs::read(&path).map_err(|error| Error::io("reading the report", &error))?;
        Ok((record, bytes))
    })
    .await?;
    // A download is never shown as a page of ours: it could not run anything, and must not seem to be us.
    let kind = if record.format == "csv" { "text/csv; charset=utf-8" } else { "text/html; charset=utf-8" };
    let file = format!("attachment; filename=\"report-{}-{}.{}\"", record.id, record.as_of, record.format);
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, file)], bytes))
}
