//! Reads a real NATS server. Where there is none the tests say so and pass; with `CI=true` they fail.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]
// What was tried is of use only when it is seen.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod server;
mod worker;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use weir_core::Code;
use weir_queue::{Condition, Login};

use server::{Letter, Server, eventually};
use worker::{Dice, Keeper, Mood, Worker, config};

/// Every third message has an id of its sender's.
fn letters(count: usize) -> Vec<Letter> {
    let id = |n: usize| n.is_multiple_of(3).then(|| format!("order-{n}"));
    (0..count).map(|n| Letter { body: format!("message {n}"), id: id(n) }).collect()
}

fn bodies(keeper: &Keeper) -> BTreeSet<String> {
    let text = |body: &[u8]| String::from_utf8(body.to_vec()).unwrap();
    keeper.kept().committed.values().map(|(message, _)| text(&message.body)).collect()
}

fn all_bodies(count: usize) -> BTreeSet<String> {
    letters(count).into_iter().map(|letter| letter.body).collect()
}

/// Nothing is missing, nothing has two ids, and the server knows that all is done.
fn assert_complete(server: &Server, keeper: &Keeper, count: usize) {
    eventually("everything is settled", || server.settled(count as u64) == count as u64);
    assert_eq!(bodies(keeper), all_bodies(count));
    assert_eq!(keeper.committed(), count, "a message came again under another id");
}

#[test]
fn every_message_is_handled_although_handler_and_reader_fail_at_random() {
    let Some(server) = Server::start() else { return };
    const COUNT: usize = 5_000;
    server.send(letters(COUNT));
    let (dice, kills) = (Arc::new(Dice::default()), Dice::default());
    let keeper = Keeper::new(move |_| {
        std::thread::sleep(Duration::from_millis(dice.below(20)));
        match dice.below(12) {
            0 => Mood::Fails,
            1 => Mood::FailsLate,
            _ => Mood::Fine,
        }
    });
    let mut killed = 0;
    while keeper.committed() < COUNT {
        let worker = Worker::start(config(&server), &keeper);
        std::thread::sleep(Duration::from_millis(50 + kills.below(500)));
        worker.kill();
        killed += 1;
        let settled = server.settled(COUNT as u64) as usize;
        assert!(settled <= keeper.committed(), "settled {settled} before they were committed");
        assert!(killed < 200, "it never gets done");
    }
    let worker = Worker::start(config(&server), &keeper);
    assert_complete(&server, &keeper, COUNT);
    worker.stop();
    let again: u32 = keeper.kept().committed.values().map(|(_, times)| times - 1).sum();
    println!("{killed} kills, {again} messages came again and were recognised");
    assert!(killed > 1 && again > 0, "{killed} kills and {again} repetitions try nothing");
}

#[test]
fn a_server_that_breaks_down_is_read_on_when_it_is_back() {
    let Some(mut server) = Server::start() else { return };
    const COUNT: usize = 2_000;
    server.send(letters(COUNT));
    let keeper = Keeper::new(|_| {
        std::thread::sleep(Duration::from_millis(20));
        Mood::Fine
    });
    let worker = Worker::start(config(&server), &keeper);
    eventually("some are handled", || keeper.committed() > 200);
    server.kill();
    eventually("the reader notices", || keeper.failure().is_some());
    assert!(keeper.committed() < COUNT, "it broke down too late");
    assert_eq!(keeper.failure().unwrap().code, Code::QueueUnavailable);
    server.restart();
    assert_complete(&server, &keeper, COUNT);
    assert_eq!(keeper.kept().conditions.last(), Some(&Condition::Reading));
    worker.stop();
}

#[test]
fn what_can_never_be_taken_is_counted_once_and_blocks_nobody() {
    let Some(server) = Server::start() else { return };
    let mut sent = letters(300);
    let bad = |n: usize| Letter { body: format!("poison {n}"), id: Some(format!("bad-{n}")) };
    sent.extend((0..20).map(bad));
    sent.extend(letters(600).into_iter().skip(300));
    server.send(sent);
    let keeper = Keeper::new(|_| Mood::Fine);
    let worker = Worker::start(config(&server), &keeper);
    eventually("everything is settled", || server.settled(620) == 620);
    worker.stop();
    assert_eq!(bodies(&keeper), all_bodies(600));
    let expected: Vec<String> = (0..20).map(|n| format!("bad-{n}")).collect();
    assert_eq!(keeper.kept().refused, expected);
    // Refused messages are not delivered again, to nobody.
    assert_eq!(server.progress().unwrap().num_redelivered, 0);
}

