//! DataFusion's errors as ours: one readable sentence, a hint, and the column where one is known.
//!
//! DataFusion nests its errors and prefixes each level ("Error during planning: Schema error: …"). People who write a
//! mapping need the innermost fact and the name they probably meant, so everything around it is dropped here.
//!
//! Deliberately absent: errors of our own rules; those are written where the rule is.

use std::error::Error as StdError;

use arrow::error::ArrowError;
use datafusion::common::{Column, SchemaError};
use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;
use weir_core::error::suggestion;
use weir_core::{Code, Error};

/// Most names a hint lists.
const LISTED: usize = 20;

/// Prefixes that say which layer spoke, in DataFusion's and Arrow's messages.
const LAYERS: &[&str] = &[
    "DataFusion error: ",
    "Error during planning: ",
    "Execution error: ",
    "Schema error: ",
    "SQL error: ",
    "Arrow error: ",
    "External error: ",
    "Parquet error: ",
    "Cast error: ",
    "Parser error: ",
    "Compute error: ",
    "Invalid argument error: ",
    "This feature is not implemented: ",
    "Optimizer rule ",
    "type_coercion",
];

/// Translates the errors of one kind of statement.
#[derive(Debug, Clone)]
pub(crate) struct Translator {
    /// The code of whatever is the user's fault.
    pub code: Code,
    /// The tables the statement may read.
    pub tables: Vec<String>,
}

impl Translator {
    /// The same fact as an error of ours.
    pub fn error(&self, error: &DataFusionError) -> Error {
        match error {
            DataFusionError::External(inner) => self.foreign(inner.as_ref()),
            DataFusionError::ArrowError(inner, _) => self.arrow(inner),
            DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => self.error(inner),
            DataFusionError::Shared(inner) => self.error(inner),
            DataFusionError::Collection(all) => all.first().map_or_else(|| self.says(""), |e| self.error(e)),
            DataFusionError::SQL(inner, _) => self.syntax(inner),
            DataFusionError::SchemaError(inner, _) => self.schema(inner),
            DataFusionError::Plan(text) => self.plan(text),
            DataFusionError::ResourcesExhausted(text) => self.exhausted(text),
            DataFusionError::IoError(inner) => Error::io("running the SQL", inner),
            DataFusionError::ObjectStore(inner) => Error::new(Code::Io, one_line(&inner.to_string())),
            DataFusionError::ParquetError(inner) => {
                Error::new(Code::CorruptFile, one_line(&inner.to_string()))
            }
            DataFusionError::Internal(text) => Error::internal(one_line(text)),
            DataFusionError::Execution(text)
            | DataFusionError::NotImplemented(text)
            | DataFusionError::Configuration(text) => self.usual(text),
            other => self.says(&other.strip_backtrace()),
        }
    }

    fn says(&self, text: &str) -> Error {
        Error::new(self.code, one_line(text))
    }

