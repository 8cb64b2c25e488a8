//! Events: a mapping's rows as the store takes them.
//!
//! A row is refused for the first thing it lacks, in the order identifier, time, behavior; so reasons add up to rows.
//! Everything else never refuses a row: an unknown channel or behavior, an amount that is no number, a currency without rate
//! are kept and reported.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Decimal128Array, StringArray, StringBuilder, TimestampMicrosecondArray,
    UInt32Array,
};
use arrow::compute::{take, take_record_batch};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use weir_core::amount::Amount;
use weir_core::channel::ChannelTree;
use weir_core::event::is_core_behavior;
use weir_core::ledger::Ledger;
use weir_core::rate::Rates;
use weir_core::time::{Day, Micros, is_plausible};
use weir_core::{Code, Error, Result};
use weir_store::event::{EVENT_COLUMNS, incoming_schema};

use super::given::{self, GIVEN};
use super::identifiers::{IdColumns, kind_of};
use super::money::{self, Original};
use super::properties::{ORIGINAL_AMOUNT, ORIGINAL_CURRENCY, Property, objects};
use super::rows::{Counted, MappedRows};
use super::select::Select;
use super::session::ImportSession;
use crate::clock::Clock;
use crate::values::moment::{self, Moment};
use crate::values::{number, text};

/// Reasons and remarks, as they stand in a ledger.
const NO_TIME: &str = "no_time";
pub(super) const BAD_TIME: &str = "bad_time";
pub(super) const OUT_OF_RANGE: &str = "time_out_of_range";
const NO_BEHAVIOR: &str = "no_behavior";
const NO_RATE: &str = "no_rate";

/// Columns that are taken over as text.
const TEXTS: [&str; 6] = ["shop", "brand", "category", "campaign", "item", "order_id"];

/// Places after the point and digits of amounts in Arrow.
const PRECISION: u8 = 18;
const SCALE: i8 = 4;

/// What a mapping needs to know of the workspace.
#[derive(Debug, Clone, Default)]
pub struct MappingContext {
    /// The reporting currency.
    pub currency: String,
    /// Rates of other currencies.
    pub rates: Rates,
    /// The channels the workspace knows.
    pub channels: ChannelTree,
    /// Custom behaviors that need no report.
    pub known_behaviors: Vec<String>,
}

/// A mapping of events, checked and ready to run.
pub struct EventPlan {
    select: Select,
    columns: Columns,
    clock: Arc<Clock>,
    threads: usize,
}

/// Amounts in the workspace's currency, and what was paid where that was another.
type Money = (Vec<Option<Amount>>, Vec<Option<Original>>);

/// Where the parts of an event stand among the output columns.
#[derive(Debug, Clone)]
struct Columns {
    ids: IdColumns,
    time: usize,
    behavior: usize,
    channel: Option<usize>,
    texts: [Option<usize>; TEXTS.len()],
    message_id: Option<usize>,
    amount: Option<usize>,
    quantity: Option<usize>,
    currency: Option<usize>,
    properties: Vec<(String, usize)>,
}

/// Checks a mapping of events.
pub fn plan_events(session: &ImportSession, sql: &str) -> Result<EventPlan> {
    let select = Select::plan(session, sql)?;
    let columns = Columns::find(&select)?;
    Ok(EventPlan { select, columns, clock: session.clock.clone(), threads: session.threads })
}

impl EventPlan {
    /// The kinds of identifiers the mapping gives, in order of columns.
    pub fn kinds(&self) -> &[String] {
        &self.columns.ids.kinds
    }

    /// The names of the properties the mapping gives.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.columns.properties.iter().map(|(name, _)| name.as_str())
    }

    /// Starts the mapping; its batches have the store's incoming schema.
    pub fn run(self, context: MappingContext) -> Result<MappedRows> {
        let threads = self.threads;
        let (select, mapper) = self.into_mapper(context);
        let (schema, mapper) = (mapper.schema.clone(), Arc::new(mapper));
        MappedRows::start(select, schema, threads, move |batch| mapper.map(batch))
    }

    /// The SELECT, and what is made of its rows.
    pub(super) fn into_mapper(self, context: MappingContext) -> (Select, Mapper) {
        let EventPlan { select, columns, clock, .. } = self;
        let schema = columns.schema();
        (select, Mapper { columns, clock, context, schema })
    }
}

