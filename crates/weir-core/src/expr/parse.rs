//! JSON → expression, with a pointer to whatever is wrong.
//!
//! Strict: an unknown key is an error with a suggestion, never ignored. A text where a list of texts is expected is a
//! list of one.

use serde_json::{Map, Value as Json};

use crate::error::{Code, Error, Result, suggestion};
use crate::expr::{AtDate, Did, Expr, Filter, Measure, Sample, Sequence, Span, StateTest, TagTest, Top};
use crate::op::{Op, Ops, Value, is_exact};
use crate::scope::Scope;
use crate::state_model::ModelRef;
use crate::time::{Day, Window};

pub(crate) type Object = Map<String, Json>;

/// Deepest nesting accepted, so that hostile input cannot exhaust the stack.
const MAX_DEPTH: usize = 200;

const NODES: [&str; 16] = [
    "all", "any", "not", "minus", "xor", "everyone", "did", "sequence", "tag", "list", "audience",
    "snapshot", "state", "at", "sample", "top",
];

const DID_FIELDS: [&str; 13] = [
    "behavior",
    "not_behavior",
    "channel",
    "shop",
    "brand",
    "category",
    "campaign",
    "item",
    "property",
    "each",
    "within",
    "unscoped",
    "window",
];

/// Parses the text of an expression.
pub fn parse_expr(text: &str) -> Result<Expr> {
    parse_value(&parse_json(text)?)
}

/// Parses JSON text, naming line and column of what is wrong.
pub fn parse_json(text: &str) -> Result<Json> {
    serde_json::from_str(text).map_err(|e| Error::new(Code::InvalidJson, format!("this is not JSON: {e}")))
}

/// Reads an expression from JSON.
pub fn parse_value(value: &Json) -> Result<Expr> {
    expr(value, MAX_DEPTH)
}

fn expr(value: &Json, depth: usize) -> Result<Expr> {
    if depth == 0 {
        return Err(invalid(format!("expressions nest at most {MAX_DEPTH} deep")));
    }
    let object = object(value, "an expression")?;
    if object.contains_key("at") {
        return at(object, depth);
    }
    let mut keys = object.iter();
    match (keys.next(), keys.next()) {
        (Some((key, inner)), None) => node(key, inner, depth).map_err(|e| e.under(&pointer(key))),
        _ => Err(invalid("an expression is an object with exactly one key".to_owned())
            .help(format!("the keys are {}", NODES.join(", ")))),
    }
}

fn node(key: &str, inner: &Json, depth: usize) -> Result<Expr> {
    match key {
        "all" => Ok(Expr::All(exprs(inner, depth)?)),
        "any" => Ok(Expr::Any(exprs(inner, depth)?)),
        "not" => Ok(Expr::Not(Box::new(expr(inner, depth - 1)?))),
        "minus" => minus(inner, depth),
        "xor" => xor(inner, depth),
        "everyone" => everyone(inner),
        "did" => Ok(Expr::Did(Box::new(did_of(inner)?))),
        "sequence" => Ok(Expr::Sequence(Box::new(parse_steps(inner, "sequence")?))),
        "tag" => Ok(Expr::Tag(TagTest(named_ops(inner, "tag", Constants::Any)?))),
        "list" => Ok(Expr::List(text(inner, "the name of a list")?)),
        "audience" => Ok(Expr::Audience(text(inner, "the name of an audience")?)),
        "snapshot" => Ok(Expr::Snapshot(text(inner, "the id of a snapshot")?)),
        "state" => state(inner),
        "sample" => sample(inner, depth),
        "top" => top(inner, depth),
        other => Err(unknown("an expression", other, &NODES)),
    }
}

fn exprs(value: &Json, depth: usize) -> Result<Vec<Expr>> {
    let mut parts = Vec::new();
    for (i, item) in array(value, "a list of expressions")?.iter().enumerate() {
        parts.push(expr(item, depth - 1).map_err(|e| e.under(&format!("/{i}")))?);
    }
    Ok(parts)
}

fn minus(value: &Json, depth: usize) -> Result<Expr> {
    let parts = exprs(value, depth)?;
    if parts.len() < 2 {
        return Err(invalid("minus takes a set and at least one set to take away from it".to_owned()));
    }
    Ok(Expr::Minus(parts))
}

