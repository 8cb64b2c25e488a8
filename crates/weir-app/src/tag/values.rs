//! How a tag's values are distributed as of a date: exact counts, nothing sampled.

use std::collections::HashMap;

use weir_core::tag::{TagKind, TagValue};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::everyone;
use weir_store::Page;

use crate::app::Workspace;

/// Most bins of a histogram.
const BINS: usize = 20;

/// Which shares of people the quantiles are at: of a hundred have at most the value.
const QUANTILES: [u32; 7] = [5, 10, 25, 50, 75, 90, 95];

/// The values of a tag as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct TagValues {
    /// The date.
    pub as_of: Day,
    /// What the values are.
    pub kind: TagKind,
    /// Who have one.
    pub people: u64,
    /// Different values.
    pub distinct: u64,
    /// Of texts: the values, most people first, equals by name; one page.
    pub counts: Vec<TagCount>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Of texts: values that are not on this page nor on those before, and their people, each once a value.
    pub rest: (u64, u64),
    /// Of numbers and dates, if there is any.
    pub spread: Option<Spread>,
}

/// How many people have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    /// The text.
    pub value: String,
    /// Who have it.
    pub people: u64,
}

/// How numbers lie; dates are days since 1970-01-01.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
    /// The mean.
    pub mean: f64,
    /// For shares of a hundred the least value that so many people have at most.
    pub quantiles: Vec<(u32, f64)>,
    /// Bins of equal width; for dates of whole days.
    pub bins: Vec<Bin>,
}

/// People whose value is at least `from` and less than `to`; in the last bin `to` is included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower edge.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// How many.
    pub people: u64,
}

impl Workspace {
    /// How the values of a tag are distributed as of a date.
    pub fn tag_values(&self, name: &str, as_of: Day, page: &Page) -> Result<TagValues> {
        let record = self.tag_record(name)?;
        let kind = record.kind.unwrap_or(TagKind::Text);
        let view = self.view()?;
        let (column, everyone) = (view.world().facts.tag(name)?, everyone(view.world(), as_of));
        let mut found = Found::default();
        column.values(&everyone, as_of).for_each(|(_, value)| found.note(value));
        found.answer(as_of, kind, page)
    }
}

#[derive(Default)]
struct Found<'a> {
    people: u64,
    texts: HashMap<&'a str, u64>,
    numbers: Vec<f64>,
}

impl<'a> Found<'a> {
    fn note(&mut self, value: &'a TagValue) {
        self.people += 1;
        match value {
            TagValue::Text(text) => *self.texts.entry(text).or_default() += 1,
            TagValue::Number(number) => self.numbers.push(*number),
            TagValue::Date(day) => self.numbers.push(f64::from(day.0)),
            TagValue::Multi(texts) => {
                let mut distinct: Vec<&str> = texts.iter().map(String::as_str).collect();
                distinct.sort_unstable();
                distinct.dedup();
                distinct.into_iter().for_each(|text| *self.texts.entry(text).or_default() += 1);
            }
            TagValue::Absent => self.people -= 1,
        }
    }

    fn answer(mut self, as_of: Day, kind: TagKind, page: &Page) -> Result<TagValues> {
        self.numbers.sort_unstable_by(f64::total_cmp);
        let distinct = self.texts.len() + self.numbers.chunk_by(|a, b| a == b).count();
        let mut counts: Vec<TagCount> = self.texts.into_iter().map(count).collect();
        counts.sort_unstable_by(|a, b| b.people.cmp(&a.people).then_with(|| a.value.cmp(&b.value)));
        let start = place(page)?.min(counts.len());
        let end = start.saturating_add(page.limit as usize).min(counts.len());
        let rest = &counts[end..];
        let rest = (rest.len() as u64, rest.iter().map(|count| count.people).sum());
        Ok(TagValues {
            as_of,
            kind,
            people: self.people,
            distinct: distinct as u64,
            next: (rest.0 > 0).then(|| end.to_string()),
            counts: counts.drain(start..end).collect(),
            rest,
            spread: Spread::of(&self.numbers, kind == TagKind::Date),
        })
    }
}

fn count((value, people): (&str, u64)) -> TagCount {
    TagCount { value: value.to_owned(), people }
}

/// How many values earlier pages had.
fn place(page: &Page) -> Result<usize> {
    let Some(cursor) = &page.after else { return Ok(0) };
    let wrong =
        |_| Error::new(Code::InvalidArgument, format!("\"{cursor}\" is not a cursor of this listing"));
    cursor.parse().map_err(|error| wrong(error).at("after"))
}

impl Spread {
    /// Of numbers in ascending order.
    fn of(numbers: &[f64], whole: bool) -> Option<Spread> {
        let (least, greatest) = (*numbers.first()?, *numbers.last()?);
        let quantile = |percent: u32| {
            let place = (u64::from(percent) * numbers.len() as u64).div_ceil(100).max(1);
            (percent, numbers[place as usize - 1])
        };
        Some(Spread {
            least,
            greatest,
            mean: numbers.iter().sum::<f64>() / numbers.len() as f64,
            quantiles: QUANTILES.map(quantile).to_vec(),
            bins: bins(numbers, (least, greatest), whole),
        })
    }
}

fn bins(numbers: &[f64], (least, greatest): (f64, f64), whole: bool) -> Vec<Bin> {
    if least == greatest {
        return vec![Bin { from: least, to: greatest, people: numbers.len() as u64 }];
    }
    let width = (greatest - least) / BINS as f64;
    let width = if whole { width.ceil() } else { width };
    let mut bins = Vec::new();
    let mut start = 0;
    while start < numbers.len() {
        let edge = |place: usize| least + width * place as f64;
        let (from, to) = (edge(bins.len()), edge(bins.len() + 1));
        let is_last = bins.len() + 1 == BINS || to >= greatest;
        let to = if is_last { greatest } else { to };
        let end = if is_last { numbers.len() } else { numbers.partition_point(|number| *number < to) };
        bins.push(Bin { from, to, people: (end - start) as u64 });
        start = end;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_one_bin() {
        let cases: [&[f64]; 5] = [
            &[1.0],
            &[2.0, 2.0, 2.0],
            &[0.0, 0.1, 0.2, 0.3, 5.0],
            &[-3.5, 0.0, 1e9],
            &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
        ];
        for numbers in cases {
            for whole in [false, true] {
                let spread = Spread::of(numbers, whole).unwrap();
                let bins = &spread.bins;
                assert!(bins.len() <= BINS && bins.windows(2).all(|two| two[0].to == two[1].from));
                for (i, bin) in bins.iter().enumerate() {
                    let is_last = i + 1 == bins.len();
                    let inside = |n: &&f64| bin.from <= **n && (**n < bin.to || (is_last && **n == bin.to));
                    assert_eq!(numbers.iter().filter(inside).count() as u64, bin.people, "{numbers:?}");
                }
                let people: u64 = bins.iter().map(|bin| bin.people).sum();
                assert_eq!(people, numbers.len() as u64);
            }
        }
    }

    #[test]
    fn quantiles_are_values_that_people_have() {
        let numbers: Vec<f64> = (1..=10).map(f64::from).collect();
        let spread = Spread::of(&numbers, false).unwrap();
        let expected = [(5, 1.0), (10, 1.0), (25, 3.0), (50, 5.0), (75, 8.0), (90, 9.0), (95, 10.0)];
        assert_eq!(spread.quantiles, expected);
        assert_eq!(spread.mean, 5.5);
    }
}
