//! How many are in an expression.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::EvalOptions;

use super::{date, in_expression};
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::server::Shared;
use crate::turn::Length;
use crate::wire::{Estimate, Expression};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EstimateRequest {
    expression: Expression,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Whether to answer the size of every node, too.
    #[serde(default)]
    nodes: bool,
    /// Whether to answer the hash over the members, too.
    #[serde(default)]
    hash: bool,
}

/// The size of an expression as of a date, exact
#[utoipa::path(post, path = "/audiences/estimate", tag = "audiences", request_body = EstimateRequest,
    responses((status = 200, description = "The size.", body = Estimate), Failures))]
pub(crate) async fn estimate(
    State(server): State<Shared>,
    Tenant(workspace): Tenant,
    Body(request): Body<EstimateRequest>,
) -> Answer<Estimate> {
    let expr = request.expression.read("/expression")?;
    let as_of = date(&request.as_of, "/as_of")?;
    let options = EvalOptions { nodes: request.nodes, hash: request.hash, members: false };
    let estimate = asking(workspace, Length::Short, move |workspace| {
        workspace.evaluate(&expr, as_of, options).map_err(in_expression)
    })
    .await?;
    server.metrics().estimated(estimate.elapsed_us);
    Ok(Json((&estimate).into()))
}
