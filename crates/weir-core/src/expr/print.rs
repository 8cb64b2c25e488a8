//! Expression → JSON; what is printed parses back to the same expression.

use serde_json::{Map, Value as Json, json};

use crate::expr::{AtDate, Did, Expr, Filter, Sequence, Span};
use crate::op::{Op, Ops, Value};
use crate::time::Window;

impl Expr {
    /// The JSON form of contract and files.
    pub fn to_json(&self) -> Json {
        match self {
            Expr::All(parts) => json!({ "all": list(parts) }),
            Expr::Any(parts) => json!({ "any": list(parts) }),
            Expr::Not(inner) => json!({ "not": inner.to_json() }),
            Expr::Minus(parts) => json!({ "minus": list(parts) }),
            Expr::Xor(a, b) => json!({ "xor": [a.to_json(), b.to_json()] }),
            Expr::Everyone => json!({ "everyone": true }),
            Expr::Did(did) => json!({ "did": did.to_json() }),
            Expr::Sequence(sequence) => json!({ "sequence": sequence.to_json() }),
            Expr::Tag(test) => json!({ "tag": named_ops(&test.0) }),
            Expr::List(name) => json!({ "list": name }),
            Expr::Audience(name) => json!({ "audience": name }),
            Expr::Snapshot(id) => json!({ "snapshot": id }),
            Expr::State(t) => {
                json!({ "state": { "model": t.model.to_json(), "scope": t.scope.to_json(), "in": t.states } })
            }
            Expr::At(date, of) => json!({ "at": at_json(*date), "of": of.to_json() }),
            Expr::Sample(s) => {
                json!({ "sample": { "of": s.of.to_json(), "percent": number(s.percent), "salt": s.salt } })
            }
            Expr::Top(t) => {
                json!({ "top": { "of": t.of.to_json(), "by": { t.measure.name(): t.by.to_json() }, "n": t.n } })
            }
        }
    }
}

impl Did {
    /// The JSON form, without the enclosing `did`.
    pub fn to_json(&self) -> Json {
        let mut object = filter_json(&self.filter);
        if let Some(window) = self.within {
            object.insert("within".to_owned(), window.to_json());
        }
        for (measure, ops) in &self.measures {
            object.insert(measure.name().to_owned(), ops_json(ops));
        }
        if self.unscoped {
            object.insert("unscoped".to_owned(), json!(true));
        }
        Json::Object(object)
    }
}

fn list(parts: &[Expr]) -> Json {
    parts.iter().map(Expr::to_json).collect()
}

fn filter_json(filter: &Filter) -> Map<String, Json> {
    let lists = [
        ("behavior", &filter.behavior),
        ("not_behavior", &filter.not_behavior),
        ("channel", &filter.channel),
        ("shop", &filter.shop),
        ("brand", &filter.brand),
        ("category", &filter.category),
        ("campaign", &filter.campaign),
        ("item", &filter.item),
    ];
    let given = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let mut object: Map<String, Json> = given.map(|(key, values)| (key.to_owned(), json!(values))).collect();
    if !filter.property.is_empty() {
        object.insert("property".to_owned(), named_ops(&filter.property));
    }
    let each = each_json(filter);
    if !each.is_empty() {
        object.insert("each".to_owned(), Json::Object(each));
    }
    object
}

fn each_json(filter: &Filter) -> Map<String, Json> {
    let fields = [("amount", &filter.each_amount), ("quantity", &filter.each_quantity)];
    fields
        .into_iter()
        .filter_map(|(key, ops)| ops.as_ref().map(|ops| (key.to_owned(), ops_json(ops))))
        .collect()
}

impl Sequence {
    /// The JSON form, without the enclosing `sequence`.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        object.insert("steps".to_owned(), self.steps.iter().map(Did::to_json).collect());
        if let Some(span) = self.within {
            object.insert("within".to_owned(), span.to_json());
        }
        if let Some(window) = self.window {
            object.insert("window".to_owned(), window.to_json());
        }
        Json::Object(object)
    }
}

impl Span {
    /// The JSON form.
    pub fn to_json(self) -> Json {
        match self {
            Span::Days(n) => json!({ "days": n }),
            Span::Hours(n) => json!({ "hours": n }),
            Span::Minutes(n) => json!({ "minutes": n }),
        }
    }
}

fn at_json(date: AtDate) -> Json {
    match date {
        AtDate::Date(day) => json!({ "date": day.to_string() }),
        AtDate::DaysAgo(days) => json!({ "days_ago": days }),
    }
}

impl Window {
    /// The JSON form.
    pub fn to_json(self) -> Json {
        match self {
            Window::Days { days, skip: 0 } => json!({ "days": days }),
            Window::Days { days, skip } => json!({ "days": days, "skip": skip }),
            Window::UntilDaysAgo { days } => json!({ "until_days_ago": days }),
            Window::Between { from, to } => json!({ "from": from.to_string(), "to": to.to_string() }),
        }
    }
}

fn named_ops(named: &[(String, Ops)]) -> Json {
    let object = named.iter().map(|(key, ops)| (key.clone(), ops_json(ops)));
    Json::Object(object.collect())
}

fn ops_json(ops: &Ops) -> Json {
    let object = ops.0.iter().map(|op| (op.name().to_owned(), op_json(op)));
    Json::Object(object.collect())
}

fn op_json(op: &Op) -> Json {
    match op {
        Op::Eq(v) | Op::Ne(v) | Op::Gt(v) | Op::Gte(v) | Op::Lt(v) | Op::Lte(v) => constant(v),
        Op::In(vs) | Op::NotIn(vs) | Op::ContainsAny(vs) | Op::ContainsAll(vs) => {
            vs.iter().map(constant).collect()
        }
        Op::Between(low, high) => json!([constant(low), constant(high)]),
        Op::Exists(wanted) => json!(wanted),
        Op::LastDays(n) | Op::NextDays(n) | Op::AnniversaryNextDays(n) => json!(n),
    }
}

fn constant(value: &Value) -> Json {
    match value {
        Value::Number(n) => number(*n),
        Value::Text(text) => json!(text),
        Value::Bool(b) => json!(b),
    }
}

/// Whole numbers print without a fraction.
fn number(n: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if n.fract() == 0.0 && n.abs() < EXACT { json!(n as i64) } else { json!(n) }
}
