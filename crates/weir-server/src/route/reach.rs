//! Which media reach the most people for a budget.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::date;
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Reach};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachRequest {
    /// One to sixteen media that can be bought.
    #[schema(value_type = Vec<MediumToBuy>, min_items = 1, max_items = 16)]
    media: Value,
    /// What may be spent, in the workspace's currency: a number, or a text because money is exact. Without it, all of it.
    #[schema(value_type = Option<String>, example = "5000")]
    budget: Option<Value>,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
}

/// A medium: people as in `SetOfPeople`, and what it costs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "weir-core reads it, which knows the place of every mistake; this describes it")]
pub(crate) struct MediumToBuy {
    /// Its name among the others; unless given, that of the audience, snapshot, list or channel.
    name: Option<String>,
    expression: Option<Expression>,
    /// Name of an audience.
    audience: Option<String>,
    /// Id or name of a snapshot.
    snapshot: Option<String>,
    /// Name of a list.
    list: Option<String>,
    /// Path or leaf of a channel: whoever has an event on it or below it.
    #[schema(example = "ads.onsite.feed_ads")]
    channel: Option<String>,
    /// Beside `channel`: only these behaviors.
    behavior: Option<Vec<String>>,
    /// Beside `channel`: only in this window.
    #[schema(value_type = Option<Object>, example = json!({"days": 30}))]
    within: Option<Value>,
    /// What it costs; `{}` costs nothing.
    cost: MediumCost,
}

/// What a medium costs: the sum of both.
#[derive(ToSchema)]
#[expect(dead_code, reason = "as above")]
pub(crate) struct MediumCost {
    /// Whatever it reaches.
    #[schema(example = "500")]
    fixed: Option<String>,
    /// For each thousand people that it reaches.
    #[schema(example = "12.5")]
    per_thousand: Option<String>,
}

/// Plans which media to buy for a budget so that as many people as possible are reached
#[utoipa::path(post, path = "/reach", tag = "audiences", request_body = ReachRequest,
    responses((status = 200, description = "A plan, and how far it is from the best.", body = Reach), Failures))]
pub(crate) async fn reach(Tenant(workspace): Tenant, Body(request): Body<ReachRequest>) -> Answer<Reach> {
    let asked = weir_core::reach::Reach::from_json(&request.media, request.budget.as_ref())?;
    let as_of = date(&request.as_of, "/as_of")?;
    let answer = asking(workspace, Length::Short, move |workspace| workspace.reach(&asked, as_of)).await?;
    Ok(Json((&answer).into()))
}
