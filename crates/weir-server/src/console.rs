//! The console at `/` and below: the router's fallback, so that it never hides a route.
//!
//! The console's own addresses (`/w/default/states`) all answer its one page. But an address that a program asks for, or
//! one that names a file, is there or is an error in JSON: an API's 404 never answers with HTML.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use weir_console::File;

use crate::error::{Reply, no_method, no_route};
use crate::gzip;

/// Everything comes from here, nothing runs that is not a file of the build. Styles are the exception: antd writes them
/// into the page as it goes. Pictures and downloads of charts are `data:` and `blob:`.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// First segments of addresses that programs ask for.
const PROGRAMS: [&str; 10] =
    ["api", "v1", "pixel", "beacon", "sourceConfig", "first-run", "health", "healthz", "readyz", "metrics"];

/// What an address means to the console.
#[derive(Debug, PartialEq, Eq)]
enum Address<'a> {
    /// The page, which finds out the rest by itself.
    Page,
    /// A file of the build, if there is one.
    File(&'a str),
    /// Nothing of the console's.
    Elsewhere,
}

/// Answers whatever no route answers.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Reply<Response> {
    let address = address(uri.path());
    if address == Address::Elsewhere {
        return Err(no_route().await);
    }
    if method != Method::GET && method != Method::HEAD {
        return Err(no_method().await);
    }
    match address {
        Address::File(path) => file(path, gzip::is_taken(&headers)).ok_or(no_route().await),
        Address::Page | Address::Elsewhere => Ok(respond(weir_console::page(), false)),
    }
}

fn address(path: &str) -> Address<'_> {
    let path = path.trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    if PROGRAMS.contains(&first) {
        return Address::Elsewhere;
    }
    if last.contains('.') { Address::File(path) } else { Address::Page }
}

fn file(path: &str, takes_gzip: bool) -> Option<Response> {
    let gzipped = if takes_gzip { weir_console::gzipped(path) } else { None };
    match gzipped {
        Some(file) => Some(respond(file, true)),
        None => weir_console::file(path).map(|file| respond(file, false)),
    }
}

fn respond(file: File, is_gzip: bool) -> Response {
    let cache = if file.is_hashed { FOR_EVER } else { ASK_AGAIN };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(file.content_type)),
        (CACHE_CONTROL, cache),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (VARY, HeaderValue::from_static("accept-encoding")),
    ];
    let mut response = (headers, Body::from(file.bytes.into_owned())).into_response();
    if is_gzip {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_pages_files_or_elsewhere() {
        for path in ["/", "/w/default/states", "/w/a.b/pushes", "/apiary", "/anything"] {
            assert_eq!(address(path), Address::Page, "{path}");
        }
        for path in ["/assets/index-1a2b.js", "/index.html", "/favicon.ico", "/w/default/x.js"] {
            assert_eq!(address(path), Address::File(&path[1..]), "{path}");
        }
        for path in
            ["/api", "/api/v1/nothing", "/api/v2", "/v1/track", "//api/x", "/metrics/x", "/healthz/a.js"]
        {
            assert_eq!(address(path), Address::Elsewhere, "{path}");
        }
    }

    #[test]
    fn what_has_a_hash_in_its_name_is_kept_for_ever() {
        let file = |is_hashed| File { bytes: b"x".as_slice().into(), content_type: "text/css", is_hashed };
        let (hashed, page) = (respond(file(true), true), respond(file(false), false));
        assert_eq!(hashed.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(hashed.headers()[CONTENT_ENCODING], "gzip");
        assert_eq!(page.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(page.headers().get(CONTENT_ENCODING), None);
        for response in [hashed, page] {
            assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }
}
