//! Lists: what an upload says of itself, and how hashed identifiers find the people they stand for.
//!
//! A partner who may not hand over identifiers hands over their hashes. A hash is compared with those of the identifiers
//! that are known, each in every spelling that is in use for its kind ([`spellings`]). Deliberately absent: salted hashes, which
//! nobody else can compute.

use std::fmt::Write;
use std::str::FromStr;

use md5::Md5;
use sha2::{Digest as _, Sha256};

use crate::error::{Code, Error, Result, suggestion};
use crate::identity::normalise;

/// A hash; a shorter one is followed by zeros.
pub type Digest = [u8; 32];

const LONGEST_NAME: usize = 200;

/// How the identifiers of an upload were hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// SHA-256.
    Sha256,
    /// MD5, which some platforms still ask for.
    Md5,
}

/// Whose people are on a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Owner {
    /// The merchant's own.
    #[default]
    Own,
    /// A partner's, by name.
    Partner(String),
}

/// What an upload does to what is on the list already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Puts its people beside them.
    #[default]
    Add,
    /// Takes their place: earlier uploads are taken back with it.
    Replace,
}

/// What an upload says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Name of the list.
    pub name: String,
    /// Kind of its identifiers.
    pub kind: String,
    /// How they were hashed; none: they are plain.
    pub hashing: Option<Hashing>,
    /// Whose people they are.
    pub owner: Owner,
    /// What becomes of earlier uploads.
    pub mode: Mode,
}

impl Upload {
    /// One's own plain identifiers, added to what is there.
    pub fn plain(name: &str, kind: &str) -> Upload {
        let (name, kind) = (name.to_owned(), kind.to_owned());
        Upload { name, kind, hashing: None, owner: Owner::Own, mode: Mode::Add }
    }
}

impl Hashing {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Hashing::Sha256 => "sha256",
            Hashing::Md5 => "md5",
        }
    }

    /// The hash of a text.
    pub fn of(self, text: &str) -> Digest {
        let mut digest = [0; 32];
        match self {
            Hashing::Sha256 => digest.copy_from_slice(&Sha256::digest(text.as_bytes())),
            Hashing::Md5 => digest[..16].copy_from_slice(&Md5::digest(text.as_bytes())),
        }
        digest
    }

    /// Reads a hash in hex, of either case.
    pub fn read(self, text: &str) -> Option<Digest> {
        let (text, len) = (text.trim().as_bytes(), self.len());
        if text.len() != 2 * len {
            return None;
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(text.chunks_exact(2)) {
            let pair =
                std::str::from_utf8(pair).ok().filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()))?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(digest)
    }

    /// A hash in hex, lower case.
    pub fn hex(self, digest: &Digest) -> String {
        let mut text = String::with_capacity(2 * self.len());
        // Writing to a String cannot fail.
        digest[..self.len()].iter().for_each(|byte| write!(text, "{byte:02x}").unwrap_or_default());
        text
    }

    fn len(self) -> usize {
        match self {
            Hashing::Sha256 => 32,
            Hashing::Md5 => 16,
        }
    }
}

/// The spellings of an identifier that others may have hashed: as it is kept; of an e-mail address in lower case; of a phone
/// number also its digits alone, and those behind a `+`.
pub fn spellings(kind: &str, value: &str) -> Vec<String> {
    let mut all = vec![normalise(kind, value).into_owned()];
    if kind == "phone" {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if !digits.is_empty() {
            all.extend([format!("+{digits}"), digits]);
        }
    }
    all.sort();
    all.dedup();
    all
}

impl Owner {
    /// From the two fields of a request: `own` or `partner`, and the partner's name.
    pub fn of(owner: Option<&str>, partner: Option<&str>) -> Result<Owner> {
        let named = partner.map(str::trim).filter(|name| !name.is_empty());
        match (owner, named) {
            (None | Some("own"), None) => Ok(Owner::Own),
            (Some("own"), Some(_)) => Err(invalid("a list of one's own has no partner", "partner")),
            (Some("partner"), None) => Err(invalid("a partner's list needs the partner's name", "partner")),
            (None | Some("partner"), Some(name)) => {
                let fits = name.chars().count() <= LONGEST_NAME;
                let partner = fits.then(|| Owner::Partner(name.to_owned()));
                partner.ok_or_else(|| invalid("a partner's name has at most 200 letters", "partner"))
            }
            (Some(other), _) => Err(invalid(&format!("\"{other}\" is not whose people they are"), "owner")
                .help(
                    suggestion(other, ["own", "partner"])
                        .unwrap_or_else(|| "write own or partner".to_owned()),
                )),
        }
    }

    /// The partner's name.
    pub fn partner(&self) -> Option<&str> {
        match self {
            Owner::Own => None,
            Owner::Partner(name) => Some(name),
        }
    }
}

impl FromStr for Hashing {
    type Err = Error;

    fn from_str(text: &str) -> Result<Hashing> {
        match text {
            "sha256" => Ok(Hashing::Sha256),
            "md5" => Ok(Hashing::Md5),
            _ => Err(invalid(&format!("identifiers cannot be hashed by \"{text}\""), "hashed")
                .help("write sha256 or md5, or leave it out where they are plain")),
        }
    }
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Mode> {
        match text {
            "add" => Ok(Mode::Add),
            "replace" => Ok(Mode::Replace),
            _ => Err(invalid(&format!("an upload cannot \"{text}\""), "mode").help("write add or replace")),
        }
    }
}

fn invalid(message: &str, at: &str) -> Error {
    Error::new(Code::InvalidArgument, message).at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_everybody_computes() {
        let (sha, md5) = (Hashing::Sha256.of("ada@shop.cn"), Hashing::Md5.of(""));
        assert_eq!(Hashing::Md5.hex(&md5), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(
            Hashing::Sha256.hex(&Hashing::Sha256.of("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            Hashing::Sha256.read(&format!(" {} ", Hashing::Sha256.hex(&sha).to_uppercase())),
            Some(sha)
        );
        for wrong in
            ["", "d41d8cd98f00b204e9800998ecf8427e", &"g".repeat(64), &"+f".repeat(32), &"é".repeat(32)]
        {
            assert_eq!(Hashing::Sha256.read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn phones_are_spelled_in_several_ways() {
        assert_eq!(spellings("phone", "+86 138-0013"), ["+86 138-0013", "+861380013", "861380013"]);
        assert_eq!(spellings("phone", "1380013"), ["+1380013", "1380013"]);
        assert_eq!(spellings("email", " Ada@Shop.cn "), ["ada@shop.cn"]);
        assert_eq!(spellings("user_id", "U-1"), ["U-1"]);
    }

    #[test]
    fn whose_people_they_are_is_said_in_two_fields() {
        let partner = || Ok(Owner::Partner("databank".to_owned()));
        assert_eq!(
            (Owner::of(None, None), Owner::of(Some("own"), Some(" "))),
            (Ok(Owner::Own), Ok(Owner::Own))
        );
        assert_eq!(
            (Owner::of(Some("partner"), Some("databank")), Owner::of(None, Some("databank"))),
            (partner(), partner())
        );
        let message = |owner, partner| Owner::of(owner, partner).unwrap_err().to_string();
        assert_eq!(message(Some("partner"), None), "a partner's list needs the partner's name (at partner)");
        assert_eq!(message(Some("own"), Some("x")), "a list of one's own has no partner (at partner)");
        assert_eq!(
            message(Some("partnr"), None),
            "\"partnr\" is not whose people they are (at owner)\n  help: did you mean \"partner\"?"
        );
    }
}
