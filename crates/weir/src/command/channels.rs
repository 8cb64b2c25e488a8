//! `weir channels`: whom the channels reached, what can be asked about one, and what a filled-in form means.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use weir_core::Result;
use weir_server::wire;

use super::warning;
use crate::clock::{as_of, date};
use crate::context::Context;
use crate::expression;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir channels --days 30 --as-of 2024-11-30
  weir channels --days 7 --behavior click --behavior impression --as-of 2024-11-30
  weir channels form feed_ads
  echo '{\"behavior\":[\"click\"],\"count\":{\"gte\":2},\"within\":{\"days\":30},\"not_bought_since\":true}' > filled.json
  weir channels fill feed_ads filled.json --as-of 2024-11-30";

/// Count whom each channel reached in the last days; see and fill in what can be asked about one
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,

    /// How many days, the last of which is as-of
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,

    /// Only this behavior; may be given several times
    #[arg(long, value_name = "NAME")]
    behavior: Vec<String>,

    /// Local date: the last of the days. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Also channels that reached nobody
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show the parameters of a channel, with what its data has to choose from
    Form {
        /// The channel, by path or leaf
        channel: String,
        /// Only what events up to this local date have brought. Default: all of them
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// Print the expression that filled-in parameters mean, and how many it holds
    Fill {
        /// The channel, by path or leaf
        channel: String,
        /// File with the parameters as JSON (- for stdin)
        #[arg(value_name = "FILE")]
        filled: PathBuf,
        /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
        /// workspace's zone
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.what {
        None => reach(arguments, context),
        Some(What::Form { channel, as_of }) => form(channel, as_of.as_deref(), context),
        Some(What::Fill { channel, filled, as_of }) => fill(channel, filled, as_of.as_deref(), context),
    }
}

fn reach(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let answer = workspace.channel_reach(arguments.days, &arguments.behavior, as_of)?;
    let reach = wire::ChannelReach::from(&answer);
    context.answer(&reach, || draw_reach(&reach, arguments.all))
}

fn draw_reach(reach: &wire::ChannelReach, all: bool) -> String {
    let head = format!(
        "{} of {} reached by any channel in the {} up to {}",
        count(reach.any),
        plural(reach.universe, "consumer"),
        plural(reach.days.into(), "day"),
        reach.as_of
    );
    let mut grid = Grid::new(["channel", "name", "consumers", "share"], 2);
    for node in reach.channels.iter().filter(|node| all || node.people > 0) {
        let depth = node.channel.path.matches('.').count();
        let leaf = node.channel.path.rsplit('.').next().unwrap_or_default();
        let name = node.channel.name_zh.clone().or(node.channel.name.clone()).unwrap_or_default();
        grid.row([
            format!("{}{leaf}", "  ".repeat(depth)),
            name,
            count(node.people),
            share(node.people, reach.any),
        ]);
    }
    format!("{head}\n\n{}", grid.text())
}

fn form(channel: &str, as_of: Option<&str>, context: &Context) -> Result<()> {
    let as_of = as_of.map(|text| date(text, "--as-of")).transpose()?;
    let form = wire::ChannelForm::from(&context.workspace()?.channel_form(channel, as_of)?);
    context.answer(&form, || draw_form(&form))
}

fn draw_form(form: &wire::ChannelForm) -> String {
    let mut grid = Grid::new(["parameter", "takes", "at first", "to choose from"], 4);
    for field in &form.fields {
        let at_first = field.default.as_ref().map(ToString::to_string).unwrap_or_default();
        let some: Vec<&str> = field.options.iter().take(6).map(|option| option.value.as_str()).collect();
        let more = field.options.len() as u64 - some.len() as u64 + field.more.unwrap_or_default();
        let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
        grid.row([
            field.name.to_owned(),
            field.kind.to_owned(),
            at_first,
            format!("{}{more}", some.join(", ")),
        ]);
    }
    format!("{}\n\n{}", form.channel, grid.text())
}

fn fill(channel: &str, filled: &std::path::Path, date: Option<&str>, context: &Context) -> Result<()> {
    let filled = expression::read_json(filled, "FILE")?;
    let workspace = context.workspace()?;
    let day = as_of(date, &workspace)?;
    let answer = workspace.channel_audience(channel, &filled, Some(day))?;
    let audience = wire::ChannelAudience::from(&answer);
    context.answer(&audience, || {
        let people = plural(audience.count.unwrap_or_default(), "consumer");
        format!("{}\n\n{people} as of {day}{}", audience.expression.0, warning::lines(&answer.warnings))
    })
}
