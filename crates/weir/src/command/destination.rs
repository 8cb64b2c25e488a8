//! `weir destination`: where people are pushed.

use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Map, Value, json};
use weir_app::{DestinationRecord, Page, Workspace};
use weir_core::about::About;
use weir_core::destination::Destination as Definition;
use weir_core::{Error, Result};
use weir_server::wire::{Destination, DestinationTest, Items, Secret};

use crate::clock::today;
use crate::context::Context;
use crate::output;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir destination add ads --format csv --identifiers phone,email
  weir destination add crm --url https://example.com/weir --identifiers user_id
  weir destination test crm
  weir push bought_lately --to crm

A webhook is signed after Standard Webhooks; its secret is shown once. Nothing is sent to addresses
that are not on the public internet, unless --allow-networks names their network.";

/// Make, list and test destinations: files and webhooks that people are pushed to
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a destination; the signing secret of a webhook is shown only now
    Add(New),
    /// List the destinations
    List,
    /// Remove a destination that no unfinished push needs
    Remove {
        /// Its name
        name: String,
    },
    /// Send one signed message without recipients to a webhook
    Test {
        /// Its name
        name: String,
    },
    /// Make a new signing secret; the one before stays active for a day
    Secret {
        /// Name of the destination
        name: String,
        /// Take this one: whsec_ and 24 to 64 bytes in base64
        #[arg(long, value_name = "WHSEC")]
        secret: Option<String>,
    },
    /// Send again to a destination that was disabled
    Enable {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true)))]
struct New {
    /// What to call it
    name: String,

    /// A webhook: where to POST
    #[arg(long, value_name = "URL", group = "what")]
    url: Option<String>,

    /// A file: csv, jsonl or parquet
    #[arg(long, value_name = "FORMAT", group = "what")]
    format: Option<String>,

    /// Kinds of identifiers wanted, such as phone,email; whoever has none of them is not sent. Default: the canonical
    /// identifier is enough
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    identifiers: Vec<String>,

    /// Recipients of one call to a webhook
    #[arg(long, value_name = "N", requires = "url")]
    batch: Option<u32>,

    /// Seconds that one call may take
    #[arg(long, value_name = "SECONDS", requires = "url")]
    timeout: Option<u32>,

    /// Calls at a time
    #[arg(long, value_name = "N", requires = "url")]
    in_flight: Option<u32>,

    /// Sign with this secret instead of a new one: whsec_ and 24 to 64 bytes in base64
    #[arg(long, value_name = "WHSEC", requires = "url")]
    secret: Option<String>,

    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::Add(new) => add(new, context),
        Action::List => list(context),
        Action::Remove { name } => {
            context.workspace()?.delete_destination(name)?;
            context.answer(&json!({"removed": name}), || format!("destination {name} removed"))
        }
        Action::Test { name } => test(name, &context.workspace()?, context),
        Action::Secret { name, secret } => {
            let secret = context.workspace()?.change_destination_secret(name, secret.as_deref());
            let answer = Secret { secret: secret.map_err(at_flag)?, destination: name.clone() };
            context.answer(&answer, || answer.secret.clone())?;
            note_secret(context);
            Ok(())
        }
        Action::Enable { name } => {
            let record = context.workspace()?.enable_destination(name)?;
            context.answer(&Destination::from(&record), || format!("destination {name} is enabled"))
        }
    }
}

fn add(new: &New, context: &Context) -> Result<()> {
    let workspace = context.workspace_to_fill()?;
    let about = About { description: new.description.clone(), ..About::default() };
    let made = workspace.create_destination(&new.name, &new.definition(), about, new.secret.as_deref());
    let (record, secret) = made.map_err(at_flag)?;
    let has_secret = secret.is_some();
    let answer = Destination::from(&record).with_secret(secret);
    context.answer(&answer, || {
        let made = format!("destination {} made: {}", record.name, place(&record.destination));
        match &answer.secret {
            Some(secret) => format!("{made}\nsigning secret {secret}"),
            None => made,
        }
    })?;
    if has_secret {
        note_secret(context);
    }
    Ok(())
}

fn note_secret(context: &Context) {
    if !context.json() {
        output::note("keep the secret: it is shown only now; give it to the receiver, who verifies with it");
    }
}

impl New {
    fn definition(&self) -> Value {
        let kind = if self.url.is_some() { "webhook" } else { "file" };
        let fields = [
            ("kind", json!(kind)),
            ("url", json!(self.url)),
            ("format", json!(self.format)),
            ("batch", json!(self.batch)),
            ("timeout_seconds", json!(self.timeout)),
            ("in_flight", json!(self.in_flight)),
            ("identifiers", json!(self.identifiers)),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(given.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
    }
}

fn list(context: &Context) -> Result<()> {
    let found = context.workspace()?.destinations(&Page::all())?;
    let answer: Items<Destination> = Items::page(&found);
    context.answer(&answer, || draw(&found.items))
}

fn draw(records: &[DestinationRecord]) -> String {
    if records.is_empty() {
        return "no destinations yet".to_owned();
    }
    let mut grid = Grid::new(["name", "where", "identifiers", "state"], 4);
    for record in records {
        let state = record.disabled.as_ref().map_or("on", |disabled| disabled.reason.as_str());
        let kinds = record.destination.identifiers().join(",");
        grid.row([record.name.as_str(), &place(&record.destination), &kinds, state]);
    }
    grid.text()
}

fn place(destination: &Definition) -> String {
    match destination {
        Definition::File(file) => format!("{} file", file.format.name()),
        Definition::Webhook(webhook) => webhook.url.clone(),
    }
}

fn test(name: &str, workspace: &Workspace, context: &Context) -> Result<()> {
    let tested = workspace.test_destination(name, today(workspace)?)?;
    let answer = DestinationTest::from(&tested);
    context.answer(&answer, || {
        let fared = if tested.ok { "took" } else { "did not take" };
        format!("{name} {fared} the message {}: {}", tested.message, tested.detail)
    })
}

/// An error about a field of a definition, placed at the flag that held it.
fn at_flag(error: Error) -> Error {
    match error.at.as_deref() {
        Some("/url") => error.at("--url"),
        Some("/format") => error.at("--format"),
        Some("/batch") => error.at("--batch"),
        Some("/timeout_seconds") => error.at("--timeout"),
        Some("/in_flight") => error.at("--in-flight"),
        Some("/identifiers") => error.at("--identifiers"),
        Some("secret") => error.at("--secret"),
        _ => error,
    }
}