    fn foreign(&self, inner: &(dyn StdError + Send + Sync + 'static)) -> Error {
        if let Some(ours) = inner.downcast_ref::<Error>() {
            return ours.clone();
        }
        match inner.downcast_ref::<DataFusionError>() {
            Some(nested) => self.error(nested),
            None => self.says(&inner.to_string()),
        }
    }

    fn arrow(&self, error: &ArrowError) -> Error {
        match error {
            ArrowError::ExternalError(inner) => self.foreign(inner.as_ref()),
            ArrowError::CastError(text) | ArrowError::ParseError(text) => {
                self.says(text).help("TRY_CAST gives NULL where a value does not fit")
            }
            ArrowError::DivideByZero => {
                self.says("division by zero").help("NULLIF(x, 0) makes the result NULL instead")
            }
            other => self.says(&other.to_string()),
        }
    }

    fn syntax(&self, error: &ParserError) -> Error {
        let text = match error {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.as_str(),
            ParserError::RecursionLimitExceeded => "the statement is nested too deeply",
        };
        let (fact, place) = split_place(text);
        let error = self.says(&format!("the SQL does not parse: {}", lower_first(fact)));
        match place {
            Some(place) => error.at(place),
            None => error,
        }
    }

    fn schema(&self, error: &SchemaError) -> Error {
        match error {
            SchemaError::FieldNotFound { field, valid_fields } => self.unknown_column(field, valid_fields),
            SchemaError::AmbiguousReference { field } => {
                let message = format!("the column \"{}\" stands in several tables", field.name);
                Error::new(self.code, message).at(field.name.clone()).help("write table.column")
            }
            SchemaError::DuplicateQualifiedField { name, .. }
            | SchemaError::DuplicateUnqualifiedField { name } => self.duplicate_column(name),
        }
    }

    fn unknown_column(&self, field: &Column, valid: &[Column]) -> Error {
        let names: Vec<&str> = valid.iter().map(|column| column.name.as_str()).collect();
        let message = format!("there is no column \"{}\"", field.flat_name());
        let help =
            suggestion(&field.name, names.iter().copied()).unwrap_or_else(|| listing("columns", &names));
        Error::new(self.code, message).at(field.name.clone()).help(help)
    }

    pub fn duplicate_column(&self, name: &str) -> Error {
        Error::new(self.code, format!("two output columns are called \"{name}\""))
            .at(name)
            .help("rename one of them with AS")
    }

    fn plan(&self, text: &str) -> Error {
        if let Some(table) = quoted(text, "table '", "' not found") {
            return self.unknown_table(table);
        }
        if let Some(function) = quoted(text, "table function '", "' not found") {
            let names: Vec<&str> = self.tables.iter().map(String::as_str).collect();
            return self
                .says(&format!("there is no table function \"{function}\""))
                .help(listing("tables", &names));
        }
        if let Some(name) = quoted(text, "Invalid function '", "'") {
            return self.unknown_function(name, text);
        }
        if let Some(name) = quoted(text, "unique expression names but the expression \"", "\" at position") {
            let name = name.rsplit_once(" AS ").map_or(name, |(_, alias)| alias);
            return self.duplicate_column(name);
        }
        if let Some(error) = self.wrong_argument(text) {
            return error;
        }
        self.usual(text)
    }

    /// Sentences of DataFusion that say too much, or too little.
    fn usual(&self, text: &str) -> Error {
        const READ_ONLY: [&str; 3] = ["DDL not supported", "DML not supported", "Statement not supported"];
        if READ_ONLY.iter().any(|start| text.starts_with(start)) {
            return self.says("the data cannot be changed by SQL");
        }
        if text.contains("unable to get file extension") {
            return self
                .says("the file's name does not say its format")
                .help("end it with .parquet, .csv or .json");
        }
        if text.contains("Cannot coerce arithmetic expression") {
            return self.says(text).help("cast text to a number, for example CAST(x AS DOUBLE)");
        }
        if text.contains("No suitable object store") {
            return self.says("only files of this machine can be written");
        }
        match quoted(text, "While expanding wildcard, ", ", currently") {
            Some(ungrouped) => self.says(ungrouped),
            None => self.says(text),
        }
    }

    fn wrong_argument(&self, text: &str) -> Option<Error> {
        let (before, _) = text.split_once("' requires")?;
        let (_, function) = before.rsplit_once("Function '")?;
        let given = quoted(text, "but received ", " (DataType")?;
        let error = self.says(&format!("the function \"{function}\" does not take {given}"));
        Some(error.help("cast its argument, for example CAST(x AS VARCHAR) or CAST(x AS DOUBLE)"))
    }

    fn unknown_table(&self, qualified: &str) -> Error {
        let table = qualified.strip_prefix("datafusion.public.").unwrap_or(qualified);
        let names: Vec<&str> = self.tables.iter().map(String::as_str).collect();
        let help = suggestion(table, names.iter().copied()).unwrap_or_else(|| listing("tables", &names));
        Error::new(self.code, format!("there is no table \"{table}\"")).at(table).help(help)
    }

    fn unknown_function(&self, name: &str, text: &str) -> Error {
        let error = Error::new(self.code, format!("there is no function \"{name}\""));
        match quoted(text, "Did you mean '", "'") {
            Some(near) => error.help(format!("did you mean \"{near}\"?")),
            None => error,
        }
    }

    fn exhausted(&self, text: &str) -> Error {
        Error::new(self.code, format!("the statement needs more memory than it may use: {}", one_line(text)))
            .help("sort or join fewer columns, or split the input")
    }
}

/// "columns are a, b, c", shortened; of one, "there is only a".
pub(crate) fn listing(what: &str, names: &[&str]) -> String {
    let shown = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => format!("there are no {what}"),
        1 => format!("there is only {shown}"),
        n if n > LISTED => format!("{what} are {shown} and {} more", n - LISTED),
        _ => format!("{what} are {shown}"),
    }
}

/// The text between two others.
fn quoted<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let end = rest.find(after)?;
    Some(&rest[..end])
}

/// Splits "… at Line: 1, Column: 8" into the fact and "line 1, column 8".
fn split_place(text: &str) -> (&str, Option<String>) {
    match text.rsplit_once(" at Line: ") {
        Some((fact, place)) => (fact, Some(format!("line {}", place.replace("Column: ", "column ")))),
        None => (text, None),
    }
}

/// The first line, without the names of layers, beginning in lower case as all our messages do.
fn one_line(text: &str) -> String {
    let mut rest = text.lines().next().unwrap_or_default().trim();
    while let Some(shorter) = LAYERS.iter().find_map(|layer| rest.strip_prefix(layer)) {
        rest = shorter;
    }
    let nested = LAYERS.iter().filter_map(|layer| rest.rfind(layer).map(|at| at + layer.len())).max();
    lower_first(nested.map_or(rest, |at| &rest[at..]))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let is_word = second.is_some_and(|c| c.is_lowercase() || c == ' ');
    match first {
        Some(first) if is_word => format!("{}{}", first.to_lowercase(), &text[first.len_utf8()..]),
        _ => text.to_owned(),
    }
}
