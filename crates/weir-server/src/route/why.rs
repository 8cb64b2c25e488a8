//! Why a consumer is in or out.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{date, in_expression};
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::{Expression, Why};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhyRequest {
    /// A user id, or `kind:value`.
    #[schema(example = "email:someone@example.com")]
    consumer: String,
    expression: Expression,
    /// Local date.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
}

/// Why a consumer is in or out of an expression: every node with the events, tags and rules that decided
#[utoipa::path(post, path = "/why", tag = "audiences", request_body = WhyRequest,
    responses((status = 200, description = "The expression, painted.", body = Why), Failures))]
pub(crate) async fn why(Tenant(workspace): Tenant, Body(request): Body<WhyRequest>) -> Answer<Why> {
    let expr = request.expression.read("/expression")?;
    let as_of = date(&request.as_of, "/as_of")?;
    let answer =
        blocking(move || workspace.why(&request.consumer, &expr, as_of).map_err(in_expression)).await?;
    Ok(Json((&answer).into()))
}
