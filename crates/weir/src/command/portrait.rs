//! How some people differ from others.

use std::path::PathBuf;

use clap::Args;
use weir_app::{PortraitAnswer, PortraitCut, PortraitRequest, PortraitRow, Whom};
use weir_core::cut::Cut;
use weir_core::{Code, Error, Result};
use weir_server::wire;

use super::warning;
use super::whom::Who;
use crate::clock::as_of;
use crate::context::Context;
use crate::expression;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir portrait --audience loyal_tea_friends --as-of 2024-11-30
  weir portrait --audience loyal_tea_friends --by tag=gender --by entrance --by state=pno@shop=flagship
  weir portrait --snapshot after_double_11 --base-audience before_double_11 --by category --notable
  weir portrait --expr buyers.json --cuts cuts.json --limit 50";

/// Draw a portrait of some people: what they are and do against a base, with TGI and how sure it is
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    who: Who,

    /// Compare with the members of this audience instead of everybody
    #[arg(long, value_name = "NAME", group = "base")]
    base_audience: Option<String>,

    /// Compare with the members of the expression in this file
    #[arg(long, value_name = "FILE", group = "base")]
    base_expr: Option<PathBuf>,

    /// Compare with the members of this snapshot, by id or name
    #[arg(long, value_name = "ID", group = "base")]
    base_snapshot: Option<String>,

    /// By what: tag=NAME, state=MODEL, state=MODEL@shop=ID, entrance or channel (30 days), or, over the purchases of
    /// 365 days, category, brand, shop, item, campaign, amount, orders. Default: every tag and what is usual
    #[arg(long, value_name = "CUT")]
    by: Vec<String>,

    /// File with a JSON list of cuts, for all that --by cannot say (- for stdin)
    #[arg(long, value_name = "FILE")]
    cuts: Option<PathBuf>,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Most rows of a cut whose rows are values
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,

    /// Show only rows that are notably different; --json has all of them
    #[arg(long)]
    notable: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (subject, base, cuts) = (arguments.who.whom()?, base(arguments)?, cuts(arguments)?);
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let limit = arguments.limit;
    let answer = workspace.portrait(&PortraitRequest { subject, base, as_of, cuts, limit })?;
    context.answer(&wire::Portrait::from(&answer), || draw(&answer, arguments.notable))
}

fn base(arguments: &Arguments) -> Result<Whom> {
    if let Some(path) = &arguments.base_expr {
        return Ok(Whom::Expression(expression::read(path, "--base-expr")?));
    }
    let named = arguments.base_audience.clone().map(Whom::Audience);
    Ok(named.or_else(|| arguments.base_snapshot.clone().map(Whom::Snapshot)).unwrap_or(Whom::Universe))
}

fn cuts(arguments: &Arguments) -> Result<Vec<Cut>> {
    let mut cuts = Vec::new();
    for text in &arguments.by {
        cuts.push(text.parse().map_err(|error: Error| error.at("--by"))?);
    }
    let Some(path) = &arguments.cuts else { return Ok(cuts) };
    let given = expression::read_json(path, "--cuts")?;
    let list = given.as_array().ok_or_else(|| {
        Error::new(Code::InvalidArgument, "cuts are a list")
            .at("--cuts")
            .help("write [{\"tag\": \"gender\"}, …]")
    })?;
    for (i, cut) in list.iter().enumerate() {
        cuts.push(Cut::from_json(cut).map_err(|error| error.under(&format!("/{i}")))?);
    }
    Ok(cuts)
}

fn draw(answer: &PortraitAnswer, only_notable: bool) -> String {
    let sizes = answer.sizes;
    let mut text = format!(
        "{} against {} as of {}; {} in both\n",
        plural(sizes.subject, "consumer"),
        count(sizes.base),
        answer.as_of,
        count(sizes.both)
    );
    for cut in &answer.cuts {
        let rows: Vec<&PortraitRow> =
            cut.rows.iter().filter(|row| !only_notable || row.is_notable()).collect();
        if rows.is_empty() && only_notable {
            continue;
        }
        text.push_str(&format!("\n{}\n{}{}", cut.cut.name(), table(&rows, answer), rest(cut)));
    }
    text.push_str("\n* notable: the interval leaves 100 outside, and q ≤ 0.05\n");
    text + &warning::lines(&answer.warnings)
}

fn table(rows: &[&PortraitRow], answer: &PortraitAnswer) -> String {
    let header = ["value", "subject", "share", "base", "share of base", "TGI", "95 %", "q", ""];
    let mut numbers = vec![true; header.len()];
    (numbers[0], numbers[8]) = (false, false);
    let mut grid = Grid::aligned(&header.map(str::to_owned), numbers);
    for row in rows {
        grid.row([
            row.name.clone().unwrap_or_else(|| "(none)".to_owned()),
            count(row.sizes.subject),
            share(row.sizes.subject, answer.sizes.subject),
            count(row.sizes.base),
            share(row.sizes.base, answer.sizes.base),
            row.comparison.tgi.map_or("–".to_owned(), |tgi| format!("{tgi:.1}")),
            row.comparison.interval.map_or("–".to_owned(), |(low, high)| format!("{low:.0} … {high:.0}")),
            row.q.map_or("–".to_owned(), small),
            mark(row),
        ]);
    }
    format!("{}\n", grid.text())
}

fn small(q: f64) -> String {
    if q < 0.0001 { "< 0.0001".to_owned() } else { format!("{q:.4}") }
}

fn mark(row: &PortraitRow) -> String {
    let star = if row.is_notable() { "*" } else { "" };
    let caution = row.comparison.caution.map_or(String::new(), |caution| caution.name().replace('_', " "));
    [star, &caution].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn rest(cut: &PortraitCut) -> String {
    if cut.rest.base == 0 && cut.rest.subject == 0 {
        return String::new();
    }
    let more = if cut.more > 0 { format!(", {} more rows", cut.more) } else { String::new() };
    format!("in none of them: {} of {}{more}\n", count(cut.rest.subject), count(cut.rest.base))
}
