//! Names in an expression: unknown ones are errors with a suggestion, values nobody has mentioned are warnings.

use std::sync::Arc;

use crate::catalog::EntryKind;
use crate::error::{Code, Error, Result, suggestion};
use crate::event::{CORE_BEHAVIORS, is_core_behavior};
use crate::expr::{Did, Expr, Filter, StateTest};
use crate::op::{Op, Ops, Value};
use crate::scope::Scope;
use crate::state_model::{ModelRef, NONE, StateModel, versioned};
use crate::tag::TagKind;
use crate::tag::rule::TagRule;
use crate::vocabulary::{Field, Vocabulary};

/// Something worth saying that does not stop an evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// JSON pointer.
    pub at: String,
}

/// The outcome of a check that found no error.
pub type Checked = Vec<Warning>;

/// Checks an expression and, below it, every audience and model it names.
pub fn check(expr: &Expr, names: &dyn Vocabulary) -> Result<Checked> {
    let mut checker = Checker { names, warnings: Vec::new(), path: Vec::new() };
    checker.expr(expr, "")?;
    Ok(checker.warnings)
}

/// Checks the rules of a state model.
pub fn check_model(model: &StateModel, names: &dyn Vocabulary) -> Result<Checked> {
    let mut checker = Checker { names, warnings: Vec::new(), path: Vec::new() };
    checker.model(model, "")?;
    Ok(checker.warnings)
}

/// Checks the names in the rule of a computed tag.
pub fn check_tag(key: &str, rule: &TagRule, names: &dyn Vocabulary) -> Result<Checked> {
    let mut checker = Checker { names, warnings: Vec::new(), path: vec![format!("tag {key}")] };
    checker.rule(rule, "")?;
    Ok(checker.warnings)
}

/// Checks the names in a condition on events that stands at `at`.
pub fn check_did(did: &Did, names: &dyn Vocabulary, at: &str) -> Result<Checked> {
    let mut checker = Checker { names, warnings: Vec::new(), path: Vec::new() };
    checker.did(did, at)?;
    Ok(checker.warnings)
}

struct Checker<'a> {
    names: &'a dyn Vocabulary,
    warnings: Checked,
    /// Audiences, models and tags entered, to find cycles.
    path: Vec<String>,
}

