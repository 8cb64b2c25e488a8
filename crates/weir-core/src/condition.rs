//! Conditions of a channel: which parameters can be filled in for it, and the expression that filled-in parameters mean.
//! So nobody above puts expressions together.
//!
//! ```text
//! CONDITION := what stands inside a `did`, without "channel", and "not_bought_since":true?
//! ```
//!
//! *Not bought since* takes away whoever has a purchase later than a matching event, on whatever channel: of people who were
//! reached it leaves those for whom it has not worked yet. Somebody who bought before and was reached afterwards stays.

use serde_json::{Value as Json, json};

use crate::error::{Code, Error, Result};
use crate::expr::parse::{did_of, object};
use crate::expr::{Checked, Did, Expr, Filter, Sequence, check};
use crate::vocabulary::Vocabulary;

/// The behavior that "bought" means.
const BOUGHT: &str = "purchase";

/// The key that is no part of a `did`.
const NOT_BOUGHT: &str = "not_bought_since";

/// Days of the window unless stated otherwise: "reached lately".
const DEFAULT_DAYS: u32 = 30;

/// What a field of a form takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Any of some names; those that data has brought are its options.
    Names,
    /// An operator on a number: `{"gte": 2}`.
    Number,
    /// A window: the last n days, n days that end m ago, everything up to m days ago, from one date to another.
    Window,
    /// Property keys with an operator each.
    Properties,
    /// On or off.
    Switch,
}

/// A parameter that can be filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// What it holds at first; none: it is left out.
    pub default: Option<Json>,
}

/// Parameters filled in for a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    did: Did,
    not_bought_since: bool,
}

impl FieldKind {
    /// The kind's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            FieldKind::Names => "names",
            FieldKind::Number => "number",
            FieldKind::Window => "window",
            FieldKind::Properties => "properties",
            FieldKind::Switch => "switch",
        }
    }
}

/// The fields of a channel's form: those that all channels share, and those of its entrance. `behaviors` are those that
/// data has brought there.
pub fn fields(path: &str, behaviors: &[&str]) -> Vec<Field> {
    let entrance = path.split('.').next().unwrap_or_default();
    let usual: Vec<&str> = usual(entrance).iter().copied().filter(|name| behaviors.contains(name)).collect();
    let field = |name, kind| Field { name, kind, default: None };
    let names = |name| field(name, FieldKind::Names);
    let mut fields = vec![
        Field {
            name: "behavior",
            kind: FieldKind::Names,
            default: (!usual.is_empty()).then(|| json!(usual)),
        },
        Field { name: "within", kind: FieldKind::Window, default: Some(json!({ "days": DEFAULT_DAYS })) },
        Field { name: "count", kind: FieldKind::Number, default: Some(json!({ "gte": 1 })) },
        field("active_days", FieldKind::Number),
        field("amount", FieldKind::Number),
        names("campaign"),
        names("item"),
    ];
    fields.extend(own(entrance).iter().map(|(name, kind)| field(name, *kind)));
    fields.push(field("property", FieldKind::Properties));
    fields.push(Field { name: NOT_BOUGHT, kind: FieldKind::Switch, default: Some(json!(false)) });
    fields
}

/// What is usually meant by "reached there".
fn usual(entrance: &str) -> &'static [&'static str] {
    match entrance {
        "shop" => &["view"],
        "ads" | "external" | "audience" => &["impression", "click"],
        "activity" => &["view", "coupon_claim"],
        "content" => &["view", "follow", "watch_live"],
        "crm" => &["message_delivered", "message_opened", "message_clicked"],
        "web" => &["impression", "click", "view"],
        _ => &[],
    }
}

/// What an entrance offers beside the shared fields.
fn own(entrance: &str) -> &'static [(&'static str, FieldKind)] {
    use FieldKind::{Names, Number};
    match entrance {
        "shop" => &[
            ("shop", Names),
            ("brand", Names),
            ("category", Names),
            ("orders", Number),
            ("quantity", Number),
        ],
        "activity" => &[("shop", Names), ("brand", Names), ("category", Names), ("orders", Number)],
        "ads" | "external" | "content" | "web" => &[("shop", Names), ("brand", Names), ("category", Names)],
        "audience" | "crm" => &[("shop", Names), ("brand", Names)],
        _ => &[
            ("shop", Names),
            ("brand", Names),
            ("category", Names),
            ("orders", Number),
            ("quantity", Number),
        ],
    }
}

