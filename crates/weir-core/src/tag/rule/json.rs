//! The JSON form of a rule; what is printed parses back to the same rule.

use serde_json::{Map, Value as Json, json};

use super::{Case, Cases, Dimension, Give, Most, TagRule};
use crate::error::{Error, Result, suggestion};
use crate::expr::parse::{array, invalid, object, only, pointer, required, single, text};
use crate::expr::{Did, Measure, parse_events, parse_value};
use crate::rfm::Rfm;

impl TagRule {
    /// Reads a rule.
    pub fn from_json(value: &Json) -> Result<TagRule> {
        let given = object(value, "the value of a tag")?;
        match first_of(given, &["cases", "each", "rfm", "most"]) {
            Some("cases") => Ok(TagRule::Cases(cases(given, "cases")?)),
            Some("each") => Ok(TagRule::Each(cases(given, "each")?)),
            Some("rfm") => rfm(given),
            Some(_) => Ok(TagRule::Most(Box::new(most(value).map_err(|e| e.under("/most"))?))),
            None => measure(value),
        }
    }

    /// The JSON form.
    pub fn to_json(&self) -> Json {
        match self {
            TagRule::Measure(measure, did) => json!({ measure.name(): did.to_json() }),
            TagRule::Most(most) => {
                let Most { of, by, events } = &**most;
                json!({ "most": { "of": of.name(), "by": by.name(), "events": events.to_json() } })
            }
            TagRule::Cases(cases) => cases.to_json("cases"),
            TagRule::Each(cases) => cases.to_json("each"),
            TagRule::Rfm(rfm, give) => json!({ "rfm": rfm.to_json(), "give": give.name() }),
        }
    }
}

fn first_of<'a>(object: &Map<String, Json>, keys: &[&'a str]) -> Option<&'a str> {
    keys.iter().copied().find(|key| object.contains_key(*key))
}

fn measure(value: &Json) -> Result<TagRule> {
    let mut known: Vec<&str> = Measure::ALL.iter().map(|(name, _)| *name).collect();
    known.extend(["most", "cases", "each", "rfm"]);
    let (name, inner) = single(value, "the value of a tag", &known)?;
    let measure = Measure::ALL.iter().find(|(n, _)| *n == name).map_or(Measure::Count, |(_, m)| *m);
    let events = parse_events(inner).map_err(|e| e.under(&pointer(name)))?;
    Ok(TagRule::Measure(measure, Box::new(events)))
}

fn most(value: &Json) -> Result<Most> {
    let (_, inner) = single(value, "the value of a tag", &["most"])?;
    let given = object(inner, "most")?;
    only(given, "most", &["of", "by", "events"])?;
    let of = text(required(given, "of", "most")?, "a dimension").map_err(|e| e.under("/of"))?;
    let of = named(&of, &Dimension::ALL, "dimension").map_err(|e| e.under("/of"))?;
    let measures = Most::MEASURES.map(|measure| (measure.name(), measure));
    let by = match given.get("by") {
        None => Measure::Count,
        Some(by) => {
            let name = text(by, "a measure").map_err(|e| e.under("/by"))?;
            named(&name, &measures, "measure to compare by").map_err(|e| e.under("/by"))?
        }
    };
    let events = given.get("events").map_or_else(|| Ok(Did::default()), parse_events);
    Ok(Most { of, by, events: events.map_err(|e| e.under("/events"))? })
}

fn cases(given: &Map<String, Json>, key: &str) -> Result<Cases> {
    only(given, "the value of a tag", &[key, "else"])?;
    let list = array(&given[key], "a list of cases").map_err(|e| e.under(&pointer(key)))?;
    let mut cases = Vec::new();
    for (i, value) in list.iter().enumerate() {
        cases.push(case(value).map_err(|e| e.under(&format!("/{key}/{i}")))?);
    }
    if cases.is_empty() {
        return Err(invalid("a tag needs at least one case".to_owned()).at(pointer(key)));
    }
    let otherwise = given.get("else").map(|e| text(e, "a text").map_err(|error| error.under("/else")));
    Ok(Cases { cases, otherwise: otherwise.transpose()? })
}

