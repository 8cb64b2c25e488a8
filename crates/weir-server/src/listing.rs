//! `?limit=&after=` of the listings.

use axum::extract::Query;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use weir_app::Page;
use weir_core::{Code, Error, Result};

/// Items of a page unless asked otherwise, and most.
const DEFAULT_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 1_000;

/// Which page of a listing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    /// Most items to return; 100 unless given.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Listing {
    /// From the same two parameters among others.
    pub fn of(limit: Option<u32>, after: Option<String>) -> Listing {
        Listing { limit, after }
    }

    /// The page meant.
    pub fn page(self) -> Result<Page> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=LARGEST_LIMIT).contains(&limit) {
            let error = Error::new(
                Code::InvalidArgument,
                format!("a page has 1 to {LARGEST_LIMIT} items, not {limit}"),
            );
            return Err(error.at("limit"));
        }
        Ok(Page { after: self.after, limit })
    }
}

/// What is read from the query of a request, strictly.
macro_rules! read_from_the_query {
    ($($name:ident)*) => {$(
        impl<S: Send + Sync> axum::extract::FromRequestParts<S> for $name {
            type Rejection = $crate::error::Refusal;

            async fn from_request_parts(
                parts: &mut axum::http::request::Parts,
                _: &S,
            ) -> $crate::error::Reply<$name> {
                Ok($crate::listing::query(parts)?)
            }
        }
    )*};
}
pub(crate) use read_from_the_query;

read_from_the_query!(Listing);

/// The query of a request, read strictly.
pub(crate) fn query<T: DeserializeOwned>(parts: &Parts) -> Result<T> {
    let Query(query) = Query::try_from_uri(&parts.uri).map_err(|rejection| {
        let text = rejection.body_text();
        let reason = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
        Error::new(Code::InvalidArgument, format!("the query does not fit: {reason}"))
    })?;
    Ok(query)
}
