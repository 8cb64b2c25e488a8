//! `cargo xtask openapi`: the committed `openapi.json` is what the server serves.
//!
//! The document is the contract between server and console; a change to it belongs in the same commit.

use std::fs;

use crate::repo;
use crate::report::{Outcome, Report, Violation};

const FILE: &str = "openapi.json";

/// Writes the document.
pub fn write() -> Outcome {
    let document = generate()?;
    let path = repo::root().join(FILE);
    fs::write(path, &document).map_err(|error| format!("cannot write {FILE}: {error}"))?;
    Ok(Report {
        summary: format!("wrote {FILE}, {} lines", document.lines().count()),
        violations: Vec::new(),
    })
}

/// Compares the document with the committed one.
pub fn check() -> Outcome {
    let generated = generate()?;
    let committed = fs::read_to_string(repo::root().join(FILE)).unwrap_or_default();
    let drift = first_difference(&committed, &generated);
    let summary = format!("{FILE}, {} lines", generated.lines().count());
    Ok(Report { summary, violations: drift.into_iter().collect() })
}

fn generate() -> Result<String, String> {
    let document = repo::cargo(&["run", "--quiet", "--package", "weir", "--", "openapi"])?;
    let document = document.trim_end();
    if !document.starts_with('{') {
        return Err("`weir openapi` printed no JSON object".to_owned());
    }
    Ok(format!("{document}\n"))
}

fn first_difference(committed: &str, generated: &str) -> Option<Violation> {
    let (mut old, mut new) = (committed.lines(), generated.lines());
    for line in 1.. {
        let (old, new) = (old.next(), new.next());
        if old != new {
            return Some(drift(line, old, new));
        }
        if old.is_none() {
            break;
        }
    }
    None
}

fn drift(line: usize, committed: Option<&str>, generated: Option<&str>) -> Violation {
    let show = |line: Option<&str>| line.map_or("(nothing)".to_owned(), |text| text.trim().to_owned());
    let (committed, generated) = (show(committed), show(generated));
    let reason = format!(
        "committed and served documents differ\n  committed: {committed}\n  served:    {generated}\n  \
         refresh with `cargo xtask openapi` and commit {FILE}"
    );
    Violation::new("drift", format!("{FILE}:{line}"), reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_place(committed: &str, generated: &str, expected: Option<&str>) {
        let place = first_difference(committed, generated).map(|violation| violation.place);
        assert_eq!(place.as_deref(), expected);
    }

    #[test]
    fn the_first_differing_line_is_named() {
        check_place("{\n}\n", "{\n}\n", None);
        check_place("", "", None);
        check_place("{\n \"a\": 1\n}\n", "{\n \"a\": 2\n}\n", Some("openapi.json:2"));
        check_place("{\n", "{\n}\n", Some("openapi.json:2"));
        check_place("{\n}\nmore\n", "{\n}\n", Some("openapi.json:3"));
        check_place("", "{}\n", Some("openapi.json:1"));
    }

    #[test]
    fn drift_says_how_to_refresh() {
        let reason = drift(1, None, Some("{")).reason;
        assert!(reason.contains("(nothing)") && reason.contains("cargo xtask openapi"), "{reason}");
    }
}