fn case(value: &Json) -> Result<Case> {
    let given = object(value, "a case")?;
    only(given, "a case", &["when", "is"])?;
    let when = parse_value(required(given, "when", "a case")?).map_err(|e| e.under("/when"))?;
    let is = text(required(given, "is", "a case")?, "a text").map_err(|e| e.under("/is"))?;
    Ok(Case { when, is })
}

fn rfm(given: &Map<String, Json>) -> Result<TagRule> {
    only(given, "the value of a tag", &["rfm", "give"])?;
    let rfm = Rfm::from_json(&given["rfm"]).map_err(|e| e.under("/rfm"))?;
    let give = text(required(given, "give", "an RFM tag")?, "what to give").map_err(|e| e.under("/give"))?;
    let give = named(&give, &Give::ALL, "part of an RFM analysis").map_err(|e| e.under("/give"))?;
    if give == Give::Segment && rfm.segments().is_empty() {
        let error = invalid("this analysis has no segments, because it has not five scores".to_owned());
        return Err(error.at("/give").help("take five scores each, or say which segments there are"));
    }
    Ok(TagRule::Rfm(Box::new(rfm), give))
}

/// One of a fixed list of names.
fn named<T: Copy>(name: &str, known: &[(&'static str, T)], what: &str) -> Result<T> {
    let found = known.iter().find(|(n, _)| *n == name);
    found.map(|(_, one)| *one).ok_or_else(|| unknown(name, what, known.iter().map(|(name, _)| *name)))
}

fn unknown(name: &str, what: &str, known: impl Iterator<Item = &'static str>) -> Error {
    let known: Vec<&str> = known.collect();
    let help = suggestion(name, known.iter().copied());
    invalid(format!("there is no {what} \"{name}\""))
        .help(help.unwrap_or_else(|| format!("there is {}", known.join(", "))))
}

impl Cases {
    fn to_json(&self, key: &str) -> Json {
        let list = self.cases.iter().map(|case| json!({ "when": case.when.to_json(), "is": case.is }));
        let mut object = Map::new();
        object.insert(key.to_owned(), list.collect());
        if let Some(text) = &self.otherwise {
            object.insert("else".to_owned(), json!(text));
        }
        Json::Object(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Json, expected: &str) {
        let text = match TagRule::from_json(&value) {
            Ok(rule) => {
                assert_eq!(TagRule::from_json(&rule.to_json()), Ok(rule.clone()));
                format!("{} {}", rule.kind().name(), rule.to_json())
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn rules_are_read_and_printed() {
        let bought = json!({ "behavior": ["purchase"], "within": { "days": 365 } });
        check(
            json!({ "amount": bought }),
            r#"number {"amount":{"behavior":["purchase"],"within":{"days":365}}}"#,
        );
        check(json!({ "last": { "behavior": "purchase" } }), r#"date {"last":{"behavior":["purchase"]}}"#);
        check(
            json!({ "most": { "of": "category" } }),
            r#"text {"most":{"of":"category","by":"count","events":{}}}"#,
        );
        let vip = json!({ "when": { "list": "vip" }, "is": "gold" });
        check(
            json!({ "cases": [vip], "else": "plain" }),
            r#"text {"cases":[{"when":{"list":"vip"},"is":"gold"}],"else":"plain"}"#,
        );
        check(json!({ "each": [vip] }), r#"multi {"each":[{"when":{"list":"vip"},"is":"gold"}]}"#);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let check = |value, message, at: &str| {
            let error = TagRule::from_json(&value).unwrap_err();
            assert_eq!((error.message.as_str(), error.at.as_deref()), (message, Some(at)));
        };
        check(json!({ "amuont": {} }), "the value of a tag has no \"amuont\"", "/amuont");
        check(
            json!({ "amount": { "count": { "gte": 1 } } }),
            "measures do not belong here; this only says which events",
            "/amount/count",
        );
        check(json!({ "most": { "of": "colour" } }), "there is no dimension \"colour\"", "/most/of");
        check(
            json!({ "most": { "of": "item", "by": "first" } }),
            "there is no measure to compare by \"first\"",
            "/most/by",
        );
        check(json!({ "cases": [] }), "a tag needs at least one case", "/cases");
        check(json!({ "cases": [{ "is": "x" }] }), "a case needs \"when\"", "/cases/0");
        check(
            json!({ "rfm": { "method": { "mean": true } }, "give": "segment" }),
            "this analysis has no segments, because it has not five scores",
            "/give",
        );
    }
}
