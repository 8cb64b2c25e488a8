//! Random expressions about a given world.
//!
//! A condition is drawn from an event the world has, so that about half of all leaves are neither empty nor everyone.

use std::sync::Arc;

use weir_core::amount::Amount;
use weir_core::cut::Cut;
use weir_core::event::Event;
use weir_core::expr::{AtDate, Did, Expr, Filter, Measure, Sample, Sequence, Span, StateTest, TagTest, Top};
use weir_core::funnel::Funnel;
use weir_core::identity::Node;
use weir_core::op::{Ops, Value};
use weir_core::period::Period;
use weir_core::retention::Retention;
use weir_core::rfm::Rfm;
use weir_core::scope::Scope;
use weir_core::state_model::ModelRef;
use weir_core::tag::rule::TagRule;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::{DAY_MICROS, Day, HOUR_MICROS, Micros, Window, Zone};
use weir_core::vocabulary::Vocabulary;
use weir_engine::oracle::World;

use super::facts::{self, DAYS, FIRST_DAY};
use super::operators::{self, Field};
use super::rng::Rng;
use super::worlds;

/// An as-of date: before, inside or after the data.
pub fn as_of(rng: &mut Rng) -> Day {
    worlds::some_day(rng)
}

/// An expression of at most this depth, meant to be asked as of this date.
pub fn expr(rng: &mut Rng, world: &World, as_of: Day, depth: usize) -> Expr {
    Maker::new(rng, world, as_of).expr(depth)
}

/// A single condition, of any kind that stands at the end of a branch.
pub fn leaf(rng: &mut Rng, world: &World, as_of: Day) -> Expr {
    Maker::new(rng, world, as_of).leaf()
}

/// What a name may stand for: it will be asked as of any date.
pub fn definition(rng: &mut Rng, world: &World) -> Expr {
    let depth = rng.below(4);
    Maker::new(rng, world, FIRST_DAY.plus(DAYS / 2)).expr(depth)
}

/// A funnel that somebody comes along, more often than not.
pub fn funnel(rng: &mut Rng, world: &World, as_of: Day) -> Funnel {
    Maker::new(rng, world, as_of).funnel()
}

/// A retention over some weeks, months or days around the data.
pub fn retention(rng: &mut Rng, world: &World, as_of: Day) -> Retention {
    Maker::new(rng, world, as_of).retention()
}

/// A cut that puts some people into rows.
pub fn cut(rng: &mut Rng, world: &World, as_of: Day) -> Cut {
    Maker::new(rng, world, as_of).cut()
}

/// A rule of a computed tag that gives some people a value.
pub fn tag_rule(rng: &mut Rng, world: &World, as_of: Day) -> TagRule {
    Maker::new(rng, world, as_of).tag_rule()
}

/// An RFM analysis that scores somebody, more often than not.
pub fn rfm(rng: &mut Rng, world: &World, as_of: Day) -> Rfm {
    Maker::new(rng, world, as_of).rfm()
}

/// A scope that some of the events are in.
pub fn scope(rng: &mut Rng, world: &World) -> Scope {
    Maker::new(rng, world, FIRST_DAY).scope()
}

/// Draws expressions that make sense for a world as of a date.
pub struct Maker<'a> {
    pub rng: &'a mut Rng,
    pub world: &'a World,
    pub as_of: Day,
    pub inside_model: bool,
}

#[derive(Clone, Copy)]
enum Branch {
    Leaf,
    All,
    Any,
    Not,
    Minus,
    Xor,
    At,
    Sample,
    Top,
}

#[derive(Clone, Copy)]
enum Leaf {
    Did,
    Sequence,
    Tag,
    List,
    Audience,
    Snapshot,
    State,
    Everyone,
    Empty,
}

