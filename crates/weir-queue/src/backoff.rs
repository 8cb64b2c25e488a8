//! How long to wait after a failure: twice as long each time, up to a limit.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);

/// The pause after so many failures in a row; none after none.
pub(crate) fn pause(failures: u64) -> Duration {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    let pause = SHORTEST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
    if failures == 0 { Duration::ZERO } else { pause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        assert_eq!(pause(0), Duration::ZERO);
        assert_eq!(pause(1), SHORTEST);
        assert_eq!(pause(3), SHORTEST * 4);
        assert_eq!(pause(9), LONGEST);
        assert_eq!(pause(u64::MAX), LONGEST);
    }
}
