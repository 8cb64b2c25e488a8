//! The tables as one JSON document.
//!
//! ```text
//! {"events": {"Product Viewed": "view", "Email Opened": {"behavior": "message_opened", "channel": "crm.email", "lines": false}, …},
//!  "campaigns": [{"medium": ["email"], "source": ["october"], "channel": "crm.email"}, …],
//!  "fields": {"shop": ["shop", "store_code"], …}}
//! ```
//!
//! `events` and `fields` add to what is shipped, entry by entry (an event that is `null` is no longer known); `campaigns`
//! replaces the shipped rules, since the order of rules is their meaning. Printing writes everything that holds, so that what is
//! printed can be edited and means the same when parsed.

use serde_json::{Map, Value, json};
use weir_core::error::suggestion;
use weir_core::{Code, Error, Result};

use super::{CampaignRule, EventRule, Fields, Mappings, event_name};

type Members = Map<String, Value>;

impl Mappings {
    /// Reads a document; a pointer goes along with whatever is wrong.
    pub fn parse(document: &Value) -> Result<Mappings> {
        let mut mappings = Mappings::default();
        for (key, value) in members(document)? {
            let read = match key.as_str() {
                "events" => mappings.read_events(value),
                "campaigns" => campaigns(value).map(|rules| mappings.campaigns = rules),
                "fields" => mappings.fields.read(value),
                other => Err(unknown(other, &["events", "campaigns", "fields"])),
            };
            read.map_err(|error| error.under(&pointer(key)))?;
        }
        Ok(mappings)
    }

    /// The whole document.
    pub fn to_json(&self) -> Value {
        let events: Members =
            self.events.iter().map(|(name, rule)| (name.clone(), event_json(rule))).collect();
        let campaigns: Vec<Value> = self.campaigns.iter().map(campaign_json).collect();
        let fields: Members =
            self.fields.columns.iter().map(|(column, names)| ((*column).to_owned(), json!(names))).collect();
        json!({ "events": self.without_forgotten(events), "campaigns": campaigns, "fields": fields })
    }

    /// Shipped events that are no longer known must be said to be so.
    fn without_forgotten(&self, mut events: Members) -> Members {
        for name in Mappings::default().events.into_keys() {
            if !self.events.contains_key(&name) {
                events.insert(name, Value::Null);
            }
        }
        events
    }

    fn read_events(&mut self, value: &Value) -> Result<()> {
        for (name, rule) in members(value)? {
            let key = event_name(name);
            match rule {
                Value::Null => drop(self.events.remove(&key)),
                rule => {
                    let rule = event(rule).map_err(|error| error.under(&pointer(name)))?;
                    self.events.insert(key, rule);
                }
            }
        }
        Ok(())
    }
}

impl Fields {
    fn read(&mut self, value: &Value) -> Result<()> {
        for (column, names) in members(value)? {
            let known: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
            let found = self.columns.iter_mut().find(|(name, _)| name == column);
            let (_, place) = found.ok_or_else(|| unknown(column, &known).at(pointer(column)))?;
            *place = texts(names).map_err(|error| error.under(&pointer(column)))?;
        }
        Ok(())
    }
}

fn event(value: &Value) -> Result<EventRule> {
    if let Value::String(behavior) = value {
        return Ok(EventRule { behavior: name(behavior)?, channel: None, lines: false });
    }
    let mut rule = EventRule { behavior: String::new(), channel: None, lines: false };
    for (key, value) in members(value)? {
        match key.as_str() {
            "behavior" => rule.behavior = text(value)?,
            "channel" => rule.channel = Some(text(value)?),
            "lines" => {
                rule.lines = value.as_bool().ok_or_else(|| wrong("lines is true or false"))?;
            }
            other => return Err(unknown(other, &["behavior", "channel", "lines"])),
        }
    }
    rule.behavior = name(&rule.behavior)?;
    Ok(rule)
}

fn event_json(rule: &EventRule) -> Value {
    if rule.channel.is_none() && !rule.lines {
        return json!(rule.behavior);
    }
    let mut object = json!({ "behavior": rule.behavior });
    if let Some(channel) = &rule.channel {
        object["channel"] = json!(channel);
    }
    if rule.lines {
        object["lines"] = json!(true);
    }
    object
}

