//! Written fixtures: a small world and questions about it, with the answers, as a text that a reader can check.
//!
//! ```text
//! # a comment; a line that starts with a blank continues the one above
//! zone Europe/London                                   default UTC
//! policy joining=phone unique=email cap=3
//! shop s1 brand=lanhe                                  catalogue: also brand, category, channel, with parent=
//! event a 2024-11-01T10:00 purchase shop=s1 amount=12.5 order=o1 color="red"     other keys are properties, in JSON
//! link a email:a@b.cn 2024-11-01T10:00 alias           time and `alias` may be missing
//! tag a gender="f" 2024-11-01                          the value in JSON; a list is multi-value; date may be missing
//! list vip a b                                         the same for `snapshot`
//! audience buyers {"did": {"behavior": ["purchase"]}}
//! model recency [{"name": "active", "when": {…}}, …]
//!
//! 2024-11-30 {"list": "vip"} => a b                    members as of a date, or `nobody`, or `error unknown_list`
//! states 2024-11-30 recency brand=lanhe => active: a, none: b c
//! flow 2024-11-01 2024-11-30 recency workspace universe => none>active 1, none>none 2, total 3, merged 0, erased 0
//! ```
//!
//! A flow is of the `universe`, of a `snapshot=NAME` (with `erased=N`), or of an expression. `a` stands for `user_id:a`.
//! Whatever can answer (the oracle, the engine) is an [`Answers`].

mod builder;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use weir_core::Result;
use weir_core::expr::{Expr, parse_expr};
use weir_core::identity::Node;
use weir_core::scope::Scope;
use weir_core::time::Day;
use weir_engine::oracle::{Flow, FlowSet, Oracle, World};

use builder::Builder;

/// Something that answers questions about a world.
pub trait Answers {
    fn members(&self, expr: &Expr, as_of: Day) -> Result<BTreeSet<Node>>;
    fn states(&self, model: &str, scope: &Scope, as_of: Day) -> Result<BTreeMap<Node, usize>>;
    fn flow(&self, set: FlowSet<'_>, model: &str, scope: &Scope, from: Day, to: Day) -> Result<Flow>;
}

impl Answers for Oracle<'_> {
    fn members(&self, expr: &Expr, as_of: Day) -> Result<BTreeSet<Node>> {
        Oracle::members(self, expr, as_of)
    }

    fn states(&self, model: &str, scope: &Scope, as_of: Day) -> Result<BTreeMap<Node, usize>> {
        Oracle::states(self, model, scope, as_of)
    }

    fn flow(&self, set: FlowSet<'_>, model: &str, scope: &Scope, from: Day, to: Day) -> Result<Flow> {
        Oracle::flow(self, set, model, scope, from, to)
    }
}

/// A world with questions.
#[derive(Debug)]
pub struct Fixture {
    pub world: World,
    pub questions: Vec<Question>,
}

/// A question with its answer, at a line of the text.
#[derive(Debug)]
pub struct Question {
    pub line: usize,
    pub asked: String,
    pub expected: String,
}

/// All written rules: the name of each file with its fixture.
pub fn rules() -> Vec<(String, Fixture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/rules");
    let files = fs::read_dir(&folder).expect("the folder of rules").flatten();
    let mut paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
    paths.sort();
    paths.iter().map(|path| read_rule(path)).collect()
}

fn read_rule(path: &Path) -> (String, Fixture) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a rule is a text");
    let fixture = Fixture::parse(&text).unwrap_or_else(|problem| panic!("{name} {problem}"));
    (name, fixture)
}

impl Fixture {
    /// Reads a fixture, or names the line it does not understand.
    pub fn parse(text: &str) -> std::result::Result<Fixture, String> {
        let mut builder = Builder::new();
        let mut questions = Vec::new();
        for (line, statement) in statements(text) {
            match statement.split_once("=>") {
                Some((asked, expected)) => {
                    let (asked, expected) = (asked.trim().to_owned(), expected.trim().to_owned());
                    questions.push(Question { line, asked, expected });
                }
                None => builder.add(&statement).ok_or_else(|| not_understood(line, &statement))?,
            }
        }
        Ok(Fixture { world: builder.finish(), questions })
    }