impl Condition {
    /// Reads parameters that were filled in for a channel.
    pub fn from_json(channel: &str, value: &Json) -> Result<Condition> {
        let mut parameters = object(value, "a condition")?.clone();
        if parameters.contains_key("channel") {
            return Err(invalid("the channel is the one that is asked").at("/channel").help("leave it out"));
        }
        let not_bought_since = match parameters.remove(NOT_BOUGHT) {
            None => false,
            Some(Json::Bool(given)) => given,
            Some(_) => return Err(invalid("not_bought_since is true or false").at(format!("/{NOT_BOUGHT}"))),
        };
        let mut did = did_of(&Json::Object(parameters))?;
        did.filter.channel = vec![channel.to_owned()];
        Ok(Condition { did, not_bought_since })
    }

    /// Who meets it.
    pub fn expr(&self) -> Expr {
        let did = Expr::Did(Box::new(self.did.clone()));
        if !self.not_bought_since {
            return did;
        }
        let reached = Did { measures: Vec::new(), ..self.did.clone() };
        let filter = Filter { behavior: vec![BOUGHT.to_owned()], ..Filter::default() };
        let steps = vec![reached, Did { filter, ..Did::default() }];
        let bought = Expr::Sequence(Box::new(Sequence { steps, within: None, window: None }));
        Expr::Minus(vec![did, bought])
    }

    /// Checks the names in it; places are those of the parameters.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let own = |at: &str| at.strip_prefix("/did").unwrap_or(at).to_owned();
        let mut warnings = check(&Expr::Did(Box::new(self.did.clone())), names).map_err(|error| {
            let at = own(error.at.as_deref().unwrap_or_default());
            error.at(at)
        })?;
        warnings.iter_mut().for_each(|warning| warning.at = own(&warning.at));
        Ok(warnings)
    }
}

fn invalid(message: &str) -> Error {
    Error::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parameters: &Json, expected: &str) {
        let text = match Condition::from_json("ads.onsite.feed_ads", parameters) {
            Ok(condition) => condition.expr().to_json().to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn filled_in_parameters_are_an_expression() {
        check(&json!({}), r#"{"did":{"channel":["ads.onsite.feed_ads"]}}"#);
        check(
            &json!({"behavior": ["click"], "count": {"gte": 2}, "within": {"days": 30, "skip": 7}, "campaign": "d11"}),
            r#"{"did":{"behavior":["click"],"channel":["ads.onsite.feed_ads"],"campaign":["d11"],"within":{"days":30,"skip":7},"count":{"gte":2}}}"#,
        );
        check(
            &json!({"amount": {"between": [10, 20]}, "within": {"from": "2024-11-01", "to": "2024-11-11"}, "not_bought_since": false}),
            r#"{"did":{"channel":["ads.onsite.feed_ads"],"within":{"from":"2024-11-01","to":"2024-11-11"},"amount":{"between":[10,20]}}}"#,
        );
    }

    #[test]
    fn not_bought_since_takes_away_who_bought_after() {
        check(
            &json!({"behavior": ["click"], "within": {"days": 30}, "active_days": {"gte": 2}, "not_bought_since": true}),
            r#"{"minus":[{"did":{"behavior":["click"],"channel":["ads.onsite.feed_ads"],"within":{"days":30},"active_days":{"gte":2}}},{"sequence":{"steps":[{"behavior":["click"],"channel":["ads.onsite.feed_ads"],"within":{"days":30}},{"behavior":["purchase"]}]}}]}"#,
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        check(
            &json!({"channel": ["sms"]}),
            "the channel is the one that is asked (at /channel)\n  help: leave it out",
        );
        check(&json!({"not_bought_since": 3}), "not_bought_since is true or false (at /not_bought_since)");
        check(
            &json!({"campain": ["x"]}),
            "a did has no \"campain\" (at /campain)\n  help: did you mean \"campaign\"?",
        );
    }

    #[test]
    fn every_field_of_every_form_can_be_filled_in() {
        let entrances =
            ["shop", "ads", "external", "activity", "audience", "content", "crm", "web", "unmapped.pigeon"];
        for entrance in entrances {
            let fields = fields(entrance, crate::event::CORE_BEHAVIORS);
            let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{entrance} has a field twice");
            for field in fields {
                let value = field.default.clone().unwrap_or_else(|| match field.kind {
                    FieldKind::Names => json!(["x"]),
                    FieldKind::Number => json!({"gte": 1}),
                    FieldKind::Window => json!({"days": 1}),
                    FieldKind::Properties => json!({"query": {"eq": "tea"}}),
                    FieldKind::Switch => json!(true),
                });
                let read = Condition::from_json(entrance, &json!({ field.name: value }));
                assert!(read.is_ok(), "{entrance} {}: {read:?}", field.name);
            }
        }
    }

    #[test]
    fn only_behaviors_that_are_there_are_filled_in_at_first() {
        let first = |behaviors: &[&str]| fields("ads.cross", behaviors)[0].default.clone();
        assert_eq!(first(&["click", "view"]), Some(json!(["click"])));
        assert_eq!(first(&["view"]), None);
    }
}
