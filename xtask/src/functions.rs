//! `cargo xtask functions`: how long the functions are, and a stop when they grow.
//!
//! A length is the number of lines from `fn` to the closing brace, both included; attributes and doc
//! comments are not counted, comments inside are. Functions for tests are measured apart and stop nothing.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, ItemFn, ItemImpl, ItemMod, Signature, TraitItemFn};

use crate::report::{Outcome, Report, Violation};
use crate::source::{self, Source};

/// These thresholds only go down: a change that needs them higher is a change to split.
const LARGEST_MEDIAN: usize = 10;
const LARGEST_P99: usize = 80;

/// How many of the longest are shown.
const SHOWN: usize = 10;

#[derive(Debug)]
struct Function {
    name: String,
    file: String,
    line: usize,
    lines: usize,
    test: bool,
}

/// Measures every function of the workspace.
pub fn run() -> Outcome {
    let sources = source::read_all(&source::source_folders()?)?;
    let functions: Vec<Function> = sources.iter().flat_map(functions_of).collect();
    let (tests, mut shipped): (Vec<Function>, Vec<Function>) =
        functions.into_iter().partition(|function| function.test);
    shipped.sort_by_key(|function| std::cmp::Reverse(function.lines));
    let lengths = Lengths::of(&shipped);
    println!("{}", longest(&shipped));
    println!("tests:   {}", Lengths::of(&tests).describe());
    Ok(Report { summary: lengths.describe(), violations: check(&lengths) })
}

fn longest(functions: &[Function]) -> String {
    let row = |f: &Function| format!("{:>6}  {}:{}  {}", f.lines, f.file, f.line, f.name);
    let rows: Vec<String> = functions.iter().take(SHOWN).map(row).collect();
    format!("longest:\n{}", rows.join("\n"))
}

fn check(lengths: &Lengths) -> Vec<Violation> {
    let limits =
        [("median", lengths.percentile(50), LARGEST_MEDIAN), ("p99", lengths.percentile(99), LARGEST_P99)];
    let over = limits.into_iter().filter(|(_, value, limit)| value > limit);
    over.map(|(name, value, limit)| {
        Violation::new("length", name, format!("{value} lines, at most {limit}; split the longest above"))
    })
    .collect()
}

/// Lengths in ascending order.
struct Lengths(Vec<usize>);

impl Lengths {
    fn of(functions: &[Function]) -> Lengths {
        let mut lengths: Vec<usize> = functions.iter().map(|function| function.lines).collect();
        lengths.sort_unstable();
        Lengths(lengths)
    }

    /// Nearest rank; 0 where there is nothing.
    fn percentile(&self, percent: usize) -> usize {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or(0)
    }

    fn describe(&self) -> String {
        let [median, p90, p99, max] = [50, 90, 99, 100].map(|percent| self.percentile(percent));
        format!("{} functions, median {median}, p90 {p90}, p99 {p99}, max {max} lines", self.0.len())
    }
}

fn functions_of(source: &Source) -> Vec<Function> {
    let mut meter = Meter { file: &source.name, test: source.test_only, found: Vec::new() };
    meter.visit_file(&source.syntax);
    meter.found
}

struct Meter<'a> {
    file: &'a str,
    test: bool,
    found: Vec<Function>,
}

impl Meter<'_> {
    fn measure(&mut self, signature: &Signature, body: &Block) {
        let line = signature.fn_token.span().start().line;
        let lines = body.span().end().line - line + 1;
        let (name, file) = (signature.ident.to_string(), self.file.to_owned());
        self.found.push(Function { name, file, line, lines, test: self.test });
    }

    /// Visits what these attributes belong to, as tests if they say so.
    fn within(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let outside = self.test;
        self.test = outside || source::is_test_only(attributes);
        visit(self);
        self.test = outside;
    }
}

impl<'ast> Visit<'ast> for Meter<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.within(&module.attrs, |meter| visit::visit_item_mod(meter, module));
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        self.within(&block.attrs, |meter| visit::visit_item_impl(meter, block));
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.within(&function.attrs, |meter| {
            meter.measure(&function.sig, &function.block);
            visit::visit_item_fn(meter, function);
        });
    }

    fn visit_impl_item_fn(&mut self, method: &'ast ImplItemFn) {
        self.within(&method.attrs, |meter| {
            meter.measure(&method.sig, &method.block);
            visit::visit_impl_item_fn(meter, method);
        });
    }

    fn visit_trait_item_fn(&mut self, method: &'ast TraitItemFn) {
        if let Some(body) = &method.default {
            self.measure(&method.sig, body);
        }
        visit::visit_trait_item_fn(self, method);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str) -> Vec<(String, usize, usize, bool)> {
        let syntax = syn::parse_file(text).unwrap();
        let source = Source { name: "lib.rs".to_owned(), syntax, test_only: false };
        functions_of(&source).into_iter().map(|f| (f.name, f.line, f.lines, f.test)).collect()
    }

    #[track_caller]
    fn check_one(text: &str, line: usize, lines: usize, test: bool) {
        assert_eq!(measured(text), [("f".to_owned(), line, lines, test)], "{text}");
    }

    #[test]
    fn a_length_runs_from_fn_to_the_closing_brace() {
        check_one("fn f() {}", 1, 1, false);
        check_one("/// Doc.\n#[inline]\npub fn f() {\n    g();\n}", 3, 3, false);
        check_one("fn f(\n    a: u8,\n) {\n    // why\n    g();\n}", 1, 6, false);
        check_one("impl A {\n    fn f(&self) {\n    }\n}", 2, 2, false);
        check_one("trait A {\n    fn g();\n    fn f() {\n    }\n}", 3, 2, false);
    }

    #[test]
    fn tests_are_told_apart() {
        check_one("#[cfg(test)]\nmod tests {\n    fn f() {}\n}", 3, 1, true);
        check_one("#[test]\nfn f() {}", 2, 1, true);
        check_one("#[cfg(test)]\nimpl A {\n    fn f() {}\n}", 3, 1, true);
        assert!(measured("macro_rules! m { () => { fn f() {} } }").is_empty());
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let lengths = Lengths((1..=200).collect());
        assert_eq!([50, 90, 99, 100].map(|percent| lengths.percentile(percent)), [100, 180, 198, 200]);
        assert_eq!(Lengths(vec![7]).percentile(50), 7);
        assert_eq!(Lengths(Vec::new()).percentile(99), 0);
    }

    #[test]
    fn thresholds_stop_what_is_too_long() {
        assert!(check(&Lengths(vec![LARGEST_MEDIAN; 9])).is_empty());
        let over = check(&Lengths(vec![LARGEST_P99 + 1; 3]));
        assert_eq!(over.iter().map(|v| v.place.as_str()).collect::<Vec<_>>(), ["median", "p99"]);
    }
}
