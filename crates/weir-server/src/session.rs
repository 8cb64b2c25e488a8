//! The cookie of a session, and where requests that carry it may come from.
//!
//! Browsers attach a cookie to whatever page asks, so a request that changes anything must say that it comes from a page
//! of this server: by `Sec-Fetch-Site`, or by an `Origin` that is the host asked. `SameSite=Strict` says the same once more.

use axum::http::header::{COOKIE, HOST, HeaderName, HeaderValue, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method};
use weir_app::{SESSION_SECONDS, Session};
use weir_core::{Code, Error, Result};

const NAME: &str = "weir_session";
const FETCH_SITE: &str = "sec-fetch-site";

/// The secret that the cookie of a request holds.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, secret)| secret)
}

/// The header that begins a session.
pub(crate) fn set(session: &Session) -> (HeaderName, HeaderValue) {
    header(&session.secret, SESSION_SECONDS)
}

/// The header that makes the browser forget a session.
pub(crate) fn clear() -> (HeaderName, HeaderValue) {
    header("", 0)
}

/// Not `Secure`: on loopback there is no TLS; a proxy that adds TLS may add that too.
fn header(secret: &str, seconds: i64) -> (HeaderName, HeaderValue) {
    let cookie = format!("{NAME}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    // Secrets are hexadecimal, which every header takes.
    (SET_COOKIE, HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static("")))
}

/// Refuses a change that a page of somebody else may have asked for.
pub(crate) fn check_origin(method: &Method, headers: &HeaderMap) -> Result<()> {
    let changes_nothing = method == Method::GET || method == Method::HEAD;
    if changes_nothing || is_own_page(headers) {
        return Ok(());
    }
    Err(Error::new(Code::Unauthorized, "this request does not come from a page of this server")
        .at("origin")
        .help("from a program send \"Authorization: Bearer TOKEN\" instead of the cookie"))
}

fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get(FETCH_SITE) {
        return site == "same-origin";
    }
    match (text(&ORIGIN), text(&HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: Method, given: &[(&str, &str)], allowed: bool) {
        let pairs = given.iter().map(|(name, value)| {
            (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap())
        });
        assert_eq!(check_origin(&method, &pairs.collect()).is_ok(), allowed, "{method} {given:?}");
    }

    #[test]
    fn changes_come_from_own_pages() {
        check(Method::GET, &[], true);
        check(Method::POST, &[], false);
        check(Method::POST, &[("sec-fetch-site", "same-origin")], true);
        check(Method::POST, &[("sec-fetch-site", "same-site"), ("origin", "http://a"), ("host", "a")], false);
        check(Method::DELETE, &[("origin", "http://127.0.0.1:7717"), ("host", "127.0.0.1:7717")], true);
        check(Method::PUT, &[("origin", "http://127.0.0.1:8000"), ("host", "127.0.0.1:7717")], false);
        check(Method::PUT, &[("origin", "null"), ("host", "127.0.0.1:7717")], false);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        assert_eq!(cookie(&headers), None);
        headers.insert(COOKIE, HeaderValue::from_static("a=1; weir_session=weir_ab; b=2"));
        assert_eq!(cookie(&headers), Some("weir_ab"));
    }
}
