//! `weir list`: uploaded lists.

use clap::{Args, Subcommand};
use weir_app::Page;
use weir_core::Result;
use weir_server::wire::{Items, List};

use crate::context::Context;
use crate::number::{count, plural};
use crate::output;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir import list tea.csv --name databank_tea --kind phone --hashed sha256 --partner databank
  weir list ls
  weir list show databank_tea
  weir list unmatched databank_tea > unmatched.txt
  weir list delete databank_tea";

/// See what became of uploaded lists, and remove them; they are uploaded by weir import list
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the lists by name
    #[command(alias = "list")]
    Ls {
        /// Most lists to show
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// Show those after this one
        #[arg(long, value_name = "NAME")]
        after: Option<String>,
    },
    /// Show a list
    Show {
        /// Its name
        name: String,
    },
    /// Print the identifiers that nobody was known by, one a line
    Unmatched {
        /// Its name
        name: String,
    },
    /// Remove a list that nothing refers to: all its uploads are taken back
    Delete {
        /// Its name
        name: String,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    match &arguments.action {
        Action::Ls { limit, after } => {
            let lists = workspace.lists(&Page { limit: *limit, after: after.clone() })?;
            let lists: Items<List> = Items::page(&lists);
            context.answer(&lists, || draw(&lists))
        }
        Action::Show { name } => {
            let list = List::from(&workspace.list(name)?);
            context.answer(&list, || draw_one(&list))
        }
        Action::Unmatched { name } => {
            let values = workspace.list_unmatched(name)?;
            context.answer(&Items::all(values.clone()), || values.join("\n"))
        }
        Action::Delete { name } => {
            workspace.delete_list(name)?;
            output::note(&format!("the list \"{name}\" is removed"));
            Ok(())
        }
    }
}

fn draw(lists: &Items<List>) -> String {
    let mut grid = Grid::new(["list", "owner", "kind", "consumers", "matched", "unmatched"], 3);
    for list in &lists.items {
        let kind = list.kind.clone().unwrap_or_default();
        let kind = list.hashed.as_ref().map_or(kind.clone(), |hashed| format!("{kind}, {hashed}"));
        let owner = list.partner.clone().unwrap_or_else(|| list.owner.to_owned());
        let counts = [list.size, list.matched, list.unmatched].map(count);
        grid.row([list.name.clone(), owner, kind].into_iter().chain(counts));
    }
    match &lists.next {
        None => grid.text(),
        Some(next) => format!("{}\n\nmore: weir list ls --after {next}", grid.text()),
    }
}

fn draw_one(list: &List) -> String {
    let page = Items { items: vec![list.clone()], next: None };
    let made_of = format!("made of {}: {:?}", plural(list.imports.len() as u64, "import"), list.imports);
    let used = if list.used_by.is_empty() {
        "used by nothing".to_owned()
    } else {
        format!("used by {}", list.used_by.join(", "))
    };
    format!("{}\n\n{made_of}\n{used}", draw(&page))
}