fn xor(value: &Json, depth: usize) -> Result<Expr> {
    let parts: [Expr; 2] = exprs(value, depth)?
        .try_into()
        .map_err(|_| invalid("xor takes exactly two expressions".to_owned()))?;
    let [a, b] = parts;
    Ok(Expr::Xor(Box::new(a), Box::new(b)))
}

fn everyone(value: &Json) -> Result<Expr> {
    match value {
        Json::Bool(true) => Ok(Expr::Everyone),
        _ => Err(invalid("everyone takes true".to_owned()).help("for nobody write {\"any\": []}")),
    }
}

fn at(object: &Object, depth: usize) -> Result<Expr> {
    only(object, "at", &["at", "of"])?;
    let date = at_date(&object["at"]).map_err(|e| e.under("/at"))?;
    let of = required(object, "of", "at")?;
    Ok(Expr::At(date, Box::new(expr(of, depth - 1).map_err(|e| e.under("/of"))?)))
}

fn at_date(value: &Json) -> Result<AtDate> {
    match single(value, "at", &["date", "days_ago"])? {
        ("date", inner) => Ok(AtDate::Date(date(inner).map_err(|e| e.under("/date"))?)),
        (_, inner) => Ok(AtDate::DaysAgo(whole(inner, 0).map_err(|e| e.under("/days_ago"))?)),
    }
}

fn state(value: &Json) -> Result<Expr> {
    let object = object(value, "a state test")?;
    only(object, "state", &["model", "scope", "in"])?;
    let model = ModelRef::from_json(required(object, "model", "state")?).map_err(|e| e.under("/model"))?;
    let scope = object
        .get("scope")
        .map_or(Ok(Scope::Workspace), |s| Scope::from_json(s).map_err(|e| e.under("/scope")))?;
    let states = texts(required(object, "in", "state")?, "state").map_err(|e| e.under("/in"))?;
    Ok(Expr::State(StateTest { model, scope, states }))
}

fn sample(value: &Json, depth: usize) -> Result<Expr> {
    let object = object(value, "a sample")?;
    only(object, "sample", &["of", "percent", "salt"])?;
    let of = expr(required(object, "of", "sample")?, depth - 1).map_err(|e| e.under("/of"))?;
    let percent = required(object, "percent", "sample")?.as_f64().filter(|p| (0.0..=100.0).contains(p));
    let percent =
        percent.ok_or_else(|| invalid("percent is a number from 0 to 100".to_owned()).at("/percent"))?;
    let salt = text(required(object, "salt", "sample")?, "a salt").map_err(|e| e.under("/salt"))?;
    Ok(Expr::Sample(Box::new(Sample { of, percent, salt })))
}

fn top(value: &Json, depth: usize) -> Result<Expr> {
    let object = object(value, "a top")?;
    only(object, "top", &["of", "by", "n"])?;
    let of = expr(required(object, "of", "top")?, depth - 1).map_err(|e| e.under("/of"))?;
    let (measure, by) = top_by(required(object, "by", "top")?).map_err(|e| e.under("/by"))?;
    let n = required(object, "n", "top")?
        .as_u64()
        .ok_or_else(|| invalid("n is a whole number".to_owned()).at("/n"))?;
    Ok(Expr::Top(Box::new(Top { of, measure, by, n })))
}

fn top_by(value: &Json) -> Result<(Measure, Did)> {
    let names = Measure::ALL.map(|(name, _)| name);
    let (name, inner) = single(value, "by", &names)?;
    let measure = Measure::ALL.iter().find(|(n, _)| *n == name).map_or(Measure::Count, |(_, m)| *m);
    Ok((measure, parse_events(inner).map_err(|e| e.under(&pointer(name)))?))
}

/// Reads steps, one after the other, of a `sequence` or of whatever else `what` is.
pub fn parse_steps(value: &Json, what: &str) -> Result<Sequence> {
    let object = object(value, &format!("a {what}"))?;
    only(object, what, &["steps", "within", "window"])?;
    let list = array(required(object, "steps", what)?, "a list of steps").map_err(|e| e.under("/steps"))?;
    let mut steps = Vec::new();
    for (i, step) in list.iter().enumerate() {
        steps.push(parse_events(step).map_err(|e| e.under(&format!("/steps/{i}")))?);
    }
    if steps.is_empty() {
        return Err(invalid(format!("a {what} needs at least one step")).at("/steps"));
    }
    let within = object.get("within").map(|w| span(w).map_err(|e| e.under("/within"))).transpose()?;
    let window = object.get("window").map(|w| parse_window(w).map_err(|e| e.under("/window"))).transpose()?;
    Ok(Sequence { steps, within, window })
}

