//! Who was eligible for which push, and on which side the holdout put them.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Date32Builder, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use weir_core::identity::Identifier;
use weir_core::time::Day;
use weir_core::{Error, Result};

use super::text::Text;
use super::writer::{broken, failed, unfit};
use crate::identity;
use crate::life::Life;
use crate::push::PUSHES;
use crate::world::World;

pub(super) fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let date = Field::new("date", DataType::Date32, false);
    Arc::new(Schema::new(vec![text("push"), date, text("kind"), text("value"), text("arm")]))
}

/// The columns of one batch.
#[derive(Default)]
pub(super) struct Pushes {
    push: Text,
    date: Date32Builder,
    kind: Text,
    value: Text,
    arm: Text,
}

impl Pushes {
    pub(super) fn add(&mut self, world: &World, life: &Life) {
        let calendar = world.calendar();
        for outcome in &life.pushes {
            let push = &PUSHES[usize::from(outcome.push)];
            self.push.push(Some(push.name));
            self.date.append_value(calendar.date(calendar.before_end(push.before_end)).0);
            self.kind.push(Some(identity::kind(outcome.id)));
            self.value.write(|text| identity::write(world.params().seed, life.k, outcome.id, text));
            self.arm.push(Some(if outcome.treated { "treated" } else { "holdout" }));
        }
    }

    pub(super) fn finish(&mut self) -> Result<RecordBatch> {
        let columns: Vec<ArrayRef> = vec![
            self.push.finish(),
            Arc::new(self.date.finish()),
            self.kind.finish(),
            self.value.finish(),
            self.arm.finish(),
        ];
        RecordBatch::try_new(schema(), columns).map_err(|error| unfit(&error))
    }
}

/// A push of the past, as the file tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastPush {
    /// Its name, which is also the salt of its holdout.
    pub name: String,
    /// The date it was sent.
    pub date: Day,
    /// How many of a hundred eligible were held out.
    pub holdout_percent: f64,
    /// Who was contacted.
    pub treated: Vec<Identifier>,
    /// Who was deliberately not.
    pub holdout: Vec<Identifier>,
}

/// Reads the file back, push by push in order of time: the only one that no import takes, because a push is not an event.
pub fn past_pushes(path: &Path) -> Result<Vec<PastPush>> {
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(file).and_then(ParquetRecordBatchReaderBuilder::build);
    let mut past: Vec<PastPush> = Vec::new();
    for batch in reader.map_err(|error| broken(path, &error))? {
        add(&mut past, &batch.map_err(|error| unfit(&error))?)?;
    }
    past.sort_by_key(|push| push.date);
    Ok(past)
}

fn add(past: &mut Vec<PastPush>, batch: &RecordBatch) -> Result<()> {
    let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    let dates = batch.column_by_name("date").and_then(|column| column.as_primitive_opt::<Date32Type>());
    let (Some(names), Some(kinds), Some(values), Some(arms), Some(dates)) =
        (text("push"), text("kind"), text("value"), text("arm"), dates)
    else {
        return Err(Error::internal("the file of pushes has other columns than were written"));
    };
    for row in 0..batch.num_rows() {
        let consumer = Identifier { kind: kinds.value(row).to_owned(), value: values.value(row).to_owned() };
        let push = find(past, names.value(row), Day(dates.value(row)));
        match arms.value(row) {
            "holdout" => push.holdout.push(consumer),
            _ => push.treated.push(consumer),
        }
    }
    Ok(())
}

fn find<'a>(past: &'a mut Vec<PastPush>, name: &str, date: Day) -> &'a mut PastPush {
    let at = past.iter().position(|push| push.name == name).unwrap_or_else(|| {
        let share = PUSHES.iter().find(|push| push.name == name).map_or(0.0, |push| push.holdout);
        let (name, holdout_percent) = (name.to_owned(), 100.0 * share);
        past.push(PastPush { name, date, holdout_percent, treated: Vec::new(), holdout: Vec::new() });
        past.len() - 1
    });
    &mut past[at]
}
