//! Examples: documents that say what a folder's definitions must make of a few made-up consumers.
//!
//! ```yaml
//! kind: test
//! name: staff are left out
//! as_of: 2024-11-30
//! consumers:
//!   ada: {events: [{time: "2024-11-02 10:00", behavior: impression, channel: feed_ads}], tags: {gender: female}}
//!   bob: {events: [{time: "2024-11-03", behavior: view}], lists: [staff]}
//! expect:
//!   - {audience: exposed_not_bought, members: [ada]}
//!   - {model: pno, scope: {workspace: true}, states: {ada: potential, bob: potential}}
//! ```
//!
//! Each document gets a data directory of its own, filled by the same imports as any other, and only the definitions that
//! its expectations need. So nothing here says again what an audience means.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use weir_core::expr::{Expr, each_name, parse_value};
use weir_core::list::Upload;
use weir_core::scope::Scope;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use super::file::{self, Document};
use crate::app::{App, Workspace};
use crate::eval::EvalOptions;
use crate::import::{EventImport, ListImport, Silent, TagImport};

/// What became of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// The file it stands in.
    pub file: PathBuf,
    /// How many expectations it has.
    pub expectations: usize,
    /// Those that do not hold, each said in a sentence, with its place.
    pub failures: Vec<Failure>,
}

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// JSON pointer into the document.
    pub at: String,
    /// What is expected and what is.
    pub message: String,
}

