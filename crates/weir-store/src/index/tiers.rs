//! Stored segments of a shard, from large to small, and how new rows come to them.
//!
//! New rows make a segment together with those of the shard that are small beside them. So sizes about double from one
//! segment to the next: a shard has few, however often rows come, and each row is written again only about as often as
//! the logarithm of how many there are. Large segments are not touched until what has come is of their size.

use std::cmp::Reverse;
use std::sync::Arc;

use weir_core::Result;
use weir_core::time::Day;
use weir_engine::consumers::Consumers;
use weir_engine::container::Aligned;
use weir_engine::packed::Rows;
use weir_engine::segment::{Segment, build_all, merge};

use crate::manifest::StoredFile;

/// Most segments of a shard, whatever their sizes.
const MOST: usize = 6;

pub(super) const IN_MEMORY: &str = "a segment in memory";

/// A segment and its file.
#[derive(Clone)]
pub(super) struct Stored {
    pub segment: Segment,
    pub file: StoredFile,
}

/// A shard's segments: those that stay, and the small ones that so many new rows are put together with.
pub(super) fn split(mut stored: Vec<Stored>, new_rows: usize) -> (Vec<Stored>, Vec<Stored>) {
    stored.sort_by_key(|stored| Reverse(stored.segment.rows()));
    let sizes: Vec<usize> = stored.iter().map(|stored| stored.segment.rows()).collect();
    let small = stored.split_off(staying(&sizes, new_rows));
    (stored, small)
}

/// How many of the largest segments stay when so many rows come; sizes descend.
fn staying(sizes: &[usize], new_rows: usize) -> usize {
    let (mut staying, mut sum) = (sizes.len(), new_rows);
    while staying > 0 && (staying >= MOST || sizes[staying - 1] < 2 * sum) {
        staying -= 1;
        sum += sizes[staying];
    }
    staying
}

/// A segment of new rows and those of older segments, without what belongs to retired ids.
pub(super) fn put_together(
    shard: usize,
    rows: &[Rows],
    older: &[Segment],
    consumers: &Consumers,
) -> Result<Aligned> {
    let fresh = build_all(shard, rows)?;
    if older.is_empty() {
        return Ok(fresh);
    }
    let fresh = Segment::open(IN_MEMORY, Arc::new(fresh))?;
    let present = consumers.universe(shard, Day(i32::MAX - 1));
    let all: Vec<Segment> = older.iter().cloned().chain([fresh]).collect();
    merge(shard, &all, &present)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_segments_go_into_what_comes_and_large_ones_stay() {
        for (sizes, new_rows, stay) in [
            (&[][..], 10, 0),
            (&[1_000], 10, 1),
            (&[1_000, 19], 10, 1),
            (&[1_000, 20], 10, 2),
            (&[1_000, 50, 19], 10, 1),
            (&[100_000, 10_000, 1_000, 100, 50, 20], 1, 5),
            (&[100_000, 500, 250, 120, 60, 30, 20, 10], 1, 1),
            (&[15], 10, 0),
        ] {
            assert_eq!(staying(sizes, new_rows), stay, "{sizes:?} and {new_rows}");
        }
    }

    /// However rows come, a shard has few segments, and rows are written again seldom.
    #[test]
    fn each_row_is_written_again_about_as_often_as_the_logarithm_of_all() {
        for batch in [1, 7, 100] {
            let (mut sizes, mut written) = (Vec::new(), 0);
            for _ in 0..10_000 {
                let stay = staying(&sizes, batch);
                let made = batch + sizes.drain(stay..).sum::<usize>();
                written += made;
                sizes.push(made);
                assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes.len() <= MOST, "{sizes:?}");
            }
            assert!(written < batch * 10_000 * 16, "{written} rows were written for {}", batch * 10_000);
        }
    }
}
