//! `weir identity`: who is one person, by which links; taking links out of account and back.

use clap::{Args, Subcommand};
use weir_app::{Identity, LinkState, LinkStatement, Linked, Page, Paged};
use weir_core::Result;
use weir_core::identity::{Identifier, Inactive};
use weir_core::time::Zone;
use weir_server::wire;

use crate::clock::local;
use crate::context::Context;
use crate::table::Grid;

const EXAMPLES: &str = "\
An unlink holds for every link between two identifiers, at every date, also for links that come
later. Nothing is removed: relink restores what was before.

Examples:
  weir identity show 10142
  weir identity unlink 10142 device:a4c1 --reason \"a tablet that the shop lends out\"
  weir identity relink 10142 device:a4c1
  weir identity log";

/// See who is one person and why; take links out of account, and back
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show a person's identifiers and every link that touches them
    Show {
        /// A user id, or kind:value
        #[arg(value_name = "USER")]
        user: String,
    },
    /// Take the links between two identifiers out of account
    Unlink(Pair),
    /// Take an unlink back
    Relink(Pair),
    /// Show what was stated about links, latest first
    Log {
        /// Most statements to show
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// Show those before this one
        #[arg(long, value_name = "STATEMENT")]
        after: Option<String>,
    },
}

/// Two identifiers, and who says what about them.
#[derive(Debug, Args)]
struct Pair {
    /// A user id, or kind:value
    #[arg(value_name = "USER")]
    a: String,

    /// Another identifier, as kind:value, that some link is between
    #[arg(value_name = "IDENTIFIER")]
    b: String,

    /// Why; kept with the statement
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Who says so; kept with the statement
    #[arg(long, value_name = "NAME", default_value = "command line")]
    by: String,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::Show { user } => show(user, context),
        Action::Unlink(pair) => unlink(pair, context),
        Action::Relink(pair) => relink(pair, context),
        Action::Log { limit, after } => log(*limit, after.clone(), context),
    }
}

fn show(user: &str, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let identity = workspace.identity(user)?;
    let zone = workspace.settings()?.zone;
    context.answer(&wire::Identified::from(&identity), || draw(&identity, &zone))
}

fn unlink(pair: &Pair, context: &Context) -> Result<()> {
    let linked = context.workspace()?.unlink(&pair.a, &pair.b, &pair.by, pair.reason.as_deref())?;
    context.answer(&wire::Linked::from(&linked), || outcome(pair, &linked))
}

fn relink(pair: &Pair, context: &Context) -> Result<()> {
    let linked = context.workspace()?.relink(&pair.a, &pair.b, &pair.by, pair.reason.as_deref())?;
    context.answer(&wire::Linked::from(&linked), || outcome(pair, &linked))
}

fn log(limit: u32, after: Option<String>, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let statements = workspace.link_statements(&Page { limit, after })?;
    let zone = workspace.settings()?.zone;
    context.answer(&wire::Items::<wire::LinkStatement>::page(&statements), || draw_log(&statements, &zone))
}

/// What links between the two do now, and whether that made a difference.
fn outcome(pair: &Pair, linked: &Linked) -> String {
    let Pair { a, b, .. } = pair;
    let counts = linked.statement.as_ref().is_none_or(|statement| statement.counts);
    match (counts, linked.one_person) {
        (true, true) => format!("links between {a} and {b} count: they are one person"),
        (true, false) => {
            format!("links between {a} and {b} count, but join nobody; weir identity show {a} tells why")
        }
        (false, false) => format!("links between {a} and {b} do not count: they are two people"),
        (false, true) => format!(
            "links between {a} and {b} do not count, but others still join them; weir identity show {a} lists them"
        ),
    }
}

fn draw(identity: &Identity, zone: &Zone) -> String {
    let names: Vec<String> = identity.identifiers.iter().map(Identifier::to_string).collect();
    let head = format!("{}\n\nidentifiers: {}", identity.consumer, names.join(", "));
    if identity.links.is_empty() {
        return format!("{head}\nno links");
    }
    let mut grid = Grid::new(["since", "link", "", "from", "state"], usize::MAX);
    for link in &identity.links {
        let since = link.time.map_or_else(|| "undated".to_owned(), |time| local(time, zone));
        let source = link.source.clone().unwrap_or_default();
        let alias = if link.joins_known { ", alias" } else { "" };
        let state = format!("{}{alias}", state(&link.state, zone));
        grid.row([since, link.a.to_string(), link.b.to_string(), source, state]);
    }
    format!("{head}\n\n{}", grid.text())
}

fn state(state: &LinkState, zone: &Zone) -> String {
    match state {
        LinkState::Active => "active".to_owned(),
        LinkState::Inactive(Inactive::TwoKnownPeople) => "inactive: two known people".to_owned(),
        LinkState::Inactive(Inactive::OverCap) => "inactive: too many identifiers".to_owned(),
        LinkState::Unlinked(statement) => format!("unlinked {}", remark(statement, zone)),
    }
}

fn remark(statement: &LinkStatement, zone: &Zone) -> String {
    let reason = statement.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} by {}{reason}", local(statement.made, zone), statement.author)
}

fn draw_log(statements: &Paged<LinkStatement>, zone: &Zone) -> String {
    let mut grid = Grid::new(["what", "link", "", "when, by whom, why"], usize::MAX);
    for statement in &statements.items {
        let what = if statement.counts { "relink" } else { "unlink" };
        let (a, b) = (statement.a.to_string(), statement.b.to_string());
        grid.row([what.to_owned(), a, b, remark(statement, zone)]);
    }
    match &statements.next {
        None => grid.text(),
        Some(next) => format!("{}\n\nolder ones: weir identity log --after {next}", grid.text()),
    }
}
