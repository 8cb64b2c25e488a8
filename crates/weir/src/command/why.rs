//! `weir why`: the events, tags and rules that put a consumer in or out.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use serde_json::Value;
use weir_app::{Branch, Evidence, WhyAnswer, WhyEvent};
use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::expr::{Expr, StateTest};
use weir_core::tag::TagValue;
use weir_core::time::Zone;
use weir_server::wire;

use crate::clock::{as_of, local};
use crate::context::Context;
use crate::expression;
use crate::number::plural;
use crate::tree::Node;

const EXAMPLES: &str = "\
Examples:
  weir why 10142 --audience double_11_exposed_not_bought --as-of 2024-11-30
  weir why email:someone@example.com --expr buyers.json";

/// Tell why a consumer is in or out of an expression
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("what").required(true)))]
pub struct Arguments {
    /// A user id, or kind:value
    #[arg(value_name = "USER")]
    user: String,

    /// File with the expression as JSON, or - for stdin
    #[arg(long, value_name = "FILE", group = "what")]
    expr: Option<PathBuf>,

    /// A named audience instead
    #[arg(long, value_name = "NAME", group = "what")]
    audience: Option<String>,

    /// Local date. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let expr = expr(arguments)?;
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let answer = workspace.why(&arguments.user, &expr, as_of)?;
    let zone = workspace.settings()?.zone;
    context.answer(&wire::Why::from(&answer), || draw(&answer, &zone))
}

/// clap has seen to it that one of the two is given.
fn expr(arguments: &Arguments) -> Result<Expr> {
    match (&arguments.expr, &arguments.audience) {
        (Some(path), _) => expression::read(path, "--expr"),
        (None, Some(name)) => Ok(Expr::Audience(name.clone())),
        (None, None) => Ok(Expr::Everyone),
    }
}

fn draw(answer: &WhyAnswer, zone: &Zone) -> String {
    let verdict = if answer.member { "in" } else { "out" };
    let unknown = if answer.known { "" } else { "; not known as of that date" };
    let head = format!("{} is {verdict} as of {}{unknown}", answer.consumer, answer.as_of);
    format!("{head}\n\n{}", node(&answer.tree, "", zone).text())
}

/// `rule` is the name of the state that a rule of a model leads to.
fn node(branch: &Branch, rule: &str, zone: &Zone) -> Node {
    let mark = if branch.member { "✓ in " } else { "✗ out" };
    let rule = if rule.is_empty() { String::new() } else { format!("rule {rule}: ") };
    let is_state = matches!(branch.expr, Expr::State(_));
    let part = |part: &Branch| node(part, if is_state { state_of_rule(&part.at) } else { "" }, zone);
    Node {
        title: format!("{mark}  {rule}{}", title(branch)),
        details: details(&branch.evidence, zone),
        parts: branch.parts.iter().map(part).collect(),
    }
}

/// A rule is placed at `…/model:state`.
fn state_of_rule(at: &str) -> &str {
    let last = at.rsplit('/').next().unwrap_or_default();
    last.split_once(':').map_or(last, |(_, state)| state)
}

fn title(branch: &Branch) -> String {
    match &branch.expr {
        Expr::All(_) => "all of".to_owned(),
        Expr::Any(_) => "any of".to_owned(),
        Expr::Not(_) => "not".to_owned(),
        Expr::Minus(_) => "the first without the others".to_owned(),
        Expr::Xor(..) => "exactly one of".to_owned(),
        Expr::Everyone => "everyone".to_owned(),
        Expr::Audience(name) => format!("audience {name}"),
        Expr::List(name) => format!("list {name}"),
        Expr::Snapshot(id) => format!("snapshot {id}"),
        Expr::State(test) => state_title(test),
        Expr::At(..) => format!("as of {}", branch.parts.first().map_or(branch.as_of, |part| part.as_of)),
        Expr::Sample(sample) => format!("{} % by the salt \"{}\"", sample.percent, sample.salt),
        Expr::Top(top) => format!("top {} by {} of {}", top.n, top.measure.name(), top.by.to_json()),
        Expr::Did(_) | Expr::Sequence(_) | Expr::Tag(_) => leaf_title(&branch.expr.to_json()),
    }
}

fn state_title(test: &StateTest) -> String {
    format!("state {} of {}, {}", test.states.join(" or "), test.model, test.scope)
}

