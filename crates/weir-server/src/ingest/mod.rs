//! `/v1` and its relatives: what clients send to, with a write key. Documented in docs/ingest.md, not in the OpenAPI document,
//! which is that of the management API: the protocol is Segment's, and clients for it exist.
//!
//! A request is read as far as there is room for it ([`admission`]), understood, and answered when all it brought is
//! durable ([`answer`]). The content type is not looked at: clients send JSON as text, forms and gzip.

mod admission;
mod answer;
mod config;
mod cors;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, HeaderMap, ORIGIN};
use axum::http::request::Parts;
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use weir_app::{Call, Credentials, Form, Limits, Receipt, basic_key, inflate, pixel_key, write_key};
use weir_core::{Code, Error, Result};

use crate::blocking::blocking;
use crate::server::Shared;
use crate::{error, health};

pub(crate) use admission::Admission;

/// How long a request may take: clients give up after ten seconds, and send again what was stored meanwhile.
const PATIENCE: Duration = Duration::from_secs(8);

/// On every attempt after the first, the how-manieth it is.
const RETRY_COUNT: &str = "x-retry-count";

/// Where bodies are posted, and what is in them.
const POSTS: [(&str, Form); 18] = [
    ("/v1/batch", Form::Segment(Call::Batch)),
    ("/v1/b", Form::Segment(Call::Batch)),
    ("/v1/import", Form::Segment(Call::Batch)),
    ("/beacon/v1/batch", Form::Segment(Call::Batch)),
    ("/v1/track", Form::Segment(Call::Track)),
    ("/v1/t", Form::Segment(Call::Track)),
    ("/v1/identify", Form::Segment(Call::Identify)),
    ("/v1/i", Form::Segment(Call::Identify)),
    ("/v1/page", Form::Segment(Call::Page)),
    ("/v1/p", Form::Segment(Call::Page)),
    ("/v1/screen", Form::Segment(Call::Screen)),
    ("/v1/s", Form::Segment(Call::Screen)),
    ("/v1/group", Form::Segment(Call::Group)),
    ("/v1/g", Form::Segment(Call::Group)),
    ("/v1/alias", Form::Segment(Call::Alias)),
    ("/v1/a", Form::Segment(Call::Alias)),
    ("/v1/merge", Form::Segment(Call::Merge)),
    ("/v1/events", Form::Native),
];

/// Where images are fetched that are no images.
const PIXELS: [&str; 3] = ["/v1/pixel.gif", "/pixel/v1/track", "/pixel/v1/page"];

/// All routes.
pub(crate) fn routes() -> Router<Shared> {
    let mut router = Router::new();
    for (path, form) in POSTS {
        let take = move |State(server): State<Shared>, request: Request| take(server, form, request);
        router = spelled(router, path, &post(take));
    }
    for path in PIXELS {
        let take = |State(server): State<Shared>, request: Request| take(server, Form::Pixel, request);
        // Whoever only asks for the head, such as a mail scanner, has seen nothing.
        router = spelled(router, path, &get(take).head(error::no_method));
    }
    router = spelled(router, "/v1/projects/{key}/settings", &get(config::settings));
    router = spelled(router, "/sourceConfig", &get(config::source_config));
    router = spelled(router, "/health", &get(health::alive));
    router.layer(middleware::from_fn(cors::allow)).layer(DefaultBodyLimit::disable())
}

/// A base address that ends with a slash makes for two of them, and a redirect would lose what was sent.
fn spelled(router: Router<Shared>, path: &str, method: &MethodRouter<Shared>) -> Router<Shared> {
    let spellings = [path.to_owned(), format!("{path}/"), format!("/{path}")];
    let method = method.clone().options(cors::preflight);
    spellings.iter().fold(router, |router, path| router.route(path, method.clone()))
}

/// Takes in a request.
async fn take(server: Shared, form: Form, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let is_retry = header(&parts.headers, RETRY_COUNT).is_some_and(|count| count != "0");
    let taken = tokio::time::timeout(PATIENCE, taken(&server, form, &parts, body)).await;
    let response = match taken.unwrap_or_else(|_| Err(overdue())) {
        Ok(receipt) => answer::taken(form, receipt, &parts.headers),
        Err(error) => answer::refused(&error, &parts.headers),
    };
    server.metrics().ingested(response.status(), is_retry);
    response
}

async fn taken(server: &Shared, form: Form, parts: &Parts, body: Body) -> Result<Receipt> {
    let limits = Limits::default();
    let received = server.admission().receive(body, limits.body).await?;
    let pass = server.admission().enter()?;
    let turn = server.admission().turn().await?;
    let asked = Asked::of(parts);
    let reader = server.clone();
    // The pass goes along: whoever waits no longer is still served, so there is no room for another one yet.
    blocking(move || {
        let (_pass, _room) = (pass, received.room);
        let plain = match form {
            Form::Pixel => asked.query.clone().unwrap_or_default().into_bytes().into(),
            Form::Segment(_) | Form::Native => inflate(&received.bytes, asked.encoding.as_deref(), &limits)?,
        };
        let sender = reader.app().sender(&asked.credentials(form, &plain))?;
        sender.take(form, &plain, || drop(turn))
    })
    .await
}

/// What the head of a request says.
struct Asked {
    key: Option<String>,
    encoding: Option<String>,
    origin: Option<String>,
    query: Option<String>,
}

impl Asked {
    fn of(parts: &Parts) -> Asked {
        let text = |name: &str| header(&parts.headers, name).map(str::to_owned);
        Asked {
            key: header(&parts.headers, AUTHORIZATION.as_str()).and_then(basic_key),
            encoding: text(CONTENT_ENCODING.as_str()),
            origin: text(ORIGIN.as_str()),
            query: parts.uri.query().map(str::to_owned),
        }
    }

    fn credentials(&self, form: Form, body: &[u8]) -> Credentials {
        let body = match form {
            Form::Pixel => self.query.as_deref().and_then(pixel_key),
            Form::Segment(_) | Form::Native => write_key(body),
        };
        Credentials { header: self.key.clone(), body, origin: self.origin.clone() }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn overdue() -> Error {
    Error::new(Code::Overloaded, format!("this took longer than {} s", PATIENCE.as_secs()))
        .help("send it again; what was stored meanwhile will not be stored twice")
}
