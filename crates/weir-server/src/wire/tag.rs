//! The tag market.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_core::tag::TagKind;
use weir_core::time::Day;

use super::about::About;
use super::time::instant;

/// A tag of the tag market.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Tag {
    /// Its name.
    #[schema(example = "interests")]
    pub name: String,
    /// What its values are: `text`, `number`, `date` or `multi` (several texts); `none` as long as nobody has stated any.
    #[schema(example = "multi")]
    pub kind: &'static str,
    /// Where they come from: `imported`, `trait` (clients say so), `computed`, or `described` (nowhere yet).
    #[schema(example = "computed")]
    pub origin: &'static str,
    #[serde(flatten)]
    pub about: About,
    /// How it is computed, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"amount": {"behavior": ["purchase"], "within": {"days": 365}}}))]
    pub value: Option<Value>,
    /// Version of its definition, from 1; 0 without one.
    #[schema(example = 1)]
    pub version: u32,
}

/// A tag with all that is known about it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagDetail {
    #[serde(flatten)]
    pub tag: Tag,
    /// Who has it.
    pub coverage: TagCoverage,
    /// How old its values are.
    pub freshness: TagFreshness,
    /// Where it comes from, and who uses it.
    pub lineage: TagLineage,
}

/// How many people have a value of a tag as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagCoverage {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Who have one.
    #[schema(example = 310)]
    pub people: u64,
    /// Everybody known then.
    #[schema(example = 819)]
    pub universe: u64,
    /// Their share; left out where nobody is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.3785)]
    pub share: Option<f64>,
}

/// How old a tag's values are.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagFreshness {
    /// Date of the latest dated statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last_statement: Option<String>,
    /// When the latest import with any became visible, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub last_import: Option<String>,
    /// The latest run, if it is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run: Option<TagRun>,
    /// When it is computed again without being asked, UTC; left out without a schedule, and for a continuous one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub next_due: Option<String>,
}

/// Where a tag comes from, and who uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagLineage {
    /// The imports that state it, latest first.
    pub sources: Vec<TagSource>,
    /// What its rule names, by noun: `behavior`, `channel`, `tag`, `audience`, `state_model`, `list`, `snapshot`.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub names: BTreeMap<&'static str, BTreeSet<String>>,
    /// What names it.
    #[schema(example = json!(["audience loyal", "tag best"]))]
    pub used_by: Vec<String>,
}

/// An import that states a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagSource {
    /// Its number.
    pub import: u32,
    /// `tags`, or `stream` for what clients sent.
    #[schema(example = "tags")]
    pub kind: &'static str,
    /// Its source; `tag:<name>` where it was computed.
    pub source: String,
    /// When it became visible, UTC.
    #[schema(format = DateTime)]
    pub finished: String,
}

/// A tag was computed as of a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagRun {
    /// Its number; later runs have greater ones.
    pub run: i64,
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Version of the definition.
    pub version: u32,
    /// How many have a value then.
    pub people: u64,
    /// Statements made: values that differ from what was in force before.
    pub stated: u64,
    /// The import that holds them; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<u32>,
    /// Whether that import counts: `done` or `undone`.
    #[schema(example = "done")]
    pub state: &'static str,
    /// When it began, UTC.
    #[schema(format = DateTime)]
    pub started: String,
    /// When it became visible, UTC.
    #[schema(format = DateTime)]
    pub finished: String,
}

/// How the values of a tag are distributed as of a date; exact.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagValues {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// What the values are.
    #[schema(example = "text")]
    pub kind: &'static str,
    /// Who have one.
    pub people: u64,
    /// Different values.
    pub distinct: u64,
    /// Of texts: the values, most people first, equals by name; a page of them.
    pub items: Vec<TagCount>,
    /// Where there are more: ask again with `after` set to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Of texts: what comes after this page.
    pub rest: TagRest,
    /// Of numbers and dates, if there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<TagSpread>,
}

/// How many people have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagCount {
    /// The value.
    #[schema(example = "tea")]
    pub value: String,
    /// Who have it.
    #[schema(example = 42)]
    pub people: u64,
}

/// Values that are not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagRest {
    /// How many.
    pub values: u64,
    /// Their people; who has several counts once for each.
    pub people: u64,
}

/// How numbers or dates lie. A date's mean is the date that it falls on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagSpread {
    /// The least: a number or a date, as all below.
    #[schema(value_type = Object)]
    pub least: Value,
    /// The greatest.
    #[schema(value_type = Object)]
    pub greatest: Value,
    /// The mean.
    #[schema(value_type = Object)]
    pub mean: Value,
    /// For shares of a hundred the least value that at least so many people do not exceed.
    pub quantiles: Vec<TagQuantile>,
    /// People by value, in bins of equal width.
    pub bins: Vec<TagBin>,
}

