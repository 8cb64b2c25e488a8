//! 128-bit fingerprints, keyed with the data directory's secret so that nobody outside can make two things collide.
//!
//! Each use has its own first byte, so a fingerprint of one sort never equals one of another by construction.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

/// SipHash-1-3-128 of something.
pub(crate) type Fingerprint = [u64; 2];

/// Makes fingerprints.
#[derive(Clone)]
pub(crate) struct Keys {
    keyed: SipHasher13,
}

/// What a fingerprint stands for.
#[derive(Clone, Copy)]
pub(crate) enum Sort {
    Identifier,
    Message,
    Row,
    Occurrence,
}

/// A fingerprint in the making.
#[derive(Clone)]
pub(crate) struct Fingerprinter {
    state: SipHasher13,
}

impl Keys {
    pub(crate) fn new(secret: &[u8; 16]) -> Keys {
        Keys { keyed: SipHasher13::new_with_key(secret) }
    }

    pub(crate) fn start(&self, sort: Sort) -> Fingerprinter {
        let mut state = self.keyed;
        state.write(&[sort as u8]);
        Fingerprinter { state }
    }

    /// The start of an identifier's fingerprint, to be cloned for each value of the kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Fingerprinter {
        let mut start = self.start(Sort::Identifier);
        start.bytes(kind.as_bytes());
        start.bytes(&[0]);
        start
    }
}

impl Fingerprinter {
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.state.write(bytes);
    }

    /// Bytes preceded by their length, so that neighbours cannot run into each other.
    pub(crate) fn piece(&mut self, bytes: &[u8]) {
        self.state.write(&(bytes.len() as u64).to_le_bytes());
        self.state.write(bytes);
    }

    pub(crate) fn finish(&self) -> Fingerprint {
        let hash = self.state.finish128();
        [hash.h1, hash.h2]
    }

    /// Finishes with one last value, leaving this one as it was.
    pub(crate) fn with(&self, last: &[u8]) -> Fingerprint {
        let mut copy = self.clone();
        copy.bytes(last);
        copy.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_depend_on_secret_sort_and_boundaries() {
        let keys = Keys::new(&[1; 16]);
        let of = |keys: &Keys, sort, pieces: &[&str]| {
            let mut start = keys.start(sort);
            pieces.iter().for_each(|piece| start.piece(piece.as_bytes()));
            start.finish()
        };
        let one = of(&keys, Sort::Row, &["ab", "c"]);
        assert_eq!(one, of(&keys, Sort::Row, &["ab", "c"]));
        assert_ne!(one, of(&keys, Sort::Row, &["a", "bc"]));
        assert_ne!(one, of(&keys, Sort::Message, &["ab", "c"]));
        assert_ne!(one, of(&Keys::new(&[2; 16]), Sort::Row, &["ab", "c"]));
    }

    #[test]
    fn how_the_bytes_were_cut_does_not_matter() {
        let keys = Keys::new(&[7; 16]);
        let whole = keys.of_kind("email").with(b"a@b.cn");
        let mut cut = keys.of_kind("email");
        cut.bytes(b"a@");
        assert_eq!(whole, cut.with(b"b.cn"));
    }
}
