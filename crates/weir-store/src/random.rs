//! Numbers nobody can guess, from the operating system, and how they are written.

use weir_core::{Error, Result};

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut random = [0; N];
    getrandom::fill(&mut random).map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
    Ok(random)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
