//! How a subject differs from a base.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{PortraitRequest as Asked, Whom};
use weir_core::cut::Cut;
use weir_core::{Error, Result};

use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Portrait};

/// Rows of a cut unless asked otherwise.
const DEFAULT_ROWS: usize = 20;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortraitRequest {
    /// Of the members of this audience; of everybody without one of `audience`, `expression` and `snapshot`.
    audience: Option<String>,
    /// Of the members of this expression.
    expression: Option<Expression>,
    /// Of the members of this snapshot, by id or name.
    snapshot: Option<String>,
    /// With whom they are compared; everybody known unless given.
    base: Option<PortraitBase>,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// By what people are told apart. Unless given: every tag, and what they did in the last 365 days.
    #[schema(value_type = Option<Vec<Object>>, max_items = 200,
        example = json!([{"tag": "gender"}, {"channel": "entrance", "events": {"within": {"days": 30}}},
            {"field": "category", "events": {"behavior": ["purchase"]}}, {"state": {"model": "pno", "scope": {"shop": "flagship"}}},
            {"measure": "amount", "events": {"behavior": ["purchase"], "within": {"days": 365}}, "bins": 5}]))]
    cuts: Option<Vec<Value>>,
    /// Most rows of a cut whose rows are values, the most frequent first; 20 unless given, at most 1,000.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// With whom a portrait compares: one of them, or everybody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortraitBase {
    /// Members of this audience.
    audience: Option<String>,
    /// Members of this expression.
    expression: Option<Expression>,
    /// Members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// Draws a portrait of some people: what they are and do, against a base
#[utoipa::path(post, path = "/portrait", tag = "audiences", request_body = PortraitRequest,
    responses((status = 200, description = "For each row of each cut counts, shares, TGI and how sure that is.", body = Portrait), Failures))]
pub(crate) async fn portrait(
    Tenant(workspace): Tenant,
    Body(request): Body<PortraitRequest>,
) -> Answer<Portrait> {
    let asked = Asked {
        subject: whom(request.audience, request.expression.as_ref(), request.snapshot)?,
        base: base(request.base)?,
        as_of: date(&request.as_of, "/as_of")?,
        cuts: cuts(&request.cuts.unwrap_or_default())?,
        limit: request.limit.unwrap_or(DEFAULT_ROWS),
    };
    let answer =
        asking(workspace, Length::Long, move |workspace| workspace.portrait(&asked).map_err(in_body)).await?;
    Ok(Json((&answer).into()))
}

fn base(given: Option<PortraitBase>) -> Result<Whom> {
    let Some(base) = given else { return Ok(Whom::Universe) };
    whom(base.audience, base.expression.as_ref(), base.snapshot).map_err(|error| error.under("/base"))
}

fn cuts(given: &[Value]) -> Result<Vec<Cut>> {
    let cut = |(i, cut)| Cut::from_json(cut).map_err(|error: Error| error.under(&format!("/cuts/{i}")));
    given.iter().enumerate().map(cut).collect()
}