impl Checker<'_> {
    fn expr(&mut self, expr: &Expr, at: &str) -> Result<()> {
        self.node(expr, at)?;
        for (pointer, child) in expr.children() {
            self.expr(child, &format!("{at}{pointer}"))?;
        }
        Ok(())
    }

    fn node(&mut self, expr: &Expr, at: &str) -> Result<()> {
        match expr {
            Expr::Did(did) => self.did(did, &format!("{at}/did")),
            Expr::Sequence(sequence) => self.steps(&sequence.steps, &format!("{at}/sequence/steps")),
            Expr::Top(top) => self.did(&top.by, &format!("{at}/top/by/{}", top.measure.name())),
            Expr::Tag(test) => {
                test.0.iter().try_for_each(|(key, ops)| self.tag(key, ops, &format!("{at}/tag/{key}")))
            }
            Expr::List(name) => {
                self.known(Code::UnknownList, "list", name, &self.names.lists(), &format!("{at}/list"))
            }
            Expr::Audience(name) => self.audience(name, &format!("{at}/audience")),
            Expr::Snapshot(id) => self.known(
                Code::UnknownSnapshot,
                "snapshot",
                id,
                &self.names.snapshots(),
                &format!("{at}/snapshot"),
            ),
            Expr::State(test) => self.state(test, &format!("{at}/state")),
            Expr::All(_) | Expr::Any(_) | Expr::Not(_) | Expr::Minus(_) | Expr::Xor(..) => Ok(()),
            Expr::Everyone | Expr::At(..) | Expr::Sample(_) => Ok(()),
        }
    }

    fn model(&mut self, model: &StateModel, at: &str) -> Result<()> {
        for (i, state) in model.states.iter().enumerate() {
            self.expr(&state.when, &format!("{at}/states/{i}/when"))?;
        }
        Ok(())
    }

    fn steps(&mut self, steps: &[Did], at: &str) -> Result<()> {
        for (i, step) in steps.iter().enumerate() {
            self.did(step, &format!("{at}/{i}"))?;
        }
        Ok(())
    }

    fn did(&mut self, did: &Did, at: &str) -> Result<()> {
        let filter = &did.filter;
        for (field, names) in [("behavior", &filter.behavior), ("not_behavior", &filter.not_behavior)] {
            for (i, name) in names.iter().enumerate() {
                self.behavior(name, &format!("{at}/{field}/{i}"))?;
            }
        }
        for (i, name) in filter.channel.iter().enumerate() {
            self.names.channels().resolve(name).map_err(|e| e.at(format!("{at}/channel/{i}")))?;
        }
        self.values(filter, at);
        Ok(())
    }

    fn behavior(&self, name: &str, at: &str) -> Result<()> {
        if is_core_behavior(name) {
            return Ok(());
        }
        let custom = self.names.custom_behaviors();
        if custom.iter().any(|c| c == name) {
            return Ok(());
        }
        let known = CORE_BEHAVIORS.iter().copied().chain(custom.iter().map(String::as_str));
        Err(unknown(Code::UnknownBehavior, "behavior", name, known).at(at))
    }

    fn values(&mut self, filter: &Filter, at: &str) {
        let lists = [
            (Field::Shop, &filter.shop),
            (Field::Brand, &filter.brand),
            (Field::Category, &filter.category),
            (Field::Campaign, &filter.campaign),
            (Field::Item, &filter.item),
        ];
        for (field, values) in lists {
            for (i, value) in values.iter().enumerate() {
                self.mentioned(field, value, &format!("{at}/{}/{i}", field.name()));
            }
        }
        for (key, _) in &filter.property {
            self.mentioned(Field::Property, key, &format!("{at}/property/{key}"));
        }
    }

    /// A value counts as mentioned when data carries it or the catalogue lists it.
    fn mentioned(&mut self, field: Field, value: &str, at: &str) {
        let kind = match field {
            Field::Shop => Some(EntryKind::Shop),
            Field::Brand => Some(EntryKind::Brand),
            Field::Category => Some(EntryKind::Category),
            Field::Campaign => Some(EntryKind::Campaign),
            Field::Item => Some(EntryKind::Item),
            Field::Property => None,
        };
        let listed = kind.is_some_and(|kind| self.names.catalog().get(kind, value).is_some());
        if listed || self.names.seen(field, value) {
            return;
        }
        let message = format!("no data and no catalogue mentions the {} \"{value}\"", field.name());
        self.warnings.push(Warning { code: "never_seen", message, at: at.to_owned() });
    }

    /// What a computed tag is computed from. Whether it names itself is found by entering the tags that it names.
    fn rule(&mut self, rule: &TagRule, at: &str) -> Result<()> {
        for (pointer, did) in rule.events() {
            self.did(did, &format!("{at}{pointer}"))?;
        }
        for (pointer, expr) in rule.expressions() {
            self.expr(expr, &format!("{at}{pointer}"))?;
        }
        Ok(())
    }

    fn tag(&mut self, key: &str, ops: &Ops, at: &str) -> Result<()> {
        let Some(kind) = self.names.tag(key) else {
            let names = self.names.tags();
            return Err(unknown(Code::UnknownTag, "tag", key, names.iter().map(String::as_str)).at(at));
        };
        for op in &ops.0 {
            fits(kind, op).map_err(|message| {
                Error::new(
                    Code::InvalidExpression,
                    format!("tag \"{key}\" holds {} values: {message}", kind.name()),
                )
                .at(format!("{at}/{}", op.name()))
            })?;
        }
        match self.names.tag_rule(key) {
            Some(rule) => self.enter(&format!("tag {key}"), at, |checker| checker.rule(&rule, "")),
            None => Ok(()),
        }
    }

    fn known(&self, code: Code, noun: &str, name: &str, known: &[String], at: &str) -> Result<()> {
        if known.iter().any(|k| k == name) {
            return Ok(());
        }
        Err(unknown(code, noun, name, known.iter().map(String::as_str)).at(at))
    }

    fn audience(&mut self, name: &str, at: &str) -> Result<()> {
        let Some(expr) = self.names.audience(name) else {
            let names = self.names.audiences();
            return Err(
                unknown(Code::UnknownAudience, "audience", name, names.iter().map(String::as_str)).at(at)
            );
        };
        self.enter(&format!("audience {name}"), at, |checker| checker.expr(&expr, ""))
    }

    fn state(&mut self, test: &StateTest, at: &str) -> Result<()> {
        let model = self.rules(&test.model).map_err(|error| error.at(format!("{at}/model")))?;
        for (i, state) in test.states.iter().enumerate() {
            if model.position(state).is_none() {
                let known = model.names().into_iter().chain([NONE]);
                return Err(unknown(Code::UnknownState, "state", state, known).at(format!("{at}/in/{i}")));
            }
        }
        self.scope(&test.scope, &format!("{at}/scope"));
        match &test.model {
            ModelRef::Inline(model) => self.model(model, &format!("{at}/model")),
            ModelRef::Named(name) => {
                self.enter(&format!("state model {name}"), at, |checker| checker.model(&model, ""))
            }
        }
    }

    fn rules(&self, model: &ModelRef) -> Result<Arc<StateModel>> {
        if let Some(rules) = model.rules(self.names) {
            return Ok(rules);
        }
        let (name, names) = (model.to_string(), self.names.state_models());
        if let Some((base, version)) = versioned(&name).filter(|(base, _)| names.iter().any(|n| n == base)) {
            let message = format!("the state model \"{base}\" has no version {version}");
            return Err(Error::new(Code::UnknownModel, message));
        }
        Err(unknown(Code::UnknownModel, "state model", &name, names.iter().map(String::as_str)))
    }

    fn scope(&mut self, scope: &Scope, at: &str) {
        match scope {
            Scope::Shop(id) => self.mentioned(Field::Shop, id, &format!("{at}/shop")),
            Scope::Brand(id) => self.mentioned(Field::Brand, id, &format!("{at}/brand")),
            Scope::Category(id) => self.mentioned(Field::Category, id, &format!("{at}/category")),
            Scope::Workspace => {}
        }
    }

    /// Checks what a name stands for. Errors and warnings inside belong to the place of the name.
    fn enter(&mut self, what: &str, at: &str, inside: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.path.iter().any(|entered| entered == what) {
            let chain = self.path.join(" → ");
            return Err(Error::new(Code::Cycle, format!("{what} refers to itself ({chain} → {what})")).at(at));
        }
        let warnings_before = self.warnings.len();
        self.path.push(what.to_owned());
        let outcome =
            inside(self).map_err(|e| Error { message: format!("in {what}: {}", e.message), ..e }.at(at));
        self.path.pop();
        for warning in &mut self.warnings[warnings_before..] {
            warning.at = at.to_owned();
        }
        outcome
    }
}