/// A document as it was written.
struct Written {
    name: String,
    file: PathBuf,
    as_of: Day,
    settings: Vec<(&'static str, String)>,
    consumers: Map<String, Value>,
    expectations: Vec<Expectation>,
}

struct Expectation {
    as_of: Option<Day>,
    of: Of,
}

enum Of {
    Members(Expr, BTreeSet<String>),
    States { model: String, scope: Scope, states: BTreeMap<String, String> },
}

/// Runs every document of kind `test` in a folder against the definitions of that folder.
pub fn test_folder(dir: &Path) -> Result<Vec<Example>> {
    let written = file::read_values(dir)?;
    let (tests, definitions): (Vec<_>, Vec<_>) = written.into_iter().partition(|(_, value)| is_test(value));
    if tests.is_empty() {
        return Err(Error::new(
            Code::FileNotFound,
            format!("{} holds no document of kind test", dir.display()),
        )
        .help("write one: kind, name, as_of, consumers, expect; see docs/as-code.md"));
    }
    tests
        .iter()
        .map(|(path, value)| {
            let test = read(value, path).map_err(|error| file::in_file(path, error))?;
            let documents = needed(&definitions, &test)?;
            test.run(documents).map_err(|error| file::in_file(path, error))
        })
        .collect()
}

/// Whether a document is a test and no definition.
pub(super) fn is_test(value: &Value) -> bool {
    value["kind"] == "test"
}

/// The definitions that a document's expectations name, and those that these name.
fn needed(definitions: &[(PathBuf, Value)], test: &Written) -> Result<Vec<Document>> {
    let mut left: Vec<Document> = definitions
        .iter()
        .map(|(path, value)| file::document(value, path).map_err(|error| file::in_file(path, error)))
        .collect::<Result<_>>()?;
    let mut wanted: Vec<(&'static str, String)> =
        test.expectations.iter().flat_map(Expectation::names).collect();
    let mut found = Vec::new();
    while let Some((kind, name)) = wanted.pop() {
        if let Some(at) = left.iter().position(|doc| doc.kind().name() == kind && doc.name == name) {
            let document = left.remove(at);
            let mut note = |noun: &'static str, name: &str| wanted.push((noun, name.to_owned()));
            document.body.expressions().into_iter().for_each(|expr| each_name(&expr, &mut note));
            found.push(document);
        }
    }
    Ok(found)
}

impl Expectation {
    fn names(&self) -> Vec<(&'static str, String)> {
        match &self.of {
            Of::States { model, .. } => vec![("state_model", model.clone())],
            Of::Members(expr, _) => {
                let mut names = Vec::new();
                each_name(expr, &mut |noun, name| names.push((noun, name.to_owned())));
                names
            }
        }
    }
}

impl Written {
    fn run(&self, documents: Vec<Document>) -> Result<Example> {
        let folder = tempfile::tempdir().map_err(|error| Error::io("making a folder", &error))?;
        let workspace = App::open(&folder.path().join("data"))?.create_workspace("test")?;
        for (key, value) in &self.settings {
            workspace.set(key, value)?;
        }
        self.fill(&workspace, folder.path())?;
        let computed = documents.iter().filter(|document| document.is_computed());
        let computed: Vec<String> = computed.map(|document| document.name.clone()).collect();
        workspace.put(documents)?;
        for tag in &computed {
            workspace.compute_tag(tag, &self.dates(), &Silent)?;
        }
        let mut failures = Vec::new();
        for (i, expectation) in self.expectations.iter().enumerate() {
            let as_of = expectation.as_of.unwrap_or(self.as_of);
            let message = expectation.of.check(&workspace, as_of);
            let message = message.map_err(|error| error.under(&format!("/expect/{i}")))?;
            failures.extend(message.map(|message| Failure { at: format!("/expect/{i}"), message }));
        }
        let (name, file) = (self.name.clone(), self.file.clone());
        Ok(Example { name, file, expectations: self.expectations.len(), failures })
    }

    /// Every date that something is expected as of.
    fn dates(&self) -> Vec<Day> {
        let own = self.expectations.iter().filter_map(|expectation| expectation.as_of);
        own.chain([self.as_of]).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn fill(&self, workspace: &Workspace, folder: &Path) -> Result<()> {
        let (mut events, mut tags, mut lists) =
            (Vec::new(), Vec::new(), BTreeMap::<String, Vec<&str>>::new());
        for (id, consumer) in &self.consumers {
            for event in list(consumer, "events") {
                events.push(with_id(event, id));
            }
            if let Some(given) = consumer["tags"].as_object() {
                tags.push(with_id(&Value::Object(given.clone()), id));
            }
            for name in list(consumer, "lists").iter().filter_map(Value::as_str) {
                lists.entry(name.to_owned()).or_default().push(id);
            }
        }
        let (with, source) = (Vec::new(), "test".to_owned());
        if let Some(files) = lines(folder, "events", &events)? {
            let sql = "SELECT * FROM input".to_owned();
            let request = EventImport { files, with: with.clone(), sql, source: source.clone() };
            let record = workspace.import_events(&request, &Silent)?;
            refuse_rejected(record.ledger.rejected(), record.ledger.reasons.keys().map(String::as_str))?;
        }
        if let Some(files) = lines(folder, "tags", &tags)? {
            let sql = "SELECT * FROM input".to_owned();
            workspace.import_tags(&TagImport { files, with, sql, source }, &Silent)?;
        }
        for (name, members) in lists {
            let file = folder.join("list.csv");
            let text = std::iter::once("user_id").chain(members).collect::<Vec<_>>().join("\n");
            std::fs::write(&file, text).map_err(|error| Error::io(file.display(), &error))?;
            let upload = Upload::plain(&name, "user_id");
            workspace.import_list(&ListImport { file, upload }, &Silent)?;
        }
        Ok(())
    }
}

impl Of {
    /// What does not hold, in a sentence.
    fn check(&self, workspace: &Workspace, as_of: Day) -> Result<Option<String>> {
        match self {
            Of::Members(expr, expected) => {
                let members = members(workspace, expr, as_of)?;
                let missing: Vec<&String> = expected.difference(&members).collect();
                let unexpected: Vec<&String> = members.difference(expected).collect();
                let parts = [("missing", missing), ("unexpected", unexpected)];
                let told = parts.iter().filter(|(_, ids)| !ids.is_empty());
                let told: Vec<String> = told.map(|(word, ids)| format!("{word} {}", joined(ids))).collect();
                Ok((!told.is_empty()).then(|| told.join("; ")))
            }
            Of::States { model, scope, states } => {
                let mut wrong = Vec::new();
                for (id, expected) in states {
                    let is = state(workspace, (model, scope), id, as_of)?;
                    if is != *expected {
                        wrong.push(format!("{id} is {is}, not {expected}"));
                    }
                }
                Ok((!wrong.is_empty()).then(|| wrong.join("; ")))
            }
        }
    }
}

fn members(workspace: &Workspace, expr: &Expr, as_of: Day) -> Result<BTreeSet<String>> {
    let options = EvalOptions { members: true, ..EvalOptions::default() };
    let members = workspace.evaluate(expr, as_of, options)?.members.unwrap_or_default();
    Ok(members.into_iter().map(|member| member.value).collect())
}

/// The state that a consumer is in: asked of every state in turn, as anybody could.
fn state(workspace: &Workspace, (model, scope): (&str, &Scope), id: &str, as_of: Day) -> Result<String> {
    let body = workspace.state_model(model)?.body;
    let names = body.as_array().into_iter().flatten().filter_map(|state| state["name"].as_str());
    for name in names {
        let test = json!({"state": {"model": model, "scope": scope.to_json(), "in": [name]}});
        if members(workspace, &parse_value(&test)?, as_of)?.contains(id) {
            return Ok(name.to_owned());
        }
    }
    Ok(weir_core::state_model::NONE.to_owned())
}

fn joined(ids: &[&String]) -> String {
    ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ")
}

fn list<'a>(consumer: &'a Value, key: &str) -> &'a [Value] {
    consumer[key].as_array().map_or(&[], Vec::as_slice)
}

fn with_id(row: &Value, id: &str) -> Value {
    let mut row = row.clone();
    row["id_user_id"] = json!(id);
    row
}

/// Rows as a file of JSON lines, if there are any.
fn lines(folder: &Path, name: &str, rows: &[Value]) -> Result<Option<Vec<PathBuf>>> {
    if rows.is_empty() {
        return Ok(None);
    }
    let path = folder.join(format!("{name}.jsonl"));
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(&path, text).map_err(|error| Error::io(path.display(), &error))?;
    Ok(Some(vec![path]))
}

fn refuse_rejected<'a>(rejected: u64, reasons: impl Iterator<Item = &'a str>) -> Result<()> {
    if rejected == 0 {
        return Ok(());
    }
    let reasons = reasons.collect::<Vec<_>>().join(", ");
    Err(invalid(format!("{rejected} of the events were rejected: {reasons}"), "/consumers"))
}