impl<'a> Maker<'a> {
    pub fn new(rng: &'a mut Rng, world: &'a World, as_of: Day) -> Maker<'a> {
        Maker { rng, world, as_of, inside_model: false }
    }

    pub fn expr(&mut self, depth: usize) -> Expr {
        if depth == 0 {
            return self.leaf();
        }
        match self.rng.weighted(&[
            (20, Branch::Leaf),
            (20, Branch::All),
            (18, Branch::Any),
            (10, Branch::Not),
            (12, Branch::Minus),
            (6, Branch::Xor),
            (6, Branch::At),
            (4, Branch::Sample),
            (4, Branch::Top),
        ]) {
            Branch::Leaf => self.leaf(),
            Branch::All => Expr::All(self.parts(1, depth)),
            Branch::Any => Expr::Any(self.parts(1, depth)),
            Branch::Not => Expr::Not(self.part(depth)),
            Branch::Minus => Expr::Minus(self.parts(2, depth)),
            Branch::Xor => Expr::Xor(self.part(depth), self.part(depth)),
            Branch::At => self.at(depth),
            Branch::Sample => self.sample(depth),
            Branch::Top => self.top(depth),
        }
    }

    fn part(&mut self, depth: usize) -> Box<Expr> {
        Box::new(self.expr(depth - 1))
    }

    fn parts(&mut self, least: usize, depth: usize) -> Vec<Expr> {
        (0..least + self.rng.below(3)).map(|_| self.expr(depth - 1)).collect()
    }

    /// Dates stay in the past of as-of, except rarely: then the whole expression is an error.
    fn at(&mut self, depth: usize) -> Expr {
        let days = self.rng.count(0, 40);
        let earlier = self.as_of.plus(-i64::from(days));
        let date = match self.rng.below(100) {
            0 => AtDate::Date(self.as_of.plus(1)),
            1..50 => AtDate::Date(earlier),
            _ => AtDate::DaysAgo(days),
        };
        let inside_model = self.inside_model;
        let of = Maker { inside_model, ..Maker::new(self.rng, self.world, earlier) }.expr(depth - 1);
        Expr::At(date, Box::new(of))
    }

    fn sample(&mut self, depth: usize) -> Expr {
        let any = self.rng.below(1_000_001) as f64 / 10_000.0;
        let percent = self.rng.weighted(&[(1, 0.0), (1, 100.0), (4, 50.0), (2, 33.3333), (4, any)]);
        let salt = self.rng.word(&["spring", "autumn", "对照"]);
        Expr::Sample(Box::new(Sample { of: self.expr(depth - 1), percent, salt }))
    }

    fn top(&mut self, depth: usize) -> Expr {
        let measure = self.measure();
        let by = self.events_only();
        let most = self.world.identifiers.len();
        let n = self.rng.below(most.min(12) + 1) as u64;
        Expr::Top(Box::new(Top { of: self.expr(depth - 1), measure, by, n }))
    }

    pub fn leaf(&mut self) -> Expr {
        match self.rng.weighted(&[
            (52, Leaf::Did),
            (12, Leaf::Sequence),
            (12, Leaf::Tag),
            (5, Leaf::List),
            (6, Leaf::Audience),
            (3, Leaf::Snapshot),
            (7, Leaf::State),
            (2, Leaf::Everyone),
            (1, Leaf::Empty),
        ]) {
            Leaf::Did => self.did(),
            Leaf::Sequence => self.sequence(),
            Leaf::Tag => self.tag(),
            Leaf::List => self.name(&self.world.lists(), Expr::List),
            Leaf::Audience => self.name(&self.world.audiences(), Expr::Audience),
            Leaf::Snapshot => self.name(&self.world.snapshots(), Expr::Snapshot),
            Leaf::State => self.state(),
            Leaf::Everyone => Expr::Everyone,
            Leaf::Empty => self.empty(),
        }
    }

    fn empty(&mut self) -> Expr {
        if self.rng.chance(50) { Expr::All(Vec::new()) } else { Expr::Any(Vec::new()) }
    }

    /// One of the names there are; without any, another condition.
    fn name(&mut self, names: &[String], node: fn(String) -> Expr) -> Expr {
        if names.is_empty() { self.did() } else { node(self.rng.pick(names).clone()) }
    }

    fn state(&mut self) -> Expr {
        let names: Vec<&String> = self.world.models.keys().collect();
        if names.is_empty() {
            return self.did();
        }
        let model = (*self.rng.pick(&names)).clone();
        let mut states: Vec<&str> = self.world.models[&model].names();
        states.push("none");
        self.rng.shuffle(&mut states);
        let n = 1 + self.rng.below(states.len().min(3));
        let states = states.into_iter().take(n).map(str::to_owned).collect();
        // Sometimes its rules stand in place of its name.
        let model = match n {
            3 => ModelRef::Inline(Arc::new(self.world.models[&model].clone())),
            _ => ModelRef::Named(model),
        };
        Expr::State(StateTest { model, scope: self.scope(), states })
    }

    pub fn scope(&mut self) -> Scope {
        match self.rng.below(7) {
            0 => Scope::Shop(self.rng.word(&facts::SHOPS)),
            1 => Scope::Brand(self.rng.word(&facts::BRANDS)),
            2 => Scope::Category(self.rng.word(&facts::CATEGORIES)),
            _ => Scope::Workspace,
        }
    }

    // --- conditions on events ---

    fn did(&mut self) -> Expr {
        let mut did = self.events_only();
        if self.rng.chance(60) {
            did.measures.push(self.measured());
        }
        let second = self.measured();
        if self.rng.chance(15) && did.measures.iter().all(|(measure, _)| *measure != second.0) {
            did.measures.push(second);
        }
        Expr::Did(Box::new(did))
    }

    /// A filter and a window that some event of the world satisfies, more often than not.
    pub fn events_only(&mut self) -> Did {
        let event = self.some_event();
        let fields = self.rng.weighted(&[(3, 0), (10, 1), (2, 2), (1, 3)]);
        let filter = self.filter(&event, fields);
        let within = self.rng.chance(50).then(|| self.window(event.day));
        let unscoped = self.rng.chance(if self.inside_model { 25 } else { 3 });
        Did { filter, within, measures: Vec::new(), unscoped }
    }

    /// An event of the world, most often one that has happened as of the date.
    fn some_event(&mut self) -> Event {
        let events = self.world.events.as_slice();
        if events.is_empty() {
            return facts::event(self.rng, &Zone::utc(), &[]);
        }
        let mut event = &self.rng.pick(events).1;
        for _ in 0..3 {
            if event.day > self.as_of {
                event = &self.rng.pick(events).1;
            }
        }
        event.clone()
    }

    fn filter(&mut self, event: &Event, fields: usize) -> Filter {
        let mut filter = Filter::default();
        for _ in 0..fields {
            self.add_field(&mut filter, event);
        }
        filter
    }

    fn add_field(&mut self, filter: &mut Filter, event: &Event) {
        match self.rng.below(18) {
            0..6 => filter.behavior = self.behaviors(event),
            6 => filter.not_behavior = self.behaviors(event),
            7..9 => filter.channel = self.channels(event),
            9 => filter.shop = self.values(event.shop.as_ref(), &facts::SHOPS),
            10 | 11 => filter.brand = self.values(event.brand.as_ref(), &facts::BRANDS),
            12 => filter.category = self.values(event.category.as_ref(), &facts::CATEGORIES),
            13 => filter.campaign = self.values(event.campaign.as_ref(), &facts::CAMPAIGNS),
            14 => filter.item = self.values(event.item.as_ref(), &facts::ITEMS),
            15 => filter.property = self.properties(event),
            16 => filter.each_amount = Some(self.exact(10, event.amount.map(Amount::to_f64))),
            _ => filter.each_quantity = Some(self.exact(1, event.quantity.map(Amount::to_f64))),
        }
    }

    /// The event's behavior and perhaps others that are known: core ones, or brought by an event.
    fn behaviors(&mut self, event: &Event) -> Vec<String> {
        if self.world.events.is_empty() {
            return vec!["view".to_owned()];
        }
        let mut names = vec![event.behavior.clone()];
        if self.rng.chance(40) {
            names.push(self.some_event().behavior);
        }
        names
    }

    /// The event's channel, a node above it, or another; by path or by leaf.
    fn channels(&mut self, event: &Event) -> Vec<String> {
        let nodes: Vec<&str> = self.world.channels.nodes().map(|(path, _)| path).collect();
        let mut names = Vec::new();
        for _ in 0..=self.rng.below(2) {
            let any = (*self.rng.pick(&nodes)).to_owned();
            let path = event.channel.clone().filter(|path| self.world.channels.contains(path)).unwrap_or(any);
            names.push(self.channel_name(&path));
        }
        names
    }

    fn channel_name(&mut self, path: &str) -> String {
        let above = path.rsplit_once('.').map_or(path, |(above, _)| above);
        let leaf = path.rsplit('.').next().unwrap_or(path);
        let is_unique = self.world.channels.resolve(leaf).is_ok_and(|resolved| resolved == path);
        match self.rng.below(3) {
            0 => above.to_owned(),
            1 if is_unique => leaf.to_owned(),
            _ => path.to_owned(),
        }
    }

    /// The event's value and perhaps others, among them rarely one that nobody has mentioned.
    fn values(&mut self, held: Option<&String>, pool: &[&str]) -> Vec<String> {
        let mut values: Vec<String> = held.cloned().into_iter().collect();
        while values.is_empty() || self.rng.chance(25) {
            values.push(self.rng.word(pool));
        }
        if self.rng.chance(3) {
            values.push("unheard_of".to_owned());
        }
        values
    }

    fn properties(&mut self, event: &Event) -> Vec<(String, Ops)> {
        let (any, _) = *self.rng.pick(&facts::PROPERTIES);
        let held: Vec<&String> = event.properties.keys().collect();
        let key = if held.is_empty() { any.to_owned() } else { (*self.rng.pick(&held)).clone() };
        let likely = event.properties.get(&key).map(property_constants).unwrap_or_default();
        vec![(key, operators::ops(self.rng, Field::Property, &likely))]
    }

    /// All forms; the day given lies inside more often than not.
    pub fn window(&mut self, day: Day) -> Window {
        let age = (i64::from(self.as_of.0) - i64::from(day.0)).clamp(0, 500) as u32;
        let (less, more) = (self.rng.count(0, 10), self.rng.count(0, 15));
        match self.rng.below(4) {
            0 => Window::Days { days: (age + more).saturating_sub(less / 2).max(1), skip: 0 },
            1 => Window::Days { days: 1 + less + more, skip: age.saturating_sub(less) },
            2 => Window::UntilDaysAgo { days: (age + 2).saturating_sub(less) },
            _ => Window::Between { from: day.plus(-i64::from(less)), to: day.plus(i64::from(more)) },
        }
    }

    fn measure(&mut self) -> Measure {
        self.rng.pick(&Measure::ALL).1
    }

    fn measured(&mut self) -> (Measure, Ops) {
        let measure = self.measure();
        let money = self.some_event().amount.map(Amount::to_f64);
        let ops = match measure {
            Measure::Count | Measure::ActiveDays | Measure::Orders => self.exact(1, Some(1.0)),
            Measure::Amount | Measure::Aov => self.exact(10, money),
            Measure::Quantity => self.exact(1, Some(1.0)),
            Measure::First | Measure::Last => {
                let likely = Value::Text(self.some_event().day.to_string());
                operators::ops(self.rng, Field::MeasuredDate, &[likely])
            }
        };
        (measure, ops)
    }

    fn exact(&mut self, units: i64, likely: Option<f64>) -> Ops {
        let exact = likely.filter(|number| weir_core::op::is_exact(*number)).map(Value::Number);
        let likely: Vec<Value> = exact.into_iter().filter(|_| self.rng.chance(50)).collect();
        operators::ops(self.rng, Field::Exact(units), &likely)
    }

    // --- sequences ---

    /// Steps drawn from what one node did, in order of time, so that somebody fits more often than not.
    fn sequence(&mut self) -> Expr {
        let n = self.rng.weighted(&[(1, 1), (5, 2), (3, 3), (1, 4)]);
        Expr::Sequence(Box::new(self.sequence_of(n)))
    }

    fn sequence_of(&mut self, n: usize) -> Sequence {
        let events = self.story(n);
        let steps = events.iter().map(|event| self.step(event)).collect();
        let length = events.last().map_or(0, |last| last.time - events[0].time);
        let within = self.rng.chance(65).then(|| self.span(length));
        let window = self.rng.chance(30).then(|| self.window(events[0].day));
        Sequence { steps, within, window }
    }

    /// Now and then a step of anything at all, so that few are lost on a long way.
    fn funnel(&mut self) -> Funnel {
        let n = self.rng.weighted(&[(3, 2), (4, 3), (2, 5), (1, 10)]);
        let mut sequence = self.sequence_of(n);
        while sequence.steps.len() < n {
            let step = if self.rng.chance(50) { Did::default() } else { self.events_only() };
            let place = self.rng.below(sequence.steps.len() + 1);
            sequence.steps.insert(place, step);
        }
        Funnel::from_json(&sequence.to_json()).expect("two to ten steps")
    }

    fn retention(&mut self) -> Retention {
        let start = self.events_only();
        let returns = if self.rng.chance(30) { start.clone() } else { self.events_only() };
        let (period, most) = *self.rng.pick(&[(Period::Day, 60), (Period::Week, 300), (Period::Month, 900)]);
        let (days, skip) = (self.rng.count(1, most), self.rng.weighted(&[(3, 0), (1, 5)]));
        let from = FIRST_DAY.plus(self.rng.between(-30, DAYS));
        let window = match self.rng.below(3) {
            0 => Window::Days { days, skip },
            _ => Window::Between { from, to: from.plus(i64::from(days) - 1) },
        };
        Retention { start, returns, window, period }
    }

    fn story(&mut self, n: usize) -> Vec<Event> {
        if self.world.events.is_empty() {
            return (0..n).map(|_| self.some_event()).collect();
        }
        let node: Node = self.rng.pick(&self.world.events).0;
        let own: Vec<&Event> =
            self.world.events.iter().filter(|(of, _)| *of == node).map(|(_, event)| event).collect();
        let mut story: Vec<Event> = (0..n).map(|_| (*self.rng.pick(&own)).clone()).collect();
        story.sort_by_key(|event| event.time);
        if self.rng.chance(70) {
            story.dedup_by_key(|event| event.time);
        }
        story
    }

    fn step(&mut self, event: &Event) -> Did {
        let fields = self.rng.weighted(&[(2, 0), (8, 1), (1, 2)]);
        let filter = self.filter(event, fields);
        let within = self.rng.chance(10).then(|| self.window(event.day));
        let unscoped = self.rng.chance(if self.inside_model { 25 } else { 3 });
        Did { filter, within, measures: Vec::new(), unscoped }
    }

    /// Exactly this length where a unit divides it, or about it.
    fn span(&mut self, length: Micros) -> Span {
        let slack = self.rng.weighted(&[(5, 0), (1, -1), (2, 1), (2, 20)]);
        let units = |unit: Micros| (length / unit + slack).max(0) as u32;
        match self.rng.below(3) {
            0 => Span::Days(units(DAY_MICROS)),
            1 => Span::Hours(units(HOUR_MICROS)),
            _ => Span::Minutes(units(HOUR_MICROS / 60).min(1_000_000)),
        }
    }

    // --- tags ---

    fn tag(&mut self) -> Expr {
        let mut tests: Vec<(String, Ops)> = Vec::new();
        while tests.is_empty() || self.rng.chance(10) {
            let test = self.tag_test();
            if tests.iter().all(|(key, _)| *key != test.0) {
                tests.push(test);
            }
        }
        Expr::Tag(TagTest(tests))
    }

    fn tag_test(&mut self) -> (String, Ops) {
        let (key, kind) = *self.rng.pick(&facts::TAGS);
        let stated = self.world.tags.iter().filter(|(_, fact)| fact.key == key);
        let likely: Vec<Value> = stated.flat_map(|(_, fact)| tag_constants(&fact.value)).collect();
        let field = match kind {
            TagKind::Text => Field::TextTag,
            TagKind::Number => Field::NumberTag,
            TagKind::Date => Field::DateTag,
            TagKind::Multi => Field::MultiTag,
        };
        (key.to_owned(), operators::ops(self.rng, field, &likely))
    }
}

fn tag_constants(value: &TagValue) -> Vec<Value> {
    match value {
        TagValue::Text(text) => vec![Value::Text(text.clone())],
        TagValue::Number(number) => vec![Value::Number(*number)],
        TagValue::Date(day) => vec![Value::Text(day.to_string())],
        TagValue::Multi(texts) => texts.iter().cloned().map(Value::Text).collect(),
        TagValue::Absent => Vec::new(),
    }
}

fn property_constants(value: &serde_json::Value) -> Vec<Value> {
    let number = value.as_f64().map(Value::Number);
    let truth = value.as_bool().map(Value::Bool);
    let text = value.as_str().map(|text| Value::Text(text.to_owned()));
    let items = value.as_array().into_iter().flatten();
    let texts = items.filter_map(|item| item.as_str()).map(|text| Value::Text(text.to_owned()));
    number.into_iter().chain(truth).chain(text).chain(texts).collect()
}
