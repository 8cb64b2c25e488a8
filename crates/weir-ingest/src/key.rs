//! Where clients put their write key: in the user of HTTP Basic, or in the body.

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

use crate::scan;

/// Base64 of either alphabet, with padding or without.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    const READER: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let standard: String = text
        .trim()
        .chars()
        .map(|c| match c {
            '-' | ' ' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    READER.decode(standard).ok()
}

/// The write key of an `Authorization` header: `Basic base64("key:")`, the colon being optional.
pub fn basic_key(header: &str) -> Option<String> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(base64(credentials)?).ok()?;
    let user = text.split(':').next().unwrap_or_default().trim();
    (!user.is_empty()).then(|| user.to_owned())
}

/// The write key in a body, found without parsing what else is there. Of an array or of lines: in the first message.
pub fn write_key(body: &[u8]) -> Option<String> {
    // Most clients send it in the header, and to find out where a body's members lie takes ten times as long.
    memchr::memmem::find(body, b"\"write")?;
    let (value, _) = scan::first(scan::trimmed(body)).ok()?;
    let object = if value.starts_with(b"[") { scan::elements(value).next()?.ok()? } else { value };
    if !object.starts_with(b"{") {
        return None;
    }
    let mut members = scan::members(object).map_while(Result::ok);
    let (_, key) = members.find(|(name, _)| matches!(*name, b"writeKey" | b"write_key"))?;
    let key: String = serde_json::from_slice(key).ok()?;
    let key = key.trim();
    (!key.is_empty()).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_takes_a_key_with_or_without_colon() {
        // base64 of "wk:", "wk" and "wk:ignored".
        for header in ["Basic d2s6", "basic d2s=", "Basic d2s", "Basic d2s6aWdub3JlZA=="] {
            assert_eq!(basic_key(header).as_deref(), Some("wk"), "{header}");
        }
        for header in ["Bearer d2s6", "Basic", "Basic ???", "Basic Og=="] {
            assert_eq!(basic_key(header), None, "{header}");
        }
    }

    #[test]
    fn a_body_names_its_key_at_the_top() {
        let key = |body: &str| write_key(body.as_bytes());
        assert_eq!(key(r#"{"batch":[{"writeKey":"inner"}],"writeKey":"wk"}"#).as_deref(), Some("wk"));
        assert_eq!(key(r#"[{"write_key":"wk"},{}]"#).as_deref(), Some("wk"));
        assert_eq!(key("{\"write_key\":\"wk\"}\n{\"a\":1}").as_deref(), Some("wk"));
        for body in ["", "[", "[]", "3", r#"{"writeKey":7}"#, r#"{"writeKey":" "}"#, r#"{"batch":["#] {
            assert_eq!(key(body), None, "{body}");
        }
    }
}
