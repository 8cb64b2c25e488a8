//! `weir flow`: where people were at one date, and where they are at another.

use clap::Args;
use weir_app::FlowAnswer;
use weir_core::Result;
use weir_server::wire;

use super::lens::{Lens, at_flag};
use super::{states, warning};
use crate::clock::date;
use crate::context::Context;
use crate::number::{count, plural};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir flow --model pno --scope shop=flagship --from 2024-10-23 --to 2024-12-31
  weir flow --model pno --from 2024-10-23 --to 2024-12-31 --snapshot after_double_11";

/// Show how people moved between the states of a model from one date to another
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    lens: Lens,

    /// Local date of the rows
    #[arg(long, value_name = "DATE")]
    from: String,

    /// Local date of the columns
    #[arg(long, value_name = "DATE")]
    to: String,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (model, scope, whom) = arguments.lens.read()?;
    let (from, to) = (date(&arguments.from, "--from")?, date(&arguments.to, "--to")?);
    let answer = context.workspace()?.flow(&model, &scope, from, to, &whom);
    let answer = answer.map_err(at_flag)?;
    context.answer(&wire::Flow::from(&answer), || draw(&answer))
}

pub fn draw(answer: &FlowAnswer) -> String {
    let flow = &answer.flow;
    let head = format!(
        "{}, {}: {} followed from {} (rows) to {} (columns)",
        answer.model,
        answer.scope,
        plural(flow.total, "consumer"),
        answer.from,
        answer.to
    );
    let matrix = draw_matrix("from \\ to", &flow.states, &flow.states, &flow.matrix);
    let gone = states::gone(flow.merged, flow.erased);
    format!("{head}\n\n{matrix}{gone}{}", warning::lines(&answer.warnings))
}

/// Every row and column with its sum.
pub fn draw_matrix(corner: &str, rows: &[String], columns: &[String], matrix: &[Vec<u64>]) -> String {
    let header = [corner].into_iter().chain(columns.iter().map(String::as_str)).chain(["total"]);
    let mut grid = Grid::new(header, 1);
    let mut sums = vec![0; columns.len()];
    for (name, row) in rows.iter().zip(matrix) {
        grid.row(line(name, row));
        sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    grid.row(line("total", &sums));
    grid.text()
}

fn line(name: &str, counts: &[u64]) -> Vec<String> {
    let total = counts.iter().sum();
    let cells = counts.iter().chain([&total]).map(|n| count(*n));
    [name.to_owned()].into_iter().chain(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_have_sums() {
        let names = ["old", "none"].map(str::to_owned);
        insta::assert_snapshot!(draw_matrix("from \\ to", &names, &names, &[vec![264, 1], vec![1_069, 345]]), @r"
         from \ to     old   none   total
        ──────────────────────────────────
         old           264      1     265
         none        1,069    345   1,414
         total       1,333    346   1,679
        ");
    }
}
