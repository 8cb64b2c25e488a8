//! Ad-hoc SQL over the event table, with people resolved as of now.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, Float64Builder, ListBuilder, StringBuilder, UInt32Builder,
};
use arrow::record_batch::RecordBatch;
use serde_json::Value;
use weir_core::feature::Feature;
use weir_core::identity::{Identifiers, Node};
use weir_core::tag::{TagFact, TagKind, TagValue};
use weir_core::time::Day;
use weir_core::{Error, Result};
use weir_sql::Limits;
use weir_sql::query::{Tables, run, to_json_rows};

use crate::app::{View, Workspace};

pub use weir_sql::query::Writes;

/// The rows of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlAnswer {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each with a value per column.
    pub rows: Vec<Vec<Value>>,
}

impl Workspace {
    /// Runs a query. `COPY … TO` writes a file only where `writes` allows it.
    pub fn sql(&self, text: &str, writes: Writes) -> Result<SqlAnswer> {
        self.require(Feature::Sql)?;
        // DataFusion reads files and nothing else.
        self.store().settle()?;
        let tables = tables(&self.view()?)?;
        let batches = run(text, &tables, writes, &Limits::default())?;
        let columns = batches.schema().fields().iter().map(|field| field.name().clone()).collect();
        let batches: Vec<RecordBatch> = batches.collect::<Result<_>>()?;
        let rows = to_json_rows(&batches)?.into_iter().map(|row| row.into_values().collect()).collect();
        Ok(SqlAnswer { columns, rows })
    }
}

fn tables(view: &View) -> Result<Tables> {
    let consumers = &view.world().consumers;
    let identifiers = view.identifiers()?;
    let canonical: Vec<Node> = (0..identifiers.len() as Node)
        .map(|node| consumers.dense(node).map_or(node, |dense| consumers.canonical(dense)))
        .collect();
    Ok(Tables {
        event_files: view.data.stored().event_files(),
        consumers: consumers_batch(view, &*identifiers)?,
        identifiers: identifiers_batch(view, &*identifiers, &canonical)?,
        tags: tags_batch(view, &canonical)?,
        catalog: catalog_batch(view)?,
        canonical: Arc::new(canonical),
    })
}

/// consumer, kind, value (the canonical identifier), known_since (null: from the beginning).
fn consumers_batch(view: &View, identifiers: &dyn Identifiers) -> Result<RecordBatch> {
    let consumers = &view.world().consumers;
    let (mut ids, mut kinds, mut values) = (UInt32Builder::new(), StringBuilder::new(), StringBuilder::new());
    let mut since = Date32Builder::new();
    for dense in consumers.present() {
        let node = consumers.canonical(dense);
        let (kind, value) = identifiers.get(node);
        ids.append_value(node);
        kinds.append_value(kind);
        values.append_value(value);
        since.append_option(dated(consumers.known_since(dense)));
    }
    batch([
        ("consumer", Arc::new(ids.finish()) as ArrayRef),
        ("kind", Arc::new(kinds.finish())),
        ("value", Arc::new(values.finish())),
        ("known_since", Arc::new(since.finish())),
    ])
}

/// consumer, kind, value: every identifier of everybody known.
fn identifiers_batch(view: &View, identifiers: &dyn Identifiers, canonical: &[Node]) -> Result<RecordBatch> {
    let (mut ids, mut kinds, mut values) = (UInt32Builder::new(), StringBuilder::new(), StringBuilder::new());
    for (node, person) in canonical.iter().enumerate() {
        if view.world().consumers.dense(node as Node).is_none() {
            continue;
        }
        let (kind, value) = identifiers.get(node as Node);
        ids.append_value(*person);
        kinds.append_value(kind);
        values.append_value(value);
    }
    batch([
        ("consumer", Arc::new(ids.finish()) as ArrayRef),
        ("kind", Arc::new(kinds.finish())),
        ("value", Arc::new(values.finish())),
    ])
}

