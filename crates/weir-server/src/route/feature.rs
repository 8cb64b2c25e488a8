//! Features of the workspace: which it has, turning them on and off.

use axum::Json;
use axum::extract::Path;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_core::feature::Feature as Named;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Feature, Items};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureBody {
    /// Whether the workspace is to have it.
    #[schema(example = false)]
    on: bool,
}

/// Features by name, and whether the workspace has them
#[utoipa::path(get, path = "/workspace/features", operation_id = "list_features", tag = "workspace",
    params(Listing), responses((status = 200, description = "A page.", body = Items<Feature>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Feature>> {
    let page = listing.page()?;
    let features = blocking(move || workspace.features(&page)).await?;
    Ok(Json(Items::page(&features)))
}

/// Turns a feature of the workspace on or off; what is there already stays
#[utoipa::path(put, path = "/workspace/features/{name}", operation_id = "put_feature", tag = "workspace",
    params(("name", description = "Its name.")), request_body = FeatureBody,
    responses((status = 200, description = "As it is now.", body = Feature), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<FeatureBody>,
) -> Answer<Feature> {
    let state = blocking(move || {
        let feature = Named::named(&name)?;
        workspace.set_feature(feature, body.on)?;
        workspace.feature(feature)
    });
    Ok(Json((&state.await?).into()))
}
