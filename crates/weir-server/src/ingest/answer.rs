//! Answers on the addresses of ingest, as clients need them: they keep what they sent exactly until they see a 200 or a 4xx.
//!
//! | | status | the client |
//! |---|---|---|
//! | taken in, every reject named | 200, never 201, 202 or 204 | goes on |
//! | what was sent is wrong | 400, too large: 413 | drops it |
//! | the key is wrong | 401 | drops it |
//! | the source is disabled | 404 | drops it |
//! | anything that is ours | 503 and `Retry-After` | sends it again |
//!
//! So never a 4xx for what is ours or temporary, not even for a bug: it would lose events. Every body is JSON, with `code` and
//! `message` where it is an error; some clients take an error without them for one of the network, and go on for ever.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, VARY,
};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use weir_app::{Form, Receipt};
use weir_core::{Code, Error, Kind};

use crate::gzip;
use crate::wire::Problem;

/// Seconds after which to come again: at once where much came together, later where something must be mended.
const SOON: HeaderValue = HeaderValue::from_static("1");
const LATER: HeaderValue = HeaderValue::from_static("5");

/// Answers larger than this are worth compressing.
const WORTH_COMPRESSING: usize = 1 << 10;

/// A GIF of one transparent point.
const POINT: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\
\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;";

/// What became of a request.
#[derive(Debug, Serialize)]
struct Taken {
    success: bool,
    /// Events kept; an order of three lines is three.
    accepted: usize,
    /// Events that were there already.
    duplicate: usize,
    /// Messages refused; the others of the request are not.
    rejected: Vec<Rejected>,
}

#[derive(Debug, Serialize)]
struct Rejected {
    /// Which message of the request, from 0.
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    code: &'static str,
    message: String,
}

/// The answer to a request that was taken in, be it in part.
pub(super) fn taken(form: Form, receipt: Receipt, headers: &HeaderMap) -> Response {
    if let Some(problem) = only_refusal(form, &receipt) {
        return json(StatusCode::BAD_REQUEST, &problem, headers);
    }
    if form == Form::Pixel {
        return ([(CONTENT_TYPE, "image/gif"), (CACHE_CONTROL, "no-store")], POINT).into_response();
    }
    let Receipt { accepted, duplicate, rejects } = receipt;
    let rejected = rejects.into_iter().map(|reject| Rejected {
        index: reject.index,
        message_id: reject.message_id,
        code: reject.reason,
        message: reject.detail,
    });
    let taken = Taken { success: true, accepted, duplicate, rejected: rejected.collect() };
    json(StatusCode::OK, &taken, headers)
}

/// Where one message is all that there is, its refusal is the answer; in a batch it is a line of it.
fn only_refusal(form: Form, receipt: &Receipt) -> Option<Problem> {
    let is_one = matches!(form, Form::Segment(call) if call != weir_app::Call::Batch) || form == Form::Pixel;
    let reject = receipt.rejects.first().filter(|_| is_one)?;
    Some(Problem { code: reject.reason, message: reject.detail.clone(), help: None, at: None })
}

/// The answer to a request of which nothing was taken in.
pub(super) fn refused(error: &Error, headers: &HeaderMap) -> Response {
    let status = status(error.code);
    let mut response = json(status, &Problem::from(error), headers);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(code = error.code.as_str(), message = error.message, "told a client to come again");
        let when = if error.code == Code::Overloaded { SOON } else { LATER };
        response.headers_mut().insert(RETRY_AFTER, when);
    }
    response
}

fn status(code: Code) -> StatusCode {
    match (code, code.kind()) {
        (Code::BodyTooLarge, _) => StatusCode::PAYLOAD_TOO_LARGE,
        (Code::SourceDisabled, _) => StatusCode::NOT_FOUND,
        (_, Kind::Invalid) => StatusCode::BAD_REQUEST,
        (_, Kind::Unauthorized) => StatusCode::UNAUTHORIZED,
        (_, Kind::Forbidden) => StatusCode::FORBIDDEN,
        (_, Kind::NotFound | Kind::Conflict | Kind::Unavailable | Kind::Internal) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// A JSON answer, compressed where that is asked for and worth it.
pub(super) fn json<T: Serialize>(status: StatusCode, answer: &T, headers: &HeaderMap) -> Response {
    // Texts and numbers can always be written.
    let plain = serde_json::to_vec(answer).unwrap_or_default();
    let is_worth_it = plain.len() > WORTH_COMPRESSING && gzip::is_taken(headers);
    let compressed = if is_worth_it { gzip::compressed(&plain).ok() } else { None };
    let is_compressed = compressed.is_some();
    let mut response = (status, compressed.unwrap_or(plain)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    if is_compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_ours_makes_a_client_drop_what_it_sent() {
        for code in Code::ALL {
            let response = refused(&Error::new(*code, "x"), &HeaderMap::new());
            let is_ours = matches!(code.kind(), Kind::Unavailable | Kind::Internal | Kind::Conflict);
            if is_ours {
                assert_eq!(response.status(), 503, "{code:?}");
            }
            if response.status() == 503 {
                let seconds: u32 = response.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
                assert!((1..=300).contains(&seconds), "{code:?}");
            }
        }
        let statuses = [Code::InvalidBody, Code::BodyTooLarge, Code::Unauthorized, Code::SourceDisabled];
        assert_eq!(statuses.map(|code| status(code).as_u16()), [400, 413, 401, 404]);
    }
}
