//! `truth.parquet`: what nobody could know. Never imported.
//!
//! One row per consumer. While alive, the baseline orders to be expected in the next h operational weeks are
//! (1 − e^(−λph)) ÷ p, the chance of any is 1 − e^(−λh), and an order is worth 6.25 ÷ ν on average (`spend_per_order`).

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, ListBuilder, RecordBatch,
    StringBuilder, StructBuilder, UInt8Builder, UInt64Builder,
};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use weir_core::Result;

use super::text::Text;
use super::writer::unfit;
use crate::channel::CHANNELS;
use crate::identity::{self, Id};
use crate::life::Life;
use crate::life::order::{Cause, Order};
use crate::push::{Outcome, PUSHES};
use crate::traits::SPEND_SHAPE;
use crate::world::World;

const IDENTIFIERS: [(&str, Id); 10] = [
    ("user_id", Id::User),
    ("second_user_id", Id::SecondUser),
    ("phone", Id::Phone),
    ("email", Id::Email),
    ("openid", Id::Openid),
    ("unionid", Id::Unionid),
    ("device", Id::Device),
    ("second_device", Id::SecondDevice),
    ("anonymous_id", Id::Anonymous),
    ("second_anonymous_id", Id::SecondAnonymous),
];

const NUMBERS: [&str; 7] =
    ["activity", "price_sensitivity", "receptivity", "lambda", "dropout", "spend_rate", "spend_per_order"];

fn order_fields() -> Fields {
    Fields::from(vec![
        Field::new("order_id", DataType::Utf8, false),
        Field::new("day", DataType::Date32, false),
        Field::new("cause", DataType::Utf8, false),
        Field::new("cancelled_by", DataType::Utf8, true),
    ])
}

fn push_fields() -> Fields {
    let truth = |name: &str| Field::new(name, DataType::Boolean, false);
    let chance = |name: &str| Field::new(name, DataType::Float64, false);
    let push = Field::new("push", DataType::Utf8, false);
    Fields::from(vec![push, truth("treated"), truth("y0"), truth("y1"), chance("p0"), chance("p1")])
}

fn spell_fields() -> Fields {
    let date = |name: &str| Field::new(name, DataType::Date32, false);
    Fields::from(vec![date("first"), date("last")])
}

pub(super) fn schema() -> SchemaRef {
    let list = |name: &str, fields: Fields| {
        let item = Field::new("item", DataType::Struct(fields), true);
        Field::new(name, DataType::List(Arc::new(item)), true)
    };
    let date = |name: &str| Field::new(name, DataType::Date32, true);
    let mut fields = vec![Field::new("k", DataType::UInt64, false)];
    fields.extend(IDENTIFIERS.map(|(name, _)| Field::new(name, DataType::Utf8, true)));
    fields.extend(["known", "merges", "arrival", "first_purchase"].map(date));
    fields.push(Field::new("shared_with", DataType::UInt64, true));
    fields.push(Field::new("persona", DataType::UInt8, false));
    fields.extend(NUMBERS.map(|name| Field::new(name, DataType::Float64, false)));
    fields.push(Field::new("alive_at_end", DataType::Boolean, true));
    fields.push(Field::new("operational_age", DataType::Float64, true));
    fields.push(Field::new("repeat_purchases", DataType::Int32, true));
    fields.push(list("awake", spell_fields()));
    fields.push(list("orders", order_fields()));
    fields.push(list("pushes", push_fields()));
    Arc::new(Schema::new(fields))
}

/// The columns of one batch.
pub(super) struct Truth {
    k: UInt64Builder,
    identifiers: [Text; IDENTIFIERS.len()],
    /// Known, merges, arrival, first purchase.
    dates: [Date32Builder; 4],
    shared_with: UInt64Builder,
    persona: UInt8Builder,
    numbers: [Float64Builder; NUMBERS.len()],
    alive: BooleanBuilder,
    age: Float64Builder,
    repeats: Int32Builder,
    awake: ListBuilder<StructBuilder>,
    orders: ListBuilder<StructBuilder>,
    pushes: ListBuilder<StructBuilder>,
}

impl Default for Truth {
    fn default() -> Truth {
        let structs = |fields| ListBuilder::new(StructBuilder::from_fields(fields, 0));
        Truth {
            k: UInt64Builder::default(),
            identifiers: Default::default(),
            dates: Default::default(),
            shared_with: UInt64Builder::default(),
            persona: UInt8Builder::default(),
            numbers: Default::default(),
            alive: BooleanBuilder::default(),
            age: Float64Builder::default(),
            repeats: Int32Builder::default(),
            awake: structs(spell_fields()),
            orders: structs(order_fields()),
            pushes: structs(push_fields()),
        }
    }
}

impl Truth {
    pub(super) fn add(&mut self, world: &World, life: &Life) {
        self.k.append_value(life.k);
        self.add_identifiers(world, life);
        self.add_dates(world, life);
        self.shared_with.append_option(life.identity.shares_device.then(|| life.k - 1));
        self.persona.append_value(life.traits.persona);
        self.add_numbers(life);
        self.add_chain(world, life);
        self.add_awake(world, life);
        // An order whose payment lies beyond the data has not come about.
        for order in life.orders.iter().filter(|order| order.paid.is_some() || !order.stands()) {
            add_order(self.orders.values(), world, order);
        }
        self.orders.append(true);
        for outcome in &life.pushes {
            add_push(self.pushes.values(), outcome);
        }
        self.pushes.append(true);
    }