fn unknown<'a>(code: Code, noun: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let known: Vec<&str> = known.collect();
    let error = Error::new(code, format!("there is no {noun} \"{name}\""));
    match suggestion(name, known.iter().copied()) {
        Some(help) => error.help(help),
        None if known.is_empty() => error.help(format!("there is no {noun} yet")),
        None if known.len() <= 30 => error.help(format!("there is {}", known.join(", "))),
        None => error,
    }
}

/// Whether an operator makes sense on a kind of tag.
fn fits(kind: TagKind, op: &Op) -> std::result::Result<(), String> {
    let is_date_op = matches!(op, Op::LastDays(_) | Op::NextDays(_) | Op::AnniversaryNextDays(_));
    let is_multi_op = matches!(op, Op::ContainsAny(_) | Op::ContainsAll(_));
    if is_date_op && kind != TagKind::Date {
        return Err(format!("{} is for dates", op.name()));
    }
    if is_multi_op && kind != TagKind::Multi {
        return Err(format!("{} is for tags with several values", op.name()));
    }
    if kind == TagKind::Multi && !is_multi_op && !matches!(op, Op::Exists(_)) {
        return Err(format!("{} does not fit, use contains_any or contains_all", op.name()));
    }
    match op.constants().into_iter().find(|constant| !constant_fits(kind, constant)) {
        None => Ok(()),
        Some(_) => Err(format!("{} compares with a {} here", op.name(), constant_name(kind))),
    }
}

fn constant_fits(kind: TagKind, constant: &Value) -> bool {
    match (kind, constant) {
        (TagKind::Number, Value::Number(_)) => true,
        (TagKind::Date, Value::Text(text)) => text.parse::<crate::time::Day>().is_ok(),
        (TagKind::Text | TagKind::Multi, Value::Text(_)) => true,
        (TagKind::Number | TagKind::Date | TagKind::Text | TagKind::Multi, _) => false,
    }
}

fn constant_name(kind: TagKind) -> &'static str {
    match kind {
        TagKind::Number => "number",
        TagKind::Date => "date such as \"2024-11-11\"",
        TagKind::Text | TagKind::Multi => "text",
    }
}
