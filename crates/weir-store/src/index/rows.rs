//! Event files → rows.

mod events;
mod texts;

use std::collections::BTreeMap;

use rayon::prelude::*;
use weir_core::{Error, Result};
use weir_engine::consumers::Consumers;
use weir_engine::packed::Rows;
use weir_engine::shard::{Dense, local_of, shard_of};
use weir_engine::symbols::Symbols;

use crate::index::spill::Spill;
use crate::manifest::StoredFile;
use crate::view::View;
use events::{CODED, Events, INDEXED};
use texts::Texts;

/// Rows that are in memory at once, for each thread, beside the spill's: enough that threads seldom wait for each other.
const ROWS_AT_ONCE: u64 = 1 << 20;

/// Puts the events of some files, as rows, to their shards. Files are read by all threads; new texts get the index's numbers
/// afterwards, file by file in order, so that the same files give the same index.
pub(super) fn spill_events(
    view: &View,
    files: &[&StoredFile],
    consumers: &Consumers,
    symbols: &mut Symbols,
    spill: &mut Spill,
) -> Result<()> {
    let mut rest = files;
    while !rest.is_empty() {
        let (some, later) = rest.split_at(some(rest));
        rest = later;
        let known = &*symbols;
        let read: Vec<Packed<'_>> =
            some.par_iter().map(|file| Packed::of(view, file, consumers, known)).collect::<Result<_>>()?;
        let (new, mut shards): (Vec<_>, Vec<_>) =
            read.into_iter().map(|packed| (packed.texts.new_texts(), packed.shards)).unzip();
        let numbers: Vec<_> = new.iter().map(|texts| texts.numbers(symbols)).collect();
        let renumbered = shards.par_iter_mut().zip(&numbers).filter(|(_, numbers)| numbers.are_any());
        renumbered.try_for_each(|(shards, numbers)| {
            shards.values_mut().try_for_each(|rows| rows.renumber(|column, own| numbers.of(column, own)))
        })?;
        for (shard, rows) in shards.into_iter().flatten() {
            spill.push(shard, rows)?;
        }
    }
    Ok(())
}

/// How many of the files are read at once.
fn some(files: &[&StoredFile]) -> usize {
    let most = ROWS_AT_ONCE * rayon::current_num_threads() as u64;
    let before = files.iter().scan(0, |sum, file| {
        let before = *sum;
        *sum += file.rows;
        Some(before)
    });
    before.take_while(|before| *before < most).count()
}

/// The rows of a file by shard.
struct Packed<'s> {
    texts: Texts<'s>,
    shards: BTreeMap<usize, Rows>,
}

impl<'s> Packed<'s> {
    fn of(view: &View, file: &StoredFile, consumers: &Consumers, symbols: &'s Symbols) -> Result<Packed<'s>> {
        let mut texts = Texts::over(symbols);
        let room = file.rows as usize / consumers.shards().max(1);
        let mut shards = vec![];
        shards.resize_with(consumers.shards(), || Rows::with_room_for(room + room / 16));
        view.scan_coded_columns(file, &INDEXED, &CODED, |batch| {
            let events = Events::of(batch, &mut texts)?;
            // Each is somewhere else in memory: one after the other, they are on their way at the same time.
            let people: Vec<Option<Dense>> =
                events.nodes().iter().map(|node| consumers.dense(*node)).collect();
            for (row, dense) in people.into_iter().enumerate() {
                let nobody = || Error::internal(format!("identifier {} is nobody", events.node(row)));
                let dense = dense.ok_or_else(nobody)?;
                shards[shard_of(dense)].push_numbered(&events.get(row, local_of(dense)), &mut texts);
            }
            Ok(())
        })?;
        let shards = shards.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()).collect();
        Ok(Packed { texts, shards })
    }
}