    fn add_identifiers(&mut self, world: &World, life: &Life) {
        for (column, (_, id)) in self.identifiers.iter_mut().zip(IDENTIFIERS) {
            let has = life.has_identifier(id);
            column.write(|text| {
                if has {
                    identity::write(world.params().seed, life.k, id, text);
                }
            });
        }
    }

    fn add_dates(&mut self, world: &World, life: &Life) {
        let calendar = world.calendar();
        let end = f64::from(calendar.days());
        let date = |time: f64| (time < end).then(|| calendar.date(libm::floor(time) as i32).0);
        let arrival = (!life.stock).then(|| calendar.date(life.start).0);
        let first = life.chain.purchases.first().and_then(|first| date(*first));
        for (column, value) in
            self.dates.iter_mut().zip([date(life.known), date(life.merges), arrival, first])
        {
            column.append_option(value);
        }
    }

    fn add_numbers(&mut self, life: &Life) {
        let traits = &life.traits;
        let numbers = [
            traits.activity,
            traits.price_sensitivity,
            traits.receptivity,
            traits.lambda,
            traits.dropout,
            traits.spend_rate,
            SPEND_SHAPE / traits.spend_rate,
        ];
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.append_value(number);
        }
    }

    fn add_chain(&mut self, world: &World, life: &Life) {
        let first = life.chain.purchases.first();
        let end = f64::from(world.calendar().days());
        let age = |first: &f64| world.calendar().operational(end) - world.calendar().operational(*first);
        self.alive.append_option(first.map(|_| life.chain.is_alive(end)));
        self.age.append_option(first.map(age));
        self.repeats.append_option(first.map(|_| life.chain.purchases.len() as i32 - 1));
    }

    fn add_awake(&mut self, world: &World, life: &Life) {
        let mut from = None;
        for day in 0..=life.awake.len() {
            let awake = life.awake.get(day).copied().unwrap_or(false);
            match (awake, from) {
                (true, None) => from = Some(day),
                (false, Some(first)) => {
                    let dates = [first, day - 1].map(|day| world.calendar().date(day as i32).0);
                    add_spell(self.awake.values(), dates);
                    from = None;
                }
                _ => {}
            }
        }
        self.awake.append(true);
    }

    pub(super) fn finish(&mut self) -> Result<RecordBatch> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.k.finish())];
        columns.extend(self.identifiers.iter_mut().map(Text::finish));
        columns.extend(self.dates.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.push(Arc::new(self.shared_with.finish()));
        columns.push(Arc::new(self.persona.finish()));
        columns.extend(self.numbers.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.push(Arc::new(self.alive.finish()));
        columns.push(Arc::new(self.age.finish()));
        columns.push(Arc::new(self.repeats.finish()));
        columns.push(Arc::new(self.awake.finish()));
        columns.push(Arc::new(self.orders.finish()));
        columns.push(Arc::new(self.pushes.finish()));
        RecordBatch::try_new(schema(), columns).map_err(|error| unfit(&error))
    }
}

fn add_spell(spells: &mut StructBuilder, dates: [i32; 2]) {
    for (at, date) in dates.into_iter().enumerate() {
        if let Some(column) = spells.field_builder::<Date32Builder>(at) {
            column.append_value(date);
        }
    }
    spells.append(true);
}

/// Of all orders, those that a push prevented included: without it they would have come about.
fn add_order(orders: &mut StructBuilder, world: &World, order: &Order) {
    let text = |orders: &mut StructBuilder, at: usize, value: Option<&str>| {
        if let Some(column) = orders.field_builder::<StringBuilder>(at) {
            column.append_option(value);
        }
    };
    text(orders, 0, Some(&order.id.to_string()));
    if let Some(column) = orders.field_builder::<Date32Builder>(1) {
        column.append_value(world.calendar().date(libm::floor(order.time) as i32).0);
    }
    text(orders, 2, Some(cause(order.cause)));
    text(orders, 3, order.cancelled_by.map(|push| PUSHES[usize::from(push)].name));
    orders.append(true);
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Baseline => "baseline",
        Cause::Channel(channel) => CHANNELS[usize::from(channel)].path,
        Cause::Push(push) => PUSHES[usize::from(push)].name,
        Cause::Unpaid => "unpaid",
    }
}

fn add_push(pushes: &mut StructBuilder, outcome: &Outcome) {
    if let Some(column) = pushes.field_builder::<StringBuilder>(0) {
        column.append_value(PUSHES[usize::from(outcome.push)].name);
    }
    for (at, value) in [outcome.treated, outcome.y0, outcome.y1].into_iter().enumerate() {
        if let Some(column) = pushes.field_builder::<BooleanBuilder>(1 + at) {
            column.append_value(value);
        }
    }
    for (at, value) in [outcome.p0, outcome.p1].into_iter().enumerate() {
        if let Some(column) = pushes.field_builder::<Float64Builder>(4 + at) {
            column.append_value(value);
        }
    }
    pushes.append(true);
}