impl Columns {
    fn find(select: &Select) -> Result<Columns> {
        let columns = Columns {
            time: select.required("time", &EVENT_COLUMNS)?,
            behavior: select.required("behavior", &EVENT_COLUMNS)?,
            ids: IdColumns::find(select)?,
            channel: select.position("channel"),
            texts: TEXTS.map(|name| select.position(name)),
            message_id: select.position("message_id"),
            amount: select.position("amount"),
            quantity: select.position("quantity"),
            currency: select.position("currency"),
            properties: properties(select),
        };
        columns.check(select)?;
        Ok(columns)
    }

    /// Whether a row's channel or amount depend on more than the row (see `given`).
    fn is_resolved(&self) -> bool {
        self.channel.is_some() || self.currency.is_some()
    }

    fn schema(&self) -> SchemaRef {
        let incoming = incoming_schema(&self.ids.kinds);
        if !self.is_resolved() {
            return incoming;
        }
        let mut fields: Vec<FieldRef> = incoming.fields().iter().cloned().collect();
        fields.push(Arc::new(Field::new(GIVEN, DataType::Utf8, true)));
        Arc::new(Schema::new(fields))
    }

    fn check(&self, select: &Select) -> Result<()> {
        moment::check("time", select.fields[self.time].data_type())?;
        let texts = self.texts.iter().flatten();
        let others = [Some(self.behavior), self.channel, self.message_id, self.currency];
        for at in texts.chain(others.iter().flatten()) {
            select.check_type(*at, text::takes, "a text or a number")?;
        }
        for at in [self.amount, self.quantity].iter().flatten() {
            select.check_type(*at, number::takes, "a number")?;
        }
        self.check_originals()
    }

    /// Conversion writes two properties of its own; a mapping with a currency must leave them free.
    fn check_originals(&self) -> Result<()> {
        let is_taken = |name: &str| self.properties.iter().any(|(property, _)| property == name);
        let taken = [ORIGINAL_AMOUNT, ORIGINAL_CURRENCY].into_iter().find(|name| is_taken(name));
        match (self.currency, taken) {
            (Some(_), Some(name)) => {
                let message = format!("the property \"{name}\" is written by the conversion of currencies");
                Err(Error::new(Code::InvalidMapping, message).at(name).help("give the column another name"))
            }
            _ => Ok(()),
        }
    }
}

fn properties(select: &Select) -> Vec<(String, usize)> {
    let is_property = |name: &str| !EVENT_COLUMNS.contains(&name) && kind_of(name).is_none();
    let named = select.names().into_iter().enumerate();
    named.filter(|(_, name)| is_property(name)).map(|(at, name)| (name.to_owned(), at)).collect()
}

/// Normalises batches; shared by the threads that do.
pub(super) struct Mapper {
    columns: Columns,
    clock: Arc<Clock>,
    context: MappingContext,
    schema: SchemaRef,
}

/// The rows of a batch that are kept, with their instants and behaviors.
struct Kept {
    rows: Vec<u32>,
    times: Vec<Micros>,
    behaviors: StringBuilder,
}

