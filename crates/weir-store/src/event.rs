//! The shape of events as Arrow columns: as they come in at the commit door, and as the event table keeps them.
//!
//! | column | type | |
//! |---|---|---|
//! | consumer | UInt32 | the identifier the row arrived with (a node of the dictionary); table only |
//! | time | Timestamp(µs, UTC) | |
//! | day | Date32 | local date of `time` in the workspace's zone |
//! | behavior | Utf8 | never null |
//! | channel, shop, brand, category, campaign, item, order_id | Utf8 | |
//! | amount, quantity | Decimal128(18, 4) | |
//! | message_id | Utf8 | null when the sender gave none |
//! | properties | Utf8 | a JSON object, or null |
//! | source | Utf8 | table only |
//! | original_time, sent_at, received_at | Timestamp(µs, UTC) | what the clocks of client and server said; table only, null for imports |
//! | id_<kind> … | Utf8 | incoming only: normalised identifiers, junk already null |
//! | given | Utf8 | incoming only, optional: the row as the mapping gave it, before names and money were resolved |

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// Prefix of identifier columns in incoming batches.
pub const ID_PREFIX: &str = "id_";

/// Optional column of incoming batches: what a row without message id is recognised by when it comes again. Without it
/// that is all of the row's columns, and a new channel in the catalogue or a new exchange rate would change them.
pub const GIVEN: &str = "given";

/// Columns that a mapping may give under their own name; any other is a property (or an identifier).
pub const EVENT_COLUMNS: [&str; 13] = [
    "time",
    "behavior",
    "channel",
    "shop",
    "brand",
    "category",
    "campaign",
    "item",
    "order_id",
    "amount",
    "currency",
    "quantity",
    "message_id",
];

/// Columns of the table with what the clocks said; files of earlier versions do not have them.
pub const STAMPS: [&str; 3] = ["original_time", "sent_at", "received_at"];

/// Type of instants.
pub fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// Type of money and quantities.
pub fn amount_type() -> DataType {
    DataType::Decimal128(18, 4)
}

fn shared_fields() -> Vec<Field> {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let mut fields = vec![
        Field::new("time", time_type(), false),
        Field::new("day", DataType::Date32, false),
        Field::new("behavior", DataType::Utf8, false),
    ];
    fields.extend(["channel", "shop", "brand", "category", "campaign", "item", "order_id"].map(text));
    fields.push(Field::new("amount", amount_type(), true));
    fields.push(Field::new("quantity", amount_type(), true));
    fields.extend(["message_id", "properties"].map(text));
    fields
}

/// Schema of a batch at the commit door, with one `id_<kind>` column per kind.
pub fn incoming_schema(kinds: &[String]) -> SchemaRef {
    let mut fields = shared_fields();
    fields.extend(kinds.iter().map(|kind| Field::new(format!("{ID_PREFIX}{kind}"), DataType::Utf8, true)));
    Arc::new(Schema::new(fields))
}

/// Schema of the event table's Parquet files.
pub fn table_schema() -> SchemaRef {
    let mut fields = vec![Field::new("consumer", DataType::UInt32, false)];
    fields.extend(shared_fields());
    fields.push(Field::new("source", DataType::Utf8, false));
    fields.extend(STAMPS.map(|name| Field::new(name, time_type(), true)));
    Arc::new(Schema::new(fields))
}
