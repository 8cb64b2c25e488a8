//! HTTP: routes, wire types, errors, OpenAPI.
//!
//! A request is authenticated, read (text to domain types), answered by one call of `weir-app` on a thread that may
//! block, and written as one of the [`wire`] types. Each noun has a file in `route` and one in `wire`; the list of
//! routes in `route/mod.rs` is also the OpenAPI document.
//!
//! ```text
//! /v1/…           ingest, with a write key of one source
//! /api/v1/…       management, with a token or session of one workspace    /api/v1/openapi.json   the document
//! /healthz        alive                  /readyz   warmed up          /metrics    Prometheus text
//! /first-run      a session or token, by a link that is good once     /           the console (weir-console)
//! ```
//!
//! Deliberately absent: what an expression means (weir-app and below), what clients' messages mean (weir-ingest), the command
//! line.

mod attempts;
mod auth;
mod blocking;
mod body;
mod console;
mod error;
mod first_run;
mod gzip;
mod health;
mod ingest;
mod listing;
mod metrics;
mod openapi;
mod route;
mod serve;
mod server;
mod session;
mod turn;
mod upload;
pub mod wire;

pub use openapi::document;
pub use serve::{Link, Listener, Options};
pub use server::Server;
