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
