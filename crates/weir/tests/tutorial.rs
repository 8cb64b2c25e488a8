//! The tutorial as its reader would walk it: every command is run, and what it prints is compared with what the page says.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

const TUTORIAL: &str = include_str!("../../../docs/tutorial.md");

/// Commands, and what they print.
struct Step<'a> {
    commands: &'a str,
    printed: &'a str,
}

/// The blocks of shell commands, each with the block of text that follows it, if one does.
fn steps(page: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in page.split("```sh\n").skip(1) {
        let (commands, after) = part.split_once("```\n").unwrap();
        let text = after.strip_prefix("\n```text\n").and_then(|text| text.split_once("```"));
        steps.push(Step { commands, printed: text.map_or("", |(text, _)| text) });
    }
    steps
}

/// What differs from run to run is left out: how long it took, and the folder.
fn told(output: &str, folder: &Path) -> String {
    let output = output.replace(&format!("{}/", folder.display()), "");
    let mut lines = Vec::new();
    for line in output.lines() {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for i in 0..words.len().saturating_sub(2) {
            let is_unit = ["µs", "ms", "s"].iter().any(|unit| words[i + 2].trim_end_matches(';') == *unit);
            if words[i] == "in" && is_unit && words[i + 1].parse::<f64>().is_ok() {
                "…".clone_into(&mut words[i + 1]);
                "ms".clone_into(&mut words[i + 2]);
            }
        }
        lines.push(words.join(" ").trim_end().to_owned());
    }
    lines.join("\n")
}

#[test]
fn every_command_prints_what_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().canonicalize().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_weir")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let steps = steps(TUTORIAL);
    assert!(steps.len() > 10, "the page has its commands in blocks marked sh");
    for Step { commands, printed } in steps {
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", commands]).current_dir(&place).env("PATH", &path);
        for name in ["WEIR_DATA", "WEIR_LOG", "WEIR_ALLOW_NETWORKS", "COLUMNS"] {
            shell.env_remove(name);
        }
        let run = shell.output().unwrap();
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success() && stderr.is_empty(), "{commands}\n{stderr}");
        let stdout = String::from_utf8(run.stdout).unwrap();
        assert_eq!(told(&stdout, &place), printed.trim_end(), "{commands}");
    }
}
