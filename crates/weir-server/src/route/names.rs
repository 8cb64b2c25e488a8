//! Names that expressions may use: lists, channels.

use axum::Json;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::{Channel, Items, List};

/// All lists
#[utoipa::path(get, path = "/lists", operation_id = "list_lists", tag = "names",
    responses((status = 200, description = "By name.", body = Items<List>), Failures))]
pub(crate) async fn lists(Tenant(workspace): Tenant) -> Answer<Items<List>> {
    let lists = blocking(move || workspace.lists()).await?;
    Ok(Json(Items::all(lists.into_iter().map(List::from))))
}

/// The channel tree, with your own channels and those that data brought unasked
#[utoipa::path(get, path = "/channels", operation_id = "list_channels", tag = "names",
    responses((status = 200, description = "By path, parents first.", body = Items<Channel>), Failures))]
pub(crate) async fn channels(Tenant(workspace): Tenant) -> Answer<Items<Channel>> {
    let tree = blocking(move || workspace.channels()).await?;
    Ok(Json(Items::all(tree.nodes().map(Channel::from))))
}
