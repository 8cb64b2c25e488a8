//! The channels that expressions may use.

use axum::Json;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::{Channel, Items};

/// The channel tree, with your own channels and those that data brought unasked
#[utoipa::path(get, path = "/channels", operation_id = "list_channels", tag = "names",
    responses((status = 200, description = "By path, parents first.", body = Items<Channel>), Failures))]
pub(crate) async fn channels(Tenant(workspace): Tenant) -> Answer<Items<Channel>> {
    let tree = blocking(move || workspace.channels()).await?;
    Ok(Json(Items::all(tree.nodes().map(Channel::from))))
}
