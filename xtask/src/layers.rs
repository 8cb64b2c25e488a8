//! `cargo xtask layers`: no arrow of the architecture points upwards.
//!
//! The manifests decide who may know whom, so the tables below are the architecture in the form a machine
//! reads. Dependencies for tests count like all others. A new crate gets a row in [`ALLOWED`] first.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::purity;
use crate::repo;
use crate::report::{Outcome, Report, Violation};
use crate::source;

/// Crate → the workspace crates it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("weir-core", &[]),
    ("weir-engine", &["weir-core"]),
    ("weir-ingest", &["weir-core"]),
    ("weir-queue", &["weir-core"]),
    ("weir-store", &["weir-core", "weir-engine"]),
    ("weir-sql", &["weir-core", "weir-store"]),
    ("weir-deliver", &["weir-core"]),
    ("weir-demo", &["weir-core"]),
    (
        "weir-app",
        &[
            "weir-core",
            "weir-engine",
            "weir-store",
            "weir-sql",
            "weir-deliver",
            "weir-demo",
            "weir-ingest",
            "weir-queue",
        ],
    ),
    ("weir-console", &[]),
    ("weir-server", &["weir-core", "weir-app", "weir-console"]),
    ("weir-harness", &[]),
    ("weir", &["weir-core", "weir-app", "weir-server", "weir-harness"]),
    ("xtask", &["weir-harness"]),
];

/// Library family → the one crate that may name it, and why.
const ONLY_IN: &[(&str, &str, &str)] = &[
    ("rusqlite", "weir-store", "metadata can then move to another database behind one crate"),
    ("datafusion", "weir-sql", "it is the heaviest dependency; one crate waits for it"),
    ("ureq", "weir-deliver", "whatever leaves goes through one guard"),
    ("axum", "weir-server", "only the outermost crate knows the wire"),
    ("utoipa", "weir-server", "only server types are wire types"),
    ("rust-embed", "weir-console", "embedded files are compiled again with every dependency beside them"),
    ("clap", "weir", "only the binary knows its command line"),
];

/// Crate → libraries it must do without, and why.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    ("weir-core", &["tokio", "rusqlite", "memmap2", "tempfile"], "the vocabulary does no IO"),
    ("weir-engine", &["tokio"], "the engine computes; it waits for nothing"),
    ("weir-deliver", &["tokio", "rusqlite"], "a worker is plain threads over an outbox"),
    ("weir-store", &["tokio"], "the store is plain blocking code; the edge decides about threads"),
];

/// Crates whose answers depend on their arguments only.
const PURE: &[&str] = &["weir-core", "weir-engine"];

/// Names that say nothing about what is inside.
const GRAB_BAGS: &[&str] = &["common", "utils", "util", "helpers", "misc", "shared"];

/// What the rules need to know about a crate.
#[derive(Debug)]
struct Manifest {
    name: String,
    folder: PathBuf,
    dependencies: Vec<String>,
}

/// Checks every rule against the workspace as it is.
pub fn run() -> Outcome {
    let manifests = read_manifests(&repo::cargo(&["metadata", "--no-deps", "--format-version", "1"])?)?;
    let mut violations = check_manifests(&manifests);
    for manifest in &manifests {
        violations.extend(check_sources(manifest)?);
    }
    let arrows: usize = manifests.iter().map(|manifest| workspace_dependencies(manifest).count()).sum();
    let summary = format!("{} crates, {arrows} arrows between them", manifests.len());
    Ok(Report { summary, violations })
}

