//! `weir pushes`: what became of pushes, and going on with them.

use clap::{Args, Subcommand};
use weir_app::{Page, Push};
use weir_core::Result;
use weir_server::wire::{Items, PushLedger, PushMessage};

use super::push::{answer, deliver};
use crate::context::Context;
use crate::number::count;
use crate::table::Grid;

/// See what became of pushes, stop them, go on with them
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the pushes, latest first
    List,
    /// Show the ledger of a push
    Show {
        /// Its id, or its name if only one has it
        push: String,
    },
    /// List the calls of a push and every attempt at them
    Messages {
        /// Its id, or its name if only one has it
        push: String,
    },
    /// Go on with a push that was stopped or interrupted, at once
    Resume {
        /// Its id, or its name if only one has it
        push: String,
        /// Seconds to wait for the destination
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        wait: u64,
    },
    /// Begin no further calls of a push
    Stop {
        /// Its id, or its name if only one has it
        push: String,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    match &arguments.action {
        Action::List => {
            let found = workspace.pushes(&Page::all())?.items;
            let ledgers = Items::all(found.iter().map(|push| PushLedger::new(push, None)));
            context.answer(&ledgers, || draw(&found))
        }
        Action::Show { push } => answer(&workspace, &workspace.push(push)?, context),
        Action::Messages { push } => {
            let found = workspace.push_messages(push, &Page::all())?;
            let messages: Items<PushMessage> = Items::page(&found);
            context.answer(&messages, || draw_messages(&messages.items))
        }
        Action::Resume { push, wait } => {
            let push = workspace.resume_push(push)?;
            answer(&workspace, &deliver(&workspace, &push.id, *wait)?, context)
        }
        Action::Stop { push } => answer(&workspace, &workspace.stop_push(push)?, context),
    }
}

fn draw(pushes: &[Push]) -> String {
    if pushes.is_empty() {
        return "nothing was pushed yet".to_owned();
    }
    let header = ["push", "name", "to", "as of", "state", "audience", "planned", "sent", "holdout"];
    let mut grid = Grid::new(header, 5);
    for push in pushes {
        let ledger = &push.ledger;
        let numbers = [ledger.audience, ledger.planned, ledger.sent, ledger.holdout].map(count);
        let [audience, planned, sent, holdout] = numbers;
        let (name, as_of) = (push.name.as_deref().unwrap_or_default(), push.as_of.to_string());
        let row = [&push.id, name, &push.destination, &as_of, push.state.name()];
        grid.row(row.into_iter().map(str::to_owned).chain([audience, planned, sent, holdout]));
    }
    grid.text()
}

fn draw_messages(messages: &[PushMessage]) -> String {
    let mut grid = Grid::aligned(
        &["message", "outcome", "last attempt", "attempts", "recipients"].map(str::to_owned),
        vec![false, false, false, true, true],
    );
    for message in messages {
        let last = message.attempts.last();
        let detail = last.map_or("", |attempt| attempt.detail.as_deref().unwrap_or("not ended"));
        let attempts = count(message.attempts.len() as u64);
        grid.row([&message.id, message.outcome, detail, &attempts, &count(message.recipients)]);
    }
    grid.text()
}
