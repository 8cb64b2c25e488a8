//! Files that commands read: expressions and mappings.

use std::io::{ErrorKind, Read};
use std::path::Path;

use serde_json::Value;
use weir_core::expr::{Expr, parse_json, parse_value};
use weir_core::{Code, Error, Result};

/// An expression from a file, or from stdin where the path is `-`.
pub fn read(path: &Path, argument: &str) -> Result<Expr> {
    parse_value(&read_json(path, argument)?)
}

/// JSON from a file, or from stdin where the path is `-`.
pub fn read_json(path: &Path, argument: &str) -> Result<Value> {
    let text = if path.as_os_str() == "-" { read_stdin(argument)? } else { read_text(path, argument)? };
    parse_json(&text)
}

/// The text of a file that an argument names.
pub fn read_text(path: &Path, argument: &str) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| cannot_read(path, argument, &error))?;
    text(bytes, argument)
}

fn read_stdin(argument: &str) -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| Error::io("reading stdin", &error))?;
    text(bytes, argument)
}

/// Some editors put a mark before the first character.
fn text(bytes: Vec<u8>, argument: &str) -> Result<String> {
    let not_text = |_| Error::new(Code::UnreadableFile, "this is not UTF-8 text").at(argument);
    let text = String::from_utf8(bytes).map_err(not_text)?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

fn cannot_read(path: &Path, argument: &str, error: &std::io::Error) -> Error {
    let path = path.display();
    let error = match error.kind() {
        ErrorKind::NotFound => Error::new(Code::FileNotFound, format!("there is no file {path}")),
        _ => Error::new(Code::UnreadableFile, format!("cannot read {path}: {error}")),
    };
    error.at(argument)
}
