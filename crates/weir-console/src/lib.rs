//! The web console: the files that `npm run build` in `web/` makes, embedded in the binary.
//!
//! Without them the crate builds all the same and holds a page that says how to make them. Whoever works on the console
//! itself runs vite in front of a server (see `web/README.md`). Deliberately absent: HTTP (weir-server decides about paths and headers), and dependencies: every one
//! of them would drag the embedded files through the compiler again whenever it changes.

use std::borrow::Cow;

use rust_embed::RustEmbed;

const INDEX: &str = "index.html";

/// Below this folder the names of files carry a hash of their content.
const HASHED: &str = "assets/";

const PLACEHOLDER: &str = include_str!("placeholder.html");

#[derive(RustEmbed)]
#[folder = "../../web/dist/"]
#[allow_missing = true]
struct Dist;

/// A file of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub content_type: &'static str,
    /// Whether another content would have another name, so that it can be kept for ever.
    pub is_hashed: bool,
}

/// Whether the console was built before this crate was.
pub fn is_built() -> bool {
    Dist::get(INDEX).is_some()
}

/// The page that every address of the console begins with; the placeholder where there is no console.
pub fn page() -> File {
    let bytes = Dist::get(INDEX).map_or(Cow::Borrowed(PLACEHOLDER.as_bytes()), |file| file.data);
    File { bytes, content_type: content_type(INDEX), is_hashed: false }
}

/// A file by its path below the root, without a leading slash.
pub fn file(path: &str) -> Option<File> {
    let bytes = Dist::get(path)?.data;
    Some(File { bytes, content_type: content_type(path), is_hashed: path.starts_with(HASHED) })
}

/// The same file, compressed with gzip beforehand, if that is worth it.
pub fn gzipped(path: &str) -> Option<File> {
    let bytes = Dist::get(&format!("{path}.gz"))?.data;
    Some(File { bytes, content_type: content_type(path), is_hashed: path.starts_with(HASHED) })
}

/// Media types of what a build holds; nothing else is ever served.
fn content_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_follow_the_ending() {
        let types = ["index.html", "assets/a-1.js", "a.b.css", "icon.svg", "x", ".gz"].map(content_type);
        assert_eq!(
            types,
            [
                "text/html; charset=utf-8",
                "text/javascript; charset=utf-8",
                "text/css; charset=utf-8",
                "image/svg+xml",
                "application/octet-stream",
                "application/octet-stream"
            ]
        );
    }

    #[test]
    fn there_is_always_a_page() {
        let page = page();
        let text = String::from_utf8(page.bytes.into_owned()).unwrap();
        assert!(text.starts_with("<!doctype html>"), "{text}");
        assert!(!page.is_hashed);
    }

    #[test]
    fn the_placeholder_says_how_to_build_the_console() {
        assert!(PLACEHOLDER.contains("npm ci &amp;&amp; npm run build"));
        assert!(!PLACEHOLDER.contains("<script"));
    }

    #[test]
    fn nothing_outside_the_build_is_a_file() {
        for path in ["", "../package.json", "/etc/passwd", "assets/../../package.json", "assets"] {
            assert_eq!(file(path), None, "{path}");
        }
    }
}
