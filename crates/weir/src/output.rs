//! Writing to stdout and stderr. Whoever closes the pipe has read enough: that is not an error.

use std::io::{self, ErrorKind, Write};

use weir_core::{Error, Result};

/// Writes text and a line end to stdout.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::io("writing the answer", &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes text and a line end to stderr. Where that fails there is nobody left to tell.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}
