//! The files of events: one per month of history, one per day of arrival.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, Int32Builder, RecordBatch, TimestampMicrosecondBuilder, UInt8Builder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use rayon::prelude::*;
use weir_core::Result;
use weir_core::time::{Day, Micros};

use super::text::Text;
use super::writer::{Table, unfit};
use super::{Row, Yield};
use crate::calendar::HISTORY;
use crate::channel::Place;
use crate::identity::{self, Id, Who};
use crate::life::event::{Behavior, Campaign, Event, NO_AMOUNT, NO_ITEM, NONE};
use crate::merchant::{BRANDS, LEAVES, SHOPS, item_id};
use crate::push::PUSHES;
use crate::world::World;

/// Identifier columns, and what may stand in each.
const IDS: [(&str, &[Id]); 7] = [
    ("id_user_id", &[Id::User, Id::SecondUser]),
    ("id_unionid", &[Id::Unionid]),
    ("id_openid", &[Id::Openid]),
    ("id_phone", &[Id::Phone, Id::JunkPhone]),
    ("id_email", &[Id::Email, Id::JunkEmail]),
    ("id_device", &[Id::Device, Id::SecondDevice, Id::JunkDevice]),
    ("id_anonymous_id", &[Id::Anonymous, Id::SecondAnonymous]),
];

/// Precision and scale of amounts.
const DECIMAL: (u8, i8) = (18, 4);

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let mut fields =
        vec![Field::new("time", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false)];
    let texts = ["behavior", "channel", "shop", "brand", "category", "campaign", "item", "order_id"];
    fields.extend(texts.map(text));
    fields.push(Field::new("amount", DataType::Decimal128(DECIMAL.0, DECIMAL.1), true));
    fields.push(Field::new("quantity", DataType::Int32, true));
    fields.push(text("message_id"));
    fields.extend(IDS.map(|(column, _)| text(column)));
    fields.push(text("query"));
    fields.push(Field::new("rating", DataType::UInt8, true));
    Arc::new(Schema::new(fields))
}

/// What rows name, spelled once.
struct Names {
    seed: u64,
    items: Vec<String>,
    /// First day of each month that events can lie in, with its text.
    months: Vec<(Day, String)>,
}

/// All files, each opened when its first row comes.
pub(super) struct EventFiles<'a> {
    world: &'a World,
    names: Names,
    files: Vec<OneFile>,
    /// How many of the files are history.
    months: usize,
}

struct OneFile {
    path: PathBuf,
    table: Option<Table>,
    rows: u64,
}

impl<'a> EventFiles<'a> {
    pub(super) fn new(world: &'a World, dir: &Path) -> EventFiles<'a> {
        let calendar = world.calendar();
        let names = Names::new(world);
        let is_history = |day: Day| day < calendar.first();
        let months: Vec<&String> =
            names.months.iter().filter(|(day, _)| is_history(*day)).map(|(_, month)| month).collect();
        let history = months.iter().map(|month| dir.join("history").join(format!("{month}.parquet")));
        let days = (0..calendar.days()).map(|day| calendar.date(day));
        let window = days.map(|date| dir.join("events").join(format!("{date}.parquet")));
        let months = months.len();
        let files = history.chain(window).map(|path| OneFile { path, table: None, rows: 0 }).collect();
        EventFiles { world, names, files, months }
    }

    /// Rows so far.
    pub(super) fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Appends the blocks' rows to their files. Files are written in parallel, each in the order of blocks.
    pub(super) fn write(&mut self, blocks: &[Yield]) -> Result<()> {
        let (world, names, months, count) = (self.world, &self.names, self.months, self.files.len());
        let file_of = |row: &Row| file_of(world, names, months, &row.1);
        let sorted: Vec<Vec<Vec<u32>>> =
            blocks.par_iter().map(|block| sort(&block.rows, count, file_of)).collect();
        let append = |(at, file): (usize, &mut OneFile)| {
            let mut columns = Columns::default();
            for (block, sorted) in blocks.iter().zip(&sorted) {
                for index in &sorted[at] {
                    columns.add(names, &block.rows[*index as usize]);
                }
            }
            file.append(&mut columns)
        };
        self.files.par_iter_mut().enumerate().map(append).collect()
    }

    /// Paths of history and of the window, and the rows in each. Files without rows are not made.
    pub(super) fn finish(self) -> Result<(Vec<PathBuf>, Vec<PathBuf>, [u64; 2])> {
        let mut paths = [Vec::new(), Vec::new()];
        let mut rows = [0, 0];
        for (at, file) in self.files.into_iter().enumerate() {
            let part = usize::from(at >= self.months);
            rows[part] += file.rows;
            if let Some(table) = file.table {
                paths[part].push(table.finish()?);
            }
        }
        let [history, window] = paths;
        Ok((history, window, rows))
    }
}

/// Numbers of the rows of each file, in their order.
fn sort(rows: &[Row], files: usize, file_of: impl Fn(&Row) -> usize) -> Vec<Vec<u32>> {
    let mut sorted = vec![Vec::new(); files];
    for (index, row) in rows.iter().enumerate() {
        sorted[file_of(row)].push(index as u32);
    }
    sorted
}

/// History lies in files by month of the event, the window by day of arrival.
fn file_of(world: &World, names: &Names, months: usize, event: &Event) -> usize {
    match usize::try_from(event.arrival) {
        Ok(day) => months + day,
        Err(_) => names.month(world.calendar().date(event.arrival)),
    }
}

impl OneFile {
    fn append(&mut self, columns: &mut Columns) -> Result<()> {
        if columns.rows == 0 {
            return Ok(());
        }
        let table = match self.table.take() {
            Some(table) => table,
            None => Table::create(self.path.clone(), schema())?,
        };
        self.rows += columns.rows;
        self.table.insert(table).write(&columns.finish()?)
    }
}

impl Names {
    fn new(world: &World) -> Names {
        let calendar = world.calendar();
        // Clocks that run ahead name campaigns of a month that has not come.
        let days = -HISTORY - 1..calendar.days() + 32;
        let mut months: Vec<(Day, String)> = Vec::new();
        for date in days.map(|day| calendar.date(day)) {
            let mut month = date.to_string();
            month.truncate(7);
            if months.last().is_none_or(|(_, last)| *last != month) {
                months.push((date, month));
            }
        }
        let items = (0..crate::merchant::ITEMS).map(item_id).collect();
        Names { seed: world.params().seed, items, months }
    }

