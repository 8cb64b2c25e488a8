//! Who was eligible for which push, and on which side the holdout put them.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use weir_core::Result;

use super::text::Text;
use super::writer::unfit;
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