/// `{"did": {…}}` as `did {…}`.
fn leaf_title(json: &Value) -> String {
    let first = json.as_object().and_then(|object| object.iter().next());
    first.map_or_else(|| json.to_string(), |(key, inner)| format!("{key} {inner}"))
}

fn details(evidence: &Evidence, zone: &Zone) -> Vec<String> {
    match evidence {
        Evidence::Parts => Vec::new(),
        Evidence::Events { shown, total } => events(shown, *total, zone),
        Evidence::Tags(tags) => tags.iter().map(|(key, value)| tag(key, value.as_ref())).collect(),
        Evidence::State(state) => vec![format!("is in {state}")],
    }
}

fn events(shown: &[WhyEvent], total: usize, zone: &Zone) -> Vec<String> {
    if total == 0 {
        return vec!["no such event".to_owned()];
    }
    let mut lines: Vec<String> = shown.iter().map(|one| event(one, zone)).collect();
    let more = (total - shown.len()) as u64;
    if more > 0 {
        lines.push(format!("… and {}", plural(more, "more event")));
    }
    lines
}

/// Local date and time, behavior, and what else the event carries.
fn event(event: &WhyEvent, zone: &Zone) -> String {
    let mut parts = vec![local(event.time, zone)];
    parts.extend(event.texts.iter().map(|(name, text)| match *name {
        "behavior" => text.clone(),
        name => format!("{name} {text}"),
    }));
    parts.extend(event.quantity.map(|units| format!("quantity {}", Amount(units))));
    parts.extend(event.amount.map(|units| format!("amount {}", Amount(units))));
    parts.extend(event.properties.iter().map(|(key, value)| format!("{key} {value}")));
    parts.join("  ")
}

fn tag(key: &str, value: Option<&TagValue>) -> String {
    match value {
        None => format!("{key}: no value"),
        Some(TagValue::Text(text)) => format!("{key}: {text}"),
        Some(TagValue::Number(number)) => format!("{key}: {number}"),
        Some(TagValue::Date(day)) => format!("{key}: {day}"),
        Some(TagValue::Absent) => format!("{key}: no value"),
        Some(TagValue::Multi(texts)) => format!("{key}: {}", texts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(text: &str, member: bool, evidence: Evidence) -> Branch {
        let expr = weir_core::expr::parse_expr(text).unwrap();
        let as_of = "2024-11-30".parse().unwrap();
        Branch { at: String::new(), as_of, member, expr, evidence, parts: Vec::new() }
    }

    #[test]
    fn every_leaf_says_what_decided() {
        let bought = WhyEvent {
            time: 1_704_069_547_000_000,
            day: "2024-01-01".parse().unwrap(),
            texts: vec![
                ("behavior", "purchase".into()),
                ("channel", "shop".into()),
                ("item", "42005".into()),
            ],
            amount: Some(720_000),
            quantity: Some(10_000),
            properties: Vec::new(),
        };
        let did = leaf(
            r#"{"did": {"behavior": ["purchase"]}}"#,
            true,
            Evidence::Events { shown: vec![bought], total: 3 },
        );
        let tag = leaf(
            r#"{"tag": {"gender": {"eq": "female"}}}"#,
            false,
            Evidence::Tags(vec![("gender".into(), None)]),
        );
        let rule = Branch { at: "/all/1/pno:old".into(), ..did.clone() };
        let state =
            leaf(r#"{"state": {"model": "pno", "in": ["old"]}}"#, true, Evidence::State("old".into()));
        let state = Branch { parts: vec![rule], ..state };
        let all = leaf(r#"{"all": []}"#, false, Evidence::Parts);
        let tree = Branch { parts: vec![tag, state], ..all };
        let zone = Zone::named("Asia/Shanghai").unwrap();
        insta::assert_snapshot!(node(&tree, "", &zone).text(), @r#"
        ✗ out  all of
        ├─ ✗ out  tag {"gender":{"eq":"female"}}
        │      gender: no value
        └─ ✓ in   state old of pno, workspace
           │   is in old
           └─ ✓ in   rule old: did {"behavior":["purchase"]}
                  2024-01-01 08:39:07  purchase  channel shop  item 42005  quantity 1  amount 72
                  … and 2 more events
        "#);
    }
}