impl Mapper {
    pub(super) fn map(&self, batch: &RecordBatch) -> Result<Counted> {
        let mut ledger = Ledger { read: batch.num_rows() as u64, ..Ledger::default() };
        let identified = self.columns.ids.read(batch)?;
        let moments = moment::moments(batch.column(self.columns.time), &self.clock)?;
        let behaviors = text::texts(batch.column(self.columns.behavior))?;
        let mut kept = Kept::with_capacity(batch.num_rows());
        for (row, moment) in moments.into_iter().enumerate() {
            let behavior = (!behaviors.is_null(row)).then(|| behaviors.value(row));
            match identified.refusal(row).map_or_else(|| accept(moment, behavior), Err) {
                Err(reason) => ledger.reject(reason),
                Ok((time, behavior)) => {
                    kept.push(row, time, behavior);
                    identified.remark(row, &mut ledger);
                }
            }
        }
        let rows = UInt32Array::from(std::mem::take(&mut kept.rows));
        let picked = pick(batch, &rows)?;
        let mut columns = self.event_columns(&picked, kept, &mut ledger)?;
        for ids in &identified.columns {
            columns.push(take(ids, &rows, None).map_err(unfit)?);
        }
        if self.columns.is_resolved() {
            columns.push(text::column(self.given(&picked, &columns)?));
        }
        let mapped = RecordBatch::try_new(self.schema.clone(), columns).map_err(unfit)?;
        Ok((mapped, ledger))
    }

    /// The finished columns, but those that depend on more than the row as the mapping gave them. Where every row has a
    /// message id nobody asks for more.
    fn given(&self, batch: &RecordBatch, finished: &[ArrayRef]) -> Result<StringArray> {
        if texts(batch, self.columns.message_id)?.null_count() == 0 {
            return Ok(text::nothing(batch.num_rows()));
        }
        let is_plain = |name: &str| !["day", "channel", "amount", "properties"].contains(&name);
        let names = self.schema.fields().iter().map(|field| field.name().as_str());
        let mut columns: Vec<(&str, ArrayRef)> =
            names.zip(finished.iter().cloned()).filter(|(name, _)| is_plain(name)).collect();
        columns.push(("channel", text::column(texts(batch, self.columns.channel)?)));
        columns.push(("currency", text::column(texts(batch, self.columns.currency)?)));
        if let Some(at) = self.columns.amount {
            columns.push(("amount", decimals(&number::numbers(batch.column(at))?.values)?));
        }
        columns.push(("properties", text::column(self.properties(batch, &[]))));
        Ok(given::rows(batch.num_rows(), &columns))
    }

