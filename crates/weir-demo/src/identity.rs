//! The identifiers of a consumer: which they have, and which of them stand on a row.
//!
//! A visitor is an `anonymous_id` per device. From the first known event on, rows carry the `user_id`; that the anonymous
//! past belongs to the same person is told only by rows that carry both. So:
//!
//! - rows before that event carry an `anonymous_id` and nothing else;
//! - `device` stands only beside a `user_id`. One device in fifty is shared by two consumers, and two people
//!   with different user ids never merge over it (`user_id` is unique in Weir's identity policy);
//! - a second account is a second `user_id`, and joins the first only over a `phone`, which the workspace has to declare
//!   as joining: [`crate::IDENTITY_POLICY`].

use crate::draw::{Draw, name, stream};

/// One identifier on a row. The order is that of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Id {
    /// `user_id`.
    User,
    /// `user_id` of a second account.
    SecondUser,
    /// `phone`.
    Phone,
    /// `email`.
    Email,
    /// `openid`.
    Openid,
    /// `unionid`.
    Unionid,
    /// `device`, the first.
    Device,
    /// `device`, the second.
    SecondDevice,
    /// `anonymous_id` of the first device.
    Anonymous,
    /// `anonymous_id` of the second device.
    SecondAnonymous,
    /// `phone` 10000000000, a placeholder.
    JunkPhone,
    /// `email` test@example.com, a placeholder.
    JunkEmail,
    /// `device` of zeros, a placeholder.
    JunkDevice,
}

/// The identifiers on a row, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Who(pub u16);

impl Who {
    /// Nobody: a row that Weir has to refuse.
    pub const NOBODY: Who = Who(0);

    /// One identifier.
    pub const fn only(id: Id) -> Who {
        Who(1 << id as u16)
    }

    /// With one more.
    #[must_use]
    pub const fn and(self, id: Id) -> Who {
        Who(self.0 | 1 << id as u16)
    }

    /// Whether an identifier is among them.
    pub const fn has(self, id: Id) -> bool {
        self.0 & 1 << id as u16 != 0
    }
}

/// When rows begin to tell whose anonymous visits those were.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Merge {
    /// From the first known event on.
    #[default]
    AtOnce,
    /// So many days later.
    After(f64),
    /// Never.
    Never,
}

/// A second account, in days after the first became known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondAccount {
    /// When it is first used.
    pub opened: f64,
    /// When its phone number is verified, if ever.
    pub verified: Option<f64>,
}

/// What a consumer has.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// Whether they have a second device.
    pub two_devices: bool,
    /// Whether their first device is also the one of consumer k − 1.
    pub shares_device: bool,
    /// Identifiers that are told on signing up, besides the user id.
    pub told: Who,
    /// When the anonymous past is joined.
    pub merge: Merge,
    /// A second account.
    pub second: Option<SecondAccount>,
    /// A place in 0..1 on the time they could sign up at, for those who do so without ordering.
    pub signs_up: Option<f64>,
    /// Whether they then become members too.
    pub joins_club: bool,
}

const TWO_DEVICES: f64 = 0.25;
const OPENID: f64 = 0.5;
const UNIONID: f64 = 0.4;
const PHONE: f64 = 0.8;
const EMAIL: f64 = 0.45;
const MERGES_AT_ONCE: f64 = 0.60;
const MERGES_LATER: f64 = 0.25;
const MERGE_DAYS: (f64, f64) = (1.0, 30.0);
const SECOND_ACCOUNT: f64 = 0.015;
/// Of those with a second account and a phone; .75 × .8 = .6 of second accounts.
const VERIFIES: f64 = 0.75;
const SIGNS_UP: f64 = 0.35;
/// Of all; they are among those who sign up.
const JOINS_CLUB: f64 = 0.05;

/// Whether consumer `k` uses the device of the one before.
pub fn shares_device(k: u64) -> bool {
    k % 50 == 49
}

