//! The properties of an event → its columns, and what is left of them.
//!
//! A property that becomes a column is taken out of the properties, but for prices: an amount is computed from them. Whatever cannot be
//! used as a column's value stays where it was, with a remark.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use weir_core::amount::Amount;
use weir_core::arrival::{Arrival, Content, Occurrence};
use weir_core::time::Day;

use crate::intake::{Head, Intake, Outcome};
use crate::json::{Json, Object, fits};
use crate::mappings::{Column, Fields};

/// What a converted amount leaves behind, as in imports.
const ORIGINAL_AMOUNT: &str = "original_amount";
const ORIGINAL_CURRENCY: &str = "original_currency";

/// What an event is, before its properties are read.
pub(crate) struct Act<'m, 'a> {
    pub behavior: Cow<'a, str>,
    /// Which properties become columns.
    pub fields: &'m Fields,
    /// Properties that become none, whatever their names.
    pub others: Object<'a>,
    /// The channel of an event whose properties name none.
    pub channel: Option<Cow<'a, str>>,
    /// Whether each of its `products` is an event of its own.
    pub lines: bool,
}

/// An event whose columns are read but for money, which a line may have of its own.
struct Draft<'m, 'a> {
    fields: &'m Fields,
    occurrence: Occurrence<'a>,
    currency: Option<Cow<'a, str>>,
    rest: Object<'a>,
    others: Object<'a>,
}

/// Reads an event, and pushes it or its lines.
pub(crate) fn push_event<'a>(
    intake: &mut Intake<'_, 'a>,
    head: Head<'a>,
    act: Act<'_, 'a>,
    mut properties: Object<'a>,
) -> Outcome {
    let products = if act.lines { take_products(intake, &mut properties) } else { Vec::new() };
    let draft = draft(intake, act, properties);
    if products.is_empty() {
        let arrival = whole(intake, head, draft);
        intake.push(arrival);
        return Ok(());
    }
    let size = size_of::<Arrival>() + size_of::<Occurrence>() + head.message_id.len();
    let ids: usize = head.identifiers.iter().map(|id| id.kind.len() + id.value.len() + 48).sum();
    let shared = size + ids + written(&draft.rest).map_or(0, |text| text.len());
    intake.claim(products.len().saturating_mul(shared))?;
    let is_only = products.len() == 1;
    for (n, product) in products.into_iter().enumerate() {
        let arrival = line(intake, head.line(n), &draft, product, is_only);
        intake.push(arrival);
    }
    Ok(())
}

/// The products of an order; elements that are no objects are remarked on and left out.
fn take_products<'a>(intake: &mut Intake, properties: &mut Object<'a>) -> Vec<Object<'a>> {
    if !matches!(properties.get("products"), Some(Json::List(_))) {
        return Vec::new();
    }
    let Some(Json::List(items)) = properties.take("products") else { return Vec::new() };
    let given = items.len();
    let products: Vec<Object> = items.into_iter().filter_map(Json::into_object).collect();
    if products.len() < given {
        intake.remark("bad_product");
    }
    products
}

fn draft<'m, 'a>(intake: &mut Intake<'_, 'a>, act: Act<'m, 'a>, mut rest: Object<'a>) -> Draft<'m, 'a> {
    let fields = act.fields;
    let mut own = |column_| column(intake, &mut rest, fields.sources(column_));
    let channel = own(Column::Channel).or(act.channel);
    let mut occurrence = Occurrence {
        behavior: act.behavior,
        shop: own(Column::Shop),
        brand: own(Column::Brand),
        category: own(Column::Category),
        campaign: own(Column::Campaign),
        item: own(Column::Item),
        order_id: own(Column::OrderId),
        ..Occurrence::default()
    };
    let currency = own(Column::Currency);
    occurrence.channel = channel.map(|name| intake.place(name));
    Draft { fields, occurrence, currency, rest, others: act.others }
}

/// The event as one.
fn whole<'a>(intake: &mut Intake, head: Head<'a>, draft: Draft<'_, 'a>) -> Arrival<'a> {
    let Draft { fields, mut occurrence, currency, mut rest, others } = draft;
    occurrence.quantity = quantity(intake, &mut rest, fields);
    let amount = amount(intake, &mut rest, fields, occurrence.quantity);
    let money = convert(intake, &occurrence.behavior, amount, currency, head.day);
    occurrence.amount = money.amount;
    money.leave_original(&mut rest);
    occurrence.properties = written(&Merged { own: &rest, shared: &others });
    head.says(Content::Event(Box::new(occurrence)))
}

/// One line of an order: its own columns where it has them, else the order's; the order's properties along with its own.
fn line<'a>(
    intake: &mut Intake,
    head: Head<'a>,
    order: &Draft<'_, 'a>,
    mut product: Object<'a>,
    is_only: bool,
) -> Arrival<'a> {
    let Occurrence { behavior, channel, shop, brand, category, campaign, item, order_id, .. } =
        &order.occurrence;
    let fields = order.fields;
    let mut own = |column_, shared: &Option<Cow<'a, str>>| {
        column(intake, &mut product, fields.sources(column_)).or_else(|| shared.clone())
    };
    let mut occurrence = Occurrence {
        behavior: behavior.clone(),
        channel: channel.clone(),
        shop: own(Column::Shop, shop),
        brand: own(Column::Brand, brand),
        category: own(Column::Category, category),
        campaign: own(Column::Campaign, campaign),
        item: own(Column::Item, item),
        order_id: order_id.clone(),
        ..Occurrence::default()
    };
    let currency = own(Column::Currency, &order.currency);
    occurrence.quantity = quantity(intake, &mut product, fields);
    let mut amount = amount(intake, &mut product, fields, occurrence.quantity);
    if amount.is_none() && is_only {
        amount = total(intake, &order.rest, fields).map(|(_, amount)| amount);
    }
    if amount.is_none() {
        intake.remark("no_amount");
    }
    let money = convert(intake, behavior, amount, currency, head.day);
    occurrence.amount = money.amount;
    money.leave_original(&mut product);
    occurrence.properties = written(&Merged { own: &product, shared: &order.rest });
    head.says(Content::Event(Box::new(occurrence)))
}

