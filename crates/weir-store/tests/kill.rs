//! A process that is killed at any moment of an import: the store opens, holds what it held, and the import repeated
//! gives what one clean run gives.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{answers, events, files_in, spec, workspace};
use weir_core::time::Zone;
use weir_store::{ImportKind, ImportRecord, Workspace};

/// Names the data directory for the child process.
const CHILD_DIR: &str = "WEIR_TEST_KILL_DIR";

/// How often to kill; more with `WEIR_TEST_KILLS=<n>`.
fn kills() -> u64 {
    std::env::var("WEIR_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

fn load(workspace: &Workspace) -> ImportRecord {
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.set_memory_budget(100_000);
    for part in 0..10 {
        let line = |i: u32| {
            let (day, second, user) = (1 + i % 9, i % 60, (i * 7 + part) % 300);
            format!(
                "2024-11-0{day}T08:00:{second:02}Z view s{} - - user_id:u{user} device:d{}",
                i % 5,
                user / 2
            )
        };
        let lines: Vec<String> = (0..200).map(line).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        commit.events(&events(&Zone::utc(), &lines)).unwrap();
    }
    commit.finish().unwrap()
}

/// Not a test of its own: what the killed process does.
#[test]
fn child() {
    if let Ok(dir) = std::env::var(CHILD_DIR) {
        load(&workspace(Path::new(&dir)));
    }
}

fn spawn(dir: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child"]).env(CHILD_DIR, dir).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn killed_at_any_moment_and_repeated() {
    let clean_dir = tempfile::tempdir().unwrap();
    let clean = workspace(clean_dir.path());
    let begun = std::time::Instant::now();
    spawn(clean_dir.path()).wait().unwrap();
    let whole = begun.elapsed();
    let clean_answers = answers(&clean);
    let mut cut_off = 0;
    for kill in 0..kills() {
        let dir = tempfile::tempdir().unwrap();
        let mut child = spawn(dir.path());
        std::thread::sleep(
            whole.mul_f64((kill + 1) as f64 / (kills() + 1) as f64).max(Duration::from_millis(1)),
        );
        child.kill().unwrap();
        child.wait().unwrap();
        let workspace = workspace(dir.path());
        let events = workspace.event_files().unwrap();
        cut_off += u64::from(events.is_empty());
        assert!(workspace.verify().unwrap().findings.is_empty());
        let again = load(&workspace).ledger;
        assert!(again.accepted == 2000 || (again.duplicate == 2000 && !events.is_empty()), "{again:?}");
        assert_eq!(answers(&workspace), clean_answers);
        let only_names = |dir: &Path| files_in(dir).into_iter().filter(|f| f.contains("identity")).count();
        assert_eq!(only_names(dir.path()), only_names(clean_dir.path()));
    }
    assert!(cut_off > 0, "no process was killed early enough");
}
