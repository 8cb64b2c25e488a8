//! RFM: how recently, how often and for how much everybody bought.

use axum::Json;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Rfm};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RfmRequest {
    /// Which events are purchases: filters, no measures, no window; `purchase` unless given.
    #[schema(value_type = Option<Object>, example = json!({"behavior": ["purchase"]}))]
    events: Option<Value>,
    /// Where they must lie for R, F and M, each if it is given; ever up to as-of unless given.
    #[schema(value_type = Option<Object>, example = json!({"f": {"days": 365}, "m": {"days": 365}}))]
    windows: Option<Value>,
    /// `{"quantile": n}`, `{"fixed": {"r": [days…], "f": [orders…], "m": [money…]}}` or `{"mean": true}`; five quantiles
    /// unless given.
    #[schema(value_type = Option<Object>, example = json!({"quantile": 5}))]
    method: Option<Value>,
    /// Boxes of scores under names, first that fits; the shipped eleven unless given.
    #[schema(value_type = Option<Vec<Object>>, example = json!([{"is": "champions", "r": [5, 5], "f": [4, 5]}]))]
    segments: Option<Value>,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Only members of this audience.
    audience: Option<String>,
    /// Only members of this expression.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// How recently, how often and for how much everybody bought: scores, classes, segments
#[utoipa::path(post, path = "/rfm", tag = "audiences", request_body = RfmRequest,
    responses((status = 200, description = "People and money per cell, class and segment.", body = Rfm), Failures))]
pub(crate) async fn rfm(Tenant(workspace): Tenant, Body(request): Body<RfmRequest>) -> Answer<Rfm> {
    let asked = weir_core::rfm::Rfm::from_json(&request.analysis())?;
    let as_of = date(&request.as_of, "/as_of")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let answer = asking(workspace, Length::Long, move |workspace| {
        workspace.rfm(&asked, as_of, &whom).map_err(in_body)
    })
    .await?;
    Ok(Json((&answer).into()))
}

impl RfmRequest {
    /// What weir-core reads.
    fn analysis(&self) -> Value {
        let parts = [
            ("events", &self.events),
            ("windows", &self.windows),
            ("method", &self.method),
            ("segments", &self.segments),
        ];
        let given = parts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
        Value::Object(given.collect::<Map<String, Value>>())
    }
}
