//! Settings of the workspace.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use super::date;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::{self, Identity, Problem, Rate};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkspaceBody {
    /// An IANA name; fixed once there are events.
    #[schema(example = "Asia/Shanghai")]
    timezone: Option<String>,
    /// ISO 4217; fixed once there are events.
    #[schema(example = "CNY")]
    currency: Option<String>,
    /// Fields left out get their default.
    #[schema(value_type = Option<Identity>)]
    identity: Option<Value>,
    /// Events older than so many days expire, or `none` to keep them for ever. Takes effect with the next run: when a
    /// day begins, when the server starts, or on demand.
    #[schema(value_type = Option<Amount>, example = 400)]
    retention_days: Option<Value>,
    /// Most bytes that the workspace may use: a number, a text such as `50GB`, or `none` for no limit.
    #[schema(value_type = Option<Amount>, example = "50GB")]
    disk_limit: Option<Value>,
    /// Bytes that stay free on the disk: a number, a text such as `1GiB`, or `default` for the smaller of 1 GiB and 5 %
    /// of the disk.
    #[schema(value_type = Option<Amount>, example = "1GiB")]
    disk_reserve: Option<Value>,
    /// Rates to add, or to replace where currency and day are the same.
    #[serde(default)]
    rates: Vec<Rate>,
}

/// A number, or a text that says one with its unit.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "only its schema is used; what is read is checked by the store, which names what is wrong"
)]
#[serde(untagged)]
pub(crate) enum Amount {
    Number(u64),
    Text(String),
}

/// The settings, and what the workspace holds
#[utoipa::path(get, path = "/workspace", operation_id = "get_workspace", tag = "workspace",
    responses((status = 200, description = "The settings.", body = wire::Workspace), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant) -> Answer<wire::Workspace> {
    Ok(Json(blocking(move || now(&workspace)).await?))
}

/// Changes settings; those left out stay
#[utoipa::path(put, path = "/workspace", operation_id = "put_workspace",
    tag = "workspace", request_body = WorkspaceBody,
    responses((status = 200, description = "The settings now.", body = wire::Workspace),
        (status = 409, description = "Events were stored by the setting.", body = Problem), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Body(body): Body<WorkspaceBody>,
) -> Answer<wire::Workspace> {
    let days = days(&body.rates)?;
    let settings = blocking(move || {
        change(&workspace, &body, &days)?;
        now(&workspace)
    });
    Ok(Json(settings.await?))
}

fn now(workspace: &weir_app::Workspace) -> Result<wire::Workspace> {
    let (settings, quota, space) = (workspace.settings()?, workspace.quota()?, workspace.space()?);
    Ok(wire::Workspace::new(workspace.name(), &settings, &quota, &space).holding(&workspace.extent()?))
}

fn days(rates: &[Rate]) -> Result<Vec<Day>> {
    let day = |(i, rate): (usize, &Rate)| date(&rate.day, &format!("/rates/{i}/day"));
    rates.iter().enumerate().map(day).collect()
}

fn change(workspace: &weir_app::Workspace, body: &WorkspaceBody, days: &[Day]) -> Result<()> {
    let identity = body.identity.as_ref().map(Value::to_string);
    let amounts = amounts(body)?;
    let mut settings =
        vec![("timezone", &body.timezone), ("currency", &body.currency), ("identity", &identity)];
    settings.extend(amounts.iter().map(|(key, text)| (*key, text)));
    for (key, value) in settings {
        if let Some(value) = value {
            workspace.set(key, value).map_err(|error| placed(error, key))?;
        }
    }
    for (i, (rate, day)) in body.rates.iter().zip(days).enumerate() {
        let at = format!("rates/{i}");
        workspace.set_rate(&rate.currency, *day, &rate.rate).map_err(|error| placed(error, &at))?;
    }
    Ok(())
}

/// Numbers as they are, texts without their quotes.
fn amounts(body: &WorkspaceBody) -> Result<Vec<(&'static str, Option<String>)>> {
    let given = [
        ("retention_days", &body.retention_days),
        ("disk_limit", &body.disk_limit),
        ("disk_reserve", &body.disk_reserve),
    ];
    let text = |key, value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => {
            let message = format!("{key} is a number or a text");
            Err(Error::new(Code::InvalidArgument, message).at(format!("/{key}")))
        }
    };
    given
        .into_iter()
        .map(|(key, value)| Ok((key, value.as_ref().map(|value| text(key, value)).transpose()?)))
        .collect()
}

/// A place inside the identity policy is a pointer already; otherwise the field is the place.
fn placed(error: Error, field: &str) -> Error {
    match error.at.as_deref() {
        Some(at) if at.starts_with('/') => error.under(&format!("/{field}")),
        _ => error.at(format!("/{field}")),
    }
}
