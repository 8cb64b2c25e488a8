//! Damage: short files, flipped bits, files that are gone. Each is named, or harmless.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use weir_core::{Code, Error};

use super::super::frame::{HEAD, Head};
use super::super::segment::HEADER;
use super::super::{Position, read};
use super::{Place, Random, payload};

/// A log of some segments, closed in good order.
struct Closed {
    place: Place,
    frames: Vec<(Position, Vec<u8>)>,
    files: Vec<(PathBuf, Vec<u8>)>,
    /// Which file is not what it was.
    changed: Cell<usize>,
}

impl Closed {
    fn new(segment_bytes: u64, count: u64) -> Closed {
        Closed::of(segment_bytes, (0..count).map(|number| payload(0, number)))
    }

    fn of(segment_bytes: u64, payloads: impl Iterator<Item = Vec<u8>>) -> Closed {
        let place = Place::new(0, segment_bytes);
        let log = place.open();
        for (number, payload) in payloads.enumerate() {
            let position = log.append(payload).unwrap();
            if number % 3 == 0 {
                log.wait(position).unwrap();
            }
        }
        log.sync_and_close().unwrap();
        let files = place.files().into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        Closed { frames: place.frames(0).unwrap(), files, place, changed: Cell::new(0) }
    }

    /// The log as it was, but for one file.
    fn with(&self, file: usize, bytes: &[u8]) {
        let (path, whole) = &self.files[self.changed.replace(file)];
        fs::write(path, whole).unwrap();
        // Whoever opened the log began a segment.
        for begun in self.place.files().into_iter().skip(self.files.len()) {
            fs::remove_file(begun).unwrap();
        }
        let (last, whole) = self.files.last().unwrap();
        fs::write(last, whole).unwrap();
        fs::write(&self.files[file].0, bytes).unwrap();
    }

    #[track_caller]
    fn assert_damaged(&self, file: usize) {
        let opened = self.place.try_open().err();
        assert_names(&opened, &self.files[file].0);
        assert_names(&self.place.frames(0).err(), &self.files[file].0);
    }
}

#[track_caller]
fn assert_names(error: &Option<Error>, path: &Path) {
    let error = error.as_ref().unwrap();
    assert_eq!(error.code, Code::CorruptFile, "{error}");
    assert!(error.message.contains(path.to_str().unwrap()) && error.message.contains("offset"), "{error}");
}

#[test]
fn a_last_segment_cut_anywhere_keeps_what_is_whole() {
    let closed = Closed::of(1 << 20, (0..200).map(|number| vec![7; 1 + number % 9]));
    let [(path, bytes)] = &closed.files[..] else { panic!("one segment") };
    for length in HEADER as usize..bytes.len() {
        closed.with(0, &bytes[..length]);
        let whole = closed.frames.iter().filter(|(after, _)| HEADER + after <= length as u64).count();
        let kept = closed.place.frames(0).unwrap();
        assert_eq!(kept, closed.frames[..whole], "read at {length}");

        let (log, recovery) = closed.place.try_open().unwrap();
        drop(log);
        assert_eq!(closed.place.frames(0).unwrap(), closed.frames[..whole], "opened at {length}");
        let torn = length as u64 - HEADER - recovery.end;
        assert_eq!(recovery.cut.map(|cut| (cut.file, cut.bytes)), (torn > 0).then(|| (path.clone(), torn)));
    }
}

