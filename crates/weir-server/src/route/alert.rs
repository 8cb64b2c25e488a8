//! Alerts: numbers of tracks that left their band.

use axum::Json;
use serde::Deserialize;

use super::track::Asked;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::Answer;
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::wire::{Alert, Items};

/// Which alerts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertListing {
    /// Only those of this track.
    track: Option<String>,
    /// Only those that are open.
    open: Option<bool>,
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Numbers of tracks that left their band, latest first
#[utoipa::path(get, path = "/alerts", operation_id = "list_alerts", tag = "tracks", params(AlertListing),
    responses((status = 200, description = "A page.", body = Items<Alert>), Failures))]
pub(crate) async fn list(
    Tenant(workspace): Tenant,
    Asked(asked): Asked<AlertListing>,
) -> Answer<Items<Alert>> {
    let page = Listing::of(asked.limit, asked.after).page()?;
    let found =
        blocking(move || workspace.alerts(asked.track.as_deref(), asked.open.unwrap_or(false), &page));
    Ok(Json(Items::page(&found.await?)))
}
