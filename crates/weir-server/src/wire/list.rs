//! Uploaded lists.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::instant;

/// An uploaded list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct List {
    /// Its name.
    #[schema(example = "databank_tea_lovers")]
    pub name: String,
    /// People on it.
    #[schema(example = 1204)]
    pub size: u64,
    /// Kind of the identifiers of the latest upload; left out where that was not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "phone")]
    pub kind: Option<String>,
    /// How they were hashed: `sha256` or `md5`; left out: they were plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "sha256")]
    pub hashed: Option<String>,
    /// Whose people they are: `own` or `partner`.
    #[schema(example = "partner")]
    pub owner: &'static str,
    /// Name of the partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "databank")]
    pub partner: Option<String>,
    /// Identifiers accepted that somebody was known by when they were uploaded.
    pub matched: u64,
    /// Identifiers accepted that nobody was known by. Plain ones name somebody since then; hashes name nobody.
    pub unmatched: u64,
    /// Numbers of the imports that it is made of.
    pub imports: Vec<u32>,
    /// When the first of them was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When the last of them was made.
    #[schema(format = DateTime)]
    pub updated: String,
    /// Audiences and state models that name it.
    #[schema(example = json!(["audience tea_lovers_not_bought"]))]
    pub used_by: Vec<String>,
}

impl From<&weir_app::List> for List {
    fn from(list: &weir_app::List) -> List {
        let record = &list.record;
        List {
            name: record.name.clone(),
            size: list.size,
            kind: record.kind.clone(),
            hashed: record.hashing.clone(),
            owner: if record.partner.is_some() { "partner" } else { "own" },
            partner: record.partner.clone(),
            matched: record.matched,
            unmatched: record.unmatched,
            imports: record.imports.clone(),
            created: instant(record.created),
            updated: instant(record.updated),
            used_by: list.used_by.clone(),
        }
    }
}
