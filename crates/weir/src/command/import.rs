//! `weir import`: files in, a ledger out; what was imported; and taking an import back.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use weir_app::{
    CatalogImport, EventImport, ImportRecord, ImportState, ListImport, Page, Paged, PreviewKind,
    PreviewRequest, TagImport, Workspace,
};
use weir_core::ledger::Ledger;
use weir_core::list::{Owner, Upload};
use weir_core::time::Zone;
use weir_core::{Code, Error, Result};
use weir_server::wire::{Import, ImportPreview, ImportPreviewRow, Items};

use crate::clock::local;
use crate::context::Context;
use crate::expression::read_text;
use crate::number::{count, plural, share};
use crate::progress::Bar;
use crate::table::Grid;

const EXAMPLES: &str = "\
A mapping is a SELECT … FROM input whose columns are the event: time, behavior, id_user_id (or
id_email, id_phone …), channel, shop, amount …; any other column is a property. Importing a file
twice adds nothing.

Examples:
  weir import events orders.csv --sql orders.sql --with items=catalog.csv --source orders
  weir import tags customers.csv --sql customers.sql
  weir import list vip.csv --name vip --kind user_id
  weir import preview orders.csv --sql orders.sql
  weir import log
  weir import undo 3";

/// Import files, see what was imported, take an import back
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Import events
    Events {
        #[command(flatten)]
        mapped: Mapped,
        /// Where the events come from; the same event from two sources is two events
        #[arg(long, value_name = "NAME", default_value = "files")]
        source: String,
    },
    /// Import tags, one column each
    Tags {
        #[command(flatten)]
        mapped: Mapped,
        /// Where the tags come from
        #[arg(long, value_name = "NAME", default_value = "files")]
        source: String,
    },
    /// Import the catalogue: brands, shops, categories, items, channels, campaigns
    Catalog {
        #[command(flatten)]
        mapped: Mapped,
    },
    /// Import a list of identifiers
    List {
        /// The file: CSV, JSON lines or Parquet, plain or .gz or .zst
        file: PathBuf,
        /// What to call the list; several imports of one name add up
        #[arg(long)]
        name: String,
        /// What the identifiers are: user_id, email, phone …
        #[arg(long)]
        kind: String,
        /// How they are hashed: sha256 or md5. Default: they are plain
        #[arg(long, value_name = "HASH")]
        hashed: Option<String>,
        /// The partner whose people they are. Default: they are your own
        #[arg(long, value_name = "NAME")]
        partner: Option<String>,
        /// Whether to add to the list, or to replace what is on it
        #[arg(long, value_name = "add|replace", default_value = "add")]
        mode: String,
    },
    /// Look what a mapping would make of files; nothing is imported
    Preview {
        #[command(flatten)]
        mapped: Mapped,
        /// What the mapping gives
        #[arg(long, value_name = "KIND", default_value = "events", value_parser = ["events", "tags"])]
        kind: String,
        /// Rows to show one by one
        #[arg(long, value_name = "N", default_value_t = 10)]
        rows: usize,
    },
    /// Show what was imported, latest first
    Log {
        /// Most imports to show
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// Show those before this one
        #[arg(long, value_name = "IMPORT")]
        after: Option<u32>,
    },
    /// Take an import back: answers become what they were without it
    Undo {
        /// Its number, as in the log
        import: u32,
    },
}

/// Files and the mapping that reads them.
#[derive(Debug, Args)]
struct Mapped {
    /// CSV, JSON lines or Parquet, plain or .gz or .zst; several are one table together
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The mapping: a file with SELECT … FROM input
    #[arg(long, value_name = "MAP.sql")]
    sql: PathBuf,

    /// A side table for the mapping to join; repeat it for more tables, or for more files of one
    #[arg(long, value_name = "NAME=FILE")]
    with: Vec<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::Events { mapped, source } => events(mapped, source, context),
        Action::Tags { mapped, source } => tags(mapped, source, context),
        Action::Catalog { mapped } => catalog(mapped, context),
        Action::List { file, name, kind, hashed, partner, mode } => {
            let upload = Upload {
                name: name.clone(),
                kind: kind.clone(),
                hashing: hashed.as_deref().map(str::parse).transpose().map_err(argument("--hashed"))?,
                owner: Owner::of(None, partner.as_deref()).map_err(argument("--partner"))?,
                mode: mode.parse().map_err(argument("--mode"))?,
            };
            let request = ListImport { file: file.clone(), upload };
            import(context, |workspace, bar| workspace.import_list(&request, bar))
        }
        Action::Preview { mapped, kind, rows } => preview(mapped, kind, *rows, context),
        Action::Log { limit, after } => log(*limit, *after, context),
        Action::Undo { import } => undo(*import, context),
    }
}

