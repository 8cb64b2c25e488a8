//! A reader beside writers: it never sees anything but whole frames in order, whatever is being written, rolled and freed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use weir_core::Code;

use super::super::Log;
use super::{Place, payload, read, recognise};

const WRITERS: u64 = 3;
const EACH: u64 = 1500;

#[test]
fn a_reader_beside_writers_sees_every_frame_once() {
    let place = Place::new(0, 20_000);
    let log = place.open();
    let seen = beside(&place, &log, false);
    assert_eq!(seen, [EACH; WRITERS as usize]);
}

#[test]
fn a_reader_beside_writers_and_the_flush_sees_no_garbage() {
    let place = Place::new(0, 5_000);
    let log = place.open();
    beside(&place, &log, true);
}

/// Writes and reads at once, freeing what is durable if asked to; gives the frames seen of each writer.
fn beside(place: &Place, log: &Log, free: bool) -> [u64; WRITERS as usize] {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| follow(place, log, &done));
        let freeing = scope.spawn(|| {
            while free && !done.load(Ordering::Acquire) {
                log.cut(log.durable()).unwrap();
                thread::yield_now();
            }
        });
        let write = |writer| {
            for number in 0..EACH {
                let position = log.append(payload(writer, number)).unwrap();
                if number % 16 == 0 {
                    log.wait(position).unwrap();
                }
            }
            log.wait(log.append(payload(writer, EACH)).unwrap()).unwrap();
        };
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Release);
        freeing.join().unwrap();
        reader.join().unwrap()
    })
}

/// Reads on and on, until everything was written before a read. Gives the last number seen of each writer.
fn follow(place: &Place, log: &Log, done: &AtomicBool) -> [u64; WRITERS as usize] {
    let mut seen = [None; WRITERS as usize];
    let mut at = 0;
    // Of whom something may have been freed before it was seen.
    let mut gaps = [true; WRITERS as usize];
    loop {
        let last = done.load(Ordering::Acquire);
        let outcome = read(&place.log(), at, None, |after, bytes| {
            let (writer, number) = recognise(bytes);
            let before: Option<u64> = seen[writer as usize].replace(number);
            let next = before.map_or(0, |before| before + 1);
            let gap = std::mem::take(&mut gaps[writer as usize]);
            assert!(number == next || (gap && number > next), "{number} of {writer} after {before:?}");
            at = after;
            Ok(())
        });
        if let Err(error) = outcome {
            assert_eq!(error.code, Code::StoreBusy, "{error}");
            let start = log.start();
            if start > at {
                (at, gaps) = (start, [true; WRITERS as usize]);
            }
        }
        if last {
            return seen.map(Option::unwrap_or_default);
        }
    }
}
