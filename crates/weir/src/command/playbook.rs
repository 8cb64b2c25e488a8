//! Ready-made campaigns.

use clap::{Args, Subcommand};
use serde_json::{Map, Value};
use weir_app::{PlaybookForm, PlaybookPreview, media_of};
use weir_core::{Code, Error, Result};
use weir_server::wire::{self, Items};

use crate::context::Context;
use crate::number::{count, plural};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir playbook list
  weir playbook show performance_chain
  weir playbook show performance_chain days=14 media=feed_ads,display_ads,search_ads
  weir playbook create after_promotion prefix=double_11 from=2024-11-08 to=2024-11-11";

/// Ready-made campaigns: audiences, a track and a plan for a push from the workspace's own data
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the six playbooks
    List,
    /// Show a playbook's parameters, and what it would make
    Show(Filled),
    /// Make the audiences, the snapshot and the track, and say what to push; nothing is sent
    Create(Filled),
}

#[derive(Debug, Args)]
struct Filled {
    /// Name of the playbook
    name: String,

    /// Parameters, such as days=14 or media=feed_ads,search_ads; JSON where it reads as such
    #[arg(value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    match &arguments.action {
        Action::List => {
            let forms = workspace.playbooks()?;
            context.answer(&Items::all(forms.iter().map(wire::Playbook::from)), || draw_list(&forms))
        }
        Action::Show(filled) => {
            let form = workspace.playbook(&filled.name)?;
            let preview = workspace.preview_playbook(&filled.name, &filled.read(&form)?)?;
            context.answer(&wire::PlaybookPreview::from(&preview), || {
                format!("{}\n\n{}", draw_form(&form), draw_preview(&preview))
            })
        }
        Action::Create(filled) => {
            let form = workspace.playbook(&filled.name)?;
            let made = workspace.create_playbook(&filled.name, &filled.read(&form)?)?;
            context.answer(&wire::PlaybookMade::from(&made), || {
                let locked = plural(made.snapshot.size, "consumer");
                format!("{}\n\n{locked} locked; nothing was sent", draw_preview(&made.preview))
            })
        }
    }
}

impl Filled {
    /// Parameters by name; lists are split at commas.
    fn read(&self, form: &PlaybookForm) -> Result<Map<String, Value>> {
        let mut filled = Map::new();
        for given in &self.parameters {
            let Some((name, text)) = given.split_once('=') else {
                let error = Error::new(Code::InvalidArgument, format!("\"{given}\" is not NAME=VALUE"));
                return Err(error.help("write for example days=14"));
            };
            let is_list = form.parameters.iter().any(|p| p.name == name && p.default.is_array());
            let value = match serde_json::from_str(text) {
                Ok(value) => value,
                Err(_) if is_list => text.split(',').map(str::to_owned).collect(),
                Err(_) => Value::from(text),
            };
            filled.insert(name.to_owned(), value);
        }
        Ok(filled)
    }
}

fn draw_list(forms: &[PlaybookForm]) -> String {
    let mut grid = Grid::new(["playbook", "title", "标题"], 3);
    for form in forms {
        grid.row([form.playbook.name, form.playbook.title, form.playbook.title_zh]);
    }
    grid.text()
}

fn draw_form(form: &PlaybookForm) -> String {
    let book = form.playbook;
    let mut grid = Grid::new(["parameter", "type", "default", "what"], 4);
    for parameter in &form.parameters {
        let default = match &parameter.default {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            other => other.to_string(),
        };
        grid.row([parameter.name, parameter.kind.name(), &default, parameter.title]);
    }
    format!("{} {}\n{}\n{}\n\n{}", book.title, book.title_zh, book.text, book.text_zh, grid.text())
}

fn draw_preview(preview: &PlaybookPreview) -> String {
    let plan = &preview.plan;
    let mut grid =
        Grid::aligned(&["audience", "consumers", "who"].map(str::to_owned), vec![false, true, false]);
    for ((name, _, text), size) in plan.audiences.iter().zip(&preview.sizes) {
        grid.row([name.clone(), count(*size), text.clone()]);
    }
    let media = preview.media.as_ref().map_or(String::new(), |(sets, regions)| {
        let mut grid = Grid::new(["medium", "consumers", "only here"], 1);
        for (set, size, only) in media_of(sets, regions) {
            grid.row([set.name.clone(), count(size), count(only)]);
        }
        format!("\n\n{}\nany of them: {}", grid.text(), plural(regions.union(), "consumer"))
    });
    format!(
        "as of {}\n\n{}{media}\n\nsnapshot {}, track {}\npush, when you are ready: {}",
        plan.as_of,
        grid.text(),
        plan.snapshot,
        plan.track.0,
        push_line(preview)
    )
}

fn push_line(preview: &PlaybookPreview) -> String {
    let push = &preview.plan.push;
    let to = push["destination"].as_str().unwrap_or("DESTINATION");
    format!(
        "weir push --snapshot {} --as-of {} --to {to} --holdout {} --name {}",
        preview.plan.snapshot,
        preview.plan.as_of,
        push["holdout_percent"],
        push["name"].as_str().unwrap_or_default()
    )
}
