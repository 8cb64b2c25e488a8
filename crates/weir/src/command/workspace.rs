//! `weir workspace`: its settings.

use clap::{Args, Subcommand};
use weir_app::{Settings, Workspace};
use weir_core::{Code, Error, Result};
use weir_server::wire;

use crate::clock::date;
use crate::context::Context;
use crate::number::count;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir workspace set timezone=Europe/London currency=GBP
  weir workspace set identity='{\"joining\":[\"phone\"]}'
  weir workspace rate EUR 2024-11-01 7.7312";

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
    /// Change settings: timezone, currency, identity. Creates the workspace if it is not there
    Set {
        /// One or more of timezone=ZONE, currency=CODE, identity=JSON
        #[arg(value_name = "KEY=VALUE", required = true)]
        settings: Vec<String>,
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
        Some(Action::Rate { currency, date: day, rate }) => {
            let workspace = context.workspace_to_fill()?;
            workspace.set_rate(currency, date(day, "DATE")?, rate)?;
            workspace
        }
    };
    let settings = workspace.settings()?;
    context.answer(&wire::Workspace::new(workspace.name(), &settings), || draw(&workspace, &settings))
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

fn draw(workspace: &Workspace, settings: &Settings) -> String {
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
    grid.text()
}
