//! What the writers send: numbered messages, so that a whole run is known from a few counters.
//!
//! Twenty messages belong to a user. The first names both identifiers, the others one of them in turn; so the user is one
//! person exactly if the first is stored, and that is checked too.

use std::fmt::Write;

use jiff::Timestamp;

/// Messages of a user.
pub const PER_USER: u64 = 20;

/// A message of a run: which writer's, and which of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// The writer, from 0.
    pub writer: usize,
    /// The message, from 0.
    pub sequence: u64,
}

impl Number {
    /// The message id: `w3-17`.
    pub fn id(self) -> String {
        format!("w{}-{}", self.writer, self.sequence)
    }

    /// Reads a message id; none where no writer has written it.
    pub fn parse(id: &str) -> Option<Number> {
        let (writer, sequence) = id.strip_prefix('w')?.split_once('-')?;
        let number = Number { writer: writer.parse().ok()?, sequence: sequence.parse().ok()? };
        (number.id() == id).then_some(number)
    }

    /// Which of the two identifiers of its user a message names.
    pub fn names(self) -> Names {
        match self.sequence % PER_USER {
            0 => Names::Both,
            n if n % 2 == 0 => Names::User,
            _ => Names::Anonymous,
        }
    }
}

/// The identifiers that a message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `userId` and `anonymousId`, which makes them one person's.
    Both,
    /// `userId` alone.
    User,
    /// `anonymousId` alone.
    Anonymous,
}

/// The body of a request with these messages, sent now.
pub fn body(writer: usize, sequences: &[u64]) -> String {
    let now = Timestamp::now();
    let mut body = format!("{{\"sentAt\":\"{now:.3}\",\"batch\":[");
    for (place, &sequence) in sequences.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        body += comma;
        write_message(&mut body, Number { writer, sequence }, now);
    }
    body + "]}"
}

fn write_message(body: &mut String, number: Number, now: Timestamp) {
    let Number { writer, sequence } = number;
    let user = sequence / PER_USER;
    let identifiers = match number.names() {
        Names::Both => format!("\"userId\":\"u{writer}-{user}\",\"anonymousId\":\"a{writer}-{user}\""),
        Names::User => format!("\"userId\":\"u{writer}-{user}\""),
        Names::Anonymous => format!("\"anonymousId\":\"a{writer}-{user}\""),
    };
    // Writing to a string does not fail.
    let _ = write!(
        body,
        "{{\"type\":\"track\",\"event\":\"Product Viewed\",\"messageId\":\"{}\",{identifiers},\"timestamp\":\"{now:.3}\",\
         \"properties\":{{\"product_id\":\"p{}\",\"price\":{}.50,\"sequence\":{sequence}}}}}",
        number.id(),
        sequence % 1000,
        sequence % 90,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written_and_no_others() {
        let number = Number { writer: 3, sequence: 17 };
        assert_eq!(Number::parse(&number.id()), Some(number));
        for other in ["", "w", "w3", "w3-", "w3-017", "w+3-17", "x3-17", "w3-17-0", "w-3"] {
            assert_eq!(Number::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_body_is_json_with_its_messages_in_order() {
        let body: serde_json::Value = serde_json::from_str(&body(1, &[20, 21, 22, 20])).unwrap();
        let batch = body["batch"].as_array().unwrap();
        let text = |message: &serde_json::Value, key: &str| message[key].as_str().map(str::to_owned);
        let ids: Vec<_> = batch.iter().filter_map(|message| text(message, "messageId")).collect();
        assert_eq!(ids, ["w1-20", "w1-21", "w1-22", "w1-20"]);
        let named = |key: &str| batch.iter().map(|message| text(message, key)).collect::<Vec<_>>();
        let (user, anonymous) = (Some("u1-1".to_owned()), Some("a1-1".to_owned()));
        assert_eq!(named("userId"), [user.clone(), None, user.clone(), user]);
        assert_eq!(named("anonymousId"), [anonymous.clone(), anonymous.clone(), None, anonymous]);
    }
}
