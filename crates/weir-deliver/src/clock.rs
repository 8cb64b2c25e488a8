//! The one place here that looks at the clock: an attempt has a time, and a signature too.

use weir_core::time::Micros;

/// This instant.
pub(crate) fn now() -> Micros {
    jiff::Timestamp::now().as_microsecond()
}
