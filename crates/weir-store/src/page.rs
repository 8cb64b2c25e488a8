//! Listing in pages: the caller passes on the cursor of the page before.

use weir_core::{Code, Error, Result};

/// Which part of a listing is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Cursor of the page before; none for the first.
    pub after: Option<String>,
    /// Most items to return.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Page {
        Page { after: None, limit: 100 }
    }
}

impl Page {
    /// Everything on one page.
    pub fn all() -> Page {
        Page { after: None, limit: u32::MAX }
    }

    /// The cursor as a number, for listings in the order of numbers.
    pub(crate) fn after_number(&self) -> Result<Option<i64>> {
        let Some(cursor) = &self.after else { return Ok(None) };
        let number = cursor.parse().map_err(|_| {
            Error::new(Code::InvalidArgument, format!("\"{cursor}\" is not a cursor of this listing"))
                .at("after")
        })?;
        Ok(Some(number))
    }

    /// How many to ask for: one more than wanted shows whether there are more.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// The items.
    pub items: Vec<T>,
    /// Cursor for the next page; none when this is the last.
    pub next: Option<String>,
}

impl<T> Paged<T> {
    /// A page of `fetched` items, which may hold one too many.
    pub fn of(mut fetched: Vec<T>, page: &Page, cursor: impl Fn(&T) -> String) -> Paged<T> {
        let limit = page.limit as usize;
        let more = fetched.len() > limit;
        fetched.truncate(limit);
        let next = if more { fetched.last().map(cursor) } else { None };
        Paged { items: fetched, next }
    }
}
