//! Fingerprints in memory, and what is known of each.
//!
//! Millions of them stay for as long as the server runs. They lie in open tables between eight and nine tenths full: a
//! fingerprint is uniform, so its first half says where its home is, and those with one home or near ones follow each other in order. A
//! full table is copied into one an eighth larger. That is as much work as doubling a half-empty one is over time, since
//! the order stays and memory is read and written from one end to the other.

use std::alloc::{Layout, handle_alloc_error};

use bytemuck::Pod;
use memmap2::MmapMut;

use crate::fingerprint::Fingerprint;

/// What is kept for a fingerprint. One of zeros is no entry: as improbable as two that are equal.
pub(super) trait Entry: Pod {
    fn fingerprint(&self) -> Fingerprint;
}

impl Entry for Fingerprint {
    fn fingerprint(&self) -> Fingerprint {
        *self
    }
}

const EMPTY: Fingerprint = [0, 0];

/// How many tables, each of which grows by itself.
const TABLES: usize = 64;

pub(super) struct Prints<E> {
    tables: Vec<Table<E>>,
}

/// The table of a fingerprint, by the half that does not say where its home is.
fn table_of(fingerprint: Fingerprint) -> usize {
    fingerprint[1] as usize % TABLES
}

impl<E: Entry> Prints<E> {
    pub(super) fn new() -> Prints<E> {
        Prints { tables: (0..TABLES).map(|number| Table::new(LEAST + number / 8)).collect() }
    }

    pub(super) fn get(&self, fingerprint: Fingerprint) -> Option<E> {
        self.tables[table_of(fingerprint)].get(fingerprint)
    }

    /// Reads something from near to where these would be. Millions lie in memory far from the processor. It waits for many of
    /// these at once, since none depends on another; whoever then looks them up waits no more.
    pub(super) fn touch(&self, fingerprints: impl Iterator<Item = Fingerprint>) {
        let near = |one| self.tables[table_of(one)].touch(one);
        std::hint::black_box(fingerprints.map(near).fold(0, std::ops::BitXor::bitxor));
    }

    /// Makes room for so many more. What comes sorted needs it: it would fill a table from one end, and crowd there.
    pub(super) fn reserve(&mut self, more: usize) {
        self.tables.iter_mut().for_each(|table| table.reserve(more.div_ceil(TABLES)));
    }

    /// Adds what is not there yet.
    pub(super) fn insert(&mut self, entry: E) {
        self.tables[table_of(entry.fingerprint())].insert(entry);
    }

    pub(super) fn len(&self) -> usize {
        self.tables.iter().map(|table| table.len).sum()
    }

    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.tables.iter().map(|table| size_of_val(table.slots.all())).sum()
    }
}

struct Table<E> {
    slots: Slots<E>,
    /// The last slots are nobody's home: there is room in them for those who are moved on.
    homes: usize,
    len: usize,
}

/// Homes of the first table at first. The last has nearly an eighth more, and a table grows by an eighth: so they take turns in
/// growing, and no request waits for all of them.
const LEAST: usize = 64;

/// Slots beyond the homes. At nine tenths, one in a million tables needs more; it grows then.
const BEYOND: usize = 64;

impl<E: Entry> Table<E> {
    fn new(homes: usize) -> Table<E> {
        Table { slots: Slots::empty(homes + BEYOND), homes, len: 0 }
    }

    fn touch(&self, fingerprint: Fingerprint) -> u64 {
        self.slots.all()[home(fingerprint, self.homes)].fingerprint()[0]
    }

    fn get(&self, fingerprint: Fingerprint) -> Option<E> {
        let from = &self.slots.all()[home(fingerprint, self.homes)..];
        let is_end = |other: Fingerprint| other == EMPTY || other >= fingerprint;
        let entry = from.iter().find(|entry| is_end(entry.fingerprint()))?;
        (entry.fingerprint() == fingerprint).then_some(*entry)
    }

    fn insert(&mut self, entry: E) {
        while self.len * 10 >= self.homes * 9 || !self.place(entry) {
            self.grow_to(self.homes + self.homes / 8);
        }
        self.len += 1;
    }

    /// Puts an entry into its order; those that follow move on by one, up to a free slot. Whether there is one.
    fn place(&mut self, entry: E) -> bool {
        let home = home(entry.fingerprint(), self.homes);
        let slots = &mut self.slots.all_mut()[home..];
        let free = slots.iter().position(|other| other.fingerprint() == EMPTY);
        let Some(free) = free else { return false };
        let place = slots[..free].partition_point(|other| other.fingerprint() < entry.fingerprint());
        slots.copy_within(place..free, place + 1);
        slots[place] = entry;
        true
    }

    fn reserve(&mut self, more: usize) {
        let homes = (self.len + more) * 8 / 7;
        if homes > self.homes {
            self.grow_to(homes);
        }
    }

    fn grow_to(&mut self, mut homes: usize) {
        *self = loop {
            homes += 1;
            if let Some(larger) = self.copied(homes) {
                break larger;
            }
            homes += homes / 8;
        };
    }

