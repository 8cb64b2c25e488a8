//! Who comes back, by cohort.

use axum::Json;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, People, Retention};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionRequest {
    /// Which events put people into a cohort: filters, no measures.
    #[schema(value_type = Object, example = json!({"behavior": ["purchase"]}))]
    start: Value,
    /// Which events count as coming back.
    #[schema(value_type = Object, example = json!({"behavior": ["purchase"]}))]
    r#return: Value,
    /// Where all events must lie: `{"days": n}` or `{"from": date, "to": date}`.
    #[schema(value_type = Object, example = json!({"days": 60}))]
    window: Value,
    /// `day`, `week` (from Monday) or `month`.
    #[schema(example = "week")]
    period: String,
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

/// Who comes back: cohorts by first event, and how many of each return in later periods
#[utoipa::path(post, path = "/retention", tag = "audiences", request_body = RetentionRequest,
    responses((status = 200, description = "One cohort per period of the window.", body = Retention), Failures))]
pub(crate) async fn retention(
    Tenant(workspace): Tenant,
    Body(request): Body<RetentionRequest>,
) -> Answer<Retention> {
    let asked = asked(&request.start, &request.r#return, &request.window, &request.period)?;
    let as_of = date(&request.as_of, "/as_of")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let answer = asking(workspace, Length::Long, move |workspace| {
        workspace.retention(&asked, as_of, &whom).map_err(in_body)
    })
    .await?;
    Ok(Json((&answer).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionCellRequest {
    /// Which events put people into a cohort: filters, no measures.
    #[schema(value_type = Object, example = json!({"behavior": ["purchase"]}))]
    start: Value,
    /// Which events count as coming back.
    #[schema(value_type = Object, example = json!({"behavior": ["purchase"]}))]
    r#return: Value,
    /// Where all events must lie: `{"days": n}` or `{"from": date, "to": date}`.
    #[schema(value_type = Object, example = json!({"days": 60}))]
    window: Value,
    /// `day`, `week` (from Monday) or `month`.
    #[schema(example = "week")]
    period: String,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Only members of this audience.
    audience: Option<String>,
    /// Only members of this expression.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
    /// The date of the cohort, as it stands in the answer.
    #[schema(format = Date, example = "2024-11-04")]
    cohort: String,
    /// Only those who came back so many periods later; the whole cohort unless given.
    #[schema(example = 1)]
    later: Option<u32>,
}

/// Who is in a cohort, or came back from it, as an expression
#[utoipa::path(post, path = "/retention/cell", operation_id = "people_in_cohort", tag = "audiences",
    request_body = RetentionCellRequest,
    responses((status = 200, description = "The people behind the number.", body = People), Failures))]
pub(crate) async fn cell(
    Tenant(workspace): Tenant,
    Body(request): Body<RetentionCellRequest>,
) -> Answer<People> {
    let asked = asked(&request.start, &request.r#return, &request.window, &request.period)?;
    let (as_of, cohort) = (date(&request.as_of, "/as_of")?, date(&request.cohort, "/cohort")?);
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move || workspace.people_in_cohort(&asked, as_of, &whom, cohort, request.later);
    let people = blocking(move || ask().map_err(in_body)).await?;
    Ok(Json((&people).into()))
}

fn asked(
    start: &Value,
    returns: &Value,
    window: &Value,
    period: &str,
) -> weir_core::Result<weir_core::retention::Retention> {
    let json = json!({"start": start, "return": returns, "window": window, "period": period});
    weir_core::retention::Retention::from_json(&json)
}
