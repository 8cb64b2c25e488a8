//! Entries of the catalogue.

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::catalog::Entry;

/// A brand, shop, category, item or campaign; one that only events mention has nothing but its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CatalogEntry {
    /// What it is.
    #[schema(example = "shop")]
    pub kind: &'static str,
    /// Its id, as events and scopes name it.
    #[schema(example = "flagship")]
    pub id: String,
    /// Name in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name in Chinese.
    #[schema(example = "旗舰店")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// Id of the entry above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Brand of a shop or an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// List price; a text, because it is exact.
    #[schema(example = "119")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
}

impl From<&Entry> for CatalogEntry {
    fn from(entry: &Entry) -> CatalogEntry {
        CatalogEntry {
            kind: entry.kind.name(),
            id: entry.id.clone(),
            name: entry.name.clone(),
            name_zh: entry.name_zh.clone(),
            parent: entry.parent.clone(),
            brand: entry.brand.clone(),
            price: entry.price.map(|price| price.to_string()),
        }
    }
}
