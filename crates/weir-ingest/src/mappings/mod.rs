//! What clients' words mean in a workspace: names of events → behaviors, campaigns → channels, properties → columns.
//!
//! Three tables, all of which a workspace can edit as one JSON document (`json`); what is not said there is as
//! shipped (`shipped`). Names of events compare in snake case, so "Product Viewed", `product_viewed` and `productViewed` are one name.

mod json;
mod shipped;

use std::borrow::Cow;
use std::collections::BTreeMap;

use weir_core::event::is_core_behavior;

use crate::json::Object;

/// The tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Mappings {
    /// By name of the event in snake case.
    events: BTreeMap<String, EventRule>,
    /// The first that fits wins.
    campaigns: Vec<CampaignRule>,
    fields: Fields,
}

/// What an event of some name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// The behavior.
    pub behavior: String,
    /// The channel, where neither the event nor its campaign names one.
    pub channel: Option<String>,
    /// Whether each of its `products` is an event of its own.
    pub lines: bool,
}

/// The channel of campaigns with one of these media and one of these sources; an empty list is any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRule {
    /// Values of `utm_medium`, in lower case.
    pub medium: Vec<String>,
    /// Values of `utm_source`, in lower case.
    pub source: Vec<String>,
    /// Path or leaf in the channel tree.
    pub channel: String,
}

/// For each column the properties it is taken from; the first that is there wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    columns: [(&'static str, Vec<String>); Column::COUNT],
}

/// A column that properties are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the column of its name")]
pub enum Column {
    Channel,
    Shop,
    Brand,
    Category,
    Campaign,
    Item,
    OrderId,
    Currency,
    Quantity,
    /// An amount as a whole, of an event without lines.
    Amount,
    /// What one costs; times the quantity it is an amount.
    Price,
}

impl Column {
    const COUNT: usize = 11;
}

/// How a name of an event was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Behavior<'m> {
    pub name: Cow<'m, str>,
    pub channel: Option<&'m str>,
    pub lines: bool,
    /// Whether the table or the core list knows it; otherwise it is a custom behavior.
    pub is_known: bool,
}

impl Mappings {
    /// What an event of this name is.
    pub(crate) fn behavior(&self, event: &str) -> Behavior<'_> {
        let name = event_name(event);
        match self.events.get(&name) {
            Some(rule) => Behavior {
                name: rule.behavior.as_str().into(),
                channel: rule.channel.as_deref(),
                lines: rule.lines,
                is_known: true,
            },
            None => {
                let is_known = is_core_behavior(&name);
                Behavior { name: name.into(), channel: None, lines: false, is_known }
            }
        }
    }

    /// The channel that a campaign's medium and source mean; without a rule, what is more telling of the two.
    pub(crate) fn campaign_channel(&self, campaign: &Object) -> Option<Cow<'_, str>> {
        let lower = |key| campaign.text(key).map(|text| text.to_lowercase());
        let (medium, source) = (lower("medium"), lower("source"));
        let rule = self.campaigns.iter().find(|rule| rule.fits(medium.as_deref(), source.as_deref()));
        match rule {
            Some(rule) => Some(rule.channel.as_str().into()),
            None => source.or(medium).map(Cow::Owned),
        }
    }

    /// Which properties become columns.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl Fields {
    /// The properties that a column is taken from.
    pub(crate) fn sources(&self, column: Column) -> &[String] {
        &self.columns[column as usize].1
    }
}

impl CampaignRule {
    fn fits(&self, medium: Option<&str>, source: Option<&str>) -> bool {
        let is_among = |values: &[String], value: Option<&str>| {
            values.is_empty() || value.is_some_and(|value| values.iter().any(|v| v == value))
        };
        is_among(&self.medium, medium) && is_among(&self.source, source)
    }
}

/// Longest name of a custom behavior, in characters; what goes beyond is cut.
const LONGEST_NAME: usize = 100;

/// A name as words in lower case, joined by `_`, such as custom behaviors have. Words end at whatever is neither letter nor digit, and
/// before a capital that follows a small letter or a digit.
pub(crate) fn snake_case(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 2);
    let (mut length, mut was_small, mut is_gap) = (0, false, false);
    for c in name.chars() {
        if !c.is_alphanumeric() {
            is_gap = true;
            continue;
        }
        let is_new_word = is_gap || (was_small && c.is_uppercase());
        if is_new_word && !words.is_empty() {
            words.push('_');
        }
        (was_small, is_gap) = (!c.is_uppercase(), false);
        match c.is_ascii() {
            true => words.push(c.to_ascii_lowercase()),
            false => words.extend(c.to_lowercase()),
        }
        length += 1;
        if length == LONGEST_NAME {
            break;
        }
    }
    words
}

/// The name that events compare by; one without letters and digits is `unnamed`.
pub(crate) fn event_name(name: &str) -> String {
    match snake_case(name) {
        words if words.is_empty() => "unnamed".to_owned(),
        words => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use crate::limits::Limits;

    #[test]
    fn names_become_snake_case() {
        let cases = [
            ("Product Viewed", "product_viewed"),
            ("product_viewed", "product_viewed"),
            ("productViewed", "product_viewed"),
            ("  SMS - Opened! ", "sms_opened"),
            ("Step2Done", "step2_done"),
            ("查看 商品", "查看_商品"),
            ("!!!", ""),
        ];
        for (name, snake) in cases {
            assert_eq!(snake_case(name), snake, "{name}");
        }
        assert_eq!(event_name("!!!"), "unnamed");
        assert_eq!(snake_case(&"a".repeat(5_000)).len(), LONGEST_NAME);
    }

    #[test]
    fn known_names_are_behaviors_and_others_are_custom() {
        let mappings = Mappings::default();
        let behavior = |name| {
            let behavior = mappings.behavior(name);
            (behavior.name.into_owned(), behavior.is_known)
        };
        assert_eq!(behavior("Order Completed"), ("purchase".to_owned(), true));
        assert_eq!(behavior("add_to_cart"), ("add_to_cart".to_owned(), true));
        assert_eq!(behavior("Store Locator Used"), ("store_locator_used".to_owned(), false));
        assert!(mappings.behavior("order_completed").lines && !mappings.behavior("Order Placed").lines);
        assert_eq!(mappings.behavior("Email Opened").channel, Some("crm.email"));
    }

    #[test]
    fn campaigns_mean_channels() {
        let channel = |json: &str| {
            let value = Json::parse(json.as_bytes(), &Limits::default()).unwrap();
            Mappings::default().campaign_channel(value.as_object().unwrap()).map(Cow::into_owned)
        };
        let is = |json: &str, path: Option<&str>| assert_eq!(channel(json).as_deref(), path, "{json}");
        is(r#"{"medium":"Email","source":"october"}"#, Some("crm.email"));
        is(r#"{"medium":"cpc","source":"google"}"#, Some("web.search_engine"));
        is(r#"{"medium":"cpc","source":"TikTok"}"#, Some("external.douyin"));
        is(r#"{"source":"weibo"}"#, Some("web.social_feed"));
        is(r#"{"medium":"blimp","source":"goodyear"}"#, Some("goodyear"));
        is(r#"{"medium":"blimp"}"#, Some("blimp"));
        is(r#"{"name":"x"}"#, None);
    }
}
