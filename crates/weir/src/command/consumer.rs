//! `weir consumer`: one person, and what they did.

use clap::Args;
use weir_app::{
    ConsumerAnswer, ConsumerEvent, ConsumerEvents, ConsumerRequest, Membership, Page, Paged, Workspace,
};
use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::time::{Day, Micros, Zone};
use weir_server::wire;

use super::lens;
use crate::clock::{as_of, date, local};
use crate::context::Context;
use crate::number::{count, plural};
use crate::table::Grid;

const EXAMPLES: &str = "\
Phone numbers and e-mail addresses are masked unless --unmasked is given. A person is named by a user
id, by kind:value, or by the key of an identifier (~4711), which tells nothing.

Examples:
  weir consumer 10142 --as-of 2024-11-30
  weir consumer email:someone@example.com --model aipl --scope shop=flagship
  weir consumer 10142 --events --behavior purchase --from 2024-10-01";

/// Show one person: identifiers, tags, states over time, audiences, pushes; with --events what they did
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A user id, kind:value, or the key of an identifier
    #[arg(value_name = "USER")]
    user: String,

    /// Local date. Default: today by this machine's clock, in the workspace's zone; for --events all that there are
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// The state model whose states are told
    #[arg(long, value_name = "NAME", default_value = "pno", conflicts_with = "events")]
    model: String,

    /// What the model's conditions are limited to: shop=ID, brand=ID, category=ID or workspace
    #[arg(long, value_name = "SCOPE", default_value = "workspace", conflicts_with = "events")]
    scope: String,

    /// Of how many days up to the date states are told
    #[arg(long, value_name = "N", default_value_t = 180, conflicts_with = "events")]
    days: u32,

    /// Show phone numbers and e-mail addresses whole
    #[arg(long)]
    unmasked: bool,

    /// List what they did instead, latest first
    #[arg(long)]
    events: bool,

    #[command(flatten)]
    filter: Filter,
}

/// Which events.
#[derive(Debug, Args)]
struct Filter {
    /// Only events of this behavior
    #[arg(long, value_name = "BEHAVIOR", requires = "events")]
    behavior: Option<String>,

    /// Only events of this channel and those below it
    #[arg(long, value_name = "PATH", requires = "events")]
    channel: Option<String>,

    /// Only events from this local date on
    #[arg(long, value_name = "DATE", requires = "events")]
    from: Option<String>,

    /// Only events up to this local date
    #[arg(long, value_name = "DATE", requires = "events")]
    to: Option<String>,

    /// Most events to show
    #[arg(long, value_name = "N", default_value_t = 100, requires = "events")]
    limit: u32,

    /// Show those after this cursor
    #[arg(long, value_name = "CURSOR", requires = "events")]
    after: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    if arguments.events {
        events(arguments, &workspace, context)
    } else {
        person(arguments, &workspace, context)
    }
}

fn person(arguments: &Arguments, workspace: &Workspace, context: &Context) -> Result<()> {
    let answer = workspace.consumer(&ConsumerRequest {
        who: arguments.user.clone(),
        as_of: as_of(arguments.as_of.as_deref(), workspace)?,
        model: lens::model(&arguments.model, "--model")?,
        scope: lens::scope(&arguments.scope)?,
        days: arguments.days,
    })?;
    let answer = if arguments.unmasked { answer } else { answer.masked() };
    let zone = workspace.settings()?.zone;
    context.answer(&wire::ConsumerDetail::from(&answer), || draw(&answer, &zone))
}

fn events(arguments: &Arguments, workspace: &Workspace, context: &Context) -> Result<()> {
    let Filter { behavior, channel, from, to, limit, after } = &arguments.filter;
    let day = |text: &Option<String>, flag: &str| -> Result<Option<Day>> {
        text.as_deref().map(|text| date(text, flag)).transpose()
    };
    let wanted = ConsumerEvents {
        who: arguments.user.clone(),
        as_of: day(&arguments.as_of, "--as-of")?,
        behavior: behavior.clone(),
        channel: channel.clone(),
        from: day(from, "--from")?,
        to: day(to, "--to")?,
    };
    let mut page = workspace.consumer_events(&wanted, &Page { limit: *limit, after: after.clone() })?;
    if !arguments.unmasked {
        page.items = page.items.into_iter().map(ConsumerEvent::masked).collect();
    }
    context.answer(&wire::Items::<wire::ConsumerEvent>::page(&page), || draw_events(&page))
}