/// An error of an argument, placed at its flag.
fn argument(flag: &'static str) -> impl Fn(Error) -> Error {
    move |error| error.at(flag)
}

fn events(mapped: &Mapped, source: &str, context: &Context) -> Result<()> {
    let (files, with, sql) = mapped.read()?;
    let request = EventImport { files, with, sql, source: source.to_owned() };
    import(context, |workspace, bar| workspace.import_events(&request, bar))
}

fn tags(mapped: &Mapped, source: &str, context: &Context) -> Result<()> {
    let (files, with, sql) = mapped.read()?;
    let request = TagImport { files, with, sql, source: source.to_owned() };
    import(context, |workspace, bar| workspace.import_tags(&request, bar))
}

fn preview(mapped: &Mapped, kind: &str, rows: usize, context: &Context) -> Result<()> {
    let (files, with, sql) = mapped.read()?;
    let kind = if kind == "tags" { PreviewKind::Tags } else { PreviewKind::Events };
    let request = PreviewRequest { kind, files, with, sql: Some(sql), rows };
    let preview = ImportPreview::from(context.workspace_to_fill()?.preview_import(&request)?);
    context.answer(&preview, || draw_preview(&preview))
}

fn catalog(mapped: &Mapped, context: &Context) -> Result<()> {
    let (files, with, sql) = mapped.read()?;
    let request = CatalogImport { files, with, sql };
    import(context, |workspace, bar| workspace.import_catalog(&request, bar))
}

/// Name and files of each side table.
type SideTables = Vec<(String, Vec<PathBuf>)>;

impl Mapped {
    fn read(&self) -> Result<(Vec<PathBuf>, SideTables, String)> {
        Ok((self.files.clone(), side_tables(&self.with)?, read_text(&self.sql, "--sql")?))
    }
}

fn side_tables(written: &[String]) -> Result<SideTables> {
    let mut tables = SideTables::new();
    for text in written {
        let (name, file) =
            text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| not_a_table(text))?;
        match tables.iter_mut().find(|(table, _)| table == name) {
            Some((_, files)) => files.push(file.into()),
            None => tables.push((name.to_owned(), vec![file.into()])),
        }
    }
    Ok(tables)
}

fn not_a_table(text: &str) -> Error {
    Error::new(Code::InvalidArgument, format!("\"{text}\" is not NAME=FILE"))
        .at("--with")
        .help("for example --with items=catalog.csv, joined as \"items\"")
}

fn import(context: &Context, run: impl FnOnce(&Workspace, &Bar) -> Result<ImportRecord>) -> Result<()> {
    let workspace = context.workspace_to_fill()?;
    let bar = Bar::new();
    let record = run(&workspace, &bar)?;
    drop(bar);
    answer(&record, &workspace, context)
}

fn undo(id: u32, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let record = workspace.undo_import(id)?;
    answer(&record, &workspace, context)
}

fn answer(record: &ImportRecord, workspace: &Workspace, context: &Context) -> Result<()> {
    let zone = workspace.settings()?.zone;
    context.answer(&Import::from(record), || draw(record, &zone))
}

fn log(limit: u32, after: Option<u32>, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let imports = workspace.imports(&Page { limit, after: after.map(|id| id.to_string()) })?;
    let zone = workspace.settings()?.zone;
    context.answer(&Items::<Import>::page(&imports), || draw_log(&imports, &zone))
}

fn draw(record: &ImportRecord, zone: &Zone) -> String {
    let done = match record.state {
        ImportState::Done => "",
        ImportState::Undone => ", taken back",
    };
    let head = format!("import {}: {} from {}{done}", record.id, record.kind.name(), record.source);
    let expired = match record.expired {
        0 => String::new(),
        n => format!("\nexpired since: {}", plural(n, "row")),
    };
    format!("{head}\n\n{}{}{expired}", draw_ledger(&record.ledger), remarks(&record.ledger, zone))
}