impl Identity {
    /// The identity of consumer `k`, who consented to e-mail and SMS or not.
    pub fn draw(seed: u64, k: u64, email_consent: bool, sms_consent: bool) -> Identity {
        let draw = &mut Draw::new(seed, k, stream::IDENTITY);
        let two_devices = draw.chance(TWO_DEVICES);
        let told = told(draw, email_consent, sms_consent);
        let merge = merge(draw);
        let second = second(draw, told.has(Id::Phone));
        let wish = draw.unit();
        let signs_up = (wish < SIGNS_UP).then(|| draw.unit());
        let shares_device = shares_device(k);
        Identity { two_devices, shares_device, told, merge, second, signs_up, joins_club: wish < JOINS_CLUB }
    }
}

/// Whoever consents to e-mail has told an address; the others do as often as is needed for the share of all.
fn told(draw: &mut Draw, email_consent: bool, sms_consent: bool) -> Who {
    let others = |share: f64, consent: f64| (share - consent) / (1.0 - consent);
    let has = [
        (Id::Phone, sms_consent, others(PHONE, 0.20)),
        (Id::Email, email_consent, others(EMAIL, 0.24)),
        (Id::Openid, false, OPENID),
        (Id::Unionid, false, UNIONID),
    ];
    let mut who = Who::NOBODY;
    for (id, surely, share) in has {
        if draw.chance(share) || surely {
            who = who.and(id);
        }
    }
    who
}

fn merge(draw: &mut Draw) -> Merge {
    let share = draw.unit();
    let (from, to) = MERGE_DAYS;
    let days = from + (to - from) * draw.unit();
    match () {
        () if share < MERGES_AT_ONCE => Merge::AtOnce,
        () if share < MERGES_AT_ONCE + MERGES_LATER => Merge::After(days),
        () => Merge::Never,
    }
}

fn second(draw: &mut Draw, has_phone: bool) -> Option<SecondAccount> {
    if !draw.chance(SECOND_ACCOUNT) {
        return None;
    }
    let opened = 5.0 + 55.0 * draw.unit();
    let verifies = draw.chance(VERIFIES) && has_phone;
    let verified = opened + 1.0 + 59.0 * draw.unit();
    Some(SecondAccount { opened, verified: verifies.then_some(verified) })
}

/// Numbers below this prime are permuted by multiplication, so no two consumers share a phone.
const PHONE_PRIME: u64 = 99_999_989;
const PHONE_FACTOR: u64 = 61_803_399;
const USER_PRIME: u64 = 999_999_937;
const USER_FACTOR: u64 = 618_033_989;

/// Most consumers whose identifiers are all different.
pub const MOST_CONSUMERS: u64 = 90_000_000;

/// Writes the value of an identifier of consumer `k`.
pub fn write(seed: u64, k: u64, id: Id, text: &mut String) {
    match id {
        Id::User => decimal(text, 'u', user_number(2 * k), 9),
        Id::SecondUser => decimal(text, 'u', user_number(2 * k + 1), 9),
        Id::Phone => decimal(text, '1', 1 + (k + 1) * PHONE_FACTOR % PHONE_PRIME, 10),
        Id::Email => {
            decimal(text, 'm', user_number(2 * k), 9);
            text.push_str("@example.com");
        }
        Id::Openid => hex(text, 'o', hash(seed, k, id)),
        Id::Unionid => hex(text, 'n', hash(seed, k, id)),
        Id::Device if shares_device(k) => hex(text, 'd', hash(seed, k - 1, id)),
        Id::Device | Id::SecondDevice => hex(text, 'd', hash(seed, k, id)),
        Id::Anonymous | Id::SecondAnonymous => hex(text, 'a', hash(seed, k, id)),
        Id::JunkPhone => text.push_str("10000000000"),
        Id::JunkEmail => text.push_str("test@example.com"),
        Id::JunkDevice => text.push_str("00000000-0000-0000-0000-000000000000"),
    }
}

/// The value of an identifier of consumer `k`.
pub fn value(seed: u64, k: u64, id: Id) -> String {
    let mut text = String::new();
    write(seed, k, id, &mut text);
    text
}