fn read(value: &Value, path: &Path) -> Result<Written> {
    let object = value.as_object().ok_or_else(|| invalid("a test is a mapping", ""))?;
    only(
        object,
        &["kind", "name", "description", "as_of", "timezone", "currency", "consumers", "expect"],
        "",
    )?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let name = text("name").ok_or_else(|| invalid("a test needs a name", "/name"))?;
    let as_of = text("as_of").ok_or_else(|| invalid("a test needs a date, as_of", "/as_of"))?;
    let consumers = value["consumers"].as_object();
    let consumers = consumers.ok_or_else(|| invalid("consumers are a mapping by user id", "/consumers"))?;
    for (id, consumer) in consumers {
        let at = format!("/consumers/{id}");
        let object = consumer.as_object().ok_or_else(|| invalid("a consumer is a mapping", &at))?;
        only(object, &["events", "tags", "lists"], &at)?;
    }
    let expect = value["expect"].as_array().filter(|list| !list.is_empty());
    let expect = expect.ok_or_else(|| invalid("a test expects something, as a list", "/expect"))?;
    let expectations = expect.iter().enumerate().map(|(i, value)| {
        expectation(value, consumers).map_err(|error| error.under(&format!("/expect/{i}")))
    });
    let settings = ["timezone", "currency"].into_iter().filter_map(|key| Some((key, text(key)?)));
    Ok(Written {
        name,
        file: path.to_owned(),
        as_of: as_of.parse().map_err(|error: Error| error.at("/as_of"))?,
        settings: settings.collect(),
        consumers: consumers.clone(),
        expectations: expectations.collect::<Result<_>>()?,
    })
}

fn expectation(value: &Value, consumers: &Map<String, Value>) -> Result<Expectation> {
    let object = value.as_object().ok_or_else(|| invalid("an expectation is a mapping", ""))?;
    only(object, &["as_of", "audience", "expression", "members", "model", "scope", "states"], "")?;
    let as_of = value["as_of"].as_str();
    let as_of = as_of.map(|text| text.parse().map_err(|error: Error| error.at("/as_of"))).transpose()?;
    let known = |id: &str, at: &str| match consumers.contains_key(id) {
        true => Ok(id.to_owned()),
        false => Err(invalid(format!("\"{id}\" is none of the consumers of this test"), at)),
    };
    let of = match (value["audience"].as_str(), object.get("expression"), value["model"].as_str()) {
        (Some(name), None, None) => Of::Members(Expr::Audience(name.to_owned()), members_of(value, known)?),
        (None, Some(expr), None) => {
            let expr = parse_value(expr).map_err(|error| error.under("/expression"))?;
            Of::Members(expr, members_of(value, known)?)
        }
        (None, None, Some(model)) => {
            let scope = object.get("scope").map(Scope::from_json).transpose()?;
            let states = value["states"].as_object();
            let states =
                states.ok_or_else(|| invalid("states are a mapping from user id to state", "/states"))?;
            let states = states.iter().map(|(id, state)| {
                let state = state.as_str().ok_or_else(|| invalid("a state is a name", "/states"))?;
                Ok((known(id, "/states")?, state.to_owned()))
            });
            let (scope, states) = (scope.unwrap_or(Scope::Workspace), states.collect::<Result<_>>()?);
            Of::States { model: model.to_owned(), scope, states }
        }
        _ => return Err(invalid("name one of audience, expression or model", "")),
    };
    Ok(Expectation { as_of, of })
}

fn members_of(value: &Value, known: impl Fn(&str, &str) -> Result<String>) -> Result<BTreeSet<String>> {
    let members = value["members"].as_array();
    let members = members.ok_or_else(|| invalid("members are a list of user ids", "/members"))?;
    let ids = members.iter().map(|id| {
        let id = id.as_str().ok_or_else(|| invalid("a member is a user id", "/members"))?;
        known(id, "/members")
    });
    ids.collect()
}

fn only(object: &Map<String, Value>, known: &[&str], at: &str) -> Result<()> {
    let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let help = format!("it has {}", known.join(", "));
    Err(invalid(format!("there is no \"{key}\" here"), &format!("{at}/{key}")).help(help))
}

fn invalid(message: impl Into<String>, at: &str) -> Error {
    Error::new(Code::InvalidDefinition, message).at(at)
}
