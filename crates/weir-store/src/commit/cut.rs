//! How a set of fingerprints is cut into many tables, so that none grows at the same time as the others.
//!
//! A hash table doubles when it is full, and is half empty then. Tables of one size would all double together, and
//! memory would jump; here the last is twice as large as the first and the logarithms of their sizes are evenly spread, so that there is
//! always the same share of them about to double. Growing one then moves little, too.

/// How many tables.
pub(super) const TABLES: usize = 256;

/// The table of a fingerprint, by bits that the tables themselves do not hash by. The share of table `t` is
/// `2^((t + 1) / TABLES) - 2^(t / TABLES)`.
pub(super) fn table_of(bits: u32) -> usize {
    let place = f64::from(bits) / (f64::from(u32::MAX) + 1.0);
    // Below TABLES, as `place` is below 1; the smaller of both in case the last digit is rounded up.
    (((1.0 + place).log2() * TABLES as f64) as usize).min(TABLES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_table_has_twice_the_share_of_the_first() {
        let mut shares = [0_u32; TABLES];
        for place in 0..1_u32 << 20 {
            shares[table_of(place << 12)] += 1;
        }
        assert!(shares.windows(2).all(|pair| pair[0] <= pair[1] + 1), "{shares:?}");
        let (first, last) = (f64::from(shares[0]), f64::from(shares[TABLES - 1]));
        assert!((last / first - 2.0).abs() < 0.01, "{first} {last}");
        assert_eq!((table_of(0), table_of(u32::MAX)), (0, TABLES - 1));
    }
}
