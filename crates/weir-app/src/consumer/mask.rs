//! Answers as those see them who need not know how to reach a person.

use weir_core::identity::Identifier;
use weir_core::mask::{is_masked, mask};
use weir_core::tag::TagValue;

use super::{ConsumerAnswer, ConsumerEvent, ListedConsumer};
use crate::identity::{LinkRecord, LinkState, LinkStatement};

impl ConsumerAnswer {
    /// The same with phone numbers and e-mail addresses masked, also in tags of such a name.
    #[must_use]
    pub fn masked(mut self) -> ConsumerAnswer {
        self.consumer = mask(&self.consumer);
        self.identifiers.iter_mut().for_each(|seen| seen.identifier = mask(&seen.identifier));
        self.links.iter_mut().for_each(mask_link);
        self.statements.iter_mut().for_each(mask_statement);
        self.pushes.iter_mut().for_each(|(_, recipient)| recipient.consumer = mask(&recipient.consumer));
        for tag in &mut self.tags {
            if let TagValue::Text(text) = &mut tag.value {
                *text = mask_text(&tag.name, text);
            }
        }
        self.is_masked = true;
        self
    }
}

impl ConsumerEvent {
    /// The same with phone numbers and e-mail addresses masked, also in properties of such a name.
    #[must_use]
    pub fn masked(mut self) -> ConsumerEvent {
        self.identifier = mask(&self.identifier);
        for (key, json) in &mut self.event.properties {
            if is_masked(key) {
                let text = serde_json::from_str(json).unwrap_or_else(|_| json.clone());
                *json = serde_json::Value::String(mask_text(key, &text)).to_string();
            }
        }
        self
    }
}

impl ListedConsumer {
    /// The same with a phone number or an e-mail address masked.
    #[must_use]
    pub fn masked(self) -> ListedConsumer {
        ListedConsumer { consumer: mask(&self.consumer), ..self }
    }
}

fn mask_link(link: &mut LinkRecord) {
    (link.a, link.b) = (mask(&link.a), mask(&link.b));
    if let LinkState::Unlinked(statement) = &mut link.state {
        mask_statement(statement);
    }
}

fn mask_statement(statement: &mut LinkStatement) {
    (statement.a, statement.b) = (mask(&statement.a), mask(&statement.b));
}

fn mask_text(kind: &str, text: &str) -> String {
    mask(&Identifier { kind: kind.to_owned(), value: text.to_owned() }).value
}
