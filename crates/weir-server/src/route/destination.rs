//! Destinations: where people are pushed.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use weir_app::{Change, Workspace};
use weir_core::Result;
use weir_core::about::About;
use weir_core::time::Day;

use super::in_body;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Destination, DestinationTest, Items, Problem, Secret};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDestination {
    #[schema(example = "crm")]
    name: String,
    /// What it is for.
    description: Option<String>,
    /// `file` or `webhook`.
    #[schema(example = "webhook")]
    kind: String,
    /// Of a file: `csv`, `jsonl` or `parquet`.
    format: Option<String>,
    /// Of a webhook: where to POST.
    #[schema(example = "https://example.com/weir")]
    url: Option<String>,
    /// Of a webhook: recipients of one call; 100 unless given.
    batch: Option<u64>,
    /// Of a webhook: seconds that a call may take; 30 unless given.
    timeout_seconds: Option<u64>,
    /// Of a webhook: calls at a time; 4 unless given.
    in_flight: Option<u64>,
    /// Kinds of identifiers wanted; left out, the canonical one is enough.
    identifiers: Option<Vec<String>>,
    /// Of a webhook: a signing secret of your own, `whsec_…`; made unless given.
    secret: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DestinationBody {
    /// What it is for.
    description: Option<String>,
    /// `file` or `webhook`.
    #[schema(example = "webhook")]
    kind: String,
    /// Of a file: `csv`, `jsonl` or `parquet`.
    format: Option<String>,
    /// Of a webhook: where to POST.
    #[schema(example = "https://example.com/weir")]
    url: Option<String>,
    /// Of a webhook: recipients of one call; 100 unless given.
    batch: Option<u64>,
    /// Of a webhook: seconds that a call may take; 30 unless given.
    timeout_seconds: Option<u64>,
    /// Of a webhook: calls at a time; 4 unless given.
    in_flight: Option<u64>,
    /// Kinds of identifiers wanted; left out, the canonical one is enough.
    identifiers: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSecret {
    /// A signing secret of your own, `whsec_…`; made unless given.
    secret: Option<String>,
}

/// Destinations by name
#[utoipa::path(get, path = "/destinations", operation_id = "list_destinations", tag = "destinations",
    params(Listing), responses((status = 200, description = "A page.", body = Items<Destination>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Destination>> {
    let page = listing.page()?;
    let destinations = blocking(move || workspace.destinations(&page)).await?;
    Ok(Json(Items::page(&destinations)))
}

/// A new destination; the answer tells the signing secret, this once
#[utoipa::path(post, path = "/destinations", operation_id = "create_destination", tag = "destinations",
    request_body = NewDestination,
    responses((status = 201, description = "Created.", body = Destination),
        (status = 409, description = "There is one of that name.", body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(request): Body<NewDestination>,
) -> Reply<(StatusCode, Json<Destination>)> {
    let (name, secret) = (request.name.clone(), request.secret.clone());
    let body = DestinationBody::from(request);
    let made = blocking(move || {
        workspace
            .create_destination(&name, &body.definition(), body.about(), secret.as_deref())
            .map_err(in_body)
    });
    let (record, secret) = made.await?;
    Ok((StatusCode::CREATED, Json(Destination::from(&record).with_secret(secret))))
}

/// A destination, without its secret
#[utoipa::path(get, path = "/destinations/{name}", operation_id = "get_destination", tag = "destinations",
    params(("name", description = "Its name.")),
    responses((status = 200, description = "The destination.", body = Destination), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Destination> {
    let record = blocking(move || workspace.destination(&name)).await?;
    Ok(Json((&record).into()))
}

/// Creates a destination or changes it; a disabled one is enabled
#[utoipa::path(put, path = "/destinations/{name}", operation_id = "put_destination", tag = "destinations",
    params(("name", description = "Its name.")), request_body = DestinationBody,
    responses((status = 200, description = "Changed, or the same as before.", body = Destination),
        (status = 201, description = "Created; a webhook gets its secret by POST to /secret.", body = Destination),
        Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<DestinationBody>,
) -> Reply<(StatusCode, Json<Destination>)> {
    Ok(blocking(move || save(&workspace, &name, &body)).await?)
}

/// Removes a destination and its secrets; its pushes stay in the books
#[utoipa::path(delete, path = "/destinations/{name}", operation_id = "delete_destination", tag = "destinations",
    params(("name", description = "Its name.")),
    responses((status = 204, description = "Removed."),
        (status = 409, description = "A push to it is not done.", body = Problem), Failures))]
pub(crate) async fn delete(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<StatusCode> {
    blocking(move || workspace.delete_destination(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a new signing secret and tells it, this once; the one before stays active for a day
#[utoipa::path(post, path = "/destinations/{name}/secret", operation_id = "change_destination_secret",
    tag = "destinations", params(("name", description = "Its name.")), request_body = NewSecret,
    responses((status = 200, description = "The new secret.", body = Secret), Failures))]
pub(crate) async fn secret(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(request): Body<NewSecret>,
) -> Answer<Secret> {
    let destination = name.clone();
    let made = blocking(move || {
        workspace.change_destination_secret(&name, request.secret.as_deref()).map_err(in_body)
    });
    Ok(Json(Secret { secret: made.await?, destination }))
}

/// Sends one signed message without recipients to a webhook
#[utoipa::path(post, path = "/destinations/{name}/test", operation_id = "test_destination",
    tag = "destinations", params(("name", description = "Its name.")),
    responses((status = 200, description = "How it fared.", body = DestinationTest), Failures))]
pub(crate) async fn test(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<DestinationTest> {
    let tested = blocking(move || {
        let today = workspace.settings()?.zone.day_of(jiff::Timestamp::now().as_microsecond());
        workspace.test_destination(&name, today.unwrap_or(Day(0)))
    });
    Ok(Json((&tested.await?).into()))
}

impl From<NewDestination> for DestinationBody {
    fn from(new: NewDestination) -> DestinationBody {
        DestinationBody {
            description: new.description,
            kind: new.kind,
            format: new.format,
            url: new.url,
            batch: new.batch,
            timeout_seconds: new.timeout_seconds,
            in_flight: new.in_flight,
            identifiers: new.identifiers,
        }
    }
}

impl DestinationBody {
    fn about(&self) -> About {
        About { description: self.description.clone(), ..About::default() }
    }

    /// What weir-core reads: the fields that were given.
    fn definition(&self) -> Value {
        let fields = [
            ("kind", json!(self.kind)),
            ("format", json!(self.format)),
            ("url", json!(self.url)),
            ("batch", json!(self.batch)),
            ("timeout_seconds", json!(self.timeout_seconds)),
            ("in_flight", json!(self.in_flight)),
            ("identifiers", json!(self.identifiers)),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(given.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
    }
}

fn save(
    workspace: &Workspace,
    name: &str,
    body: &DestinationBody,
) -> Result<(StatusCode, Json<Destination>)> {
    let applied = workspace.put_destination(name, &body.definition(), body.about());
    let applied = applied.map_err(in_body)?;
    let status = if applied.change == Change::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json((&workspace.destination(name)?).into())))
}
