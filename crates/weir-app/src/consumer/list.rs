//! The people of an expression, one by one.

use weir_core::expr::{Expr, check};
use weir_core::identity::{Identifier, Identifiers, Node};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::evaluate;
use weir_store::{Page, Paged};

use crate::app::{View, Workspace};
use crate::identity::{find, key, name};

/// Somebody of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedConsumer {
    /// Names the canonical identifier without telling it.
    pub key: String,
    /// The canonical identifier.
    pub consumer: Identifier,
}

impl Workspace {
    /// The members of an expression as of a date, in canonical order.
    pub fn consumers(&self, expr: &Expr, as_of: Day, page: &Page) -> Result<Paged<ListedConsumer>> {
        let view = self.view()?;
        check(expr, &view.names)?;
        let members = evaluate(view.world(), &view.names, expr, as_of)?.members;
        let (names, world) = (view.identifiers()?, view.world());
        let listing = members.listing(&world.consumers, &*names, &world.policy);
        let start = page.after.as_deref().map_or(Ok(0), |after| begin(&view, &listing, after))?;
        let listed = |node: &Node| ListedConsumer { key: key(*node), consumer: name(&names, *node) };
        let wanted = listing[start..].iter().take(page.limit as usize + 1).map(listed).collect();
        Ok(Paged::of(wanted, page, |last| last.key.clone()))
    }
}

/// Where the listing goes on after somebody; also where they are in it no more.
fn begin(view: &View, listing: &[Node], after: &str) -> Result<usize> {
    let names = view.identifiers()?;
    let last = find(&names, after).ok_or_else(|| {
        Error::new(Code::InvalidArgument, format!("\"{after}\" is not a cursor of this listing")).at("after")
    })?;
    let policy = &view.world().policy;
    Ok(listing.partition_point(|node| policy.order(names.get(*node), names.get(last)).is_le()))
}
