//! `weir model`: state models, their versions, two side by side, and rules tried out before they are saved.

use clap::{Args, Subcommand};
use serde_json::json;
use weir_app::{ComparisonAnswer, Definition, ModelChange, Page, RulesAnswer};
use weir_core::state_model::StateModel;
use weir_core::{Error, Result};
use weir_server::wire;

use super::lens::{at_flag, model, scope};
use super::whom::Who;
use super::{flow, states, warning};
use crate::clock::as_of;
use crate::context::Context;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir model list
  weir model versions recency
  weir model diff recency@1 recency@2
  weir model compare recency@1 recency@2 --scope shop=flagship --at 2024-12-31
  weir model check draft.json --at 2024-12-31

Where a model is asked for, a .json file with its states will do: nothing has to be saved to be counted.
`weir apply` makes a new version of a model from a file.";

/// Look at state models, compare two of them, and try out rules before they are saved
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the state models: your own, then the shipped ones
    List,
    /// Show the states of a model and their rules
    Show {
        /// Its name; pno@2 is its second version, pno@0 the shipped one
        name: String,
    },
    /// List the versions of a model, latest first
    Versions {
        /// Its name
        name: String,
    },
    /// Make an earlier version the latest again
    Restore {
        /// Its name
        name: String,
        /// The version to go back to; 0 is the shipped one
        version: u32,
    },
    /// Tell what changed from one model to another
    Diff {
        /// The earlier model: a name, a version such as pno@1, or a .json file
        before: String,
        /// The later one
        after: String,
    },
    /// Count who is where under one model, and where under another
    Compare(Compare),
    /// Count what each rule of a model does: whom it matches, whom it decides, whom earlier rules take from it
    Check(Check),
    /// Remove a state model of your own that nothing names
    Delete {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
struct Compare {
    /// The rows: a name, a version such as pno@1, or a .json file
    a: String,
    /// The columns
    b: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Check {
    /// A name, a version such as pno@1, or a .json file
    model: String,
    #[command(flatten)]
    place: Place,
}

/// Over what, when, and for whom.
#[derive(Debug, Args)]
struct Place {
    /// What the conditions are limited to: shop=ID, brand=ID, category=ID or workspace
    #[arg(long, value_name = "SCOPE", default_value = "workspace")]
    scope: String,
    /// Local date. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    #[command(flatten)]
    who: Who,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::List => list(context),
        Action::Show { name } => show(name, context),
        Action::Versions { name } => versions(name, context),
        Action::Restore { name, version } => {
            let workspace = context.workspace()?;
            workspace.restore_state_model(name, *version)?;
            let now = workspace.state_model(name)?;
            let text =
                format!("{name} says again what its version {version} said: it is version {}", now.version);
            context.answer(&wire::StateModel::from(&now), || text)
        }
        Action::Diff { before, after } => {
            let (before, after) = (model(before, "BEFORE")?, model(after, "AFTER")?);
            let changes = context.workspace()?.compare_rules(&before, &after)?;
            context.answer(&wire::ModelDiff::from(changes.as_slice()), || draw_changes(&changes))
        }
        Action::Compare(asked) => compare(asked, context),
        Action::Check(asked) => check(asked, context),
        Action::Delete { name } => {
            context.workspace()?.delete_state_model(name)?;
            context.answer(&json!({ "removed": name }), || format!("state model {name} removed"))
        }
    }
}

fn list(context: &Context) -> Result<()> {
    let models = context.workspace()?.state_models()?;
    let answer = wire::Items::all(models.iter().map(wire::StateModel::from));
    context.answer(&answer, || {
        let mut grid = Grid::new(["name", "version", "states", "owner", "labels", "what it is"], 6);
        for model in &models {
            let version = if model.version == 0 { "shipped".to_owned() } else { model.version.to_string() };
            let about = model.about.description.clone().unwrap_or_default();
            let (owner, labels) =
                (model.about.owner.clone().unwrap_or_default(), model.about.labels.join(", "));
            grid.row([model.name.clone(), version, names(model).join(" "), owner, labels, about]);
        }
        grid.text()
    })
}

fn names(model: &Definition) -> Vec<String> {
    let states = StateModel::from_json(&model.body).map(|model| model.states).unwrap_or_default();
    states.into_iter().map(|state| state.name).collect()
}

fn show(name: &str, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let found = match weir_core::state_model::versioned(name) {
        Some((base, version)) => workspace.state_model_version(base, version),
        None => workspace.state_model(name),
    };
    let found = found?;
    context.answer(&wire::StateModel::from(&found), || {
        let states = StateModel::from_json(&found.body).map(|model| model.states).unwrap_or_default();
        let mut grid = Grid::new(["state", "title", "when"], 3);
        for state in &states {
            let title = [&state.title, &state.title_zh].into_iter().flatten().cloned().collect::<Vec<_>>();
            grid.row([state.name.clone(), title.join(" · "), state.when.to_json().to_string()]);
        }
        format!("{}, version {}\n\n{}", found.name, found.version, grid.text())
    })
}

fn versions(name: &str, context: &Context) -> Result<()> {
    let found = context.workspace()?.state_model_versions(name, &Page::all())?;
    let answer: wire::Items<wire::StateModel> = wire::Items::page(&found);
    context.answer(&answer, || {
        let mut grid = Grid::new(["version", "states", "what it is"], 3);
        for version in &found.items {
            let about = version.about.description.clone().unwrap_or_default();
            grid.row([version.version.to_string(), names(version).join(" "), about]);
        }
        grid.text()
    })
}

fn draw_changes(changes: &[ModelChange]) -> String {
    if changes.is_empty() {
        return "both say the same".to_owned();
    }
    let mut grid = Grid::new(["where", "what"], 2);
    for change in changes {
        grid.row([change.at.clone(), change.sentence.clone()]);
    }
    grid.text()
}

fn compare(asked: &Compare, context: &Context) -> Result<()> {
    let (a, b) = (model(&asked.a, "A")?, model(&asked.b, "B")?);
    let (scope, whom) = (scope(&asked.place.scope)?, asked.place.who.whom()?);
    let workspace = context.workspace()?;
    let at = as_of(asked.place.at.as_deref(), &workspace)?;
    let answer = workspace.compare_state_models((&a, &b), &scope, at, &whom).map_err(at_argument)?;
    context.answer(&wire::ModelComparison::from(&answer), || draw_comparison(&answer))
}

fn draw_comparison(answer: &ComparisonAnswer) -> String {
    let comparison = &answer.comparison;
    let head = format!(
        "{} (rows) and {} (columns), {}: {} at {}",
        answer.a,
        answer.b,
        answer.scope,
        plural(comparison.total, "consumer"),
        answer.date
    );
    let corner = format!("{} \\ {}", answer.a, answer.b);
    let matrix = flow::draw_matrix(&corner, &comparison.rows, &comparison.columns, &comparison.matrix);
    let gone = states::gone(comparison.merged, comparison.erased);
    format!("{head}\n\n{matrix}{gone}{}", warning::lines(&answer.warnings))
}

fn check(asked: &Check, context: &Context) -> Result<()> {
    let model = model(&asked.model, "MODEL")?;
    let (scope, whom) = (scope(&asked.place.scope)?, asked.place.who.whom()?);
    let workspace = context.workspace()?;
    let at = as_of(asked.place.at.as_deref(), &workspace)?;
    let answer = workspace.check_state_model(&model, &scope, at, &whom).map_err(at_argument)?;
    context.answer(&wire::ModelCheck::from(&answer), || draw_rules(&answer))
}

fn draw_rules(answer: &RulesAnswer) -> String {
    let counts = &answer.counts;
    let mut grid = Grid::new(["state", "matched", "taken earlier", "decided", "share"], 1);
    for (state, rule) in answer.states.iter().zip(&counts.rules) {
        let taken: u64 = rule.taken.iter().sum();
        let numbers = [rule.matched, taken, rule.decided].map(count);
        grid.row([state.clone()].into_iter().chain(numbers).chain([share(rule.decided, counts.total)]));
    }
    grid.row([
        "none".to_owned(),
        String::new(),
        String::new(),
        count(counts.none),
        share(counts.none, counts.total),
    ]);
    let head = format!(
        "{}, {}: {} at {}",
        answer.model,
        answer.scope,
        plural(counts.total, "consumer"),
        answer.date
    );
    let gone = states::gone(counts.merged, counts.erased);
    format!("{head}\n\n{}{gone}{}", grid.text(), warning::lines(&answer.warnings))
}

/// An error about one of the models, placed at the argument that held it.
fn at_argument(error: Error) -> Error {
    match error.at.as_deref() {
        Some("a") => error.at("A"),
        Some("b") => error.at("B"),
        Some("model") => error.at("MODEL"),
        _ => at_flag(error),
    }
}
