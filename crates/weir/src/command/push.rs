//! `weir push`: an audience to a destination. What became of it later: `weir pushes`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgGroup, Args};
use jiff::Timestamp;
use weir_app::{Push, PushRequest, Stop, Target, Whom, Workspace};
use weir_core::destination::Format;
use weir_core::push::PushState;
use weir_core::{Error, Result};
use weir_server::wire::PushLedger;

use crate::clock::as_of;
use crate::context::Context;
use crate::expression;
use crate::number::count;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir push double_11_exposed_not_bought --to crm --as-of 2024-11-30 --holdout 10 --name winback
  weir push --snapshot after_double_11 --to ads
  weir push loyal_tea_friends --to loyal.csv --identifiers phone,email

Whom to send is decided and recorded before anything leaves, so nobody is sent twice and nobody is
skipped, whatever is interrupted. What a destination does not take at once is tried again: as long as
this command waits, and then by `weir serve` or `weir pushes resume`.";

/// Push an audience, expression or snapshot to a destination, with a ledger that balances
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("who").required(true)))]
pub struct Arguments {
    /// The audience
    #[arg(value_name = "AUDIENCE", group = "who")]
    audience: Option<String>,

    /// File with an expression as JSON, or - for stdin
    #[arg(long, value_name = "FILE", group = "who")]
    expr: Option<PathBuf>,

    /// A snapshot, by id or name
    #[arg(long, value_name = "ID", group = "who")]
    snapshot: Option<String>,

    /// The destination, or a path that ends in .csv, .jsonl or .parquet
    #[arg(long, value_name = "DESTINATION")]
    to: String,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// What to call it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// How many of a hundred are deliberately not contacted, to compare with
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    holdout: f64,

    /// Salt of the holdout: another one gives an independent holdout. Default: the name
    #[arg(long, value_name = "TEXT")]
    salt: Option<String>,

    /// Refuse if the audience's size differs by more than 1 % from this
    #[arg(long, value_name = "N")]
    expected: Option<u64>,

    /// Kinds of identifiers for a file at a path of its own, such as phone,email
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    identifiers: Vec<String>,

    /// Seconds to wait for the destination
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u64,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let whom = whom(arguments)?;
    let to = target(&arguments.to, &arguments.identifiers)?;
    let workspace = context.workspace()?;
    let request = PushRequest {
        whom,
        as_of: as_of(arguments.as_of.as_deref(), &workspace)?,
        to,
        name: arguments.name.clone(),
        holdout_percent: arguments.holdout,
        salt: arguments.salt.clone(),
        expected_count: arguments.expected,
    };
    let push = workspace.start_push(&request).map_err(at_flag)?;
    let push = deliver(&workspace, &push.id, arguments.wait)?;
    answer(&workspace, &push, context)
}

/// Delivers for so many seconds at most.
pub fn deliver(workspace: &Workspace, id: &str, seconds: u64) -> Result<Push> {
    let patience = Duration::from_secs(seconds.min(365 * 24 * 3600));
    let until = Timestamp::now().as_microsecond() + patience.as_micros() as i64;
    workspace.deliver_push(id, until, &Stop::default())
}

/// Prints the ledger of a push.
pub fn answer(workspace: &Workspace, push: &Push, context: &Context) -> Result<()> {
    let file = written(workspace, push).map(|path| path.display().to_string());
    let ledger = PushLedger::new(push, file);
    context.answer(&ledger, || draw(&ledger))
}

fn written(workspace: &Workspace, push: &Push) -> Option<PathBuf> {
    match &push.path {
        Some(path) if push.state == PushState::Done && push.ledger.sent > 0 => Some(path.into()),
        Some(_) => None,
        None => workspace.push_file(&push.id).ok().map(|(path, _)| path),
    }
}

/// clap has seen to it that one of them is given.
fn whom(arguments: &Arguments) -> Result<Whom> {
    if let Some(path) = &arguments.expr {
        return Ok(Whom::Expression(expression::read(path, "--expr")?));
    }
    let named = arguments.audience.clone().map(Whom::Audience);
    Ok(named.or_else(|| arguments.snapshot.clone().map(Whom::Snapshot)).unwrap_or(Whom::Universe))
}

/// A name with the ending of a format is a path.
fn target(to: &str, identifiers: &[String]) -> Result<Target> {
    let path = Path::new(to);
    let format = path.extension().and_then(|ending| ending.to_str()).and_then(Format::of_ending);
    match format {
        Some(format) => Ok(Target::File(path.to_owned(), format, identifiers.to_vec())),
        None if identifiers.is_empty() => Ok(Target::Named(to.to_owned())),
        None => Err(Error::new(
            weir_core::Code::InvalidArgument,
            "a destination of the workspace has its own list of identifiers",
        )
        .at("--identifiers")
        .help("leave the flag out, or write --to a path that ends in .csv, .jsonl or .parquet")),
    }
}

/// The ledger as it adds up.
pub fn draw(ledger: &PushLedger) -> String {
    let PushLedger { push, destination, as_of, state, .. } = ledger;
    let name = ledger.name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let mut text = format!("push {push}{name} to {destination}, as of {as_of}: {state}\n\n");
    let mut grid = Grid::new(["", "consumers"], 1);
    let mut row = |what: String, n: u64| grid.row([what, count(n)]);
    row("audience".to_owned(), ledger.audience);
    row("  holdout".to_owned(), ledger.holdout);
    for (reason, n) in &ledger.suppressed {
        row(format!("  suppressed: {reason}"), *n);
    }
    row("  planned".to_owned(), ledger.planned);
    row("    sent".to_owned(), ledger.sent);
    for (reason, n) in &ledger.failed {
        row(format!("    failed: {reason}"), *n);
    }
    for (what, n) in [("    unknown", ledger.unknown), ("    pending", ledger.pending)] {
        if n > 0 {
            row(what.to_owned(), n);
        }
    }
    text.push_str(&grid.text());
    if let Some(file) = &ledger.file {
        text.push_str(&format!("\n\nwritten to {file}"));
    }
    if ledger.state == "sending" {
        text.push_str(&format!("\n\nnot finished: `weir serve` or `weir pushes resume {push}` goes on"));
    }
    text
}

/// An error of weir-app about an argument, placed at the flag that held it.
fn at_flag(error: Error) -> Error {
    match error.at.as_deref() {
        Some("holdout_percent") => error.at("--holdout"),
        Some("expected_count") => error.at("--expected"),
        _ => error,
    }
}
