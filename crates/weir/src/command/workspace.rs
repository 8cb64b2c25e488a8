//! `weir workspace`: its settings.

use clap::{Args, Subcommand};
use weir_app::{Page, Quota, Settings, Space, Workspace};
use weir_core::feature::Feature;
use weir_core::size::Size;
use weir_core::{Code, Error, Result};
use weir_server::wire::{self, Items};

use crate::clock::date;
use crate::context::Context;
use crate::number::{count, plural};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir workspace set timezone=Europe/London currency=GBP
  weir workspace set identity='{\"joining\":[\"phone\"]}'
  weir workspace set retention_days=400 disk_limit=50GB disk_reserve=1GB
  weir workspace rate EUR 2024-11-01 7.7312
  weir workspace feature                    lists the features
  weir workspace feature sql=off webhooks=off";

/// Show or change the settings of the workspace
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the settings
    Show,
    /// Change settings: timezone, currency, identity, retention_days, disk_limit, disk_reserve. Creates the workspace if
    /// it is not there
    Set {
        /// One or more of timezone=ZONE, currency=CODE, identity=JSON, retention_days=N|none, disk_limit=SIZE|none,
        /// disk_reserve=SIZE|default
        #[arg(value_name = "KEY=VALUE", required = true)]
        settings: Vec<String>,
    },
    /// Turn features on or off, or list them: all are on until somebody turns one off
    Feature {
        /// Features, such as sql=off
        #[arg(value_name = "NAME=on|off")]
        features: Vec<String>,
    },
    /// State what one unit of another currency is worth from a day on
    Rate {
        /// ISO 4217 code
        currency: String,
        /// The first day it holds
        date: String,
        /// Worth of one unit in the workspace's currency
        rate: String,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = match &arguments.action {
        None | Some(Action::Show) => context.workspace()?,
        Some(Action::Set { settings }) => set(settings, context)?,
        Some(Action::Feature { features }) => return switch(features, context),
        Some(Action::Rate { currency, date: day, rate }) => {
            let workspace = context.workspace_to_fill()?;
            workspace.set_rate(currency, date(day, "DATE")?, rate)?;
            workspace
        }
    };
    let (settings, quota, space) = (workspace.settings()?, workspace.quota()?, workspace.space()?);
    let answer = wire::Workspace::new(workspace.name(), &settings, &quota, &space);
    context.answer(&answer, || draw(&workspace, &settings, &quota, &space))
}

/// All of them are read before the first is switched.
fn switch(features: &[String], context: &Context) -> Result<()> {
    let wanted = features.iter().map(|text| on_or_off(text)).collect::<Result<Vec<_>>>()?;
    let workspace = if wanted.is_empty() { context.workspace()? } else { context.workspace_to_fill()? };
    for (feature, is_on) in wanted {
        workspace.set_feature(feature, is_on)?;
    }
    let answer: Items<wire::Feature> = Items::page(&workspace.features(&Page::all())?);
    context.answer(&answer, || {
        let mut grid = Grid::new(["feature", "", "what it is"], 3);
        for feature in &answer.items {
            grid.row([feature.name, if feature.on { "on" } else { "off" }, feature.description]);
        }
        grid.text()
    })
}

fn on_or_off(text: &str) -> Result<(Feature, bool)> {
    let wrong = || {
        Error::new(Code::InvalidArgument, format!("\"{text}\" is not NAME=on or NAME=off"))
            .help("for example sql=off; weir workspace feature lists them")
    };
    let (name, state) = text.split_once('=').ok_or_else(wrong)?;
    let is_on = match state {
        "on" => true,
        "off" => false,
        _ => return Err(wrong()),
    };
    Ok((Feature::named(name)?, is_on))
}

fn set(settings: &[String], context: &Context) -> Result<Workspace> {
    let mut pairs = Vec::new();
    for text in settings {
        pairs.push(text.split_once('=').ok_or_else(|| not_a_pair(text))?);
    }
    let workspace = context.create()?.create_workspace(context.workspace_name())?;
    for (key, value) in pairs {
        workspace.set(key, value)?;
    }
    Ok(workspace)
}

fn not_a_pair(text: &str) -> Error {
    Error::new(Code::InvalidArgument, format!("\"{text}\" is not KEY=VALUE"))
        .help("for example timezone=Asia/Shanghai currency=CNY")
}

fn draw(workspace: &Workspace, settings: &Settings, quota: &Quota, space: &Space) -> String {
    let policy = &settings.policy;
    let list = |kinds: &[String]| if kinds.is_empty() { "–".to_owned() } else { kinds.join(", ") };
    let mut grid = Grid::new(["workspace", workspace.name()], 2);
    grid.row(["timezone", settings.zone.name()]);
    grid.row(["currency", &settings.currency]);
    grid.row(["identifiers, by precedence", &list(&policy.priority)]);
    grid.row(["one value each person", &list(&policy.unique)]);
    grid.row(["may join two known people", &list(&policy.joining)]);
    grid.row(["most identifiers each person", &count(policy.cap as u64)]);
    for (currency, day, rate) in settings.rates.iter() {
        grid.row([format!("1 {currency} from {day}"), format!("{rate} {}", settings.currency)]);
    }
    draw_space(&mut grid, quota, space);
    grid.text()
}

fn draw_space(grid: &mut Grid, quota: &Quota, space: &Space) {
    let size = |bytes: u64| Size(bytes).rounded();
    let kept = quota.retention_days.map_or("for ever".to_owned(), |days| plural(u64::from(days), "day"));
    let reserve = size(space.reserve) + if quota.disk_reserve.is_none() { " (default)" } else { "" };
    let full = space.shortage(0).map_or(String::new(), |shortage| format!("; full, by {}", shortage.name()));
    grid.row(["events are kept", &kept]);
    grid.row(["used of the disk", &(size(space.used) + &full)]);
    grid.row(["may be used", &space.limit.map_or("no limit".to_owned(), size)]);
    grid.row(["free on the disk", &space.free.map_or("–".to_owned(), size)]);
    grid.row(["must stay free", &reserve]);
}
