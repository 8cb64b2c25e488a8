//! Bodies as they come over the wire → the bytes that were meant.
//!
//! Clients compress by default, and some send a gzipped body under a wrong header or none. Text never begins with the
//! two bytes that gzip begins with, so these decide. Whatever is inflated is inflated up to a cap.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use weir_core::{Code, Error, Result};

use crate::limits::Limits;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// The body behind a `Content-Encoding`.
pub fn inflate<'a>(bytes: &'a [u8], encoding: Option<&str>, limits: &Limits) -> Result<Cow<'a, [u8]>> {
    if bytes.len() > limits.body {
        return Err(too_large(limits.body, "as sent"));
    }
    if bytes.starts_with(GZIP_MAGIC) {
        return read("gzip", MultiGzDecoder::new(bytes), limits);
    }
    match encoding.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        // A client that says gzip and sends plain JSON is understood, too: parsing decides.
        "" | "identity" | "gzip" | "x-gzip" => Ok(Cow::Borrowed(bytes)),
        "deflate" if is_zlib(bytes) => read("deflate", ZlibDecoder::new(bytes), limits),
        "deflate" => read("deflate", DeflateDecoder::new(bytes), limits),
        other => Err(Error::new(Code::InvalidBody, format!("the encoding \"{other}\" is not understood"))
            .help("send the body plain, or with Content-Encoding gzip or deflate")),
    }
}

/// "deflate" means the zlib format, but some clients send it bare.
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0,
        _ => false,
    }
}

fn read<'a>(name: &str, reader: impl Read, limits: &Limits) -> Result<Cow<'a, [u8]>> {
    let mut inflated = Vec::new();
    let most = limits.inflated as u64;
    match reader.take(most + 1).read_to_end(&mut inflated) {
        Err(error) => Err(Error::new(Code::InvalidBody, format!("the body is not {name}: {error}"))),
        Ok(_) if inflated.len() > limits.inflated => Err(too_large(limits.inflated, "inflated")),
        Ok(_) => Ok(Cow::Owned(inflated)),
    }
}

pub(crate) fn too_large(limit: usize, state: &str) -> Error {
    Error::new(Code::BodyTooLarge, format!("the body is larger than {limit} bytes {state}"))
        .help("send fewer events in one request")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut writer = DeflateEncoder::new(Vec::new(), Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    #[track_caller]
    fn code(bytes: &[u8], encoding: Option<&str>, limits: &Limits) -> Code {
        inflate(bytes, encoding, limits).unwrap_err().code
    }

    #[test]
    fn every_encoding_gives_the_same_bytes() {
        let limits = Limits::default();
        let text = b"{\"batch\":[]}";
        let two_members = [gzip(&text[..5]), gzip(&text[5..])].concat();
        let cases = [
            (text.to_vec(), None),
            (text.to_vec(), Some("identity")),
            (text.to_vec(), Some("gzip")),
            (gzip(text), Some("GZIP")),
            (gzip(text), None),
            (gzip(text), Some("identity")),
            (two_members, Some("gzip")),
            (zlib(text), Some("deflate")),
            (bare(text), Some("deflate")),
        ];
        for (bytes, encoding) in cases {
            assert_eq!(inflate(&bytes, encoding, &limits).unwrap().as_ref(), text, "{encoding:?}");
        }
    }

    #[test]
    fn bombs_and_damage_are_refused() {
        let limits = Limits { inflated: 1_000, body: 500, ..Limits::default() };
        assert!(inflate(&gzip(&[b' '; 1_000]), None, &limits).is_ok());
        assert_eq!(code(&gzip(&[b' '; 1_001]), None, &limits), Code::BodyTooLarge);
        assert_eq!(code(&gzip(&vec![b' '; 200_000]), None, &limits), Code::BodyTooLarge);
        assert_eq!(code(&[b' '; 501], None, &limits), Code::BodyTooLarge);
        let mut torn = gzip(b"abc");
        torn.truncate(15);
        assert_eq!(code(&torn, None, &limits), Code::InvalidBody);
        assert_eq!(code(b"abc", Some("br"), &limits), Code::InvalidBody);
    }
}
