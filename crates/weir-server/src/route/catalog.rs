//! The catalogue: names for what events mention by id.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use weir_core::catalog::EntryKind;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::{Listing, query};
use crate::openapi::Failures;
use crate::wire::{CatalogEntry, Items};

/// Which entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entries {
    /// brand, shop, category, item, channel or campaign.
    #[param(example = "shop")]
    kind: String,
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Entries {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<Entries> {
        Ok(query(parts)?)
    }
}

/// Brands, shops, categories, items or campaigns: those of the catalogue, and those that only events mention
#[utoipa::path(get, path = "/catalog", operation_id = "list_catalog", tag = "names", params(Entries),
    responses((status = 200, description = "A page, by id.", body = Items<CatalogEntry>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, entries: Entries) -> Answer<Items<CatalogEntry>> {
    let kind = EntryKind::named(&entries.kind)?;
    let page = Listing { limit: entries.limit, after: entries.after }.page()?;
    let entries = blocking(move || workspace.catalog(kind, &page)).await?;
    Ok(Json(Items::page(&entries)))
}