#[test]
fn a_log_goes_on_after_a_torn_tail() {
    let closed = Closed::new(1 << 20, 20);
    let bytes = &closed.files[0].1;
    closed.with(0, &bytes[..bytes.len() - HEAD - 5]);
    let log = closed.place.open();
    log.append(payload(1, 0)).unwrap();
    log.sync_and_close().unwrap();
    let found: Vec<Vec<u8>> = closed.place.frames(0).unwrap().into_iter().map(|(_, bytes)| bytes).collect();
    let expected: Vec<Vec<u8>> = (0..19).map(|number| payload(0, number)).chain([payload(1, 0)]).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_short_segment_before_the_last_is_damage() {
    let closed = Closed::new(1000, 60);
    assert!(closed.files.len() > 2);
    for file in 0..closed.files.len() - 1 {
        let bytes = &closed.files[file].1;
        for length in (0..bytes.len()).step_by(17) {
            closed.with(file, &bytes[..length]);
            closed.assert_damaged(file);
        }
    }
}

#[test]
fn a_missing_segment_is_damage_of_the_one_before() {
    let closed = Closed::new(1000, 60);
    closed.with(0, &closed.files[0].1);
    fs::remove_file(&closed.files[1].0).unwrap();
    closed.assert_damaged(0);
}

#[test]
fn every_flipped_bit_is_named_or_harmless() {
    let closed = Closed::new(4000, 400);
    let total: u64 = closed.files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut random = Random(4);
    let mut harmless = 0;
    for _ in 0..10_000 {
        let (file, mut offset) = closed.place_of(random.below(total));
        let mut bytes = closed.files[file].1.clone();
        // Some of them where it matters most: the last frame and its seal.
        let is_last = file + 1 == closed.files.len();
        if is_last && random.below(4) == 0 {
            offset = bytes.len() - 1 - random.below(100) as usize;
        }
        bytes[offset] ^= 1 << random.below(8);
        closed.with(file, &bytes);
        if is_last && offset >= bytes.len() - HEAD {
            harmless += 1;
            assert_eq!(closed.place.frames(0).unwrap(), closed.frames);
            let (_, recovery) = closed.place.try_open().unwrap();
            assert_eq!(recovery.cut.unwrap().bytes, HEAD as u64);
            assert_eq!(closed.place.frames(0).unwrap(), closed.frames);
        } else {
            closed.assert_damaged(file);
        }
    }
    assert!(harmless > 0);
}

impl Closed {
    /// Which file a byte of all files is in, and where.
    fn place_of(&self, mut byte: u64) -> (usize, usize) {
        for (file, (_, bytes)) in self.files.iter().enumerate() {
            if byte < bytes.len() as u64 {
                return (file, byte as usize);
            }
            byte -= bytes.len() as u64;
        }
        panic!("no such byte")
    }
}

#[test]
fn a_flip_in_what_nobody_was_told_of_ends_the_log_there() {
    let closed = Closed::new(1 << 20, 9);
    // As if the power had gone before the last group was synced. How many frames are in that group is for the log's thread
    // to say: its last frame knows what was durable when it was written.
    let bytes = &closed.files[0].1;
    let [.., (before_last, _), _] = closed.frames.as_slice() else { panic!("frames") };
    let last = &bytes[(HEADER + before_last) as usize..];
    let durable = Head::durable_in(last.first_chunk().unwrap());
    let known = (HEADER + durable) as usize;
    let told = closed.frames.iter().filter(|(after, _)| *after <= durable).count();
    assert!((7..9).contains(&told), "the seventh was waited for");
    let unsealed = bytes.len() - HEAD;
    let mut random = Random(7);
    for _ in 0..500 {
        let mut torn = bytes[..unsealed].to_vec();
        let offset = known + random.below((unsealed - known) as u64) as usize;
        torn[offset] ^= 1 << random.below(8);
        closed.with(0, &torn);
        let kept = closed.place.frames(0).unwrap();
        assert!(kept.len() >= told && closed.frames.starts_with(&kept));
        assert!(kept.len() < closed.frames.len());
    }
}

#[test]
fn frames_of_another_log_do_not_pass() {
    let (one, other) = (Closed::new(1 << 20, 30), Closed::new(1 << 20, 30));
    let mut mixed = one.files[0].1[..HEADER as usize].to_vec();
    mixed.extend(&other.files[0].1[HEADER as usize..]);
    one.with(0, &mixed);
    assert_eq!(one.place.frames(0).unwrap(), []);
}

#[test]
fn the_error_of_who_reads_is_handed_on() {
    let closed = Closed::new(1 << 20, 5);
    let refused = read(&closed.place.log(), 0, None, |_, _| Err(Error::internal("enough")));
    assert_eq!(refused.unwrap_err().message, "enough");
}