#[test]
fn a_message_at_which_the_handler_breaks_off_does_not_keep_the_others() {
    let Some(server) = Server::start() else { return };
    server.send(letters(300));
    let keeper = Keeper::new(|messages| {
        assert!(!messages.iter().any(|message| message.body == b"message 7"), "this one is too much for me");
        Mood::Fine
    });
    let worker = Worker::start(config(&server), &keeper);
    eventually("the others are handled", || keeper.committed() == 299);
    eventually("all but it are settled", || server.settled(300) == 299);
    worker.stop();
    let mut others = all_bodies(300);
    others.remove("message 7");
    assert_eq!(bodies(&keeper), others);
    assert!(
        keeper
            .kept()
            .conditions
            .iter()
            .any(|c| matches!(c, Condition::Failing(e) if e.code == Code::Internal))
    );
}

#[test]
fn a_stop_waits_for_the_commit_and_says_so_to_the_server() {
    let Some(server) = Server::start() else { return };
    const COUNT: usize = 1_000;
    server.send(letters(COUNT));
    let keeper = Keeper::new(|_| {
        std::thread::sleep(Duration::from_millis(50));
        Mood::Fine
    });
    let worker = Worker::start(config(&server), &keeper);
    eventually("some are handled", || keeper.committed() > 100);
    worker.stop();
    let committed = keeper.committed();
    assert!(committed < COUNT, "it stopped too late");
    assert_eq!(keeper.kept().conditions.last(), Some(&Condition::Stopped));
    eventually("what was committed is settled", || server.settled(COUNT as u64) == committed as u64);
    let worker = Worker::start(config(&server), &keeper);
    assert_complete(&server, &keeper, COUNT);
    worker.stop();
    assert!(keeper.kept().committed.values().all(|(_, times)| *times == 1), "a stop lost acknowledgements");
}

#[test]
fn a_slow_commit_is_not_delivered_again() {
    let Some(server) = Server::start() else { return };
    server.send(letters(20));
    let keeper = Keeper::new(|_| {
        std::thread::sleep(Duration::from_millis(2_500));
        Mood::Fine
    });
    let worker = Worker::start(config(&server), &keeper);
    assert_complete(&server, &keeper, 20);
    worker.stop();
    assert!(keeper.kept().committed.values().all(|(_, times)| *times == 1));
}

#[test]
fn many_messages_are_handed_over_at_once_but_never_too_many() {
    let Some(server) = Server::start() else { return };
    server.send(letters(1_000));
    let keeper = Keeper::new(|_| Mood::Fine);
    let mut config = config(&server);
    (config.batch, config.max_in_flight) = (200, 200);
    let worker = Worker::start(config, &keeper);
    assert_complete(&server, &keeper, 1_000);
    worker.stop();
    assert_eq!(keeper.kept().largest_batch, 200);
}

#[test]
fn a_wrong_password_or_a_missing_stream_is_told_and_waited_for() {
    let Some(server) = Server::start_for(Some(("shop", "right"))) else { return };
    let keeper = Keeper::new(|_| Mood::Fine);
    let mut wrong = config(&server);
    wrong.login = Login::User { name: "shop".to_owned(), password: "wrong".to_owned() };
    let worker = Worker::start(wrong.clone(), &keeper);
    eventually("it is refused", || keeper.failure().is_some());
    worker.stop();
    let mut right = wrong;
    right.login = Login::User { name: "shop".to_owned(), password: "right".to_owned() };
    let keeper = Keeper::new(|_| Mood::Fine);
    let worker = Worker::start(right, &keeper);
    eventually("there is no stream", || keeper.failure().is_some());
    assert!(keeper.failure().unwrap().message.contains("stream EVENTS cannot be read"));
    server.make_stream();
    eventually("the stream is read", || keeper.kept().conditions.last() == Some(&Condition::Reading));
    worker.stop();
}
