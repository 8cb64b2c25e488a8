//! JSON bodies, read strictly: an unknown field is an error, and every error names its place.
//!
//! The content type is not looked at; a body that is JSON is JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use weir_core::{Code, Error, Result};

use crate::error::{Refusal, Reply};

/// Most bytes of a JSON body; files come as multipart and have a limit of their own.
pub(crate) const LIMIT: usize = 8 << 20;

/// A body read as JSON.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Reply<Body<T>> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Refusal::body_too_large(LIMIT as u64),
                _ => Error::new(Code::InvalidArgument, "the body did not arrive whole").into(),
            }
        })?;
        Ok(Body(read(&bytes)?))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let at = pointer(error.path());
        refuse(&error.into_inner()).at(at)
    })?;
    reader.end().map_err(|error| refuse(&error))?;
    Ok(value)
}

/// Text that is not JSON is one thing, JSON that is not what the route takes another.
fn refuse(error: &serde_json::Error) -> Error {
    if error.is_data() {
        return Error::new(Code::InvalidArgument, format!("the body does not fit: {error}"));
    }
    Error::new(Code::InvalidJson, format!("this is not JSON: {error}"))
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")));
            }
            // Enums are not part of any request, and an unknown place has no name.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        #[allow(dead_code, reason = "read by the derived Debug only")]
        at: Vec<u32>,
    }

    #[track_caller]
    fn check(text: &str, code: Code, at: &str) {
        let error = read::<Request>(text.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (code, Some(at)), "{error}");
    }

    #[test]
    fn mistakes_have_a_code_and_a_place() {
        check("{", Code::InvalidJson, "");
        check("", Code::InvalidJson, "");
        check(r#"{"at": [1, "2"]}"#, Code::InvalidArgument, "/at/1");
        check(r#"{"at": [], "of": 1}"#, Code::InvalidArgument, "/of");
        check("{}", Code::InvalidArgument, "");
        let rest = read::<Request>(br#"{"at": []} x"#).unwrap_err();
        assert_eq!(rest.code, Code::InvalidJson);
    }
}