fn span(value: &Json) -> Result<Span> {
    let (unit, n) = single(value, "within", &["days", "hours", "minutes"])?;
    let n = whole(n, 0).map_err(|e| e.under(&pointer(unit)))?;
    Ok(match unit {
        "days" => Span::Days(n),
        "hours" => Span::Hours(n),
        _ => Span::Minutes(n),
    })
}

/// Reads a condition on single events: a `did` without measures.
pub fn parse_events(value: &Json) -> Result<Did> {
    let did = did_of(value)?;
    match did.measures.first() {
        None => Ok(did),
        Some((measure, _)) => {
            Err(invalid("measures do not belong here; this only says which events".to_owned())
                .at(pointer(measure.name())))
        }
    }
}

/// Reads what stands inside a `did`.
pub(crate) fn did_of(value: &Json) -> Result<Did> {
    let mut did = Did::default();
    for (key, inner) in object(value, "a did")? {
        did_field(&mut did, key, inner).map_err(|e| e.under(&pointer(key)))?;
    }
    Ok(did)
}

fn did_field(did: &mut Did, key: &str, inner: &Json) -> Result<()> {
    if let Some((_, measure)) = Measure::ALL.iter().find(|(name, _)| *name == key) {
        let constants = if measure.is_date() { Constants::Date } else { Constants::Exact };
        did.measures.push((*measure, ops(inner, constants)?));
        return Ok(());
    }
    match key {
        "property" => did.filter.property = named_ops(inner, "property", Constants::Any)?,
        "each" => each(&mut did.filter, inner)?,
        "within" => did.within = Some(parse_window(inner)?),
        "unscoped" => {
            did.unscoped = inner.as_bool().ok_or_else(|| invalid("unscoped is true or false".to_owned()))?;
        }
        _ => {
            let list = filter_list(&mut did.filter, key)?;
            *list = texts(inner, key)?;
        }
    }
    Ok(())
}

fn filter_list<'a>(filter: &'a mut Filter, key: &str) -> Result<&'a mut Vec<String>> {
    match key {
        "behavior" => Ok(&mut filter.behavior),
        "not_behavior" => Ok(&mut filter.not_behavior),
        "channel" => Ok(&mut filter.channel),
        "shop" => Ok(&mut filter.shop),
        "brand" => Ok(&mut filter.brand),
        "category" => Ok(&mut filter.category),
        "campaign" => Ok(&mut filter.campaign),
        "item" => Ok(&mut filter.item),
        "window" => Err(unknown("a did", key, &["within"]).help("a did's window is called \"within\"")),
        other => Err(unknown_did_field(other)),
    }
}

fn unknown_did_field(key: &str) -> Error {
    let known: Vec<&str> = DID_FIELDS.into_iter().chain(Measure::ALL.map(|(name, _)| name)).collect();
    unknown("a did", key, &known)
}

fn each(filter: &mut Filter, value: &Json) -> Result<()> {
    let object = object(value, "each")?;
    only(object, "each", &["amount", "quantity"])?;
    let read = |key: &str| {
        object.get(key).map(|v| ops(v, Constants::Exact).map_err(|e| e.under(&pointer(key)))).transpose()
    };
    filter.each_amount = read("amount")?;
    filter.each_quantity = read("quantity")?;
    Ok(())
}