fn read_manifests(metadata: &str) -> Result<Vec<Manifest>, String> {
    let metadata: Value =
        serde_json::from_str(metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    packages.iter().map(read_manifest).collect()
}

fn read_manifest(package: &Value) -> Result<Manifest, String> {
    let name = package["name"].as_str().ok_or("cargo metadata: a package without name")?;
    let path = package["manifest_path"].as_str().ok_or("cargo metadata: a package without path")?;
    let folder = Path::new(path).parent().unwrap_or(Path::new("")).to_path_buf();
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let dependencies = dependencies.filter_map(|dependency| dependency["name"].as_str()).map(str::to_owned);
    Ok(Manifest { name: name.to_owned(), folder, dependencies: dependencies.collect() })
}

fn check_manifests(manifests: &[Manifest]) -> Vec<Violation> {
    let rules = [check_name, check_arrows, check_exclusive, check_forbidden];
    manifests.iter().flat_map(|manifest| rules.iter().flat_map(move |rule| rule(manifest))).collect()
}

fn check_name(manifest: &Manifest) -> Vec<Violation> {
    let vague = manifest.name.split(['-', '_']).find(|word| GRAB_BAGS.contains(word));
    let reason = |word| format!("a crate called `{word}` attracts everything; name what it holds");
    vague.map(|word| Violation::new("name", &manifest.name, reason(word))).into_iter().collect()
}

fn check_arrows(manifest: &Manifest) -> Vec<Violation> {
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == manifest.name) else {
        let reason = "not in the table of layers; give it a row in xtask/src/layers.rs";
        return vec![Violation::new("layer", &manifest.name, reason)];
    };
    let upward = workspace_dependencies(manifest).filter(|name| !allowed.contains(name));
    upward.map(|name| Violation::new("layer", &manifest.name, arrow_reason(name, allowed))).collect()
}

fn arrow_reason(name: &str, allowed: &[&str]) -> String {
    let allowed = if allowed.is_empty() { "no crate of ours".to_owned() } else { allowed.join(", ") };
    format!("must not depend on {name}; it may know {allowed}")
}

fn workspace_dependencies(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let ours = |name: &&str| *name == "xtask" || in_family(name, "weir");
    manifest.dependencies.iter().map(String::as_str).filter(ours)
}

fn check_exclusive(manifest: &Manifest) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (family, owner, reason) in ONLY_IN.iter().filter(|(_, owner, _)| *owner != manifest.name) {
        for name in manifest.dependencies.iter().filter(|name| in_family(name, family)) {
            let text = format!("{name} belongs to {owner} alone: {reason}");
            violations.push(Violation::new("exclusive", &manifest.name, text));
        }
    }
    violations
}

fn check_forbidden(manifest: &Manifest) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (_, libraries, reason) in FORBIDDEN.iter().filter(|(name, _, _)| *name == manifest.name) {
        for name in manifest.dependencies.iter().filter(|name| libraries.contains(&name.as_str())) {
            let text = format!("must do without {name}: {reason}");
            violations.push(Violation::new("forbidden", &manifest.name, text));
        }
    }
    violations
}

