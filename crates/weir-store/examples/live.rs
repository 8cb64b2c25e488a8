//! What a refresh costs: `cargo run --release -p weir-store --example live -- [consumers] [events] [extends]`.
//!
//! A workspace of consumers with five events each is imported; then batches of 100,000 events arrive, a tenth of them of
//! new anonymous visitors; half of those sign in as somebody known a batch later. Each batch is added to the live index,
//! and an expression evaluated.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use weir_core::amount::Amount;
use weir_core::arrival::{Arrival, Content, Occurrence, Stamps};
use weir_core::expr::parse_json;
use weir_core::identity::{Identifier, Identifiers, Node};
use weir_core::time::{DAY_MICROS, Day};
use weir_engine::eval::evaluate;
use weir_engine::interest::Interest;
use weir_engine::oracle;
use weir_engine::world::World;
use weir_store::event::{amount_type, incoming_schema, time_type};
use weir_store::{Frame, ImportKind, ImportSpec, Item, Live, Spent, Store, Workspace};

const BATCH: usize = 100_000;
const FIRST_DAY: i64 = 20_000;
const QUESTION: &str = r#"{"did":{"behavior":"purchase","within":{"days":30},"count":{"gte":2}}}"#;

/// Numbers that are the same in every run.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * n as u128) >> 64) as usize
    }

    fn occurrence(&mut self) -> Occurrence<'static> {
        let pick = |rng: &mut Rng, from: &[&str]| from[rng.below(from.len())].to_owned();
        let behavior = pick(self, &["view", "view", "view", "click", "add_to_cart", "purchase"]);
        let is_purchase = behavior == "purchase";
        Occurrence {
            behavior: behavior.into(),
            channel: Some(pick(self, &["shop", "ads.onsite.search_ads", "crm.sms", "crm.email"]).into()),
            shop: Some(format!("shop {}", self.below(5)).into()),
            item: Some(format!("item {}", self.below(20_000)).into()),
            category: Some(format!("category {}", self.below(200)).into()),
            order_id: is_purchase.then(|| format!("order {}", self.0).into()),
            amount: is_purchase.then(|| Amount(self.below(5_000_000) as i64)),
            properties: Some(
                format!("{{\"page\":\"/p/{}\",\"n\":{}}}", self.below(500), self.below(9)).into(),
            ),
            ..Occurrence::default()
        }
    }
}

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|text| text.parse().unwrap()).collect();
    let [consumers, events, extends] = [0, 1, 2].map(|i| numbers.get(i).copied());
    let (consumers, events) = (consumers.unwrap_or(1_000_000), events.unwrap_or(5_000_000));
    let dir = tempfile::tempdir().unwrap();
    let workspace = Store::open(dir.path()).unwrap().workspace("default").unwrap();
    let mut rng = Rng(1);
    let begun = Instant::now();
    import(&mut rng, &workspace, consumers, events);
    println!("imported in {:.1?}", begun.elapsed());
    let begun = Instant::now();
    let view = workspace.view().unwrap();
    drop(view.index().unwrap());
    println!("indexed in {:.1?}", begun.elapsed());
    let begun = Instant::now();
    let live = Live::open(&view).unwrap();
    println!("opened in {:.1?}", begun.elapsed());
    stream(&mut rng, live, consumers, extends.unwrap_or(20));
}

