//! The tags: one row per consumer. Those who precede the window are tagged the day before it, the others on arrival.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, ListBuilder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use weir_core::Result;
use weir_core::amount::UNITS;

use super::text::Text;
use super::writer::unfit;
use crate::draw::{Draw, stream};
use crate::identity::{self, Id};
use crate::life::Life;
use crate::life::order::Order;
use crate::merchant::LEAVES;
use crate::traits::{AGE_BANDS, CITY_TIERS, GENDERS};
use crate::world::World;

const NO_GENDER: f64 = 0.08;
const NO_AGE: f64 = 0.12;
const INTEREST: f64 = 0.15;
const INTEREST_DROPPED: f64 = 0.2;
const SENSITIVITY_NOISE: f64 = 0.15;
const SENSITIVITIES: [&str; 3] = ["low", "medium", "high"];
/// Levels by what was paid in 365 days, in CNY.
const LEVELS: [(i64, &str); 4] = [(6_000, "platinum"), (2_000, "gold"), (500, "silver"), (1, "basic")];

pub(super) fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let interests = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
    Arc::new(Schema::new(vec![
        text("id_user_id"),
        text("id_anonymous_id"),
        Field::new("time", DataType::Date32, false),
        text("gender"),
        text("age_band"),
        text("city_tier"),
        Field::new("interests", interests, true),
        text("price_sensitivity"),
        text("member_level"),
    ]))
}

/// The columns of one batch.
#[derive(Default)]
pub(super) struct Tags {
    user: Text,
    anonymous: Text,
    time: Date32Builder,
    gender: Text,
    age: Text,
    city: Text,
    interests: ListBuilder<StringBuilder>,
    sensitivity: Text,
    level: Text,
}

impl Tags {
    pub(super) fn add(&mut self, world: &World, life: &Life) {
        let day = if life.stock { -1 } else { life.start };
        let draw = &mut Draw::new(world.params().seed, life.k, stream::part(stream::TRAITS, 1));
        let known = life.known < f64::from(day + 1);
        let name = |is: bool, column: &mut Text, id: Id| {
            column.write(|text| {
                if is {
                    identity::write(world.params().seed, life.k, id, text);
                }
            });
        };
        name(known, &mut self.user, Id::User);
        name(!known, &mut self.anonymous, Id::Anonymous);
        self.time.append_value(world.calendar().date(day).0);
        self.add_persona(life, draw);
        self.add_interests(life, draw);
        let sensitivity = life.traits.price_sensitivity + SENSITIVITY_NOISE * draw.normal();
        self.sensitivity.push(Some(SENSITIVITIES[(sensitivity * 3.0).clamp(0.0, 2.0) as usize]));
        self.level.push(level(paid_in_a_year(life, f64::from(day + 1))));
    }

    fn add_persona(&mut self, life: &Life, draw: &mut Draw) {
        let traits = &life.traits;
        let gender = GENDERS[usize::from(traits.gender)];
        self.gender.push((!draw.chance(NO_GENDER)).then_some(gender));
        let age = AGE_BANDS[usize::from(traits.age_band)];
        self.age.push((!draw.chance(NO_AGE)).then_some(age));
        self.city.push(Some(CITY_TIERS[usize::from(traits.city_tier)]));
    }

    fn add_interests(&mut self, life: &Life, draw: &mut Draw) {
        let mut any = false;
        for ((id, ..), taste) in LEAVES.iter().zip(life.traits.tastes) {
            if taste > INTEREST && !draw.chance(INTEREST_DROPPED) {
                self.interests.values().append_value(id);
                any = true;
            }
        }
        self.interests.append(any);
    }

    pub(super) fn finish(&mut self) -> Result<RecordBatch> {
        let columns: Vec<ArrayRef> = vec![
            self.user.finish(),
            self.anonymous.finish(),
            Arc::new(self.time.finish()),
            self.gender.finish(),
            self.age.finish(),
            self.city.finish(),
            Arc::new(self.interests.finish()),
            self.sensitivity.finish(),
            self.level.finish(),
        ];
        RecordBatch::try_new(schema(), columns).map_err(|error| unfit(&error))
    }
}

/// What standing orders of the 365 days before `time` cost, in 1/10000.
fn paid_in_a_year(life: &Life, time: f64) -> i64 {
    let year = |order: &&Order| order.stands() && (time - 365.0..time).contains(&order.time);
    life.orders.iter().filter(year).map(|order| order.total).sum()
}

fn level(paid: i64) -> Option<&'static str> {
    LEVELS.iter().find(|(least, _)| paid >= least * UNITS).map(|(_, name)| *name)
}
