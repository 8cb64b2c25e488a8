//! Settings of the workspace.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_core::time::Day;
use weir_core::{Error, Result};

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
    /// Rates to add, or to replace where currency and day are the same.
    #[serde(default)]
    rates: Vec<Rate>,
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
    Ok(wire::Workspace::new(workspace.name(), &workspace.settings()?).holding(&workspace.extent()?))
}

fn days(rates: &[Rate]) -> Result<Vec<Day>> {
    let day = |(i, rate): (usize, &Rate)| date(&rate.day, &format!("/rates/{i}/day"));
    rates.iter().enumerate().map(day).collect()
}

fn change(workspace: &weir_app::Workspace, body: &WorkspaceBody, days: &[Day]) -> Result<()> {
    let identity = body.identity.as_ref().map(Value::to_string);
    let settings = [("timezone", &body.timezone), ("currency", &body.currency), ("identity", &identity)];
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

/// A place inside the identity policy is a pointer already; otherwise the field is the place.
fn placed(error: Error, field: &str) -> Error {
    match error.at.as_deref() {
        Some(at) if at.starts_with('/') => error.under(&format!("/{field}")),
        _ => error.at(format!("/{field}")),
    }
}
