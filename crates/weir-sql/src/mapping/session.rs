//! The files of one import as tables, ready for mappings.
//!
//! Column and table names are taken exactly as they are written: `"InvoiceNo"` and unquoted InvoiceNo are both the
//! column InvoiceNo. Functions are found in any case.
//!
//! A mapping runs in one partition. That keeps the input's order, which decides between two tags of the same day, and
//! it is not slower: reading the file and normalising the rows have threads of their own beside it.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::execution::FunctionRegistry;
use datafusion::prelude::SessionContext;
use weir_core::time::Zone;
use weir_core::{Code, Error, Result};

use super::comparisons::CompareAsText;
use super::timestamps;
use crate::clock::Clock;
use crate::error::Translator;
use crate::files::FileTable;
use crate::runtime::{Limits, context};

/// The table that a mapping reads.
pub(super) const INPUT: &str = "input";

/// The files of one import.
pub struct ImportSession {
    pub(super) context: SessionContext,
    pub(super) clock: Arc<Clock>,
    pub(super) threads: usize,
    tables: Vec<String>,
}

impl ImportSession {
    /// Looks through the files and offers them as the table `input`, and the side files as tables of their names.
    ///
    /// Times without zone are read in `zone`. Every file is read once here, to know its columns' types: a broken file
    /// is found before anything is written.
    pub fn open(
        input: &[PathBuf],
        side: &[(String, Vec<PathBuf>)],
        zone: &Zone,
        limits: &Limits,
    ) -> Result<ImportSession> {
        if input.is_empty() {
            return Err(Error::new(Code::InvalidArgument, "there is no file to import"));
        }
        let clock = Arc::new(Clock::new(zone)?);
        let context = mapping_context(limits, &clock)?;
        let mut session =
            ImportSession { context, clock, threads: limits.threads.max(1), tables: Vec::new() };
        session.register(INPUT, input)?;
        for (name, files) in side {
            session.register(name, files)?;
        }
        Ok(session)
    }

    fn register(&mut self, name: &str, files: &[PathBuf]) -> Result<()> {
        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if name.is_empty() || !is_word {
            return Err(Error::new(Code::InvalidArgument, format!("\"{name}\" cannot be a table's name"))
                .help("write --with NAME=FILE with a name of letters, digits and _"));
        }
        if self.tables.iter().any(|table| table == name) {
            return Err(Error::new(Code::InvalidArgument, format!("two tables are called \"{name}\""))
                .help("give each --with table a name of its own"));
        }
        let table = Arc::new(FileTable::open(files)?);
        self.context.register_table(quoted(name), table).map_err(|error| self.translator().error(&error))?;
        self.tables.push(name.to_owned());
        Ok(())
    }

    /// Errors of mappings over these tables.
    pub(super) fn translator(&self) -> Translator {
        Translator { code: Code::InvalidMapping, tables: self.tables.clone() }
    }
}

/// Quoted, a name is taken as it is; unquoted, DataFusion would lower it.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn mapping_context(limits: &Limits, clock: &Arc<Clock>) -> Result<SessionContext> {
    let one_partition = Limits { threads: 1, ..limits.clone() };
    let mut context = context(&one_partition, |mut config| {
        let options = config.options_mut();
        options.sql_parser.enable_ident_normalization = false;
        options.execution.time_zone = Some(clock.zone().name().to_owned());
        config
    })?;
    timestamps::register(&context, clock);
    let rewritten = context.register_function_rewrite(Arc::new(CompareAsText));
    rewritten.map_err(|error| Error::internal(error.strip_backtrace()))?;
    Ok(context)
}
