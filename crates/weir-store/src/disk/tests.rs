use std::fs;
use std::io::{ErrorKind, Write};

use super::mishap::{Failure, Mishaps, Rule};
use super::{Disk, Operation};
use crate::files;
use weir_core::Code;

#[test]
fn mishaps_strike_where_they_are_arranged_and_end_with_the_arrangement() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mishaps = Mishaps::arrange(here.path(), 1);
    mishaps.set([Rule::new(Operation::Write, Failure::Full, 1.0)]);
    let write = |dir: &tempfile::TempDir| files::write_durable(dir.path(), "a", |out| out.write_all(b"a"));
    assert_eq!(write(&here).unwrap_err().code, Code::DiskFull);
    write(&there).unwrap();
    mishaps.set([Rule::new(Operation::Rename, Failure::Broken, 1.0)]);
    assert_eq!(write(&here).unwrap_err().code, Code::DiskFailed);
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 0, "nothing is left behind");
    drop(mishaps);
    write(&here).unwrap();
}

#[test]
fn short_writes_leave_the_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let mishaps = Mishaps::arrange(dir.path(), 1);
    mishaps.set([Rule::new(Operation::Write, Failure::Short, 1.0)]);
    let path = dir.path().join("a");
    let mut file = Disk::of(&path).create(&path).unwrap();
    assert_eq!(file.write_all(&[7; 1000]).unwrap_err().kind(), ErrorKind::StorageFull);
    let left = fs::read(&path).unwrap();
    assert!(left.len() <= 1000 && left.iter().all(|byte| *byte == 7));
}

#[test]
fn rules_have_a_text() {
    let rules = Rule::parse_all("write full 1 /log/\n\nsync broken 0.5\n").unwrap();
    assert_eq!(rules.len(), 2);
    let error = Rule::parse_all("write fully 1").unwrap_err();
    assert!(error.to_string().contains("write fully 1"), "{error}");
}
