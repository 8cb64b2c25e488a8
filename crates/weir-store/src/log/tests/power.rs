//! Power cuts: whatever was not synced is there in part, sector by sector, or not at all.

use std::fs;
use std::path::Path;

use super::failure::{assert_kept, write_all};
use super::{Place, Random};

/// What a disk writes as a whole.
const SECTOR: u64 = 512;

#[test]
fn four_hundred_power_cuts_lose_nothing_acknowledged() {
    let mut random = Random(2);
    let mut lost = 0;
    for seed in 0..50 {
        let place = Place::new(seed, 2000 + random.below(20_000));
        let mut acknowledged = Vec::new();
        for round in 0..4 {
            interrupt_opening(&place, &mut random);
            let log = place.open();
            assert_kept(&place, &acknowledged);
            place.disk.power_off_after(Some(random.below(60)));
            acknowledged.extend(write_all(&log, round));
            drop(log);
            lost += lose_unsynced(&place, &mut random);
            place.disk.power_off_after(None);
        }
        drop(place.open());
        assert_kept(&place, &acknowledged);
    }
    assert!(lost > 50, "only {lost} cuts came before a sync");
}

/// The power goes again while the log is being put in order, or just after.
fn interrupt_opening(place: &Place, random: &mut Random) {
    place.disk.power_off_after(Some(random.below(9)));
    drop(place.try_open());
    lose_unsynced(place, random);
    place.disk.power_off_after(None);
}

/// Gives how many files were not synced to their end.
fn lose_unsynced(place: &Place, random: &mut Random) -> usize {
    let mut lost = 0;
    for path in place.files() {
        if !place.disk.is_named(&path) && random.below(2) == 0 {
            fs::remove_file(&path).unwrap();
        } else {
            lost += usize::from(lose_sectors(&path, place.disk.synced(&path), random));
        }
    }
    lost
}

/// Of what was not synced each sector is there or is not, and the file may be shorter.
fn lose_sectors(path: &Path, synced: u64, random: &mut Random) -> bool {
    let mut bytes = fs::read(path).unwrap();
    let unsynced = (bytes.len() as u64).saturating_sub(synced);
    if unsynced == 0 {
        return false;
    }
    bytes.truncate((synced + random.below(unsynced + 1)) as usize);
    let mut at = synced;
    while at < bytes.len() as u64 {
        let end = ((at / SECTOR + 1) * SECTOR).min(bytes.len() as u64);
        if random.below(3) == 0 {
            bytes[at as usize..end as usize].fill(0);
        }
        at = end;
    }
    fs::write(path, bytes).unwrap();
    true
}