fn draw(answer: &ConsumerAnswer, zone: &Zone) -> String {
    let known = match answer.known_since {
        Day::BEGINNING => "known without a date".to_owned(),
        since if since <= answer.as_of => format!("known since {since}"),
        since => format!("known only since {since}"),
    };
    let parts = [
        format!("{} as of {}, {known}", answer.consumer, answer.as_of),
        identifiers(answer, zone),
        tags(answer),
        states(answer),
        audiences(answer),
        pushes(answer, zone),
        activity(answer),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn identifiers(answer: &ConsumerAnswer, zone: &Zone) -> String {
    let time = |time: Option<Micros>| time.map_or_else(String::new, |time| local(time, zone));
    let mut grid = Grid::new(["identifier", "key", "first", "last", "events"], 4);
    for seen in &answer.identifiers {
        let identifier = seen.identifier.to_string();
        grid.row([identifier, seen.key.clone(), time(seen.first), time(seen.last), count(seen.events)]);
    }
    let links = plural(answer.links.len() as u64, "link");
    format!("{}\n\n{links}; weir identity show {} lists them", grid.text(), answer.key)
}

fn tags(answer: &ConsumerAnswer) -> String {
    if answer.tags.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(["tag", "value", "since"], usize::MAX);
    for tag in wire::ConsumerDetail::from(answer).tags {
        let value = tag.value.as_str().map_or_else(|| tag.value.to_string(), str::to_owned);
        grid.row([tag.name, value, tag.since.unwrap_or_default()]);
    }
    grid.text()
}

fn states(answer: &ConsumerAnswer) -> String {
    let history = &answer.states;
    let head = format!("states of {}, {}", history.model, history.scope);
    if history.spans.is_empty() {
        return format!("{head}: not known yet in these days");
    }
    let mut grid = Grid::new(["state", "from", "to"], usize::MAX);
    for span in &history.spans {
        grid.row([span.state.clone(), span.from.to_string(), span.to.to_string()]);
    }
    format!("{head}\n\n{}", grid.text())
}

fn audiences(answer: &ConsumerAnswer) -> String {
    let names = |is_wanted: &dyn Fn(&Membership) -> bool| {
        let wanted = answer.audiences.iter().filter(|membership| is_wanted(membership));
        wanted.map(|membership| membership.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let groups = [
        ("in", names(&|membership| matches!(membership.is_in, Ok(true)))),
        ("not in", names(&|membership| matches!(membership.is_in, Ok(false)))),
        ("cannot be told", names(&|membership| membership.is_in.is_err())),
    ];
    let lines = groups.iter().filter(|(_, names)| !names.is_empty());
    lines.map(|(what, names)| format!("{what}: {names}")).collect::<Vec<_>>().join("\n")
}

fn pushes(answer: &ConsumerAnswer, zone: &Zone) -> String {
    if answer.pushes.is_empty() {
        return "no pushes".to_owned();
    }
    let mut grid = Grid::new(["push", "name", "to", "made", "outcome"], usize::MAX);
    for (push, recipient) in &answer.pushes {
        let outcome = match recipient.outcome.reason() {
            Some(reason) => format!("{}: {reason}", recipient.outcome.name()),
            None => recipient.outcome.name().to_owned(),
        };
        let name = push.name.clone().unwrap_or_default();
        grid.row([push.id.clone(), name, push.destination.clone(), local(push.created, zone), outcome]);
    }
    grid.text()
}

fn activity(answer: &ConsumerAnswer) -> String {
    let activity = &answer.activity;
    let later = match activity.later {
        0 => String::new(),
        later => format!("; {} later", count(later)),
    };
    let mut grid = Grid::new(["channel", "events"], 1);
    for channel in &activity.channels {
        grid.row([channel.channel.clone().unwrap_or_else(|| "no channel".to_owned()), count(channel.events)]);
    }
    let head = format!("{} up to {}{later}", plural(activity.events, "event"), answer.as_of);
    if activity.channels.is_empty() { head } else { format!("{head}\n\n{}", grid.text()) }
}

fn draw_events(page: &Paged<ConsumerEvent>) -> String {
    if page.items.is_empty() {
        return "no events".to_owned();
    }
    let mut grid = Grid::new(["time", "behavior", "channel", "item", "order", "amount", "from"], usize::MAX);
    for told in &page.items {
        let text = |name: &str| {
            let found = told.event.texts.iter().find(|(column, _)| *column == name);
            found.map_or_else(String::new, |(_, text)| text.clone())
        };
        let amount = told.event.amount.map_or_else(String::new, |units| Amount(units).to_string());
        let import = told.import.map_or_else(String::new, |import| format!(" (import {import})"));
        let from = format!("{}{import}", told.source.clone().unwrap_or_default());
        let order = told.order_id.clone().unwrap_or_default();
        grid.row([told.local.clone(), text("behavior"), text("channel"), text("item"), order, amount, from]);
    }
    match &page.next {
        None => grid.text(),
        Some(next) => format!("{}\n\nearlier ones: --after {next}", grid.text()),
    }
}