/// Reads a window.
pub fn parse_window(value: &Json) -> Result<Window> {
    let object = object(value, "a window")?;
    only(object, "a window", &["days", "skip", "until_days_ago", "from", "to"])?;
    let has = |key: &str| object.contains_key(key);
    let number = |key: &str, least| whole(&object[key], least).map_err(|e| e.under(&pointer(key)));
    if has("days") {
        only(object, "a window", &["days", "skip"])?;
        let skip = if has("skip") { number("skip", 0)? } else { 0 };
        return Ok(Window::Days { days: number("days", 1)?, skip });
    }
    if has("until_days_ago") {
        only(object, "a window", &["until_days_ago"])?;
        return Ok(Window::UntilDaysAgo { days: number("until_days_ago", 0)? });
    }
    only(object, "a window", &["from", "to"])?;
    let from = date(required(object, "from", "a window")?).map_err(|e| e.under("/from"))?;
    let to = date(required(object, "to", "a window")?).map_err(|e| e.under("/to"))?;
    if from > to {
        return Err(invalid(format!("the window runs backwards, from {from} to {to}")));
    }
    Ok(Window::Between { from, to })
}

/// Which constants an operator may have at a place.
#[derive(Clone, Copy, PartialEq)]
enum Constants {
    /// Tags and properties: whatever they hold.
    Any,
    /// Counts and money: numbers with at most four decimals.
    Exact,
    /// Dates.
    Date,
}

fn named_ops(value: &Json, what: &str, constants: Constants) -> Result<Vec<(String, Ops)>> {
    let object = object(value, what)?;
    if object.is_empty() {
        return Err(invalid(format!("name a {what} and what its value must be")));
    }
    let mut named = Vec::new();
    for (key, inner) in object {
        named.push((key.clone(), ops(inner, constants).map_err(|e| e.under(&pointer(key)))?));
    }
    Ok(named)
}

fn ops(value: &Json, constants: Constants) -> Result<Ops> {
    let object = object(value, "an operator")?;
    if object.is_empty() {
        return Err(invalid("write an operator such as {\"gte\": 1}".to_owned()));
    }
    let mut list = Vec::new();
    for (name, inner) in object {
        list.push(op(name, inner, constants).map_err(|e| e.under(&pointer(name)))?);
    }
    Ok(Ops(list))
}

const OPS: [&str; 15] = [
    "eq",
    "ne",
    "in",
    "not_in",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "exists",
    "contains_any",
    "contains_all",
    "last_days",
    "next_days",
    "anniversary_next_days",
];

fn op(name: &str, inner: &Json, constants: Constants) -> Result<Op> {
    let one = || constant(inner, constants);
    let many = || constants_list(inner, constants);
    match name {
        "eq" => Ok(Op::Eq(one()?)),
        "ne" => Ok(Op::Ne(one()?)),
        "gt" => Ok(Op::Gt(one()?)),
        "gte" => Ok(Op::Gte(one()?)),
        "lt" => Ok(Op::Lt(one()?)),
        "lte" => Ok(Op::Lte(one()?)),
        "in" => Ok(Op::In(many()?)),
        "not_in" => Ok(Op::NotIn(many()?)),
        "between" => between(many()?),
        _ => special_op(name, inner, constants),
    }
}

fn special_op(name: &str, inner: &Json, constants: Constants) -> Result<Op> {
    let fits = match name {
        "exists" | "contains_any" | "contains_all" => constants == Constants::Any,
        "last_days" | "next_days" | "anniversary_next_days" => constants != Constants::Exact,
        _ => return Err(unknown("an operator", name, &OPS)),
    };
    if !fits {
        return Err(invalid(format!("the operator {name} does not fit here")));
    }
    match name {
        "exists" => {
            inner.as_bool().map(Op::Exists).ok_or_else(|| invalid("exists takes true or false".to_owned()))
        }
        "contains_any" => Ok(Op::ContainsAny(constants_list(inner, constants)?)),
        "contains_all" => Ok(Op::ContainsAll(constants_list(inner, constants)?)),
        "last_days" => Ok(Op::LastDays(whole(inner, 1)?)),
        "next_days" => Ok(Op::NextDays(whole(inner, 1)?)),
        _ => Ok(Op::AnniversaryNextDays(whole(inner, 1)?)),
    }
}

fn between(values: Vec<Value>) -> Result<Op> {
    let [low, high]: [Value; 2] =
        values.try_into().map_err(|_| invalid("between takes two values, [low, high]".to_owned()))?;
    Ok(Op::Between(low, high))
}

fn constants_list(value: &Json, constants: Constants) -> Result<Vec<Value>> {
    let mut list = Vec::new();
    for (i, item) in array(value, "a list of values")?.iter().enumerate() {
        list.push(constant(item, constants).map_err(|e| e.under(&format!("/{i}")))?);
    }
    if list.is_empty() {
        return Err(invalid("an empty list can never hold".to_owned()));
    }
    Ok(list)
}

