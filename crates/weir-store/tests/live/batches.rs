//! Facts of a random world as batches for the commit door.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, ListBuilder, RecordBatch, StringArray,
    StringBuilder, TimestampMicrosecondArray,
};
use weir_core::amount::Amount;
use weir_core::event::Event;
use weir_core::identity::Identifier;
use weir_core::tag::{TagFact, TagKind, TagValue};
use weir_core::time::Day;
use weir_store::event::{ID_PREFIX, amount_type, incoming_schema, time_type};

use crate::common;
use crate::support::facts;

/// Events, each with its identifiers, at most one of a kind.
pub fn events(rows: &[(Vec<Identifier>, Event)]) -> RecordBatch {
    let kinds = kinds(rows.iter().map(|(ids, _)| ids.as_slice()));
    let text = |value: fn(&Event) -> Option<&String>| -> ArrayRef {
        Arc::new(rows.iter().map(|(_, event)| value(event).map(String::as_str)).collect::<StringArray>())
    };
    let money = |value: fn(&Event) -> Option<Amount>| -> ArrayRef {
        let units: Decimal128Array = rows.iter().map(|(_, e)| value(e).map(|a| i128::from(a.0))).collect();
        Arc::new(units.with_data_type(amount_type()))
    };
    let times: TimestampMicrosecondArray = rows.iter().map(|(_, event)| Some(event.time)).collect();
    let days = Date32Array::from_iter_values(rows.iter().map(|(_, event)| event.day.0));
    let properties = rows.iter().map(|(_, event)| Some(json(event)));
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(times.with_data_type(time_type())),
        Arc::new(days),
        text(|event| Some(&event.behavior)),
        text(|event| event.channel.as_ref()),
        text(|event| event.shop.as_ref()),
        text(|event| event.brand.as_ref()),
        text(|event| event.category.as_ref()),
        text(|event| event.campaign.as_ref()),
        text(|event| event.item.as_ref()),
        text(|event| event.order_id.as_ref()),
        money(|event| event.amount),
        money(|event| event.quantity),
        text(|event| event.message_id.as_ref()),
        Arc::new(properties.collect::<StringArray>()),
    ];
    columns.extend(kinds.iter().map(|kind| ids(kind, rows.iter().map(|(ids, _)| ids.as_slice()))));
    RecordBatch::try_new(incoming_schema(&kinds), columns).unwrap()
}

pub fn json(event: &Event) -> String {
    serde_json::Value::Object(event.properties.clone()).to_string()
}

/// Statements, one a row, in order.
pub fn tags(rows: &[(Identifier, TagFact)]) -> RecordBatch {
    let who: Vec<[Identifier; 1]> = rows.iter().map(|(id, _)| [id.clone()]).collect();
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    for kind in kinds(who.iter().map(<[_; 1]>::as_slice)) {
        columns.push((format!("{ID_PREFIX}{kind}"), ids(&kind, who.iter().map(<[_; 1]>::as_slice))));
    }
    let day = |fact: &TagFact| (fact.day != Day::BEGINNING).then_some(fact.day.0);
    columns.push(("day".into(), Arc::new(rows.iter().map(|(_, fact)| day(fact)).collect::<Date32Array>())));
    for (key, kind) in facts::TAGS {
        let of_key = rows.iter().map(|(_, fact)| (fact.key == key).then_some(&fact.value));
        columns.push((key.to_owned(), values(kind, &of_key.collect::<Vec<_>>())));
    }
    common::batch(columns.iter().map(|(name, column)| (name.as_str(), column.clone())).collect())
}

fn values(kind: TagKind, values: &[Option<&TagValue>]) -> ArrayRef {
    let numbers = values.iter().map(|v| if let Some(TagValue::Number(n)) = v { Some(*n) } else { None });
    let dates = values.iter().map(|v| if let Some(TagValue::Date(day)) = v { Some(day.0) } else { None });
    let texts = values.iter().map(|v| if let Some(TagValue::Text(t)) = v { Some(t.as_str()) } else { None });
    match kind {
        TagKind::Text => Arc::new(texts.collect::<StringArray>()),
        TagKind::Number => Arc::new(numbers.collect::<Float64Array>()),
        TagKind::Date => Arc::new(dates.collect::<Date32Array>()),
        TagKind::Multi => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for value in values {
                let texts = if let Some(TagValue::Multi(texts)) = value { Some(texts) } else { None };
                lists.append_option(texts.map(|texts| texts.iter().map(Some)));
            }
            Arc::new(lists.finish())
        }
    }
}

/// Members of a list.
pub fn members(members: &[Identifier]) -> RecordBatch {
    let who: Vec<[Identifier; 1]> = members.iter().map(|id| [id.clone()]).collect();
    let rows = || who.iter().map(<[_; 1]>::as_slice);
    let columns: Vec<(String, ArrayRef)> =
        kinds(rows()).into_iter().map(|kind| (format!("{ID_PREFIX}{kind}"), ids(&kind, rows()))).collect();
    common::batch(columns.iter().map(|(name, column)| (name.as_str(), column.clone())).collect())
}

fn kinds<'a>(rows: impl Iterator<Item = &'a [Identifier]>) -> Vec<String> {
    let kinds: BTreeSet<&str> = rows.flatten().map(|id| id.kind.as_str()).collect();
    kinds.into_iter().map(str::to_owned).collect()
}

fn ids<'a>(kind: &str, rows: impl Iterator<Item = &'a [Identifier]>) -> ArrayRef {
    let of = |ids: &'a [Identifier]| ids.iter().find(|id| id.kind == kind).map(|id| id.value.as_str());
    Arc::new(rows.map(of).collect::<StringArray>())
}
