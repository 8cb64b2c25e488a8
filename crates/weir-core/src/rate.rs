//! Exchange rates: what one unit of another currency was worth in the workspace's, from a day on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::amount::{Amount, SCALE};
use crate::error::{Code, Error, Result};
use crate::time::Day;

/// Most digits of a rate: keeps every product within 128 bits.
const MOST_DIGITS: usize = 18;

/// A positive decimal, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    digits: i64,
    scale: u8,
}

impl Rate {
    /// Parses plain decimal text such as `0.006712`.
    pub fn parse(text: &str) -> Result<Rate> {
        read(text.trim()).ok_or_else(|| {
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not an exchange rate"))
                .help("write a positive decimal of at most 18 digits, such as 7.1882")
        })
    }

    /// An amount of the other currency in the workspace's, rounded half away from zero at four places.
    pub fn convert(self, amount: Amount) -> Option<Amount> {
        let product = i128::from(amount.0) * i128::from(self.digits);
        Amount::from_scaled(product, SCALE as i32 + i32::from(self.scale))
    }
}

fn read(text: &str) -> Option<Rate> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let plain =
        !digits.is_empty() && digits.len() <= MOST_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = if plain { digits.parse().ok()? } else { return None };
    (number > 0).then_some(Rate { digits: number, scale: fraction.len() as u8 })
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        if scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let padded = format!("{:0width$}", self.digits, width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{whole}.{fraction}")
    }
}

/// All rates of a workspace. Currencies compare without case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rates {
    by_currency: BTreeMap<String, BTreeMap<Day, Rate>>,
}

impl Rates {
    /// The rate of a currency on a day: the latest one not after it.
    pub fn on(&self, currency: &str, day: Day) -> Option<Rate> {
        let rates = self.by_currency.get(&*upper(currency))?;
        rates.range(..=day).next_back().map(|(_, rate)| *rate)
    }

    /// Every rate, by currency and day.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Day, Rate)> {
        self.by_currency.iter().flat_map(|(currency, rates)| {
            rates.iter().map(move |(day, rate)| (currency.as_str(), *day, *rate))
        })
    }

    /// States the rate of a currency from a day on.
    pub fn insert(&mut self, currency: &str, from: Day, rate: Rate) {
        self.by_currency.entry(upper(currency).into_owned()).or_default().insert(from, rate);
    }
}

/// A currency as it is kept. Asked for every event with an amount, nearly all of which spell it so.
fn upper(currency: &str) -> Cow<'_, str> {
    if currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return currency.into();
    }
    currency.to_uppercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_print_as_they_were_written() {
        for text in ["7.1882", "0.006712", "1", "0.10", "123456789012345678"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "1e3", ".", "1.2.3", "1234567890123456789"] {
            assert_eq!(Rate::parse(text).unwrap_err().code, Code::InvalidArgument, "{text}");
        }
    }

    #[test]
    fn conversion_is_exact_then_rounded_once() {
        let rate = Rate::parse("0.006712").unwrap();
        assert_eq!(rate.convert(Amount::parse("1500").unwrap()), Amount::parse("10.068"));
        assert_eq!(rate.convert(Amount(1)), Some(Amount(0)));
        assert_eq!(Rate::parse("1.5").unwrap().convert(Amount(-1)), Some(Amount(-2)));
        assert_eq!(Rate::parse("1000000").unwrap().convert(Amount(i64::MAX)), None);
    }

    #[test]
    fn the_latest_rate_not_after_the_day_counts() {
        let mut rates = Rates::default();
        rates.insert("eur", Day(10), Rate::parse("1.1").unwrap());
        rates.insert("EUR", Day(20), Rate::parse("1.2").unwrap());
        assert_eq!(rates.on("EUR", Day(9)), None);
        assert_eq!(rates.on("EUR", Day(19)).unwrap().to_string(), "1.1");
        assert_eq!(rates.on("EUR", Day(20)).unwrap().to_string(), "1.2");
        assert_eq!(rates.on("JPY", Day(20)), None);
    }
}
