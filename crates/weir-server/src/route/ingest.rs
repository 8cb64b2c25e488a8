//! How ingest is. Where clients send to is in `crate::ingest`.

use axum::Json;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::Ingest;

/// Whether events can be taken in, and how long ago the last ones were
#[utoipa::path(get, path = "/ingest/status", operation_id = "get_ingest_status", tag = "sources",
    responses((status = 200, description = "How it is.", body = Ingest), Failures))]
pub(crate) async fn status(Tenant(workspace): Tenant) -> Answer<Ingest> {
    let status = blocking(move || {
        let (status, sources) = (workspace.ingest_status()?, workspace.sources(&weir_app::Page::all())?);
        Ok(Ingest::new(&status, &sources.items, jiff::Timestamp::now().as_microsecond()))
    });
    Ok(Json(status.await?))
}
