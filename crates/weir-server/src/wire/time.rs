//! Instants as text.

use weir_core::time::Micros;

/// An instant in UTC, RFC 3339. The store keeps only times that can be written so.
pub(crate) fn instant(time: Micros) -> String {
    jiff::Timestamp::from_microsecond(time).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_utc_with_as_many_digits_as_needed() {
        assert_eq!(instant(1_704_069_547_000_000), "2024-01-01T00:39:07Z");
        assert_eq!(instant(1_704_069_547_250_000), "2024-01-01T00:39:07.25Z");
    }
}