/// The kind of an identifier.
pub fn kind(id: Id) -> &'static str {
    match id {
        Id::User | Id::SecondUser => "user_id",
        Id::Phone | Id::JunkPhone => "phone",
        Id::Email | Id::JunkEmail => "email",
        Id::Openid => "openid",
        Id::Unionid => "unionid",
        Id::Device | Id::SecondDevice | Id::JunkDevice => "device",
        Id::Anonymous | Id::SecondAnonymous => "anonymous_id",
    }
}

fn user_number(n: u64) -> u64 {
    (n + 1) * USER_FACTOR % USER_PRIME
}

fn hash(seed: u64, k: u64, id: Id) -> u64 {
    name(seed, k, stream::part(stream::NAMES, 1), id as u32)[0]
}

/// A letter and a number with leading zeros.
fn decimal(text: &mut String, prefix: char, number: u64, digits: usize) {
    let mut buffer = [b'0'; 20];
    let mut rest = number;
    for at in (0..digits).rev() {
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    text.push(prefix);
    text.extend(buffer[..digits].iter().map(|digit| char::from(*digit)));
}

/// A letter and 16 hexadecimal digits.
pub fn hex(text: &mut String, prefix: char, number: u64) {
    text.push(prefix);
    for shift in (0..16).rev() {
        let digit = number >> (4 * shift) & 15;
        text.push(char::from(b"0123456789abcdef"[digit as usize]));
    }
}

#[cfg(test)]
mod tests {
    use weir_core::identity::{is_junk, normalise};

    use super::*;

    #[test]
    fn values_have_their_forms() {
        let check = |id, expected: &str| {
            let value = value(1, 49, id);
            let pattern: String =
                value.chars().map(|c| if c.is_ascii_hexdigit() { '#' } else { c }).collect();
            assert_eq!(pattern, expected, "{value}");
            assert_eq!(normalise(kind(id), &value), value);
        };
        check(Id::User, "u#########");
        check(Id::Phone, "###########");
        check(Id::Email, "m#########@#x#mpl#.#om");
        check(Id::Openid, "o################");
        check(Id::Anonymous, "#################");
    }

    #[test]
    fn phones_start_with_100_and_are_no_placeholder() {
        for k in 0..10_000 {
            let phone = value(1, k, Id::Phone);
            assert!(phone.len() == 11 && phone.starts_with("100") && !is_junk(&phone), "{phone}");
        }
    }

    #[test]
    fn placeholders_are_junk_to_weir() {
        for id in [Id::JunkPhone, Id::JunkEmail, Id::JunkDevice] {
            assert!(is_junk(&value(1, 1, id)), "{id:?}");
        }
    }

    #[test]
    fn no_two_consumers_share_an_identifier_but_for_the_device() {
        let ids = [Id::User, Id::SecondUser, Id::Phone, Id::Email, Id::Openid, Id::Device, Id::Anonymous];
        let mut seen = std::collections::HashSet::new();
        for k in 0..5_000 {
            for id in ids {
                let fresh = seen.insert((kind(id), value(3, k, id)));
                assert_eq!(fresh, !(id == Id::Device && shares_device(k)), "{k} {id:?}");
            }
        }
    }

    #[test]
    fn shares_of_identifiers() {
        let n = 40_000;
        let all: Vec<Identity> = (0..n).map(|k| Identity::draw(1, k, k % 25 < 6, k % 5 == 0)).collect();
        let check = |name: &str, expected: f64, has: &dyn Fn(&Identity) -> bool| {
            let share = all.iter().filter(|identity| has(identity)).count() as f64 / n as f64;
            let error = 5.0 * (expected * (1.0 - expected) / n as f64).sqrt();
            assert!((share - expected).abs() < error, "{name}: {share}, not {expected} ± {error}");
        };
        check("phone", 0.8, &|i| i.told.has(Id::Phone));
        check("e-mail", 0.45, &|i| i.told.has(Id::Email));
        check("second account", 0.015, &|i| i.second.is_some());
        check("verified", 0.009, &|i| i.second.is_some_and(|second| second.verified.is_some()));
        check("never merged", 0.15, &|i| i.merge == Merge::Never);
        check("signs up", 0.35, &|i| i.signs_up.is_some());
    }
}
