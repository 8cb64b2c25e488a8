//! Expressions as JSON, described once for the OpenAPI document.
//!
//! The schema is written by hand: the grammar recurses through sixteen kinds of nodes, and the parser of weir-core,
//! which names the place of every mistake, is the only one to decide what is valid.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};
use utoipa::{PartialSchema, ToSchema};
use weir_core::Result;
use weir_core::expr::{Expr, parse_value};

/// An expression that has not been read yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expression(pub Value);

const DESCRIPTION: &str = r#"A set of consumers as of a date: an object with exactly one key (`at` has `of` beside it).

```
E := {"all":[E…]} | {"any":[E…]} | {"not":E} | {"minus":[E, E…]} | {"xor":[E,E]} | {"everyone":true}
   | {"did":D} | {"sequence":{"steps":[D…],"within":{"days":n}|{"hours":n}|{"minutes":n},"window":W?}}
   | {"tag":{"<key>":{op:value}}} | {"list":"name"} | {"audience":"name"} | {"snapshot":"id"}
   | {"state":{"model":"pno"|"pno@2"|{"states":[…]},"scope":S,"in":["potential","new"]}}
   | {"at":{"date":date}|{"days_ago":n},"of":E}
   | {"sample":{"of":E,"percent":p,"salt":"…"}} | {"top":{"of":E,"by":{M:D},"n":n}}
D := {"behavior":[…],"channel":[…],"shop":[…],"brand":[…],"category":[…],"campaign":[…],"item":[…],
      "property":{"k":{op:v}},"each":{"amount":{op:v},"quantity":{op:v}},"within":W, M:{op:v}…}
M := count | active_days | orders | amount | quantity | aov | first | last
W := {"days":n} | {"days":n,"skip":m} | {"until_days_ago":m} | {"from":date,"to":date}
op := eq ne in not_in gt gte lt lte between exists contains_any contains_all;
      on dates also last_days, next_days, anniversary_next_days
S := {"shop":"…"} | {"brand":"…"} | {"category":"…"} | {"workspace":true}
```

A `did` without a measure means at least once. Names of behaviors, channels, tags, lists, models and audiences are
checked; values of shop, brand, category, campaign, item and property keys that nothing has mentioned are warnings."#;

impl Expression {
    /// The expression, its mistakes placed below `at`.
    pub fn read(&self, at: &str) -> Result<Expr> {
        parse_value(&self.0).map_err(|error| error.under(at))
    }
}

impl PartialSchema for Expression {
    fn schema() -> RefOr<Schema> {
        let any_node = AdditionalProperties::FreeForm(true);
        let object = ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(DESCRIPTION))
            .additional_properties(Some(any_node))
            .examples(examples());
        RefOr::T(Schema::Object(object.build()))
    }
}

impl ToSchema for Expression {}

fn examples() -> [Value; 4] {
    let bought = json!({"did": {"behavior": ["purchase"], "within": {"days": 90}}});
    let saw =
        json!({"did": {"behavior": ["impression", "click"], "channel": ["ads"], "within": {"days": 30}}});
    [
        bought.clone(),
        json!({"minus": [saw, bought]}),
        json!({"all": [
            {"did": {"behavior": ["purchase", "refund"], "amount": {"gte": 1500}, "within": {"days": 365}}},
            {"tag": {"gender": {"eq": "female"}}},
        ]}),
        json!({"state": {"model": "pno", "scope": {"shop": "flagship"}, "in": ["potential", "new"]}}),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_expressions() {
        for example in examples() {
            Expression(example).read("/expression").unwrap();
        }
    }

    #[test]
    fn mistakes_are_placed_in_the_request() {
        let error = Expression(json!({"not": {"dit": {}}})).read("/expression").unwrap_err();
        assert_eq!(error.at.as_deref(), Some("/expression/not/dit"));
    }
}
