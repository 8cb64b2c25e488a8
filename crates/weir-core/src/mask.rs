//! Identifiers of people as others may see them: phone numbers and e-mail addresses lose what makes them usable.

use crate::identity::Identifier;

/// In place of what is hidden.
const HIDDEN: &str = "****";

/// Kinds whose values reach a person by themselves.
const PERSONAL: [&str; 3] = ["phone", "mobile", "email"];

/// Whether values of a kind are masked.
pub fn is_masked(kind: &str) -> bool {
    PERSONAL.contains(&kind)
}

/// The identifier with its value masked, where its kind is personal.
pub fn mask(identifier: &Identifier) -> Identifier {
    let Identifier { kind, value } = identifier;
    let value = match kind.as_str() {
        "email" => email(value),
        kind if is_masked(kind) => phone(value),
        _ => value.clone(),
    };
    Identifier { kind: kind.clone(), value }
}

/// `137****1234`: the four digits before the last four. Of a short number only its end is left.
fn phone(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    let end = |n: usize| letters[letters.len() - n..].iter().collect::<String>();
    match letters.len() {
        0..=4 => HIDDEN.to_owned(),
        5..=8 => format!("{HIDDEN}{}", end(2)),
        length => format!("{}{HIDDEN}{}", letters[..length - 8].iter().collect::<String>(), end(4)),
    }
}

/// `l***@example.com`.
fn email(value: &str) -> String {
    let (name, domain) = value.split_once('@').map_or((value, None), |(name, domain)| (name, Some(domain)));
    let first: String = name.chars().take(1).collect();
    match domain {
        Some(domain) => format!("{first}***@{domain}"),
        None => format!("{first}***"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_values_are_masked_and_others_are_not() {
        let cases = [
            ("phone", "13712341234", "137****1234"),
            ("phone", "+8613712341234", "+86137****1234"),
            ("phone", "123456789", "1****6789"),
            ("phone", "12345678", "****78"),
            ("mobile", "110", "****"),
            ("email", "lily@example.com", "l***@example.com"),
            ("email", "王五@例子.中国", "王***@例子.中国"),
            ("email", "nobody", "n***"),
            ("user_id", "13712341234", "13712341234"),
        ];
        for (kind, value, masked) in cases {
            let identifier = Identifier { kind: kind.to_owned(), value: value.to_owned() };
            assert_eq!(mask(&identifier).value, masked, "{kind}:{value}");
        }
    }
}