/// Every statement: consumer, key, day (null: from the beginning), kind, and the value in the column of its kind; kind
/// `none` says that there is no value from that day on.
fn tags_batch(view: &View, canonical: &[Node]) -> Result<RecordBatch> {
    let mut columns = TagColumns::default();
    view.data.stored().scan_tags(|node, fact| {
        columns.push(canonical[node as usize], &fact);
        Ok(())
    })?;
    columns.finish()
}

struct TagColumns {
    consumer: UInt32Builder,
    key: StringBuilder,
    day: Date32Builder,
    kind: StringBuilder,
    text: StringBuilder,
    number: Float64Builder,
    date: Date32Builder,
    multi: ListBuilder<StringBuilder>,
}

impl Default for TagColumns {
    fn default() -> TagColumns {
        TagColumns {
            consumer: UInt32Builder::new(),
            key: StringBuilder::new(),
            day: Date32Builder::new(),
            kind: StringBuilder::new(),
            text: StringBuilder::new(),
            number: Float64Builder::new(),
            date: Date32Builder::new(),
            multi: ListBuilder::new(StringBuilder::new()),
        }
    }
}

impl TagColumns {
    fn push(&mut self, consumer: Node, fact: &TagFact) {
        self.consumer.append_value(consumer);
        self.key.append_value(&fact.key);
        self.day.append_option(dated(fact.day));
        self.kind.append_value(fact.value.kind().map_or("none", TagKind::name));
        let (mut text, mut number, mut date, mut multi) = (None, None, None, None);
        match &fact.value {
            TagValue::Text(value) => text = Some(value),
            TagValue::Number(value) => number = Some(*value),
            TagValue::Date(value) => date = Some(value.0),
            TagValue::Multi(values) => multi = Some(values.iter().map(|value| Some(value.as_str()))),
            TagValue::Absent => {}
        }
        self.text.append_option(text);
        self.number.append_option(number);
        self.date.append_option(date);
        self.multi.append_option(multi);
    }

    fn finish(mut self) -> Result<RecordBatch> {
        batch([
            ("consumer", Arc::new(self.consumer.finish()) as ArrayRef),
            ("key", Arc::new(self.key.finish())),
            ("day", Arc::new(self.day.finish())),
            ("kind", Arc::new(self.kind.finish())),
            ("text", Arc::new(self.text.finish())),
            ("number", Arc::new(self.number.finish())),
            ("date", Arc::new(self.date.finish())),
            ("multi", Arc::new(self.multi.finish())),
        ])
    }
}

fn catalog_batch(view: &View) -> Result<RecordBatch> {
    let mut texts: [StringBuilder; 6] = std::array::from_fn(|_| StringBuilder::new());
    let mut price = Decimal128Builder::new().with_data_type(weir_store::event::amount_type());
    for entry in view.data.catalog().entries() {
        let (kind, id) = (Some(entry.kind.name()), Some(entry.id.as_str()));
        let (name, name_zh) = (entry.name.as_deref(), entry.name_zh.as_deref());
        let values = [kind, id, name, name_zh, entry.parent.as_deref(), entry.brand.as_deref()];
        for (column, value) in texts.iter_mut().zip(values) {
            column.append_option(value);
        }
        price.append_option(entry.price.map(|price| i128::from(price.0)));
    }
    let names = ["kind", "id", "name", "name_zh", "parent", "brand"];
    let columns = names.into_iter().zip(texts.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
    batch(columns.chain([("price", Arc::new(price.finish()) as ArrayRef)]))
}

/// Undated facts count from the beginning, which SQL reads best as null.
fn dated(day: Day) -> Option<i32> {
    (day != Day::BEGINNING).then_some(day.0)
}

/// Columns are nullable whatever they hold, so that an empty table has the same shape.
fn batch(columns: impl IntoIterator<Item = (&'static str, ArrayRef)>) -> Result<RecordBatch> {
    let nullable = columns.into_iter().map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(nullable)
        .map_err(|error| Error::internal(format!("a table for SQL does not fit together: {error}")))
}
