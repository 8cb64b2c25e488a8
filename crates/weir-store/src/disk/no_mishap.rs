//! Nothing is arranged outside tests: the calls go through.

use std::io;
use std::path::Path;

use super::Operation;

/// Watches over nothing.
#[derive(Clone)]
pub(super) struct Watch;

impl Watch {
    #[inline]
    pub(super) fn of(_: &Path) -> Watch {
        Watch
    }

    #[inline]
    pub(super) fn run(&self, _: Operation, _: &Path, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        act()
    }

    #[inline]
    pub(super) fn write(
        &self,
        buffer: &[u8],
        act: impl FnOnce(&[u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        act(buffer)
    }
}
