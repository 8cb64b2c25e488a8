//! Sizes in bytes, as people write them: `50GB`, `512MiB`, `4096`.

use std::fmt;
use std::str::FromStr;

use crate::error::{Code, Error, Result};

/// Units, the largest first.
const UNITS: [(&str, u64); 8] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("KB", 1_000),
];

/// More than any disk has, and what a database still holds.
const MOST: u64 = i64::MAX as u64;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

impl Size {
    /// For people: one decimal in the unit that reads best.
    pub fn rounded(self) -> String {
        // Decimal units only, which disks are sold in.
        let mut units = UNITS.iter().filter(|(name, _)| name.len() == 2);
        match units.find(|(_, factor)| self.0 >= *factor) {
            Some((name, factor)) => format!("{:.1} {name}", self.0 as f64 / *factor as f64),
            None => format!("{} B", self.0),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |(_, factor): &&(&str, u64)| self.0 >= *factor && self.0.is_multiple_of(*factor);
        match UNITS.iter().find(whole) {
            Some((name, factor)) => write!(f, "{}{name}", self.0 / factor),
            None => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Size {
    type Err = Error;

    fn from_str(text: &str) -> Result<Size> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let bytes = number.parse::<u64>().ok().zip(factor(unit.trim_start()));
        let bytes = bytes.and_then(|(number, factor)| number.checked_mul(factor));
        bytes.filter(|bytes| *bytes <= MOST).map(Size).ok_or_else(|| {
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not a size"))
                .help("write whole bytes, or a whole number of KB, MB, GB, TB, KiB, MiB, GiB or TiB, for example 50GB")
        })
    }
}

fn factor(unit: &str) -> Option<u64> {
    if unit.is_empty() || unit.eq_ignore_ascii_case("B") {
        return Some(1);
    }
    UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, factor)| *factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, bytes: u64, printed: &str) {
        let size: Size = text.parse().unwrap();
        assert_eq!((size.0, size.to_string().as_str()), (bytes, printed), "{text}");
        assert_eq!(printed.parse::<Size>().unwrap(), size);
    }

    #[test]
    fn what_is_written_is_printed_and_read_again() {
        check("0", 0, "0");
        check("4096", 4096, "4KiB");
        check("1001 B", 1001, "1001");
        check("50GB", 50_000_000_000, "50GB");
        check("50 gb", 50_000_000_000, "50GB");
        check("1500MB", 1_500_000_000, "1500MB");
        check("1GiB", 1 << 30, "1GiB");
        check("2tib", 2 << 40, "2TiB");
        check("1000KB", 1_000_000, "1MB");
    }

    #[test]
    fn what_is_no_size_is_told() {
        for text in ["", "GB", "-1", "1.5GB", "1 parsec", "9999999999TB", "9223372036854775808", "1GBB"] {
            let error = text.parse::<Size>().unwrap_err();
            assert_eq!(
                (error.code, error.message),
                (Code::InvalidArgument, format!("\"{text}\" is not a size"))
            );
            assert!(error.help.is_some_and(|help| help.ends_with("for example 50GB")));
        }
    }

    #[test]
    fn people_read_one_decimal() {
        let sizes = [0, 999, 1_000, 48_230_000_000, 3 << 40].map(|bytes| Size(bytes).rounded());
        assert_eq!(sizes, ["0 B", "999 B", "1.0 KB", "48.2 GB", "3.3 TB"]);
    }
}
