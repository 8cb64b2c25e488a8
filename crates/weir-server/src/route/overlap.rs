//! How some sets lie over each other.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_core::{Code, Error};

use super::date;
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Overlap};

/// Combinations listed unless asked otherwise, and most: of sixteen sets there can be no more.
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 65_535;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverlapRequest {
    /// Two to sixteen sets.
    #[schema(value_type = Vec<SetOfPeople>, min_items = 2, max_items = 16)]
    sets: Value,
    /// Local date: all that happened up to the end of it.
    #[schema(format = Date, example = "2024-11-30")]
    as_of: String,
    /// Most combinations to list, the largest first; 1,000 unless given. Sizes and the matrix do not depend on it.
    #[schema(minimum = 1, maximum = 65535)]
    limit: Option<usize>,
}

/// Some people under a name: exactly one of `expression`, `audience`, `snapshot`, `list` and `channel` is given.
#[derive(ToSchema)]
#[expect(dead_code, reason = "weir-core reads it, which knows the place of every mistake; this describes it")]
pub(crate) struct SetOfPeople {
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
    #[schema(example = json!(["impression", "click"]))]
    behavior: Option<Vec<String>>,
    /// Beside `channel`: only in this window.
    #[schema(value_type = Option<Object>, example = json!({"days": 30}))]
    within: Option<Value>,
}

/// How many people are in each combination of some sets
#[utoipa::path(post, path = "/overlap", tag = "audiences", request_body = OverlapRequest,
    responses((status = 200, description = "Sizes, every combination, and the sets pair by pair.", body = Overlap), Failures))]
pub(crate) async fn overlap(
    Tenant(workspace): Tenant,
    Body(request): Body<OverlapRequest>,
) -> Answer<Overlap> {
    let asked = weir_core::overlap::Overlap::from_json(&request.sets)?;
    let as_of = date(&request.as_of, "/as_of")?;
    let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        let message = format!("the limit is a whole number from 1 to {LARGEST_LIMIT}, not {limit}");
        return Err(Error::new(Code::InvalidArgument, message).at("/limit").into());
    }
    let answer = asking(workspace, Length::Short, move |workspace| workspace.overlap(&asked, as_of)).await?;
    Ok(Json(Overlap::new(&answer, limit)))
}
