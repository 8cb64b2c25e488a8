//! Who is one person depends on what was said, not on the order in which it arrived, nor on how it was cut into imports;
//! and taking an import back gives what was before.

#![allow(clippy::unwrap_used)]

mod common;

use common::{answers, import, workspace};
use proptest::prelude::*;
use weir_core::identity::{Link, resolve};
use weir_store::{Page, Pair, pair};

/// A row with a user, a device and an e-mail address, each perhaps.
fn row() -> impl Strategy<Value = String> {
    let id = |kind: &'static str| prop::option::of((0..5u8).prop_map(move |n| format!(" {kind}:{n}x")));
    (0..40u32, id("user_id"), id("device"), id("email")).prop_filter_map(
        "nobody",
        |(minute, user, device, email)| {
            let ids: String = [user, device, email].into_iter().flatten().collect();
            (!ids.is_empty()).then(|| format!("2024-11-10T08:{minute:02}:00Z view tea - -{ids}"))
        },
    )
}

fn shuffled<'a>(rows: &[&'a str], seed: u64) -> Vec<&'a str> {
    let mix = |sum: u64, byte: u8| sum.rotate_left(5) ^ u64::from(byte).wrapping_mul(0x9e37_79b9);
    let mut shuffled = rows.to_vec();
    shuffled.sort_by_key(|row| row.bytes().fold(seed, mix));
    shuffled
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arrival_does_not_matter(
        rows in prop::collection::vec(row(), 1..30),
        cut in 0..30usize,
        seed in any::<u64>(),
    ) {
        let rows: std::collections::BTreeSet<String> = rows.into_iter().collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let shuffled = shuffled(&rows, seed);
        let (first, second) = shuffled.split_at(cut.min(rows.len()));

        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let whole = workspace(one.path());
        import(&whole, &rows);
        let parts = workspace(two.path());
        import(&parts, first);
        let before = answers(&parts);
        let last = import(&parts, second);
        prop_assert_eq!(&answers(&parts), &answers(&whole));
        parts.undo(last.id).unwrap();
        prop_assert_eq!(answers(&parts), before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_that_do_not_count_join_nobody_and_may_count_again(
        rows in prop::collection::vec(row(), 1..30),
        which in prop::collection::vec(any::<bool>(), 64),
        seed in any::<u64>(),
    ) {
        let rows: std::collections::BTreeSet<String> = rows.into_iter().collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let folder = tempfile::tempdir().unwrap();
        let workspace = workspace(folder.path());
        import(&workspace, &rows);
        let before = answers(&workspace);
        let links = workspace.links().unwrap();
        let pairs: std::collections::BTreeSet<Pair> = links.iter().map(|link| pair(link.a, link.b)).collect();
        let taken: Vec<Pair> =
            pairs.into_iter().zip(&which).filter(|(_, taken)| **taken).map(|(pair, _)| pair).collect();
        for pair in &taken {
            workspace.state_links(*pair, false, "test", None).unwrap();
        }

        let left: Vec<Link> =
            links.iter().copied().filter(|link| !taken.contains(&pair(link.a, link.b))).collect();
        let names = workspace.identifiers().unwrap();
        let policy = workspace.settings().unwrap().policy;
        prop_assert_eq!(workspace.people(&names).unwrap(), resolve(&names, &left, &policy));

        // In another order than they were taken out.
        let mut back = taken.clone();
        back.sort_by_key(|(a, b)| (u64::from(*a) << 32 | u64::from(*b)).wrapping_mul(seed | 1));
        for pair in &back {
            workspace.state_links(*pair, true, "test", None).unwrap();
        }
        prop_assert_eq!(answers(&workspace), before);
        let statements = workspace.link_statements(&Page::all()).unwrap().items;
        prop_assert_eq!(statements.len(), 2 * taken.len());
    }
}