/// A quantile.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagQuantile {
    /// Of a hundred.
    #[schema(example = 50)]
    pub percent: u32,
    /// The value.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// People whose value is at least `from` and less than `to`; in the last bin `to` is included.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TagBin {
    /// Lower edge.
    #[schema(value_type = Object)]
    pub from: Value,
    /// Upper edge.
    #[schema(value_type = Object)]
    pub to: Value,
    /// How many.
    pub people: u64,
}

impl From<&weir_app::TagRecord> for Tag {
    fn from(record: &weir_app::TagRecord) -> Tag {
        Tag {
            name: record.name.clone(),
            kind: record.kind.map_or("none", TagKind::name),
            origin: record.origin.name(),
            about: (&record.about).into(),
            value: record.value.clone(),
            version: record.version,
        }
    }
}

impl From<&weir_app::TagDetail> for TagDetail {
    fn from(detail: &weir_app::TagDetail) -> TagDetail {
        let weir_app::TagDetail { record, coverage, freshness, lineage } = detail;
        TagDetail {
            tag: record.into(),
            coverage: coverage.into(),
            freshness: TagFreshness {
                last_statement: freshness.last_statement.map(|day| day.to_string()),
                last_import: freshness.last_import.map(instant),
                last_run: freshness.last_run.as_ref().map(TagRun::from),
                next_due: freshness.next_due.map(instant),
            },
            lineage: TagLineage {
                sources: lineage.sources.iter().map(TagSource::from).collect(),
                names: lineage.names.clone(),
                used_by: lineage.used_by.clone(),
            },
        }
    }
}

impl From<&weir_app::Coverage> for TagCoverage {
    fn from(coverage: &weir_app::Coverage) -> TagCoverage {
        let weir_app::Coverage { as_of, people, universe } = *coverage;
        let share = (universe > 0).then(|| people as f64 / universe as f64);
        TagCoverage { as_of: as_of.to_string(), people, universe, share }
    }
}

impl From<&weir_app::TagSource> for TagSource {
    fn from(source: &weir_app::TagSource) -> TagSource {
        TagSource {
            import: source.import,
            kind: source.kind.name(),
            source: source.source.clone(),
            finished: instant(source.finished),
        }
    }
}

impl From<&weir_app::TagRun> for TagRun {
    fn from(run: &weir_app::TagRun) -> TagRun {
        TagRun {
            run: run.id,
            as_of: run.run.as_of.to_string(),
            version: run.run.version,
            people: run.run.people,
            stated: run.run.stated,
            import: run.import,
            state: if run.undone { "undone" } else { "done" },
            started: instant(run.started),
            finished: instant(run.finished),
        }
    }
}

impl From<&weir_app::TagValues> for TagValues {
    fn from(values: &weir_app::TagValues) -> TagValues {
        let count =
            |count: &weir_app::TagCount| TagCount { value: count.value.clone(), people: count.people };
        let (rest, is_date) = (values.rest, values.kind == TagKind::Date);
        TagValues {
            as_of: values.as_of.to_string(),
            kind: values.kind.name(),
            people: values.people,
            distinct: values.distinct,
            items: values.counts.iter().map(count).collect(),
            next: values.next.clone(),
            rest: TagRest { values: rest.0, people: rest.1 },
            spread: values.spread.as_ref().map(|spread| TagSpread::of(spread, is_date)),
        }
    }
}

impl TagSpread {
    fn of(spread: &weir_app::Spread, is_date: bool) -> TagSpread {
        let value =
            |number: f64| if is_date { Day(number.floor() as i32).to_string().into() } else { plain(number) };
        let quantile =
            |(percent, number): &(u32, f64)| TagQuantile { percent: *percent, value: value(*number) };
        let bin =
            |bin: &weir_app::Bin| TagBin { from: value(bin.from), to: value(bin.to), people: bin.people };
        TagSpread {
            least: value(spread.least),
            greatest: value(spread.greatest),
            mean: value(spread.mean),
            quantiles: spread.quantiles.iter().map(quantile).collect(),
            bins: spread.bins.iter().map(bin).collect(),
        }
    }
}

/// Whole numbers print without a fraction.
fn plain(number: f64) -> Value {
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    if is_whole { (number as i64).into() } else { number.into() }
}