    /// Number of the month of a date.
    fn month(&self, date: Day) -> usize {
        self.months.partition_point(|(first, _)| *first <= date).saturating_sub(1)
    }

    fn month_of(&self, time: Micros) -> &str {
        const SHANGHAI: Micros = 8 * weir_core::time::HOUR_MICROS;
        let day = (time + SHANGHAI).div_euclid(weir_core::time::DAY_MICROS);
        &self.months[self.month(Day(day as i32))].1
    }

    fn write_campaign(&self, event: &Event, text: &mut String) {
        match event.campaign {
            Campaign::None => {}
            Campaign::Push(push) => text.push_str(PUSHES[usize::from(push)].name),
            Campaign::Monthly => {
                text.push_str(leaf(event.place));
                text.push('_');
                text.push_str(self.month_of(event.time));
            }
        }
    }

    fn write_id(&self, k: u64, who: Who, ids: &[Id], text: &mut String) {
        if let Some(id) = ids.iter().find(|id| who.has(**id)) {
            identity::write(self.seed, k, *id, text);
        }
    }
}

/// The last word of a place's path.
pub(super) fn leaf(place: Place) -> &'static str {
    let path = place.path();
    path.rsplit('.').next().unwrap_or(path)
}

/// The columns of one batch.
#[derive(Default)]
struct Columns {
    rows: u64,
    time: TimestampMicrosecondBuilder,
    behavior: Text,
    channel: Text,
    shop: Text,
    brand: Text,
    category: Text,
    campaign: Text,
    item: Text,
    order: Text,
    amount: Decimal128Builder,
    quantity: Int32Builder,
    message: Text,
    ids: [Text; IDS.len()],
    query: Text,
    rating: UInt8Builder,
}

impl Columns {
    fn add(&mut self, names: &Names, (k, event): &Row) {
        self.rows += 1;
        self.time.append_value(event.time);
        self.behavior.push(Some(event.behavior.name()));
        self.channel.push(Some(event.place.path()));
        self.add_subject(names, event);
        self.campaign.write(|text| names.write_campaign(event, text));
        self.add_trade(event);
        self.message.write(|text| identity::hex(text, 'e', event.message));
        for (column, (_, ids)) in self.ids.iter_mut().zip(IDS) {
            column.write(|text| names.write_id(*k, event.who, ids, text));
        }
        let searched = event.behavior == Behavior::Search && event.leaf != NONE;
        self.query.push(searched.then(|| LEAVES[usize::from(event.leaf)].2));
        self.rating.append_option((event.rating > 0).then_some(event.rating));
    }

    fn add_subject(&mut self, names: &Names, event: &Event) {
        let known = |number: u8| (number != NONE).then_some(usize::from(number));
        self.shop.push(known(event.shop).map(|shop| SHOPS[shop].id));
        self.brand.push(known(event.brand).map(|brand| BRANDS[brand].0));
        self.category.push(known(event.leaf).map(|leaf| LEAVES[leaf].0));
        let item = (event.item != NO_ITEM).then(|| names.items[usize::from(event.item)].as_str());
        self.item.push(item);
    }

    fn add_trade(&mut self, event: &Event) {
        self.order.write(|text| {
            if event.order != 0 {
                text.push_str(&event.order.to_string());
            }
        });
        let amount = (event.amount != NO_AMOUNT).then_some(i128::from(event.amount));
        self.amount.append_option(amount);
        self.quantity.append_option((event.quantity != 0).then_some(i32::from(event.quantity)));
    }

    fn finish(&mut self) -> Result<RecordBatch> {
        let amount = self.amount.finish().with_precision_and_scale(DECIMAL.0, DECIMAL.1);
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(self.time.finish().with_timezone("UTC"))];
        let texts = [
            &mut self.behavior,
            &mut self.channel,
            &mut self.shop,
            &mut self.brand,
            &mut self.category,
            &mut self.campaign,
            &mut self.item,
            &mut self.order,
        ];
        arrays.extend(texts.map(Text::finish));
        arrays.push(Arc::new(amount.map_err(|error| unfit(&error))?));
        arrays.push(Arc::new(self.quantity.finish()));
        arrays.push(self.message.finish());
        arrays.extend(self.ids.iter_mut().map(Text::finish));
        arrays.push(self.query.finish());
        arrays.push(Arc::new(self.rating.finish()));
        RecordBatch::try_new(schema(), arrays).map_err(|error| unfit(&error))
    }
}
