//! Order, positions, segments: the log while nothing goes wrong.

use std::fs;

use weir_core::{Code, Kind};

use super::super::LogOptions;
use super::{Place, frames, payload};

#[test]
fn frames_come_back_in_order_and_positions_go_on() {
    let place = Place::new(0, 500);
    let mut expected = Vec::new();
    for round in 0..4 {
        let log = place.open();
        for number in 0..50 {
            let position = log.append(payload(round, number)).unwrap();
            expected.push((position, payload(round, number)));
            if number % 7 == 0 {
                log.wait(position).unwrap();
                assert!(log.durable() >= position);
            }
        }
        log.sync_and_close().unwrap();
    }
    assert!(expected.is_sorted_by_key(|(position, _)| *position));
    assert_eq!(place.frames(0).unwrap(), expected);
    assert!(place.files().len() > 4, "segments were rolled");

    let half = expected[99].0;
    assert_eq!(place.frames(half).unwrap(), expected[100..]);
    assert_eq!(frames(&place.log(), half, Some(expected[120].0)).unwrap(), expected[100..=120]);
}

#[test]
fn opening_again_without_writing_adds_nothing() {
    let place = Place::new(0, 1 << 20);
    for _ in 0..3 {
        let (log, recovery) = place.try_open().unwrap();
        assert_eq!((recovery.end, recovery.cut), (0, None));
        log.sync_and_close().unwrap();
    }
    assert_eq!(place.files().len(), 1);
    assert_eq!(place.frames(0).unwrap(), []);
}

#[test]
fn where_there_is_no_log_there_are_no_frames() {
    let place = Place::new(0, 1 << 20);
    assert_eq!(place.frames(0).unwrap(), []);
}

#[test]
fn cutting_frees_whole_segments_the_open_one_too() {
    let place = Place::new(0, 1000);
    let log = place.open();
    let positions: Vec<u64> = (0..100)
        .map(|number| {
            let position = log.append(payload(0, number)).unwrap();
            log.wait(position).unwrap();
            position
        })
        .collect();
    assert!(place.files().len() > 3);

    log.cut(positions[49]).unwrap();
    assert!(log.start() > 0 && log.start() <= positions[49]);
    assert_eq!(place.frames(positions[49]).unwrap().len(), 50);
    assert_eq!(place.frames(0).unwrap_err().code, Code::StoreBusy);

    log.cut(log.durable()).unwrap();
    assert_eq!(place.files().len(), 1);
    assert_eq!(place.frames(log.durable()).unwrap(), []);
    log.cut(log.durable()).unwrap();

    let next = log.append(payload(0, 100)).unwrap();
    log.sync_and_close().unwrap();
    assert_eq!(place.frames(positions[99]).unwrap(), [(next, payload(0, 100))]);
}

#[test]
fn what_was_promised_and_is_not_there_is_an_error() {
    let place = Place::new(0, 1 << 20);
    let log = place.open();
    let end = log.append(payload(0, 0)).unwrap();
    log.sync_and_close().unwrap();
    assert_eq!(frames(&place.log(), 0, Some(end + 100)).unwrap_err().code, Code::CorruptFile);
    assert_eq!(place.frames(end + 100).unwrap_err().code, Code::CorruptFile);
}

#[test]
fn too_much_at_once_is_refused_until_it_is_written() {
    let mut place = Place::new(0, 1 << 20);
    place.options = LogOptions { backlog_bytes: 1000, ..place.options };
    let log = place.open();
    let writer = log.shared.writer();
    let large = log.append(vec![1; 5000]).unwrap();
    let refused = log.append(vec![1; 10]).unwrap_err();
    assert_eq!((refused.code, refused.code.kind()), (Code::Overloaded, Kind::Unavailable));
    drop(writer);
    log.wait(large).unwrap();
    log.append(vec![1; 10]).unwrap();
    log.sync_and_close().unwrap();
    assert_eq!(place.frames(0).unwrap().len(), 2);
}

#[test]
fn what_nobody_could_mean_is_a_bug() {
    let place = Place::new(0, 1 << 20);
    let log = place.open();
    assert_eq!(log.append(Vec::new()).unwrap_err().code, Code::Internal);
    assert_eq!(log.wait(1).unwrap_err().code, Code::Internal);
}

#[test]
fn what_never_got_its_name_is_removed() {
    let place = Place::new(0, 1 << 20);
    drop(place.open());
    fs::write(place.log().join("00000000000000000099.log.tmp"), b"half").unwrap();
    drop(place.open());
    assert_eq!(place.files().len(), 1);
}

#[test]
fn a_log_that_ends_before_what_was_flushed_goes_on_from_there() {
    let mut place = Place::new(0, 1 << 20);
    let log = place.open();
    let end = log.append(payload(0, 0)).unwrap();
    log.sync_and_close().unwrap();
    // Opening leaves an empty segment at the end, which has to go too.
    drop(place.open());
    let first = end + 1000;
    place.options = LogOptions { first, ..place.options };
    let log = place.open();
    assert_eq!((log.start(), log.durable()), (first, first));
    let next = log.append(payload(0, 1)).unwrap();
    log.sync_and_close().unwrap();
    assert_eq!(place.frames(first).unwrap(), [(next, payload(0, 1))]);
    let (log, recovery) = place.try_open().unwrap();
    assert_eq!((log.start(), recovery.cut), (first, None));
}
