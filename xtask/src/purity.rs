//! Finds reads of the clock and of files in shipped code, by path rather than by text.
//!
//! Used by `layers` for the crates that must stay pure: the same inputs give the same answer.

use syn::visit::{self, Visit};
use syn::{ItemFn, ItemImpl, ItemMod, ItemUse, Macro, UseTree};

use crate::source::{self, Source};

/// Path pieces that must not occur, and why.
const BANNED: &[(&[&str], &str)] = &[
    (&["SystemTime", "now"], CLOCK),
    (&["Instant", "now"], CLOCK),
    (&["Zoned", "now"], CLOCK),
    (&["Timestamp", "now"], CLOCK),
    (&["TimeZone", "system"], "the zone is the workspace's and comes in as an argument"),
    (&["std", "fs"], "reading and writing files is the store's"),
];
const CLOCK: &str = "the date comes in as an argument, the clock is read at the edge";

/// A banned path in shipped code.
#[derive(Debug, PartialEq, Eq)]
pub struct Impurity {
    pub line: usize,
    pub path: String,
    pub reason: &'static str,
}

/// Every banned path outside of tests.
pub fn impurities(source: &Source) -> Vec<Impurity> {
    let mut finder = Finder::default();
    if !source.test_only {
        finder.visit_file(&source.syntax);
    }
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Impurity>,
}

impl Finder {
    fn check(&mut self, path: &[String], line: usize) {
        for (banned, reason) in BANNED {
            if path.windows(banned.len()).any(|window| window == *banned) {
                self.found.push(Impurity { line, path: banned.join("::"), reason });
            }
        }
    }

    fn check_use(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.check_use(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.check(&with(&name.ident), name.ident.span().start().line),
            UseTree::Rename(name) => self.check(&with(&name.ident), name.ident.span().start().line),
            UseTree::Glob(glob) => self.check(before, glob.star_token.spans[0].start().line),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.check_use(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !source::is_test_only(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !source::is_test_only(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        if !source::is_test_only(&block.attrs) {
            visit::visit_item_impl(self, block);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !source::is_test_only(&item.attrs) {
            self.check_use(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        self.check(&names, line);
        visit::visit_path(self, path);
    }

    /// What a macro is given is no syntax tree yet, so its paths are found in its text.
    fn visit_macro(&mut self, call: &'ast Macro) {
        let text = call.tokens.to_string().replace(' ', "");
        let line = call.path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let names: Vec<String> = word.split("::").map(str::to_owned).collect();
            self.check(&names, line);
        }
        visit::visit_macro(self, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        let syntax = syn::parse_file(text).unwrap();
        let source = Source { name: "lib.rs".to_owned(), syntax, test_only: false };
        impurities(&source).into_iter().map(|impurity| (impurity.line, impurity.path)).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let expected: Vec<(usize, String)> =
            expected.iter().map(|(line, path)| (*line, (*path).to_owned())).collect();
        assert_eq!(found(text), expected, "{text}");
    }

    #[test]
    fn the_clock_is_found() {
        check("fn f() {\n    std::time::SystemTime::now();\n}", &[(2, "SystemTime::now")]);
        check("fn f() { let t = Instant::now(); }", &[(1, "Instant::now")]);
        check("fn f() -> Zoned { jiff::Zoned::now() }", &[(1, "Zoned::now")]);
        check("const F: fn() -> Timestamp = Timestamp::now;", &[(1, "Timestamp::now")]);
        check("fn f() { println!(\"{}\", Timestamp::now()); }", &[(1, "Timestamp::now")]);
    }

    #[test]
    fn files_are_found() {
        check("use std::fs;", &[(1, "std::fs")]);
        check("use std::{fmt,\n fs::File, io};", &[(2, "std::fs")]);
        check("use std::fs::*;", &[(1, "std::fs")]);
        check("fn f() { std::fs::read(p); }", &[(1, "std::fs")]);
    }

    #[test]
    fn tests_and_likenesses_are_left_alone() {
        check("#[cfg(test)] mod tests { use std::fs; fn f() { Instant::now(); } }", &[]);
        check("#[test] fn f() { Instant::now(); }", &[]);
        check("#[cfg(test)] use std::fs;", &[]);
        check("// Instant::now\nfn f() { now(); fs::read(); Instant::later(); \"std::fs\"; }", &[]);
    }
}