    /// What was answered differently, one line each.
    pub fn differences(&self, answers: &impl Answers) -> Vec<String> {
        let mut differences = Vec::new();
        for Question { line, asked, expected } in &self.questions {
            let answer = self.ask(answers, asked).unwrap_or_else(|| not_understood(*line, asked));
            if answer != *expected {
                differences.push(format!("line {line}: {asked}\n  expected {expected}\n  answered {answer}"));
            }
        }
        differences
    }

    fn ask(&self, answers: &impl Answers, asked: &str) -> Option<String> {
        let (first, rest) = asked.split_once(' ')?;
        let answer = match first {
            "states" => self.ask_states(answers, rest)?,
            "flow" => self.ask_flow(answers, rest)?,
            date => {
                let members = answers.members(&parse_expr(rest).ok()?, date.parse().ok()?);
                members.map(|members| self.names(&members))
            }
        };
        Some(answer.unwrap_or_else(|error| format!("error {}", error.code.as_str())))
    }

    fn ask_states(&self, answers: &impl Answers, asked: &str) -> Option<Result<String>> {
        let words: Vec<&str> = asked.split_whitespace().collect();
        let [date, model, scope] = words.as_slice() else { return None };
        let states = answers.states(model, &scope.parse().ok()?, date.parse().ok()?);
        Some(states.map(|states| self.states_text(model, &states)))
    }

    fn states_text(&self, model: &str, states: &BTreeMap<Node, usize>) -> String {
        let mut texts = Vec::new();
        let names = self.world.models[model].names();
        for (position, name) in names.into_iter().chain(["none"]).enumerate() {
            let inside = states.iter().filter(|(_, state)| **state == position);
            let inside: BTreeSet<Node> = inside.map(|(node, _)| *node).collect();
            if !inside.is_empty() {
                texts.push(format!("{name}: {}", self.names(&inside)));
            }
        }
        texts.join(", ")
    }

    fn ask_flow(&self, answers: &impl Answers, asked: &str) -> Option<Result<String>> {
        let words: Vec<&str> = asked.splitn(5, ' ').collect();
        let [from, to, model, scope, set] = words.as_slice() else { return None };
        let (from, to, scope): (Day, Day, Scope) =
            (from.parse().ok()?, to.parse().ok()?, scope.parse().ok()?);
        let ask = |set| Some(answers.flow(set, model, &scope, from, to).map(|flow| flow_text(&flow)));
        if *set == "universe" {
            return ask(FlowSet::Universe);
        }
        let Some(snapshot) = set.strip_prefix("snapshot=") else {
            return ask(FlowSet::Moving(&parse_expr(set).ok()?));
        };
        let (name, erased) = snapshot.split_once(" erased=").unwrap_or((snapshot, "0"));
        ask(FlowSet::Fixed { frozen: self.world.snapshots.get(name)?, erased: erased.parse().ok()? })
    }

    /// Members in the order of every listing.
    fn names(&self, members: &BTreeSet<Node>) -> String {
        let oracle = Oracle::new(&self.world);
        let name = |node: &Node| {
            let identifier = &self.world.identifiers[*node as usize];
            let is_user = identifier.kind == "user_id";
            if is_user { identifier.value.clone() } else { identifier.to_string() }
        };
        let names: Vec<String> = oracle.listing(members).iter().map(name).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(" ") }
    }
}

fn not_understood(line: usize, statement: &str) -> String {
    format!("line {line} is not understood: {statement}")
}

/// The cells that are not zero, and the sums.
fn flow_text(flow: &Flow) -> String {
    let mut texts = Vec::new();
    for (row, counts) in flow.states.iter().zip(&flow.matrix) {
        for (column, count) in flow.states.iter().zip(counts).filter(|(_, count)| **count > 0) {
            texts.push(format!("{row}>{column} {count}"));
        }
    }
    texts.push(format!("total {}, merged {}, erased {}", flow.total, flow.merged, flow.erased));
    texts.join(", ")
}

/// Lines without comments, continued ones joined, each with its number.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let content = line.trim();
        if content.is_empty() || line.starts_with('#') {
            continue;
        }
        match statements.last_mut() {
            Some((_, above)) if line.starts_with(' ') => *above = format!("{above} {content}"),
            _ => statements.push((index + 1, content.to_owned())),
        }
    }
    statements
}
