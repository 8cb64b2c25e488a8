//! Listings.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::Paged;

/// A listing, or one page of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Items<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where there are more: ask again with `after` set to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Items<T> {
    /// A whole listing.
    pub fn all(items: impl IntoIterator<Item = T>) -> Items<T> {
        Items { items: items.into_iter().collect(), next: None }
    }

    /// A page of what weir-app lists.
    pub fn page<'a, A>(page: &'a Paged<A>) -> Items<T>
    where
        T: From<&'a A>,
    {
        Items { items: page.items.iter().map(T::from).collect(), next: page.next.clone() }
    }
}
