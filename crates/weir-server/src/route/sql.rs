//! Ad-hoc SQL, reading only.
//!
//! On the command line `COPY … TO` writes files as whoever runs it. Over HTTP it would write them as the server, so
//! here it is refused.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::Writes;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::Rows;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlRequest {
    /// A query over `events`, `consumers`, `identifiers`, `tags` and `catalog`.
    #[schema(example = "SELECT channel, count(*) AS events FROM events GROUP BY channel ORDER BY 2 DESC")]
    query: String,
}

/// Runs a query over the workspace's tables
#[utoipa::path(post, path = "/sql", operation_id = "run_sql", tag = "sql", request_body = SqlRequest,
    responses((status = 200, description = "Its rows.", body = Rows), Failures))]
pub(crate) async fn sql(Tenant(workspace): Tenant, Body(request): Body<SqlRequest>) -> Answer<Rows> {
    let answer = blocking(move || workspace.sql(&request.query, Writes::Refused)).await?;
    Ok(Json(answer.into()))
}
