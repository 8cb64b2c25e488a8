//! `cargo xtask tidy`: repository rules that neither the compiler nor clippy knows.
//!
//! A rule is one small function from the tree to its violations, and one line in [`RULES`].

use std::fs;
use std::path::{Path, PathBuf};

use crate::repo;
use crate::report::{Outcome, Report, Violation};

/// Longer files are split by noun.
const LONGEST_FILE: usize = 900;

/// Larger files do not belong in git.
const LARGEST_FILE: u64 = 1_000_000;

/// Where an open end could hide: what people write by hand, except prose.
const CODE: &[&str] = &["rs", "toml", "sh", "py", "sql", "yaml", "yml", "js", "ts", "svelte", "css"];

/// Spelled in two halves, so that this file does not hold what it looks for.
const OPEN_ENDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
const IGNORED_TEST: &str = concat!("#[", "ignore");
const HOMES: &[&str] = &[concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/ro", "ot/")];

const RULES: &[fn(&Tree) -> Vec<Violation>] =
    &[long_files, large_files, ignored_tests, open_ends, home_paths, dead_links];

/// A file of the repository; no text if it is binary.
struct File {
    name: String,
    size: u64,
    text: Option<String>,
}

struct Tree {
    root: PathBuf,
    files: Vec<File>,
}

/// Checks every rule against the files that git tracks or would track.
pub fn run() -> Outcome {
    let tree = read_tree(repo::root(), &repo::tracked_files()?)?;
    let violations = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    Ok(Report { summary: format!("{} files, {} rules", tree.files.len(), RULES.len()), violations })
}

fn read_tree(root: PathBuf, names: &[String]) -> Result<Tree, String> {
    let present = names.iter().filter(|name| root.join(name).is_file());
    let files = present.map(|name| read_file(&root, name)).collect::<Result<Vec<_>, _>>()?;
    Ok(Tree { root, files })
}

fn read_file(root: &Path, name: &str) -> Result<File, String> {
    let bytes = fs::read(root.join(name)).map_err(|error| format!("cannot read {name}: {error}"))?;
    let size = bytes.len() as u64;
    Ok(File { name: name.to_owned(), size, text: String::from_utf8(bytes).ok() })
}

impl File {
    fn has_extension(&self, wanted: &[&str]) -> bool {
        let extension = Path::new(&self.name).extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| wanted.contains(&extension))
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.iter().flat_map(|text| text.lines()).enumerate().map(|(index, line)| (index + 1, line))
    }
}

impl Tree {
    fn with_extension<'a>(&'a self, wanted: &'a [&str]) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(|file| file.has_extension(wanted))
    }
}

fn long_files(tree: &Tree) -> Vec<Violation> {
    let lengths = tree.with_extension(&["rs"]).map(|file| (file, file.lines().count()));
    let long = lengths.filter(|(_, lines)| *lines > LONGEST_FILE);
    let reason = |lines| format!("{lines} lines, at most {LONGEST_FILE}; split it by noun");
    long.map(|(file, lines)| Violation::new("long file", &file.name, reason(lines))).collect()
}

fn large_files(tree: &Tree) -> Vec<Violation> {
    let large = tree.files.iter().filter(|file| file.size > LARGEST_FILE);
    let reason = |size| format!("{size} bytes, at most {LARGEST_FILE}; generate or fetch it instead");
    large.map(|file| Violation::new("large file", &file.name, reason(file.size))).collect()
}

fn ignored_tests(tree: &Tree) -> Vec<Violation> {
    let reason = "a test that never runs proves nothing; mend it, or say at run time why it is skipped";
    lines_with(tree, &["rs"], |line| line.contains(IGNORED_TEST), "ignored test", reason)
}

fn open_ends(tree: &Tree) -> Vec<Violation> {
    let is_open = |line: &str| OPEN_ENDS.iter().any(|mark| has_word(line, mark));
    lines_with(tree, CODE, is_open, "open end", "finish it, or open an issue and leave the mark out")
}

fn home_paths(tree: &Tree) -> Vec<Violation> {
    let is_path = |line: &str| HOMES.iter().any(|home| has_absolute(line, home));
    let mut violations = Vec::new();
    for file in &tree.files {
        for (line, _) in file.lines().filter(|(_, line)| is_path(line)) {
            let place = format!("{}:{line}", file.name);
            violations.push(Violation::new("home path", place, "exists on one machine only"));
        }
    }
    violations
}

