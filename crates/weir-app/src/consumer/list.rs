//! The people of an expression, one by one.

use std::cmp::Ordering;

use weir_core::expr::{Expr, check};
use weir_core::identity::{Identifier, Identifiers, Node};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::evaluate;
use weir_store::{Page, Paged};

use crate::app::Workspace;
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
        let last = page.after.as_deref().map(|after| find(&names, after).ok_or_else(|| no_cursor(after)));
        let last = last.transpose()?;
        let order = |a: &Node, b: &Node| world.policy.order(names.get(*a), names.get(*b));
        let nodes = members.iter().map(|dense| world.consumers.canonical(dense));
        // Also where the last one is not among them any more.
        let rest = nodes.filter(|node| last.is_none_or(|last| order(node, &last).is_gt())).collect();
        let wanted = least(rest, page.limit as usize + 1, order);
        let listed = |node: Node| ListedConsumer { key: key(node), consumer: name(&names, node) };
        Ok(Paged::of(wanted.into_iter().map(listed).collect(), page, |last| last.key.clone()))
    }
}

/// The least `most` in order: names are slow to compare, so that the others are not sorted.
fn least(mut nodes: Vec<Node>, most: usize, order: impl Fn(&Node, &Node) -> Ordering) -> Vec<Node> {
    if nodes.len() > most {
        nodes.select_nth_unstable_by(most, &order);
        nodes.truncate(most);
    }
    nodes.sort_unstable_by(order);
    nodes
}

fn no_cursor(after: &str) -> Error {
    Error::new(Code::InvalidArgument, format!("\"{after}\" is not a cursor of this listing")).at("after")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_least_are_sorted_and_kept() {
        let nodes: Vec<Node> = (0..100).map(|n| n * 37 % 100).collect();
        assert_eq!(least(nodes.clone(), 3, Node::cmp), [0, 1, 2]);
        assert_eq!(least(nodes.clone(), 100, Node::cmp), (0..100).collect::<Vec<_>>());
        assert_eq!(least(nodes, 1_000, Node::cmp).len(), 100);
        assert_eq!(least(vec![2, 1], 0, Node::cmp), [0; 0]);
    }
}