/// `datafusion` and `datafusion-functions-json` are one family, `datafusionish` is not.
fn in_family(name: &str, family: &str) -> bool {
    let rest = name.strip_prefix(family);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn check_sources(manifest: &Manifest) -> Result<Vec<Violation>, String> {
    let mut violations = check_crate_doc(manifest)?;
    if PURE.contains(&manifest.name.as_str()) {
        violations.extend(check_purity(manifest)?);
    }
    Ok(violations)
}

fn check_crate_doc(manifest: &Manifest) -> Result<Vec<Violation>, String> {
    let mut violations = Vec::new();
    for entry in ["src/lib.rs", "src/main.rs"].map(|entry| manifest.folder.join(entry)) {
        if entry.is_file() && !opens_with_doc(&repo::read(&entry)?) {
            let place = repo::relative(&entry, &repo::root());
            let reason = "open with a `//!` line: what the crate is and what it is not";
            violations.push(Violation::new("crate doc", place, reason));
        }
    }
    Ok(violations)
}

fn opens_with_doc(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    first.strip_prefix("//!").is_some_and(|doc| !doc.trim().is_empty())
}

fn check_purity(manifest: &Manifest) -> Result<Vec<Violation>, String> {
    let sources = source::read_all(&[manifest.folder.join("src")])?;
    let mut violations = Vec::new();
    for source in &sources {
        for impurity in purity::impurities(source) {
            let place = format!("{}:{}", source.name, impurity.line);
            let text = format!("{} in {}: {}", impurity.path, manifest.name, impurity.reason);
            violations.push(Violation::new("purity", place, text));
        }
    }
    Ok(violations)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, dependencies: &[&str]) -> Manifest {
        let dependencies = dependencies.iter().map(|&name| name.to_owned()).collect();
        Manifest { name: name.to_owned(), folder: PathBuf::new(), dependencies }
    }

    #[track_caller]
    fn check(name: &str, dependencies: &[&str], expected: &[&str]) {
        let violations = check_manifests(&[manifest(name, dependencies)]);
        let told: Vec<String> = violations.iter().map(|v| format!("{}: {}", v.rule, v.reason)).collect();
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told:?} should start with {expected:?}");
        }
    }

    #[test]
    fn the_architecture_as_designed_passes() {
        check("weir-core", &["serde", "jiff"], &[]);
        check("weir-engine", &["weir-core", "roaring", "proptest"], &[]);
        check("weir-store", &["weir-core", "weir-engine", "rusqlite", "tempfile"], &[]);
        check("weir-sql", &["weir-core", "weir-store", "datafusion", "datafusion-functions-json"], &[]);
        check("weir-deliver", &["weir-core", "ureq", "parquet"], &[]);
        check("weir-app", &["weir-core", "weir-engine", "weir-store", "weir-sql", "weir-deliver"], &[]);
        check("weir-console", &["rust-embed"], &[]);
        check(
            "weir-server",
            &["weir-core", "weir-app", "weir-console", "axum", "utoipa", "utoipa-axum"],
            &[],
        );
        check("weir", &["weir-core", "weir-app", "weir-server", "clap", "tokio"], &[]);
        check("xtask", &["syn"], &[]);
    }

    #[test]
    fn an_upward_arrow_fails() {
        check(
            "weir-core",
            &["weir-engine"],
            &["layer: must not depend on weir-engine; it may know no crate"],
        );
        check(
            "weir-sql",
            &["weir-engine"],
            &["layer: must not depend on weir-engine; it may know weir-core,"],
        );
        check(
            "weir-deliver",
            &["weir-store"],
            &["layer: must not depend on weir-store; it may know weir-core"],
        );
        check("weir-console", &["weir-core"], &["layer: "]);
        check("weir-server", &["weir-store", "weir"], &["layer: ", "layer: must not depend on weir;"]);
        check("xtask", &["weir-core"], &["layer: "]);
    }

    #[test]
    fn a_library_has_one_home() {
        check("weir-app", &["rusqlite"], &["exclusive: rusqlite belongs to weir-store alone"]);
        check("weir-store", &["datafusion"], &["exclusive: datafusion belongs to weir-sql alone"]);
        check("weir-app", &["datafusion-functions-json"], &["exclusive: datafusion-functions-json"]);
        check("weir", &["axum", "utoipa"], &["exclusive: axum", "exclusive: utoipa"]);
        check("weir-app", &["ureq"], &["exclusive: ureq belongs to weir-deliver alone"]);
        check("weir-server", &["clap"], &["exclusive: clap belongs to weir alone"]);
        check("weir-app", &["axumatic", "clapper"], &[]);
    }

    #[test]
    fn pure_crates_do_without_io() {
        check("weir-core", &["tokio", "tempfile"], &["forbidden: must do without tokio", "forbidden: "]);
        check("weir-engine", &["tokio"], &["forbidden: "]);
        check("weir-store", &["tokio", "memmap2"], &["forbidden: "]);
    }

    #[test]
    fn a_new_crate_needs_a_row_and_a_telling_name() {
        check("weir-models", &[], &["layer: not in the table"]);
        check("weir-common", &[], &["name: ", "layer: "]);
        check("weir_utils", &[], &["name: ", "layer: "]);
    }

    #[test]
    fn metadata_is_read_with_all_kinds_of_dependencies() {
        let text = r#"{"packages":[{"name":"weir","manifest_path":"a/weir/Cargo.toml","dependencies":[
            {"name":"clap","kind":null},{"name":"tempfile","kind":"dev"},{"name":"cc","kind":"build"}]}]}"#;
        let manifests = read_manifests(text).unwrap();
        assert_eq!(manifests[0].folder, Path::new("a/weir"));
        assert_eq!(manifests[0].dependencies, ["clap", "tempfile", "cc"]);
        assert!(read_manifests("{}").is_err());
    }

    #[test]
    fn a_crate_opens_with_its_doc() {
        assert!(opens_with_doc("//! What it is.\nmod a;"));
        assert!(!opens_with_doc("//!\nmod a;"));
        assert!(!opens_with_doc("mod a;\n//! late"));
        assert!(!opens_with_doc(""));
    }
}
