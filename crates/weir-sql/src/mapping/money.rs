//! Amounts in the workspace's currency.
//!
//! One reporting currency a workspace. An amount in another one is converted by the latest rate not after the event's
//! day, in exact decimals, rounded half away from zero; what was paid stays beside it, in the properties
//! `original_amount` and `original_currency`. Without a rate the amount is unknown, and the event is kept.
//!
//! Deliberately absent: where rates come from, inverse and cross rates.

use arrow::array::StringArray;
use weir_core::amount::Amount;
use weir_core::rate::Rates;
use weir_core::time::Day;

use crate::values::number::fits;

/// What was paid, where that was not in the workspace's currency.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Original {
    pub amount: Amount,
    pub currency: String,
}

/// The result of converting a column of amounts.
#[derive(Debug, PartialEq)]
pub(super) struct Converted {
    pub amounts: Vec<Option<Amount>>,
    /// Empty, or one a row.
    pub originals: Vec<Option<Original>>,
    /// Rows whose currency has no rate on their day (or whose amount has become too large).
    pub without_rate: usize,
}

/// Converts the amounts whose currency is not `home`.
pub(super) fn convert(
    amounts: Vec<Option<Amount>>,
    currencies: &StringArray,
    days: &[Day],
    home: &str,
    rates: &Rates,
) -> Converted {
    let mut converted = Converted { amounts, originals: vec![None; days.len()], without_rate: 0 };
    for (row, currency) in currencies.iter().enumerate() {
        let foreign = currency.filter(|currency| !currency.eq_ignore_ascii_case(home));
        let (Some(currency), Some(amount)) = (foreign, converted.amounts[row]) else { continue };
        let rate = rates.on(currency, days[row]);
        converted.amounts[row] = rate.and_then(|rate| rate.convert(amount)).filter(|amount| fits(*amount));
        converted.without_rate += usize::from(converted.amounts[row].is_none());
        converted.originals[row] = Some(Original { amount, currency: currency.to_owned() });
    }
    converted
}

#[cfg(test)]
mod tests {
    use weir_core::rate::Rate;

    use super::*;

    fn rates() -> Rates {
        let mut rates = Rates::default();
        rates.insert("usd", Day(100), Rate::parse("7.1032").unwrap());
        rates.insert("USD", Day(200), Rate::parse("7.25").unwrap());
        rates.insert("JPY", Day(0), Rate::parse("0.048765").unwrap());
        rates
    }

    #[test]
    fn only_foreign_amounts_change() {
        let one = Some(Amount::parse("1").unwrap());
        let currencies = StringArray::from(vec![None, Some("cny"), Some("USD"), Some("EUR"), Some("USD")]);
        let days = [Day(150); 5];
        let converted = convert(vec![one, one, one, one, None], &currencies, &days, "CNY", &rates());
        let amounts: Vec<_> = converted.amounts.iter().map(|a| a.map(|a| a.to_string())).collect();
        let texts = [Some("1"), Some("1"), Some("7.1032"), None, None];
        assert_eq!(amounts, texts.map(|text| text.map(str::to_owned)));
        assert_eq!(converted.without_rate, 1);
        let originals = converted.originals.iter().map(|o| o.as_ref().map(|o| o.currency.as_str()));
        assert_eq!(originals.collect::<Vec<_>>(), [None, None, Some("USD"), Some("EUR"), None]);
    }
}
