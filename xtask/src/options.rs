//! `--name value` pairs of the chores that have any, and the binary they drive.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use serde_json::Value;
use tempfile::TempDir;

use crate::repo;

/// What was given, by name.
#[derive(Debug)]
pub struct Options(BTreeMap<String, String>);

impl Options {
    /// Reads pairs; only the names of `known` are allowed.
    pub fn read(words: &[&str], known: &[&str]) -> Result<Options, String> {
        let mut given = BTreeMap::new();
        for pair in words.chunks(2) {
            let name = pair[0].strip_prefix("--").filter(|name| known.contains(name));
            let name =
                name.ok_or_else(|| format!("unknown option {}; known: --{}", pair[0], known.join(" --")))?;
            let value = pair.get(1).ok_or_else(|| format!("--{name} needs a value"))?;
            given.insert(name.to_owned(), (*value).to_owned());
        }
        Ok(Options(given))
    }

    /// Value of an option, or what it is without.
    pub fn value<T: FromStr>(&self, name: &str, otherwise: T) -> Result<T, String> {
        match self.0.get(name) {
            None => Ok(otherwise),
            Some(text) => text.parse().map_err(|_| format!("--{name} {text}: not a value it can have")),
        }
    }

    /// A folder for the data, gone at the end: below the one that `--scratch` names, else where temporary files are.
    pub fn scratch(&self) -> Result<TempDir, String> {
        let folder = self.0.get("scratch").map_or_else(std::env::temp_dir, PathBuf::from);
        tempfile::tempdir_in(&folder).map_err(|error| format!("no folder in {}: {error}", folder.display()))
    }

    /// The weir binary: what `--binary` names, else a build of this checkout.
    pub fn binary(&self) -> Result<PathBuf, String> {
        match self.0.get("binary") {
            Some(path) => std::path::absolute(path).map_err(|error| format!("--binary {path}: {error}")),
            None => build(),
        }
    }
}

/// Builds the binary with the everyday profile and answers where it is.
fn build() -> Result<PathBuf, String> {
    let messages = repo::cargo(&[
        "build",
        "--quiet",
        "--package",
        "weir",
        "--message-format",
        "json-render-diagnostics",
    ])?;
    let mut executable = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_weir = message["target"]["name"] == "weir";
        message["executable"].as_str().filter(|_| is_weir).map(PathBuf::from)
    });
    executable.next_back().ok_or_else(|| "cargo build named no binary".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_and_anything_else_is_refused() {
        let options = Options::read(&["--kills", "3"], &["kills", "seed"]).unwrap();
        assert_eq!(options.value("kills", 10), Ok(3));
        assert_eq!(options.value("seed", 7_u64), Ok(7));
        let unreadable = Options::read(&["--kills", "many"], &["kills"]).unwrap();
        assert!(unreadable.value("kills", 10).is_err());
        for words in [&["--kill", "3"][..], &["kills", "3"], &["--kills"]] {
            assert!(Options::read(words, &["kills"]).is_err(), "{words:?}");
        }
    }
}
