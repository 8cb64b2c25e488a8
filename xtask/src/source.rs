//! Rust sources, parsed, with what belongs to tests told apart from what ships.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Item, ItemMod, Meta};

use crate::repo;

/// One parsed file.
pub struct Source {
    /// From the repository root, for messages.
    pub name: String,
    pub syntax: syn::File,
    /// The whole file is compiled for tests only (`#[cfg(test)] mod name;` elsewhere).
    pub test_only: bool,
}

/// Parses every `.rs` file below the given folders.
pub fn read_all(folders: &[PathBuf]) -> Result<Vec<Source>, String> {
    let root = repo::root();
    let mut paths = Vec::new();
    for folder in folders {
        collect_rust_files(folder, &mut paths)?;
    }
    paths.sort();
    let parsed = paths.iter().map(|path| parse(path, &root)).collect::<Result<Vec<_>, _>>()?;
    Ok(mark_test_only(&paths, parsed, &root))
}

/// The `src` folders of all members: `crates/*/src` and `xtask/src`.
pub fn source_folders() -> Result<Vec<PathBuf>, String> {
    let root = repo::root();
    let mut folders = vec![root.join("xtask/src")];
    for member in entries(&root.join("crates"))? {
        folders.push(member.join("src"));
    }
    Ok(folders.into_iter().filter(|folder| folder.is_dir()).collect())
}

/// Whether these attributes keep an item out of every build but the tests'.
pub fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| is_test_attribute(&attribute.meta))
}

fn is_test_attribute(meta: &Meta) -> bool {
    let last = meta.path().segments.last().map(|segment| segment.ident.to_string());
    match (last.as_deref(), meta) {
        (Some("test"), _) => true,
        (Some("cfg"), Meta::List(list)) => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test" || condition.starts_with("all(test,")
        }
        _ => false,
    }
}

fn parse(path: &Path, root: &Path) -> Result<Source, String> {
    let name = repo::relative(path, root);
    let syntax = syn::parse_file(&repo::read(path)?)
        .map_err(|error| format!("{name}:{}: {error}", error.span().start().line))?;
    let test_only = is_test_only(&syntax.attrs);
    Ok(Source { name, syntax, test_only })
}

/// Follows `#[cfg(test)] mod name;` to the file or folder it stands for.
fn mark_test_only(paths: &[PathBuf], parsed: Vec<Source>, root: &Path) -> Vec<Source> {
    let mut test_modules = BTreeSet::new();
    for (path, source) in paths.iter().zip(&parsed) {
        for module in source.syntax.items.iter().filter_map(outside_test_module) {
            let place = children_folder(path).join(module.ident.to_string());
            test_modules.insert(repo::relative(&place, root));
        }
    }
    parsed.into_iter().map(|source| mark(source, &test_modules)).collect()
}

fn mark(source: Source, test_modules: &BTreeSet<String>) -> Source {
    let below = |module: &String| {
        let rest = source.name.strip_prefix(module.as_str());
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };
    let test_only = source.test_only || test_modules.iter().any(below);
    Source { test_only, ..source }
}

fn outside_test_module(item: &Item) -> Option<&ItemMod> {
    match item {
        Item::Mod(module) if module.content.is_none() && is_test_only(&module.attrs) => Some(module),
        _ => None,
    }
}

/// Where the modules declared in a file live: beside `lib.rs`, `main.rs`, `mod.rs`; below any other.
fn children_folder(path: &Path) -> PathBuf {
    let is_root = ["lib.rs", "main.rs", "mod.rs"].iter().any(|name| path.ends_with(name));
    if is_root { path.with_file_name("") } else { path.with_extension("") }
}

fn collect_rust_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    for path in entries(folder)? {
        if path.is_dir() {
            collect_rust_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("cannot list {}: {error}", folder.display());
    let listing = fs::read_dir(folder).map_err(failed)?;
    let paths: Result<Vec<PathBuf>, _> = listing.map(|entry| entry.map(|entry| entry.path())).collect();
    paths.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes_of(item: &str) -> Vec<Attribute> {
        let file = syn::parse_file(&format!("{item} mod m {{}}")).unwrap();
        match file.items.into_iter().next() {
            Some(Item::Mod(module)) => module.attrs,
            _ => Vec::new(),
        }
    }

    #[test]
    fn test_attributes_are_told_from_others() {
        for test_only in ["#[cfg(test)]", "#[test]", "#[tokio::test]", "#[cfg(all(test, unix))]"] {
            assert!(is_test_only(&attributes_of(test_only)), "{test_only}");
        }
        for shipped in ["", "#[cfg(unix)]", "#[cfg(any(test, feature = \"x\"))]", "#[cfg(not(test))]"] {
            assert!(!is_test_only(&attributes_of(shipped)), "{shipped}");
        }
    }

    #[test]
    fn a_test_module_in_its_own_file_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("lib.rs", "mod shipped; #[cfg(test)] mod checks;");
        write("shipped.rs", "fn f() {}");
        write("checks.rs", "fn f() {}");
        let sources = read_all(&[folder.path().to_path_buf()]).unwrap();
        let marked: Vec<bool> = sources.iter().map(|source| source.test_only).collect();
        assert_eq!(marked, [true, false, false], "checks.rs, lib.rs, shipped.rs");
    }

    #[test]
    fn a_syntax_error_names_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("lib.rs"), "fn f() {}\nfn {}\n").unwrap();
        let problem = read_all(&[folder.path().to_path_buf()]).err().unwrap();
        assert!(problem.contains("lib.rs:2: "), "{problem}");
    }
}