    /// The same with so many homes; none if those beyond are not enough.
    fn copied(&self, homes: usize) -> Option<Table<E>> {
        let mut copy = Table { len: self.len, ..Table::new(homes) };
        let (mut next, to) = (0, copy.slots.all_mut());
        for entry in self.slots.all().iter().filter(|entry| entry.fingerprint() != EMPTY) {
            let place = home(entry.fingerprint(), homes).max(next);
            *to.get_mut(place)? = *entry;
            next = place + 1;
        }
        Some(copy)
    }
}

/// Where a fingerprint lies, unless others are in the way.
fn home(fingerprint: Fingerprint, homes: usize) -> usize {
    ((u128::from(fingerprint[0]) * homes as u128) >> 64) as usize
}

/// Memory for entries. Much of it is mapped from the system: what a table leaves when it grows goes back at once, where an
/// allocator would keep gaps of all sizes. Little of it is not, since a process may have so many mappings and no more.
enum Slots<E> {
    Little(Vec<E>),
    Much(MmapMut),
}

/// Bytes.
const MUCH: usize = 1 << 20;

impl<E: Entry> Slots<E> {
    fn empty(count: usize) -> Slots<E> {
        let bytes = count * size_of::<E>();
        if bytes < MUCH {
            return Slots::Little(vec![E::zeroed(); count]);
        }
        let map = MmapMut::map_anon(bytes);
        Slots::Much(map.unwrap_or_else(|_| handle_alloc_error(Layout::new::<E>())))
    }

    fn all(&self) -> &[E] {
        match self {
            Slots::Little(all) => all,
            Slots::Much(map) => bytemuck::cast_slice(map),
        }
    }

    fn all_mut(&mut self) -> &mut [E] {
        match self {
            Slots::Little(all) => all,
            Slots::Much(map) => bytemuck::cast_slice_mut(map),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What splitmix64 makes of a number: as uniform as a fingerprint.
    fn mixed(number: u64) -> u64 {
        let mut bits = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn fingerprint(number: u64) -> Fingerprint {
        [mixed(2 * number), mixed(2 * number + 1)]
    }

    #[test]
    fn memory_follows_the_number_of_fingerprints() {
        let mut prints = Prints::new();
        for number in 1..=1_500_000 {
            prints.insert(fingerprint(number));
            if number >= 500_000 && number % 10_000 == 0 {
                let each = prints.bytes() as f64 / number as f64;
                assert!((18.0..19.5).contains(&each), "{each} bytes each of {number}");
            }
        }
        assert_eq!(prints.len(), 1_500_000);
        assert!((1..=1_500_000).all(|number| prints.get(fingerprint(number)).is_some()));
        assert!((1_500_001..2_000_000).all(|number| prints.get(fingerprint(number)).is_none()));
    }

    /// As files have them. No entry may lie far from its home, or all this would take minutes.
    #[test]
    fn sorted_runs_find_room() {
        let mut prints = Prints::new();
        let runs: Vec<Vec<Fingerprint>> =
            (0..5).map(|run| sorted(run * 40_000..(run + 1) * 40_000)).collect();
        prints.reserve(200_000);
        runs.iter().flatten().for_each(|one| prints.insert(*one));
        for table in &prints.tables {
            let places = table.slots.all().iter().enumerate().filter(|(_, entry)| **entry != EMPTY);
            let farthest = places.map(|(place, entry)| place - home(*entry, table.homes)).max();
            assert!(farthest.is_some_and(|far| far < 200), "{farthest:?}");
        }
        assert_eq!(prints.len(), 200_000);
    }

    fn sorted(numbers: std::ops::Range<u64>) -> Vec<Fingerprint> {
        let mut run: Vec<Fingerprint> = numbers.map(fingerprint).collect();
        run.sort_unstable();
        run
    }

    /// Halves that are equal, far from evenly spread, or at the ends.
    #[test]
    fn whatever_was_inserted_is_found_and_nothing_else() {
        let halves = [0, 1, 2, 3, u64::MAX - 1, u64::MAX, mixed(1), mixed(2), mixed(2) + 1];
        let pairs = halves.iter().flat_map(|a| halves.map(|b| [*a, b]));
        let all: Vec<Fingerprint> = pairs.filter(|pair| *pair != EMPTY).collect();
        let (mut table, mut inserted) = (Table::new(1), BTreeSet::new());
        for step in 0..4_000 {
            let one = if step % 3 == 0 { fingerprint(step) } else { all[mixed(step) as usize % all.len()] };
            assert_eq!(table.get(one).is_none(), inserted.insert(one), "{one:?}");
            if table.get(one).is_none() {
                table.insert(one);
            }
        }
        assert_eq!(table.len, inserted.len());
        assert!(all.iter().all(|one| table.get(*one).is_some() == inserted.contains(one)));
        let there: Vec<_> = table.slots.all().iter().copied().filter(|entry| *entry != EMPTY).collect();
        assert!(there.into_iter().eq(inserted), "they lie in their order");
    }
}
