//! `weir sql`: ad-hoc SQL over the workspace's tables.

use clap::Args;
use serde_json::Value;
use weir_app::{SqlAnswer, Writes};
use weir_core::Result;
use weir_server::wire;

use crate::context::Context;
use crate::number::plural;
use crate::table::Grid;

const EXAMPLES: &str = "\
Tables: events, consumers, identifiers, tags, catalog. Consumers are resolved: merged people are
one. Event columns: consumer, time (UTC), day (local date), behavior, channel, shop, brand,
category, campaign, item, order_id, amount, quantity, source, message_id, properties,
original_time, sent_at, received_at (what the clocks of client and server said).

Examples:
  weir sql \"SELECT channel, count(*) AS events FROM events GROUP BY channel ORDER BY 2 DESC\"
  weir sql \"COPY (SELECT * FROM events WHERE behavior = 'purchase') TO 'purchases.parquet'\"";

/// Run a query over the workspace's tables
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The statement: SELECT …, or COPY (SELECT …) TO 'file.parquet'
    #[arg(value_name = "QUERY")]
    query: String,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let answer = context.workspace()?.sql(&arguments.query, Writes::Allowed)?;
    let rows = wire::Rows::from(answer.clone());
    context.answer(&rows, || draw(&answer))
}

fn draw(answer: &SqlAnswer) -> String {
    let numbers = (0..answer.columns.len()).map(|column| is_number(answer, column)).collect();
    let mut grid = Grid::aligned(&answer.columns, numbers);
    for row in &answer.rows {
        grid.row(row.iter().map(text));
    }
    format!("{}\n\n{}", grid.text(), plural(answer.rows.len() as u64, "row"))
}

/// Whether every value of a column that is there is a number.
fn is_number(answer: &SqlAnswer, column: usize) -> bool {
    answer.rows.iter().filter_map(|row| row.get(column)).all(|value| value.is_number() || value.is_null())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
