//! Arrivals as rows of the event table.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Builder, Decimal128Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder, UInt32Builder,
};
use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::arrival::{Arrival, Occurrence};
use weir_core::identity::Node;

use crate::event::{amount_type, table_schema, time_type};
use crate::fault::Fault;

/// Columns of text that an occurrence may have, in the order of the table.
const TEXTS: usize = 7;

/// Rows that wait to become a batch of the event table.
pub(crate) struct Rows {
    consumer: UInt32Builder,
    time: TimestampMicrosecondBuilder,
    day: Date32Builder,
    behavior: StringBuilder,
    texts: [StringBuilder; TEXTS],
    amount: Decimal128Builder,
    quantity: Decimal128Builder,
    message_id: StringBuilder,
    properties: StringBuilder,
    source: StringBuilder,
    original: TimestampMicrosecondBuilder,
    sent: TimestampMicrosecondBuilder,
    received: TimestampMicrosecondBuilder,
    count: usize,
}

impl Rows {
    pub(crate) fn new() -> Rows {
        let instants = || TimestampMicrosecondBuilder::new().with_data_type(time_type());
        let amounts = || Decimal128Builder::new().with_data_type(amount_type());
        Rows {
            consumer: UInt32Builder::new(),
            time: instants(),
            day: Date32Builder::new(),
            behavior: StringBuilder::new(),
            texts: std::array::from_fn(|_| StringBuilder::new()),
            amount: amounts(),
            quantity: amounts(),
            message_id: StringBuilder::new(),
            properties: StringBuilder::new(),
            source: StringBuilder::new(),
            original: instants(),
            sent: instants(),
            received: instants(),
            count: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn push(&mut self, owner: Node, source: &str, arrival: &Arrival, event: &Occurrence) {
        self.count += 1;
        self.consumer.append_value(owner);
        self.time.append_value(arrival.time);
        self.day.append_value(arrival.day.0);
        self.behavior.append_value(&event.behavior);
        for (column, text) in self.texts.iter_mut().zip(texts(event)) {
            column.append_option(text);
        }
        self.amount.append_option(event.amount.map(|Amount(units)| i128::from(units)));
        self.quantity.append_option(event.quantity.map(|Amount(units)| i128::from(units)));
        self.message_id.append_value(&arrival.message_id);
        self.properties.append_option(event.properties.as_deref());
        self.source.append_value(source);
        self.original.append_option(arrival.stamps.original);
        self.sent.append_option(arrival.stamps.sent);
        self.received.append_value(arrival.stamps.received);
    }

    /// The rows so far, in the shape of the event table.
    pub(crate) fn take(&mut self) -> Result<RecordBatch> {
        self.count = 0;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.consumer.finish()),
            Arc::new(self.time.finish()),
            Arc::new(self.day.finish()),
            finished(&mut self.behavior),
        ];
        columns.extend(self.texts.iter_mut().map(finished));
        columns.push(Arc::new(self.amount.finish()));
        columns.push(Arc::new(self.quantity.finish()));
        columns.push(finished(&mut self.message_id));
        columns.push(finished(&mut self.properties));
        columns.push(finished(&mut self.source));
        columns.push(Arc::new(self.original.finish()));
        columns.push(Arc::new(self.sent.finish()));
        columns.push(Arc::new(self.received.finish()));
        RecordBatch::try_new(table_schema(), columns).fault()
    }
}

/// The texts so far; the next ones find as much room, since they will be about as long, and growing is copying.
fn finished(column: &mut StringBuilder) -> ArrayRef {
    let texts = column.finish();
    let bytes = texts.value_data().len();
    *column = StringBuilder::with_capacity(texts.len() + texts.len() / 8, bytes + bytes / 8);
    Arc::new(texts)
}

fn texts<'a>(event: &'a Occurrence<'_>) -> [Option<&'a str>; TEXTS] {
    let texts = [
        &event.channel,
        &event.shop,
        &event.brand,
        &event.category,
        &event.campaign,
        &event.item,
        &event.order_id,
    ];
    texts.map(|text| text.as_deref())
}