/// The first rows as they would be imported, those refused with their reason, and the counts of all.
fn draw_preview(preview: &ImportPreview) -> String {
    let shown = |row: &ImportPreviewRow| match (&row.mapped, &row.reason) {
        (_, Some(reason)) => format!("{:>6}  {reason}: {}", row.number, compact(&row.selected)),
        (Some(mapped), None) => format!("{:>6}  {}", row.number, compact(mapped)),
        (None, None) => format!("{:>6}", row.number),
    };
    let mut lines: Vec<String> = preview.rows.iter().map(shown).collect();
    let last = preview.rows.last().map_or(0, |row| row.number);
    lines.extend(preview.rejects.iter().filter(|row| row.number > last).map(shown));
    let mut grid = Grid::new(["rows", "", ""], 1);
    let read = preview.read.unwrap_or_default();
    let mut line = |name: &str, n: u64| grid.row([name.to_owned(), count(n), share(n, read)]);
    line("  to import", preview.mapped.unwrap_or_default());
    line("+ rejected", preview.rejected.unwrap_or_default());
    for (reason, n) in &preview.reasons {
        line(&format!("    {reason}"), *n);
    }
    line("= read", read);
    format!("{}\n\n{}\n\nnothing was imported", lines.join("\n"), grid.text())
}

/// A row without what it does not say.
fn compact(row: &serde_json::Map<String, serde_json::Value>) -> String {
    let said: serde_json::Map<_, _> = row
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    serde_json::Value::from(said).to_string()
}

/// A sum that can be checked by eye: read = accepted + duplicate + rejected.
fn draw_ledger(ledger: &Ledger) -> String {
    let mut grid = Grid::new(["rows", "", ""], 1);
    let mut line = |name: &str, n: u64| grid.row([name.to_owned(), count(n), share(n, ledger.read)]);
    line("  accepted", ledger.accepted);
    line("+ duplicate", ledger.duplicate);
    line("+ rejected", ledger.rejected());
    for (reason, n) in &ledger.reasons {
        line(&format!("    {reason}"), *n);
    }
    line("= read", ledger.read);
    grid.text()
}

fn remarks(ledger: &Ledger, zone: &Zone) -> String {
    let mut lines = vec![plural(ledger.new_consumers, "new consumer")];
    if let (Some(first), Some(last)) = (ledger.first_time, ledger.last_time) {
        lines.push(format!("from {} to {} ({})", local(first, zone), local(last, zone), zone.name()));
    }
    for (kind, names) in &ledger.unmapped {
        for (name, n) in names {
            lines.push(format!("kept under an unknown {kind}: {name}, {}", plural(*n, "row")));
        }
    }
    lines.extend(
        ledger
            .remarks
            .iter()
            .map(|(remark, n)| format!("kept with a remark: {remark}, {}", plural(*n, "row"))),
    );
    format!("\n\n{}", lines.join("\n"))
}

fn draw_log(imports: &Paged<ImportRecord>, zone: &Zone) -> String {
    let header =
        ["when", "kind", "source", "state", "import", "read", "accepted", "expired", "duplicate", "rejected"];
    let mut grid = Grid::new(header, 4);
    for record in &imports.items {
        let ledger = &record.ledger;
        let texts = [&local(record.finished, zone), record.kind.name(), &record.source, record.state.name()];
        let counts = [ledger.read, ledger.accepted, record.expired, ledger.duplicate, ledger.rejected()];
        let counts = counts.map(count);
        grid.row(texts.map(str::to_owned).into_iter().chain([record.id.to_string()]).chain(counts));
    }
    match &imports.next {
        None => grid.text(),
        Some(next) => format!("{}\n\nolder ones: weir import log --after {next}", grid.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_drawn_as_a_sum() {
        let mut ledger = Ledger { read: 5_394, accepted: 5_033, ..Ledger::default() };
        ledger.reasons.insert("no_identifier".to_owned(), 361);
        insta::assert_snapshot!(draw_ledger(&ledger), @r"
         rows
        ─────────────────────────────────────
           accepted          5,033    93.3 %
         + duplicate             0     0.0 %
         + rejected            361     6.7 %
             no_identifier     361     6.7 %
         = read              5,394   100.0 %
        ");
    }

    #[test]
    fn side_tables_may_have_several_files() {
        let written = ["a=1.csv", "b=2.csv", "a=3.csv"].map(str::to_owned);
        let tables = side_tables(&written).unwrap();
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(
            tables,
            [("a".to_owned(), files(&["1.csv", "3.csv"])), ("b".to_owned(), files(&["2.csv"]))]
        );
        assert_eq!(side_tables(&["=x".to_owned()]).unwrap_err().at.as_deref(), Some("--with"));
    }
}
