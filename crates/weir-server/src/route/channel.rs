//! Channels: whom they reached, the form of one, and the audience that a filled-in form means.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_core::Error;

use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::listing::query;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{ChannelAudience, ChannelForm, ChannelReach};

/// Days looked at unless asked otherwise.
const DEFAULT_DAYS: u32 = 30;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelReachRequest {
    /// Local date: the last of the days.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// How many days; 30 unless given.
    #[schema(minimum = 1, example = 30)]
    days: Option<u32>,
    /// Only these behaviors.
    #[schema(example = json!(["impression", "click"]))]
    #[serde(default)]
    behavior: Vec<String>,
}

/// How many people each channel reached in the last days
#[utoipa::path(post, path = "/channels/reach", operation_id = "channel_reach", tag = "names",
    request_body = ChannelReachRequest,
    responses((status = 200, description = "The whole tree, each with its people.", body = ChannelReach), Failures))]
pub(crate) async fn reach(
    Tenant(workspace): Tenant,
    Body(request): Body<ChannelReachRequest>,
) -> Answer<ChannelReach> {
    let as_of = date(&request.as_of, "/as_of")?;
    let days = request.days.unwrap_or(DEFAULT_DAYS);
    let answer = asking(workspace, Length::Short, move |workspace| {
        workspace.channel_reach(days, &request.behavior, as_of).map_err(in_body)
    });
    Ok(Json((&answer.await?).into()))
}

/// What to choose from.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormQuery {
    /// Only what events up to this local date have brought; all of them unless given.
    #[param(format = Date, example = "2024-11-30")]
    as_of: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for FormQuery {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Reply<FormQuery> {
        Ok(query(parts)?)
    }
}

/// What can be asked about a channel: parameters, and what data has to choose from
#[utoipa::path(get, path = "/channels/{path}/conditions", operation_id = "channel_conditions", tag = "names",
    params(("path", description = "Its path, or leaf."), FormQuery),
    responses((status = 200, description = "A form.", body = ChannelForm), Failures))]
pub(crate) async fn form(
    Tenant(workspace): Tenant,
    Path(path): Path<String>,
    asked: FormQuery,
) -> Answer<ChannelForm> {
    let as_of = asked.as_of.map(|text| date(&text, "as_of")).transpose()?;
    let form =
        asking(workspace, Length::Short, move |workspace| workspace.channel_form(&path, as_of)).await?;
    Ok(Json((&form).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilledForm {
    /// Parameters by key, as `GET /channels/{path}/conditions` lists them.
    #[schema(value_type = Object, example = json!({
        "behavior": ["click"], "count": {"gte": 2}, "within": {"days": 30}, "not_bought_since": true,
    }))]
    conditions: Value,
    /// Local date: also count who is meant.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: Option<String>,
}

/// The expression that parameters filled in for a channel mean
#[utoipa::path(post, path = "/channels/{path}/audience", operation_id = "channel_audience", tag = "names",
    params(("path", description = "Its path, or leaf.")), request_body = FilledForm,
    responses((status = 200, description = "An expression, to be evaluated, saved or refined.", body = ChannelAudience),
        Failures))]
pub(crate) async fn audience(
    Tenant(workspace): Tenant,
    Path(path): Path<String>,
    Body(request): Body<FilledForm>,
) -> Answer<ChannelAudience> {
    let as_of = request.as_of.map(|text| date(&text, "/as_of")).transpose()?;
    let found = asking(workspace, Length::Short, move |workspace| {
        workspace.channel_audience(&path, &request.conditions, as_of).map_err(in_conditions)
    });
    Ok(Json((&found.await?).into()))
}

/// What is found in the parameters is placed where the body has them; the channel itself stands in the address.
fn in_conditions(error: Error) -> Error {
    if error.at.is_some() { error.under("/conditions") } else { error }
}
