//! How many come how far along some steps.

use axum::Json;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weir_core::cut::Cut;
use weir_core::{Code, Error, Result};

use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Funnel};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunnelRequest {
    /// Two to ten conditions on events, as in a `sequence`: filters and windows, no measures.
    #[schema(value_type = Vec<Object>, min_items = 2, max_items = 10,
        example = json!([{"behavior": ["view"]}, {"behavior": ["add_to_cart"]}, {"behavior": ["purchase"]}]))]
    steps: Vec<Value>,
    /// Longest time from the first step to the one reached, its bound included, a day being 24 hours; unlimited unless
    /// given.
    #[schema(value_type = Option<Object>, example = json!({"days": 7}))]
    within: Option<Value>,
    /// Where all events must lie; ever up to as-of unless given.
    #[schema(value_type = Option<Object>, example = json!({"days": 60}))]
    window: Option<Value>,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Only members of this audience.
    audience: Option<String>,
    /// Only members of this expression.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
    /// Tells the people of each step apart, as of the date: a cut as in a portrait, and beside it `limit`, most rows where they are values
    /// (20 unless given, at most 1,000).
    #[schema(value_type = Option<Object>, example = json!({"tag": "gender", "limit": 10}))]
    breakdown: Option<Map<String, Value>>,
}

/// Rows of a breakdown unless asked otherwise.
const DEFAULT_ROWS: usize = 20;

/// How many come how far along some steps
#[utoipa::path(post, path = "/funnel", tag = "audiences", request_body = FunnelRequest,
    responses((status = 200, description = "How many come at least as far as each step.", body = Funnel), Failures))]
pub(crate) async fn funnel(Tenant(workspace): Tenant, Body(request): Body<FunnelRequest>) -> Answer<Funnel> {
    let asked = weir_core::funnel::Funnel::from_json(&request.steps())?;
    let as_of = date(&request.as_of, "/as_of")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let breakdown = breakdown(request.breakdown)?;
    let answer = asking(workspace, Length::Long, move |workspace| match breakdown {
        Some((cut, limit)) => workspace.funnel_by(&asked, (&cut, limit), as_of, &whom).map_err(in_body),
        None => workspace.funnel(&asked, as_of, &whom).map_err(in_body),
    })
    .await?;
    Ok(Json((&answer).into()))
}

/// A cut and the most rows of it.
fn breakdown(given: Option<Map<String, Value>>) -> Result<Option<(Cut, usize)>> {
    let Some(mut given) = given else { return Ok(None) };
    let limit = match given.shift_remove("limit") {
        None => DEFAULT_ROWS,
        Some(limit) => limit.as_u64().map(|n| n as usize).ok_or_else(|| {
            Error::new(Code::InvalidArgument, "the limit is a whole number").at("/breakdown/limit")
        })?,
    };
    let cut = Cut::from_json(&Value::Object(given)).map_err(|error| error.under("/breakdown"))?;
    Ok(Some((cut, limit)))
}

impl FunnelRequest {
    /// What weir-core reads.
    fn steps(&self) -> Value {
        let mut object = Map::new();
        object.insert("steps".to_owned(), self.steps.clone().into());
        for (key, value) in [("within", &self.within), ("window", &self.window)] {
            if let Some(value) = value {
                object.insert(key.to_owned(), value.clone());
            }
        }
        Value::Object(object)
    }
}
