//! Where the messages of a body lie, found without reading them.
//!
//! A body is cut into the spans of its messages by counting brackets outside of strings; each span is parsed alone afterwards. So the
//! size of a message is known before it is parsed, a broken one refuses itself and not its neighbours, and no more than
//! one is held in memory in parsed form. Whether a span is JSON is not decided here.

/// The body ends before the value does, or there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished;

/// A body without the byte order mark and the white space around it.
pub(crate) fn trimmed(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii()
}

/// The first value of `bytes`, and what follows it.
pub(crate) fn first(bytes: &[u8]) -> Result<(&[u8], &[u8]), Unfinished> {
    let bytes = bytes.trim_ascii_start();
    let end = value_end(bytes)?;
    let (value, rest) = bytes.split_at(end);
    Ok((value, rest.trim_ascii_start()))
}

/// The members of the object that `value` is, given that it begins and ends as one: key without its quotes, value. Whether
/// its brackets match shows while going through them.
pub(crate) fn members(value: &[u8]) -> Members<'_> {
    Members(Parts::inside(value))
}

/// The elements of the array that `value` is, likewise.
pub(crate) fn elements(value: &[u8]) -> Elements<'_> {
    Elements(Parts::inside(value))
}

/// See [`members`].
pub(crate) struct Members<'a>(Parts<'a>);

/// See [`elements`].
pub(crate) struct Elements<'a>(Parts<'a>);

/// What is left between the brackets of a container.
struct Parts<'a> {
    rest: &'a [u8],
    is_first: bool,
    has_failed: bool,
}

impl<'a> Parts<'a> {
    fn inside(value: &'a [u8]) -> Parts<'a> {
        let inner = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
        Parts { rest: inner.trim_ascii_start(), is_first: true, has_failed: false }
    }

    fn is_done(&self) -> bool {
        self.rest.is_empty() || self.has_failed
    }

    fn value(&mut self) -> Result<&'a [u8], Unfinished> {
        let (value, rest) = first(self.rest)?;
        self.rest = rest;
        Ok(value)
    }

    fn expect(&mut self, separator: u8) -> Result<(), Unfinished> {
        let rest = self.rest.strip_prefix(&[separator]).ok_or(Unfinished)?;
        self.rest = rest.trim_ascii_start();
        Ok(())
    }

    /// The comma before every part but the first.
    fn comma(&mut self) -> Result<(), Unfinished> {
        match std::mem::take(&mut self.is_first) {
            true => Ok(()),
            false => self.expect(b','),
        }
    }

    fn element(&mut self) -> Result<&'a [u8], Unfinished> {
        self.comma()?;
        self.value()
    }

    fn key(&mut self) -> Result<&'a [u8], Unfinished> {
        self.comma()?;
        let key = self.value()?;
        let key = key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\"")).ok_or(Unfinished)?;
        self.expect(b':')?;
        Ok(key)
    }
}

impl<'a> Members<'a> {
    /// The next key, given that the value of the one before was taken, by [`Members::value`] or [`Members::elements`].
    pub fn key(&mut self) -> Option<Result<&'a [u8], Unfinished>> {
        let key = (!self.0.is_done()).then(|| self.0.key())?;
        self.0.has_failed = key.is_err();
        Some(key)
    }

    /// The value of the key.
    pub fn value(&mut self) -> Result<&'a [u8], Unfinished> {
        self.0.value()
    }

    /// The elements of the array that the value is, found on the way to its end; of a longer array only so many, and nothing can be taken
    /// after them. `None` when it is no array, and still to be taken.
    pub fn elements(&mut self, most: usize) -> Result<Option<Vec<&'a [u8]>>, Unfinished> {
        let Some(inside) = self.0.rest.strip_prefix(b"[") else { return Ok(None) };
        let mut parts = Parts { rest: inside.trim_ascii_start(), is_first: true, has_failed: false };
        let mut elements = Vec::new();
        while elements.len() < most && !parts.rest.starts_with(b"]") {
            elements.push(parts.element()?);
        }
        self.0.rest = parts.rest.strip_prefix(b"]").unwrap_or_default().trim_ascii_start();
        Ok(Some(elements))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Unfinished>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_done() {
            return None;
        }
        let member = self.0.key().and_then(|key| Ok((key, self.0.value()?)));
        self.0.has_failed = member.is_err();
        Some(member)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<&'a [u8], Unfinished>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_done() {
            return None;
        }
        let element = self.0.element();
        self.0.has_failed = element.is_err();
        Some(element)
    }
}

/// Where the value that `bytes` begins with ends.
fn value_end(bytes: &[u8]) -> Result<usize, Unfinished> {
    match bytes.first() {
        None => Err(Unfinished),
        Some(b'"') => string_end(bytes, 1),
        Some(b'{' | b'[') => container_end(bytes),
        Some(_) => {
            let is_end = |b: &u8| matches!(b, b',' | b']' | b'}' | b':') || b.is_ascii_whitespace();
            let end = bytes.iter().position(is_end).unwrap_or(bytes.len());
            if end == 0 { Err(Unfinished) } else { Ok(end) }
        }
    }
}