fn campaigns(value: &Value) -> Result<Vec<CampaignRule>> {
    let rules = value.as_array().ok_or_else(|| wrong("campaigns is a list of rules"))?;
    let indexed = rules.iter().enumerate();
    indexed.map(|(i, rule)| campaign(rule).map_err(|error| error.under(&format!("/{i}")))).collect()
}

fn campaign(value: &Value) -> Result<CampaignRule> {
    let mut rule = CampaignRule { medium: Vec::new(), source: Vec::new(), channel: String::new() };
    for (key, value) in members(value)? {
        match key.as_str() {
            "medium" => rule.medium = lower(texts(value)?),
            "source" => rule.source = lower(texts(value)?),
            "channel" => rule.channel = text(value)?,
            other => return Err(unknown(other, &["medium", "source", "channel"])),
        }
    }
    rule.channel = name(&rule.channel).map_err(|_| wrong("a rule needs a channel"))?;
    Ok(rule)
}

fn campaign_json(rule: &CampaignRule) -> Value {
    let mut object = Members::new();
    for (key, values) in [("medium", &rule.medium), ("source", &rule.source)] {
        if !values.is_empty() {
            object.insert(key.to_owned(), json!(values));
        }
    }
    object.insert("channel".to_owned(), json!(rule.channel));
    Value::Object(object)
}

fn lower(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_lowercase()).collect()
}

fn members(value: &Value) -> Result<&Members> {
    value.as_object().ok_or_else(|| wrong("an object is needed here"))
}

fn text(value: &Value) -> Result<String> {
    value.as_str().ok_or_else(|| wrong("a text is needed here")).and_then(name)
}

fn name(text: &str) -> Result<String> {
    match text.trim() {
        "" => Err(wrong("a name is needed here")),
        name => Ok(name.to_owned()),
    }
}

/// A list of texts; one text is a list of one.
fn texts(value: &Value) -> Result<Vec<String>> {
    match value {
        Value::String(_) => Ok(vec![text(value)?]),
        Value::Array(values) => values.iter().map(text).collect(),
        _ => Err(wrong("a list of texts is needed here")),
    }
}

fn wrong(message: &str) -> Error {
    Error::new(Code::InvalidMapping, message)
}

fn unknown(key: &str, known: &[&str]) -> Error {
    let help = suggestion(key, known.iter().copied());
    Error::new(Code::InvalidMapping, format!("\"{key}\" is nothing that can be mapped here"))
        .help(help.unwrap_or_else(|| format!("what can is {}", known.join(", "))))
}

fn pointer(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Mappings> {
        Mappings::parse(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn what_is_printed_is_parsed_again() {
        let edited = r#"{"events":{"Fitting Room Used":"try_on","Coupon Applied":null,
            "orderPaid":{"behavior":"purchase","channel":"shop.trade","lines":true}},
            "campaigns":[{"medium":"Email","channel":"email"},{"source":["A","b"],"channel":"x"}],
            "fields":{"shop":["store_code","shop"]}}"#;
        for mappings in [Mappings::default(), parse("{}").unwrap(), parse(edited).unwrap()] {
            assert_eq!(Mappings::parse(&mappings.to_json()).unwrap(), mappings);
        }
        let edited = parse(edited).unwrap();
        assert_eq!(edited.behavior("fitting room used").name, "try_on");
        assert!(!edited.behavior("Coupon Applied").is_known);
        assert!(edited.behavior("Order Paid").lines);
        assert_eq!(edited.campaigns.len(), 2);
        assert!(parse("{}").unwrap() == Mappings::default());
    }

    #[test]
    fn errors_name_their_place() {
        let at = |text: &str| {
            let error = parse(text).unwrap_err();
            assert_eq!(error.code, Code::InvalidMapping);
            error.at.unwrap_or_default()
        };
        assert_eq!(at(r#"{"event":{}}"#), "/event");
        assert_eq!(at(r#"{"events":{"A/B":{"behaviour":"x"}}}"#), "/events/A~1B");
        assert_eq!(at(r#"{"events":{"a":""}}"#), "/events/a");
        assert_eq!(at(r#"{"campaigns":[{"channel":"x"},{"medium":"email"}]}"#), "/campaigns/1");
        assert_eq!(at(r#"{"fields":{"shopp":["x"]}}"#), "/fields/shopp");
        assert_eq!(at(r#"{"fields":{"shop":7}}"#), "/fields/shop");
        assert_eq!(at("[]"), "");
    }
}
