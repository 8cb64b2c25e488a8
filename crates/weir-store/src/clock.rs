//! The one place where the store looks at the clock: to note when something was recorded. No answer depends on it.

use weir_core::time::Micros;

/// This instant.
pub(crate) fn now() -> Micros {
    jiff::Timestamp::now().as_microsecond()
}
