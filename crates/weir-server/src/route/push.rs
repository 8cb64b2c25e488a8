//! Pushes: an audience to a destination, and what became of everybody.

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use utoipa::ToSchema;
use weir_app::{Page, PushRequest, Target, Whom};
use weir_core::destination::Format;
use weir_core::{Code, Error};

use super::whom::whom;
use super::{date, in_body, in_expression};
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Expression, Items, Problem, Push, PushMessage, PushRecipient};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPush {
    /// Whom to push: this audience …
    audience: Option<String>,
    /// … or this expression …
    expression: Option<Expression>,
    /// … or this snapshot, by id or name.
    snapshot: Option<String>,
    /// Local date.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Name of the destination.
    #[schema(example = "crm")]
    destination: String,
    /// What to call it.
    name: Option<String>,
    /// How many of a hundred are deliberately not contacted, fractions allowed; 0 unless given.
    #[schema(minimum = 0, maximum = 100, example = 10)]
    holdout_percent: Option<f64>,
    /// Salt of the holdout; the name unless given.
    salt: Option<String>,
    /// The size that was seen; a difference of more than 1 % is refused.
    expected_count: Option<u64>,
}

/// Which recipients of a push.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientListing {
    /// Only those of this outcome: pending, sent, failed, unknown, suppressed, holdout.
    outcome: Option<String>,
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for RecipientListing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Reply<RecipientListing> {
        let query = Query::from_request_parts(parts, state).await;
        let Query(listing) = query.map_err(|rejection| {
            Error::new(Code::InvalidArgument, format!("the query does not fit: {}", rejection.body_text()))
        })?;
        Ok(listing)
    }
}

/// Pushes an audience to a destination; delivery goes on in the background
#[utoipa::path(post, path = "/pushes", operation_id = "create_push", tag = "pushes", request_body = NewPush,
    responses((status = 202, description = "Decided and recorded; on its way.", body = Push),
        (status = 409, description = "The size is not as expected, or the destination is disabled.",
            body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(request): Body<NewPush>,
) -> Reply<(StatusCode, Json<Push>)> {
    let as_of = date(&request.as_of, "/as_of")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    if whom == Whom::Universe {
        let error =
            Error::new(Code::InvalidArgument, "name an audience or a snapshot, or write an expression");
        return Err(error.help("for everybody write {\"everyone\": true}").into());
    }
    let place = if matches!(whom, Whom::Expression(_)) { in_expression } else { in_body };
    let wanted = PushRequest {
        whom,
        as_of,
        to: Target::Named(request.destination),
        name: request.name,
        holdout_percent: request.holdout_percent.unwrap_or(0.0),
        salt: request.salt,
        expected_count: request.expected_count,
    };
    let push = blocking(move || workspace.start_push(&wanted).map_err(place)).await?;
    Ok((StatusCode::ACCEPTED, Json((&push).into())))
}

/// Pushes, latest first
#[utoipa::path(get, path = "/pushes", operation_id = "list_pushes", tag = "pushes", params(Listing),
    responses((status = 200, description = "A page.", body = Items<Push>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Push>> {
    let page = listing.page()?;
    let pushes = blocking(move || workspace.pushes(&page)).await?;
    Ok(Json(Items::page(&pushes)))
}

/// A push and its ledger
#[utoipa::path(get, path = "/pushes/{id}", operation_id = "get_push", tag = "pushes",
    params(("id", description = "Its id.")),
    responses((status = 200, description = "The push.", body = Push), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Push> {
    let push = blocking(move || workspace.push(&id)).await?;
    Ok(Json((&push).into()))
}

/// Members of a push's audience in canonical order, and what became of each
#[utoipa::path(get, path = "/pushes/{id}/recipients", operation_id = "list_push_recipients", tag = "pushes",
    params(("id", description = "Its id."), RecipientListing),
    responses((status = 200, description = "A page.", body = Items<PushRecipient>), Failures))]
pub(crate) async fn recipients(
    Tenant(workspace): Tenant,
    Path(id): Path<String>,
    listing: RecipientListing,
) -> Answer<Items<PushRecipient>> {
    let page: Page = Listing::of(listing.limit, listing.after).page()?;
    let found = blocking(move || workspace.push_recipients(&id, listing.outcome.as_deref(), &page)).await?;
    Ok(Json(Items::page(&found)))
}

/// Calls of a push: each a message with a stable id, and every attempt at it
#[utoipa::path(get, path = "/pushes/{id}/messages", operation_id = "list_push_messages", tag = "pushes",
    params(("id", description = "Its id."), Listing),
    responses((status = 200, description = "A page.", body = Items<PushMessage>), Failures))]
pub(crate) async fn messages(
    Tenant(workspace): Tenant,
    Path(id): Path<String>,
    listing: Listing,
) -> Answer<Items<PushMessage>> {
    let page = listing.page()?;
    let found = blocking(move || workspace.push_messages(&id, &page)).await?;
    Ok(Json(Items::page(&found)))
}

/// The file that a push has written
#[utoipa::path(get, path = "/pushes/{id}/file", operation_id = "get_push_file", tag = "pushes",
    params(("id", description = "Its id.")),
    responses((status = 200, description = "The file.", content_type = "application/octet-stream"), Failures))]
pub(crate) async fn file(
    Tenant(workspace): Tenant,
    Path(id): Path<String>,
) -> Reply<([(HeaderName, String); 3], Bytes)> {
    let (path, format) = blocking(move || workspace.push_file(&id)).await?;
    let failed = |error: std::io::Error| Error::io("reading the file", &error);
    let file = tokio::fs::File::open(&path).await.map_err(failed)?;
    let length = file.metadata().await.map_err(failed)?.len();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, content_type(format).to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, stream(file)))
}

/// Begins no further calls of a push; calls under way end as they end
#[utoipa::path(post, path = "/pushes/{id}/stop", operation_id = "stop_push", tag = "pushes",
    params(("id", description = "Its id.")),
    responses((status = 200, description = "The push.", body = Push), Failures))]
pub(crate) async fn stop(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Push> {
    let push = blocking(move || workspace.stop_push(&id)).await?;
    Ok(Json((&push).into()))
}

/// Sends on what is not final, at once; also what was given up without its outcome being known
#[utoipa::path(post, path = "/pushes/{id}/resume", operation_id = "resume_push", tag = "pushes",
    params(("id", description = "Its id.")),
    responses((status = 200, description = "The push.", body = Push),
        (status = 409, description = "The destination is disabled.", body = Problem), Failures))]
pub(crate) async fn resume(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Push> {
    let push = blocking(move || workspace.resume_push(&id)).await?;
    Ok(Json((&push).into()))
}

fn content_type(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Jsonl => "application/jsonl",
        Format::Parquet => "application/vnd.apache.parquet",
    }
}

/// A file in pieces: it may be larger than memory.
fn stream(file: tokio::fs::File) -> Bytes {
    let pieces = futures::stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; 1 << 16];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    });
    Bytes::from_stream(pieces)
}
