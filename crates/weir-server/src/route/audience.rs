//! Audiences: named expressions.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::{AudienceFilter, Change, Workspace};
use weir_core::about::About;
use weir_core::{Code, Error, Result};

use super::{about, in_expression};
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::wire::{Audience, Expression, Items, Problem};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAudience {
    #[schema(example = "bought_lately")]
    name: String,
    expression: Expression,
    /// What it is for.
    description: Option<String>,
    /// Who answers for it.
    #[schema(example = "crm team")]
    owner: Option<String>,
    /// What it is used as, such as `target`, `exclude` or `seed`.
    #[schema(example = "target")]
    role: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    labels: Vec<String>,
    /// When it is computed anew without being asked: `continuous`, `hourly`, `daily 05:00`, `weekly mon 05:00` or
    /// `monthly 1 05:00`.
    #[schema(example = "daily 05:00")]
    refresh: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudienceBody {
    expression: Expression,
    /// What it is for.
    description: Option<String>,
    /// Who answers for it.
    #[schema(example = "crm team")]
    owner: Option<String>,
    /// What it is used as, such as `target`, `exclude` or `seed`.
    #[schema(example = "target")]
    role: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    labels: Vec<String>,
    /// When it is computed anew without being asked: `continuous`, `hourly`, `daily 05:00`, `weekly mon 05:00` or
    /// `monthly 1 05:00`.
    #[schema(example = "daily 05:00")]
    refresh: Option<String>,
}

/// Which audiences, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudienceListing {
    /// Text in the name, the description or the owner, in any case.
    search: Option<String>,
    /// Only with this label.
    label: Option<String>,
    /// Only in this role, such as `target`.
    role: Option<String>,
    /// Only of this owner.
    owner: Option<String>,
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for AudienceListing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<AudienceListing> {
        Ok(query(parts)?)
    }
}

/// Audiences by name, with the sizes that were recorded last
#[utoipa::path(get, path = "/audiences", operation_id = "list_audiences", tag = "audiences", params(AudienceListing),
    responses((status = 200, description = "A page.", body = Items<Audience>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: AudienceListing) -> Answer<Items<Audience>> {
    let AudienceListing { search, label, role, owner, limit, after } = listing;
    let (filter, page) = (AudienceFilter { search, label, role, owner }, Listing::of(limit, after).page()?);
    let audiences = blocking(move || workspace.audiences(&filter, &page)).await?;
    Ok(Json(Items::page(&audiences)))
}

/// A new audience
#[utoipa::path(post, path = "/audiences", operation_id = "create_audience",
    tag = "audiences", request_body = NewAudience,
    responses((status = 201, description = "Created.", body = Audience),
        (status = 409, description = "There is one of that name.", body = Problem), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Body(request): Body<NewAudience>,
) -> Reply<(StatusCode, Json<Audience>)> {
    let (name, body) = request.split();
    let saved = blocking(move || {
        refuse_if_taken(&workspace, &name)?;
        save(&workspace, &name, &body)
    });
    Ok(saved.await?)
}

/// An audience
#[utoipa::path(get, path = "/audiences/{name}", operation_id = "get_audience",
    tag = "audiences", params(("name", description = "Its name.")),
    responses((status = 200, description = "The audience.", body = Audience), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Audience> {
    let audience = blocking(move || workspace.audience_record(&name)).await?;
    Ok(Json((&audience).into()))
}

/// Creates an audience or changes it
#[utoipa::path(put, path = "/audiences/{name}", operation_id = "put_audience",
    tag = "audiences", params(("name", description = "Its name.")),
    request_body = AudienceBody,
    responses((status = 200, description = "Changed, or the same as before.", body = Audience),
        (status = 201, description = "Created.", body = Audience), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<AudienceBody>,
) -> Reply<(StatusCode, Json<Audience>)> {
    Ok(blocking(move || save(&workspace, &name, &body)).await?)
}

/// Removes an audience; its snapshots stay
#[utoipa::path(delete, path = "/audiences/{name}", operation_id = "delete_audience",
    tag = "audiences", params(("name", description = "Its name.")),
    responses((status = 204, description = "Removed."),
        (status = 409, description = "An audience, a state model, a tag or a track names it.", body = Problem), Failures))]
pub(crate) async fn delete(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<StatusCode> {
    blocking(move || workspace.delete_audience(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl NewAudience {
    fn split(self) -> (String, AudienceBody) {
        let NewAudience { name, expression, description, owner, role, labels, refresh } = self;
        (name, AudienceBody { expression, description, owner, role, labels, refresh })
    }
}

impl AudienceBody {
    /// What weir-core reads: the fields that were given.
    fn about(&self) -> Result<About> {
        about([&self.description, &self.owner, &self.role, &self.refresh], &self.labels)
    }
}

fn refuse_if_taken(workspace: &Workspace, name: &str) -> Result<()> {
    match workspace.audience(name) {
        Ok(_) => Err(Error::new(Code::NameTaken, format!("there is an audience \"{name}\" already"))
            .at("/name")
            .help("PUT it to change it, or choose another name")),
        Err(error) if error.code == Code::UnknownAudience => Ok(()),
        Err(error) => Err(error),
    }
}

fn save(workspace: &Workspace, name: &str, body: &AudienceBody) -> Result<(StatusCode, Json<Audience>)> {
    // Read here first, so that what weir-app finds wrong afterwards is a name inside the expression.
    body.expression.read("/expression")?;
    let applied = workspace.put_audience(name, &body.expression.0, body.about()?);
    let applied = applied.map_err(in_expression)?;
    let status = if applied.change == Change::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json((&workspace.audience(name)?).into())))
}