fn constant(value: &Json, constants: Constants) -> Result<Value> {
    match (constants, value) {
        (Constants::Date, _) => date(value).map(|day| Value::Text(day.to_string())),
        (_, Json::Number(number)) => exact_or_any(number.as_f64().unwrap_or(f64::NAN), constants),
        (Constants::Any, Json::String(text)) => Ok(Value::Text(text.clone())),
        (Constants::Any, Json::Bool(b)) => Ok(Value::Bool(*b)),
        (Constants::Any, _) => Err(invalid("compare with a text, a number, true or false".to_owned())),
        (Constants::Exact, _) => Err(invalid("compare with a number".to_owned())),
    }
}

fn exact_or_any(number: f64, constants: Constants) -> Result<Value> {
    if constants == Constants::Exact && !is_exact(number) {
        return Err(invalid(format!("{number} has more than four decimals or is too large")));
    }
    Ok(Value::Number(number))
}

// --- small readers ---

pub(crate) fn object<'a>(value: &'a Json, what: &str) -> Result<&'a Object> {
    value.as_object().ok_or_else(|| invalid(format!("{what} is an object, not {}", kind_of(value))))
}

pub(crate) fn array<'a>(value: &'a Json, what: &str) -> Result<&'a [Json]> {
    value
        .as_array()
        .map(Vec::as_slice)
        .ok_or_else(|| invalid(format!("{what} is expected, not {}", kind_of(value))))
}

pub(crate) fn text(value: &Json, what: &str) -> Result<String> {
    let text = value.as_str().filter(|t| !t.is_empty());
    text.map(str::to_owned).ok_or_else(|| invalid(format!("{what} is expected, not {}", kind_of(value))))
}

pub(crate) fn texts(value: &Json, what: &str) -> Result<Vec<String>> {
    if value.is_string() {
        return Ok(vec![text(value, what)?]);
    }
    let items = array(value, &format!("a list of values for {what}"))?;
    if items.is_empty() {
        return Err(invalid(format!("an empty list of {what} can never match; leave it out to mean any")));
    }
    let mut list = Vec::new();
    for (i, item) in items.iter().enumerate() {
        list.push(text(item, what).map_err(|e| e.under(&format!("/{i}")))?);
    }
    Ok(list)
}

pub(crate) fn date(value: &Json) -> Result<Day> {
    let text = value
        .as_str()
        .ok_or_else(|| Error::new(Code::InvalidDate, "a date is a text such as \"2024-11-11\""))?;
    text.parse()
}

pub(crate) fn whole(value: &Json, least: u32) -> Result<u32> {
    let number =
        value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n >= least && *n <= 1_000_000);
    number.ok_or_else(|| invalid(format!("a whole number from {least} to 1000000 is expected, not {value}")))
}

pub(crate) fn single<'a>(value: &'a Json, what: &str, known: &[&str]) -> Result<(&'a str, &'a Json)> {
    let object = object(value, what)?;
    only(object, what, known)?;
    let mut entries = object.iter();
    match (entries.next(), entries.next()) {
        (Some((key, inner)), None) => Ok((key, inner)),
        _ => Err(invalid(format!("{what} takes exactly one of {}", known.join(", ")))),
    }
}

pub(crate) fn required<'a>(object: &'a Object, key: &str, what: &str) -> Result<&'a Json> {
    object.get(key).ok_or_else(|| invalid(format!("{what} needs \"{key}\"")))
}

pub(crate) fn only(object: &Object, what: &str, known: &[&str]) -> Result<()> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(unknown(what, key, known).at(pointer(key))),
    }
}

fn unknown(what: &str, key: &str, known: &[&str]) -> Error {
    let help =
        suggestion(key, known.iter().copied()).unwrap_or_else(|| format!("it may have {}", known.join(", ")));
    invalid(format!("{what} has no \"{key}\"")).help(help)
}

pub(crate) fn invalid(message: String) -> Error {
    Error::new(Code::InvalidExpression, message)
}

pub(crate) fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a truth value",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// One step of a JSON pointer (RFC 6901).
pub(crate) fn pointer(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}
