//! The command line, top level. Arguments of a command are beside what it does, in `command/`.

use std::path::PathBuf;

use clap::{Args, Parser};

use crate::command::Command;

const EXAMPLES: &str = "\
Examples:
  weir workspace set timezone=Asia/Shanghai currency=CNY
  weir import events orders.csv --sql orders.sql --source orders
  echo '{\"did\":{\"behavior\":[\"purchase\"],\"within\":{\"days\":90}}}' | weir eval - --as-of 2024-11-30
  weir states --model pno --scope shop=flagship --at 2024-06-30,2024-12-31
  weir flow --model pno --scope shop=flagship --from 2024-10-23 --to 2024-12-31
  weir sql \"SELECT channel, count(*) FROM events GROUP BY channel ORDER BY 2 DESC\"

Exit status: 0 done, 2 the request is wrong, 1 the fault is ours (disk, damaged file, bug).";

/// Weir 堰: audiences by exact set algebra over what consumers did, as of any day
#[derive(Debug, Parser)]
#[command(name = "weir", version, after_help = EXAMPLES, max_term_width = 110, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// Understood before and after the command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// The data directory
    #[arg(long, global = true, value_name = "DIR", env = "WEIR_DATA", hide_env_values = true)]
    #[arg(default_value = "weir-data")]
    pub data: PathBuf,

    /// The workspace: one merchant's separate world
    #[arg(long, global = true, value_name = "NAME", default_value = "default")]
    pub workspace: String,

    /// Networks that webhooks may lead into besides the public internet, such as 127.0.0.0/8,10.1.2.3
    #[arg(long, global = true, value_name = "NETWORKS", env = "WEIR_ALLOW_NETWORKS", hide_env_values = true)]
    #[arg(default_value = "", hide_default_value = true)]
    pub allow_networks: String,

    /// Write one JSON document to stdout instead of tables; errors as JSON to stderr
    #[arg(long, global = true)]
    pub json: bool,
}
