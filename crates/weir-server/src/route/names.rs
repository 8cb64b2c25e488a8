//! Names that expressions may use: tags, channels.

use axum::Json;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::{Channel, Items, Tag};

/// All tags
#[utoipa::path(get, path = "/tags", operation_id = "list_tags", tag = "names",
    responses((status = 200, description = "By name.", body = Items<Tag>), Failures))]
pub(crate) async fn tags(Tenant(workspace): Tenant) -> Answer<Items<Tag>> {
    let tags = blocking(move || workspace.tags()).await?;
    Ok(Json(Items::all(tags.into_iter().map(Tag::from))))
}

/// The channel tree, with your own channels and those that data brought unasked
#[utoipa::path(get, path = "/channels", operation_id = "list_channels", tag = "names",
    responses((status = 200, description = "By path, parents first.", body = Items<Channel>), Failures))]
pub(crate) async fn channels(Tenant(workspace): Tenant) -> Answer<Items<Channel>> {
    let tree = blocking(move || workspace.channels()).await?;
    Ok(Json(Items::all(tree.nodes().map(Channel::from))))
}