/// Takes the value of a column out of the properties.
fn column<'a>(intake: &mut Intake, properties: &mut Object<'a>, sources: &[String]) -> Option<Cow<'a, str>> {
    for name in sources {
        let Some(text) = properties.text(name) else { continue };
        if text.len() <= intake.context.limits.value {
            properties.take(name);
            return Some(text);
        }
        intake.remark("long_value");
    }
    None
}

fn quantity(intake: &mut Intake, properties: &mut Object, fields: &Fields) -> Option<Amount> {
    let sources = fields.sources(Column::Quantity);
    let (name, quantity) = number(intake, properties, sources, "bad_quantity")?;
    properties.take(name);
    Some(quantity)
}

/// The amount as a whole, else price × quantity.
fn amount(
    intake: &mut Intake,
    properties: &mut Object,
    fields: &Fields,
    quantity: Option<Amount>,
) -> Option<Amount> {
    if let Some((name, amount)) = total(intake, properties, fields) {
        properties.take(name);
        return Some(amount);
    }
    let (_, price) = number(intake, properties, fields.sources(Column::Price), "bad_amount")?;
    match quantity {
        Some(quantity) => Amount::from_scaled(i128::from(price.0) * i128::from(quantity.0), 8),
        None => Some(price),
    }
}

fn total<'m>(intake: &mut Intake, properties: &Object, fields: &'m Fields) -> Option<(&'m str, Amount)> {
    number(intake, properties, fields.sources(Column::Amount), "bad_amount")
}

/// The first of a column's properties that is a number.
fn number<'m>(
    intake: &mut Intake,
    properties: &Object,
    sources: &'m [String],
    remark: &'static str,
) -> Option<(&'m str, Amount)> {
    for name in sources {
        let Some(value) = properties.get(name).filter(|value| !value.is_blank()) else { continue };
        match value.amount() {
            Some(amount) => return Some((name, amount)),
            None => intake.remark(remark),
        }
    }
    None
}

/// An amount in the workspace's currency, and what was given where that was another.
#[derive(Default)]
struct Money {
    amount: Option<Amount>,
    original: Option<(Amount, String)>,
}

impl Money {
    fn leave_original(self, properties: &mut Object) {
        let Some((amount, currency)) = self.original else { return };
        for (key, value) in
            [(ORIGINAL_AMOUNT, Json::amount_of(amount)), (ORIGINAL_CURRENCY, Json::Text(currency.into()))]
        {
            properties.take(key);
            properties.0.push((key.into(), value));
        }
    }
}

/// Refunds are never positive. Without a rate the amount is unknown.
fn convert(
    intake: &mut Intake,
    behavior: &str,
    amount: Option<Amount>,
    currency: Option<Cow<str>>,
    day: Day,
) -> Money {
    let Some(given) = amount else { return Money::default() };
    let amount = if behavior == "refund" { Amount(-given.0.abs()) } else { given };
    let home = intake.context.currency;
    let Some(currency) = currency.filter(|currency| !currency.eq_ignore_ascii_case(home)) else {
        let amount = Some(amount).filter(|amount| fits(*amount));
        if amount.is_none() {
            intake.remark("bad_amount");
        }
        return Money { amount, original: None };
    };
    let rate = intake.context.rates.on(&currency, day);
    let converted = rate.and_then(|rate| rate.convert(amount)).filter(|amount| fits(*amount));
    if converted.is_none() {
        intake.remark("no_rate");
    }
    Money { amount: converted, original: Some((amount, currency.into_owned())) }
}

/// A text, cut where it is longer than so many characters.
pub(crate) fn shortened(text: Cow<str>, longest: usize) -> Cow<str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => text[..end].to_owned().into(),
        None => text,
    }
}

/// Bytes of properties, as a rule at most.
const USUAL_PROPERTIES: usize = 384;

/// Properties as JSON text; none where there are none.
fn written(properties: &impl Serialize) -> Option<Cow<'static, str>> {
    let mut text = Vec::with_capacity(USUAL_PROPERTIES);
    serde_json::to_writer(&mut text, properties).ok()?;
    String::from_utf8(text).ok().filter(|text| text != "{}").map(Cow::Owned)
}

/// So many members are looked through faster than hashed.
const FEW: usize = 16;

/// Properties, and shared ones that they do not say themselves.
struct Merged<'m, 'a> {
    own: &'m Object<'a>,
    shared: &'m Object<'a>,
}

impl Serialize for Merged<'_, '_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut map = writer.serialize_map(None)?;
        let own: Option<HashSet<&str>> =
            (self.own.0.len() > FEW).then(|| self.own.0.iter().map(|(key, _)| key.as_ref()).collect());
        let is_own =
            |key: &str| own.as_ref().map_or_else(|| self.own.get(key).is_some(), |own| own.contains(key));
        let shared = self.shared.0.iter().filter(|(key, _)| !is_own(key));
        for (key, value) in self.own.0.iter().chain(shared) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