    /// All columns but the identifiers, in the order of the store's schema.
    fn event_columns(
        &self,
        batch: &RecordBatch,
        mut kept: Kept,
        ledger: &mut Ledger,
    ) -> Result<Vec<ArrayRef>> {
        let days: Vec<Day> = kept.times.iter().map(|time| self.clock.day(*time)).collect();
        let behaviors = kept.behaviors.finish();
        self.report_behaviors(&behaviors, ledger);
        let (amounts, originals) = self.amounts(batch, &days, ledger)?;
        let quantities = self.numbers(batch, self.columns.quantity, "bad_quantity", ledger)?;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(TimestampMicrosecondArray::from(kept.times).with_timezone("UTC")),
            Arc::new(days.iter().map(|day| Some(day.0)).collect::<Date32Array>()),
            Arc::new(behaviors),
            Arc::new(self.channels(batch, ledger)?),
        ];
        for at in self.columns.texts {
            columns.push(text::column(texts(batch, at)?));
        }
        columns.push(decimals(&amounts)?);
        columns.push(decimals(&quantities)?);
        columns.push(text::column(texts(batch, self.columns.message_id)?));
        columns.push(text::column(self.properties(batch, &originals)));
        Ok(columns)
    }

    fn report_behaviors(&self, behaviors: &StringArray, ledger: &mut Ledger) {
        for behavior in behaviors.iter().flatten() {
            let is_known =
                is_core_behavior(behavior) || self.context.known_behaviors.iter().any(|b| b == behavior);
            if !is_known {
                ledger.unmapped("behavior", behavior);
            }
        }
    }

    /// The path of every channel. A batch names few of them, so each is looked up once.
    fn channels(&self, batch: &RecordBatch, ledger: &mut Ledger) -> Result<StringArray> {
        let names = texts(batch, self.columns.channel)?;
        let mut placed: HashMap<&str, (std::borrow::Cow<str>, bool)> = HashMap::new();
        let mut builder = StringBuilder::with_capacity(names.len(), names.len() * 16);
        for name in &names {
            let Some(name) = name else {
                builder.append_null();
                continue;
            };
            let (path, is_known) = placed.entry(name).or_insert_with(|| self.context.channels.place(name));
            if !*is_known {
                ledger.unmapped("channel", name);
            }
            builder.append_value(path);
        }
        Ok(builder.finish())
    }

    fn amounts(&self, batch: &RecordBatch, days: &[Day], ledger: &mut Ledger) -> Result<Money> {
        let amounts = self.numbers(batch, self.columns.amount, "bad_amount", ledger)?;
        let Some(at) = self.columns.currency else { return Ok((amounts, Vec::new())) };
        let currencies = text::texts(batch.column(at))?;
        let MappingContext { currency, rates, .. } = &self.context;
        let converted = money::convert(amounts, &currencies, days, currency, rates);
        for _ in 0..converted.without_rate {
            ledger.remark(NO_RATE);
        }
        Ok((converted.amounts, converted.originals))
    }

    fn numbers(
        &self,
        batch: &RecordBatch,
        at: Option<usize>,
        remark: &str,
        ledger: &mut Ledger,
    ) -> Result<Vec<Option<Amount>>> {
        let Some(at) = at else { return Ok(vec![None; batch.num_rows()]) };
        let numbers = number::numbers(batch.column(at))?;
        for _ in &numbers.bad {
            ledger.remark(remark);
        }
        Ok(numbers.values)
    }

    fn properties(&self, batch: &RecordBatch, originals: &[Option<Original>]) -> StringArray {
        let mut properties = Vec::with_capacity(self.columns.properties.len());
        for (name, at) in &self.columns.properties {
            properties.push(Property { name, values: batch.column(*at) });
        }
        objects(batch.num_rows(), &properties, originals)
    }
}

impl Kept {
    fn with_capacity(rows: usize) -> Kept {
        Kept {
            rows: Vec::with_capacity(rows),
            times: Vec::with_capacity(rows),
            behaviors: StringBuilder::with_capacity(rows, rows * 8),
        }
    }

    fn push(&mut self, row: usize, time: Micros, behavior: &str) {
        self.rows.push(row as u32);
        self.times.push(time);
        self.behaviors.append_value(behavior);
    }
}

/// A row's time and behavior, or why it is refused.
fn accept(moment: Moment, behavior: Option<&str>) -> std::result::Result<(Micros, &str), &'static str> {
    match (moment, behavior) {
        (Moment::Missing, _) => Err(NO_TIME),
        (Moment::Bad, _) => Err(BAD_TIME),
        (Moment::At(time), _) if !is_plausible(time) => Err(OUT_OF_RANGE),
        (Moment::At(_), None) => Err(NO_BEHAVIOR),
        (Moment::At(time), Some(behavior)) => Ok((time, behavior)),
    }
}

/// The rows that are kept; almost always all.
fn pick(batch: &RecordBatch, rows: &UInt32Array) -> Result<RecordBatch> {
    match rows.len() == batch.num_rows() {
        true => Ok(batch.clone()),
        false => take_record_batch(batch, rows).map_err(unfit),
    }
}

/// The texts of an optional column.
fn texts(batch: &RecordBatch, at: Option<usize>) -> Result<StringArray> {
    match at {
        Some(at) => text::texts(batch.column(at)),
        None => Ok(text::nothing(batch.num_rows())),
    }
}

fn decimals(amounts: &[Option<Amount>]) -> Result<ArrayRef> {
    let units: Decimal128Array = amounts.iter().map(|amount| amount.map(|a| i128::from(a.0))).collect();
    Ok(Arc::new(units.with_precision_and_scale(PRECISION, SCALE).map_err(unfit)?))
}

pub(super) fn unfit(error: ArrowError) -> Error {
    Error::internal(format!("mapped rows do not fit their columns: {error}"))
}