fn container_end(bytes: &[u8]) -> Result<usize, Unfinished> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let is_closed = matches!((bytes[0], byte), (b'{', b'}') | (b'[', b']'));
            return if is_closed { Ok(at) } else { Err(Unfinished) };
        }
    }
    Err(Unfinished)
}

/// Just behind the quote that closes the string whose text begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Result<usize, Unfinished> {
    loop {
        at = next_mark(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return Err(Unfinished),
        }
    }
}

/// Where the next quote or backslash may be: most bytes of a body lie within strings, so they are skipped by eight.
fn next_mark(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const TOPS: u64 = u64::from_le_bytes([0x80; 8]);
    // Sets the top bit of the first byte that is zero, and of none before it.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        let marks = zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(parts: impl Iterator<Item = Result<&'a [u8], Unfinished>>) -> Vec<&'a str> {
        parts.map(|part| part.map_or("?", |bytes| std::str::from_utf8(bytes).unwrap())).collect()
    }

    #[test]
    fn elements_are_cut_at_commas_outside_of_strings_and_brackets() {
        let found = texts(elements(br#"[ {"a":"]},["} , [1,[2]],"x\"," ,null ]"#));
        assert_eq!(found, [r#"{"a":"]},["}"#, "[1,[2]]", r#""x\",""#, "null"]);
        assert_eq!(texts(elements(b"[]")), [""; 0]);
        assert_eq!(texts(elements(b"[1 2]")), ["1", "?"]);
        assert_eq!(texts(elements(b"[,]")), ["?"]);
    }

    #[test]
    fn members_are_keys_and_values() {
        let found: Vec<_> = members(br#"{ "batch" : [1] ,"sentAt":"x" }"#).map(Result::unwrap).collect();
        assert_eq!(found, [(&b"batch"[..], &b"[1]"[..]), (b"sentAt", br#""x""#)]);
        assert_eq!(members(b"{1:2}").next(), Some(Err(Unfinished)));
        assert_eq!(members(br#"{"a" 2}"#).next(), Some(Err(Unfinished)));
    }

    #[test]
    fn elements_are_found_on_the_way_to_the_next_key() {
        let mut parts = members(br#"{"a": 1, "batch" : [ {"b":"]"} , [2] ] , "sentAt":[] }"#);
        assert_eq!((parts.key(), parts.elements(9)), (Some(Ok(&b"a"[..])), Ok(None)));
        assert_eq!(parts.value(), Ok(&b"1"[..]));
        assert_eq!(parts.key(), Some(Ok(&b"batch"[..])));
        assert_eq!(parts.elements(9), Ok(Some(vec![&br#"{"b":"]"}"#[..], b"[2]"])));
        assert_eq!((parts.key(), parts.elements(9)), (Some(Ok(&b"sentAt"[..])), Ok(Some(vec![]))));
        assert_eq!(parts.key(), None);
        for unfinished in [r#"{"a":[}"#, r#"{"a":[1}"#, r#"{"a":[1,]}"#, r#"{"a":[1 2]}"#, r#"{"a":["]}"#] {
            let mut parts = members(unfinished.as_bytes());
            assert_eq!(
                (parts.key(), parts.elements(9)),
                (Some(Ok(&b"a"[..])), Err(Unfinished)),
                "{unfinished}"
            );
        }
        let mut parts = members(br#"{"a":[1,2,3],"b":4}"#);
        assert_eq!((parts.key().is_some(), parts.elements(2)), (true, Ok(Some(vec![&b"1"[..], b"2"]))));
        assert_eq!(parts.key(), None);
    }

    #[test]
    fn strings_end_at_their_quote_wherever_it_lies() {
        for length in 0..40 {
            for escaped in 0..length {
                let mut text = vec![b'x'; length];
                text.splice(escaped..escaped, *b"\\\"");
                let string = [b"\"", text.as_slice(), b"\""].concat();
                let bytes = [string.as_slice(), b",\"more\""].concat();
                assert_eq!(first(&bytes).unwrap().0, string, "{length} {escaped}");
                assert_eq!(first(&string[..string.len() - 1]), Err(Unfinished));
            }
        }
    }

    #[test]
    fn values_that_do_not_end_are_unfinished() {
        for text in ["", "{", "[[]", r#""abc"#, r#""abc\"#, r#"{"a":"}"#, ":", "}", "[1}"] {
            assert_eq!(first(text.as_bytes()), Err(Unfinished), "{text}");
        }
        assert_eq!(first(b" {} x"), Ok((&b"{}"[..], &b"x"[..])));
    }
}