fn stream(rng: &mut Rng, mut live: Live, consumers: usize, extends: usize) {
    let mut visitors = Visitors { next: consumers as Node, waiting: Vec::new(), consumers };
    println!(
        "  events   extend = names + people + moved + rows + segments ms   bytes/event  segments  question ms"
    );
    for round in 1..=extends {
        let frames = visitors.batch(rng, round);
        let shown = live.index();
        let begun = Instant::now();
        let spent = live.extend(&frames, round as u64).unwrap();
        let extended = begun.elapsed();
        drop(shown);
        let Spent { names, people, moved, added, segments } = spent;
        let [names, people, moved, added, segments] = [names, people, moved, added, segments].map(millis);
        let (total, question) = (round * BATCH, millis(ask(&live)));
        println!(
            "{total:8} {:8.1} = {names:6.1} {people:6.1} {moved:6.1} {added:6.1} {segments:7.1} {:15} {:9} {question:10.1}",
            millis(extended),
            live.bytes() / total,
            live.most_segments(),
        );
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn ask(live: &Live) -> Duration {
    let index = live.index();
    let names = oracle::World::default();
    let world = World {
        consumers: index.consumers,
        shards: index.shards,
        symbols: index.symbols,
        policy: names.policy.clone(),
        facts: Arc::new(live.facts()),
        interest: Interest::default(),
    };
    let expr = weir_core::expr::parse_value(&parse_json(QUESTION).unwrap()).unwrap();
    let begun = Instant::now();
    evaluate(&world, &names, &expr, Day(FIRST_DAY as i32 + 30)).unwrap();
    begun.elapsed()
}

/// Who comes.
struct Visitors {
    next: Node,
    /// New visitors who have not signed in.
    waiting: Vec<Node>,
    consumers: usize,
}

impl Visitors {
    /// One in ten events is a new visitor's first; one in twenty is a sign-in of an earlier one.
    fn batch(&mut self, rng: &mut Rng, round: usize) -> Vec<Frame<'static>> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut waiting = waiting.into_iter().step_by(2);
        let items = (0..BATCH).map(|i| {
            let nodes = match i % 20 {
                0 | 10 => {
                    self.next += 1;
                    self.waiting.push(self.next - 1);
                    vec![self.next - 1]
                }
                5 => std::iter::once(rng.below(self.consumers) as Node).chain(waiting.next()).collect(),
                _ => vec![rng.below(self.consumers) as Node],
            };
            item(rng, nodes, self.consumers, round)
        });
        let items: Vec<Item<'static>> = items.collect();
        let frame =
            |items: &[Item<'static>]| Frame { source: "web".into(), received: 0, items: items.to_vec() };
        items.chunks(100).map(frame).collect()
    }
}

fn item(rng: &mut Rng, nodes: Vec<Node>, consumers: usize, round: usize) -> Item<'static> {
    let day = FIRST_DAY + 30;
    let arrival = Arrival {
        message_id: format!("{round}-{}", rng.0).into(),
        identifiers: nodes.iter().map(|node| identifier(*node as usize, consumers).into()).collect(),
        joins_known: false,
        time: day * DAY_MICROS + round as i64 * 1_000_000 + rng.below(1_000_000) as i64,
        day: Day(day as i32),
        stamps: Stamps { original: None, sent: None, received: 0 },
        content: Content::Event(Box::new(rng.occurrence())),
    };
    Item { message: [0, 0], nodes, arrival }
}

fn identifier(node: usize, consumers: usize) -> Identifier {
    let kind = if node < consumers { "user_id" } else { "anonymous_id" };
    Identifier { kind: kind.to_owned(), value: format!("{kind}-{node:012}") }
}

fn import(rng: &mut Rng, workspace: &Workspace, consumers: usize, events: usize) {
    let (kind, source) = (ImportKind::Events, "shop".to_owned());
    let mut commit = workspace.begin(ImportSpec { kind, source, files: Vec::new(), mapping: None }).unwrap();
    // Everybody once, so that nodes are numbered as consumers are; then at random.
    let who: Vec<usize> = (0..events).map(|i| if i < consumers { i } else { rng.below(consumers) }).collect();
    for (part, who) in who.chunks(50_000).enumerate() {
        commit.events(&batch(rng, who, consumers, part)).unwrap();
    }
    commit.finish().unwrap();
    let names = workspace.identifiers().unwrap();
    assert_eq!(names.get(7), ("user_id", identifier(7, consumers).value.as_str()));
}

fn batch(rng: &mut Rng, who: &[usize], consumers: usize, part: usize) -> RecordBatch {
    let rows: Vec<(usize, i64, Occurrence<'static>)> =
        who.iter().map(|who| (*who, FIRST_DAY + rng.below(30) as i64, rng.occurrence())).collect();
    let text = |value: &dyn for<'a> Fn(&'a Occurrence<'static>) -> Option<&'a str>| -> ArrayRef {
        Arc::new(rows.iter().map(|(_, _, row)| value(row)).collect::<StringArray>())
    };
    let money = |value: &dyn Fn(&Occurrence<'static>) -> Option<Amount>| -> ArrayRef {
        let units: Decimal128Array =
            rows.iter().map(|(_, _, row)| value(row).map(|a| i128::from(a.0))).collect();
        Arc::new(units.with_data_type(amount_type()))
    };
    let times: TimestampMicrosecondArray = rows.iter().map(|(_, day, _)| Some(day * DAY_MICROS)).collect();
    let messages = (0..rows.len()).map(|i| Some(format!("{part}-{i}")));
    let ids = rows.iter().map(|(who, ..)| Some(identifier(*who, consumers).value));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(times.with_data_type(time_type())),
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|(_, day, _)| *day as i32))),
        text(&|row| Some(&row.behavior)),
        text(&|row| row.channel.as_deref()),
        text(&|row| row.shop.as_deref()),
        text(&|_| None),
        text(&|row| row.category.as_deref()),
        text(&|_| None),
        text(&|row| row.item.as_deref()),
        text(&|row| row.order_id.as_deref()),
        money(&|row| row.amount),
        money(&|_| None),
        Arc::new(messages.collect::<StringArray>()),
        text(&|row| row.properties.as_deref()),
        Arc::new(ids.collect::<StringArray>()),
    ];
    RecordBatch::try_new(incoming_schema(&["user_id".to_owned()]), columns).unwrap()
}