fn lines_with(
    tree: &Tree,
    extensions: &[&str],
    matches: impl Fn(&str) -> bool,
    rule: &'static str,
    reason: &str,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.with_extension(extensions) {
        for (line, _) in file.lines().filter(|(_, line)| matches(line)) {
            violations.push(Violation::new(rule, format!("{}:{line}", file.name), reason));
        }
    }
    violations
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|found| found == word)
}

/// `prefix` at the start of a path, not inside a longer one such as a URL.
fn has_absolute(line: &str, prefix: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "_-.:/}".contains(c);
    line.match_indices(prefix).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + prefix.len()..].chars().next();
        !before.is_some_and(inside) && after.is_some_and(|c| c.is_alphanumeric() || c == '.')
    })
}

fn dead_links(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.with_extension(&["md"]) {
        for (line, target) in links(file) {
            if !resolves(&tree.root, &file.name, &target) {
                let place = format!("{}:{line}", file.name);
                violations.push(Violation::new("dead link", place, format!("no such file: {target}")));
            }
        }
    }
    violations
}

/// Relative link targets of a Markdown file, with their lines; fenced code is skipped.
fn links(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(targets(line).into_iter().map(|target| (number, target)));
        }
    }
    found
}

/// `[text](target)`, `[text](target "title")` and `[text]: target`; inline code is skipped.
fn targets(line: &str) -> Vec<String> {
    let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
    let mut found: Vec<&str> = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let definition = prose.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
    found.extend(definition.map(|(_, target)| target));
    found.into_iter().filter_map(local_part).collect()
}

/// The file a link names; nothing for other sites and places within the page.
fn local_part(target: &str) -> Option<String> {
    let target = target.split_whitespace().next()?.trim_matches(['<', '>']);
    let elsewhere = target.contains("://") || target.starts_with("mailto:");
    let path = target.split('#').next().unwrap_or("");
    (!elsewhere && !path.is_empty()).then(|| path.to_owned())
}

fn resolves(root: &Path, from: &str, target: &str) -> bool {
    let folder = root.join(from).parent().unwrap_or(root).to_path_buf();
    match target.strip_prefix('/') {
        Some(from_root) => root.join(from_root).exists(),
        None => folder.join(target).exists(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(name: &str, text: &str) -> Tree {
        let file = File { name: name.to_owned(), size: text.len() as u64, text: Some(text.to_owned()) };
        Tree { root: repo::root(), files: vec![file] }
    }

    #[track_caller]
    fn check(rule: fn(&Tree) -> Vec<Violation>, name: &str, text: &str, places: &[&str]) {
        let found: Vec<String> = rule(&tree(name, text)).into_iter().map(|v| v.place).collect();
        assert_eq!(found, places, "{name}: {text:.80}");
    }

    #[test]
    fn long_and_large_files_are_listed() {
        check(long_files, "a.rs", &"\n".repeat(LONGEST_FILE), &[]);
        check(long_files, "a.rs", &"\n".repeat(LONGEST_FILE + 1), &["a.rs"]);
        check(long_files, "a.csv", &"\n".repeat(LONGEST_FILE + 1), &[]);
        check(large_files, "a.csv", &"x".repeat(1_000_000), &[]);
        check(large_files, "a.csv", &"x".repeat(1_000_001), &["a.csv"]);
    }

    #[test]
    fn ignored_tests_and_open_ends_are_found() {
        check(ignored_tests, "a.rs", &format!("\n{IGNORED_TEST} = \"slow\"]"), &["a.rs:2"]);
        check(open_ends, "a.sh", &format!("# {}: later", OPEN_ENDS[0]), &["a.sh:1"]);
        check(open_ends, "a.rs", &format!("MAS{} {}_LIST", OPEN_ENDS[0], OPEN_ENDS[1]), &[]);
    }

    #[test]
    fn home_paths_are_found_and_urls_are_not() {
        for home in HOMES {
            check(home_paths, "a.md", &format!("see {home}someone/x"), &["a.md:1"]);
            check(home_paths, "a.md", &format!("https://example.org{home}x and web{home}x, {home}"), &[]);
        }
    }

    #[test]
    fn dead_links_are_found() {
        check(dead_links, "README.md", "[a](Cargo.toml) [b](xtask/src/tidy.rs#L1 \"t\") [c](#here)", &[]);
        check(dead_links, "README.md", "[a](https://example.org/x) `[b](nowhere)` [c](/LICENSE)", &[]);
        check(dead_links, "xtask/README.md", "[a](../Cargo.toml)\n\n[b](Cargo.lock)", &["xtask/README.md:3"]);
        check(dead_links, "README.md", "```\n[a](nowhere)\n```\n[b]: nowhere", &["README.md:4"]);
    }
}
