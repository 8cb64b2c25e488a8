//! The routes below `/api/v1`: one file per noun, each with what its requests look like and how they are read.
//!
//! The list is the OpenAPI document. Every handler that takes a `Tenant` needs a token, and all but the one that logs in do.

mod alert;
mod audience;
mod audience_history;
mod catalog;
mod channel;
mod comparison;
mod consumer;
mod demo;
mod destination;
mod eval;
mod expiry;
mod feature;
mod flow;
mod funnel;
mod identity;
mod import;
mod ingest;
mod job;
mod list;
mod mappings;
mod names;
mod overlap;
mod password;
mod path;
mod playbook;
mod portrait;
mod push;
mod reach;
mod retention;
mod rfm;
mod session;
mod snapshot;
mod source;
mod sql;
mod stage_funnel;
mod state_model;
mod states;
mod tag;
mod token;
mod track;
mod verify;
mod whom;
mod why;
mod workspace;

use axum::extract::DefaultBodyLimit;
use serde_json::json;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;
use weir_core::about::About;
use weir_core::time::Day;
use weir_core::{Error, Result};

use crate::server::Shared;

/// All of them.
pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().merge(questions()).merge(definitions()).merge(data()).merge(operations())
}

/// What is asked of the data.
fn questions() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(eval::estimate))
        .routes(routes!(states::states))
        .routes(routes!(states::band))
        .routes(routes!(flow::flow))
        .routes(routes!(flow::cell))
        .routes(routes!(path::paths))
        .routes(routes!(path::cell))
        .routes(routes!(funnel::funnel))
        .routes(routes!(stage_funnel::stage_funnel))
        .routes(routes!(retention::retention))
        .routes(routes!(retention::cell))
        .routes(routes!(rfm::rfm))
        .routes(routes!(overlap::overlap))
        .routes(routes!(reach::reach))
        .routes(routes!(portrait::portrait))
        .routes(routes!(why::why))
        .routes(routes!(consumer::list))
        .routes(routes!(consumer::get))
        .routes(routes!(consumer::events))
        .routes(routes!(channel::reach))
        .routes(routes!(channel::form))
        .routes(routes!(channel::audience))
        .routes(routes!(sql::sql))
}

/// What people define and keep.
fn definitions() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(audience::list, audience::create))
        .routes(routes!(audience::get, audience::put, audience::delete))
        .routes(routes!(audience_history::versions))
        .routes(routes!(audience_history::version))
        .routes(routes!(audience_history::restore))
        .routes(routes!(audience_history::diff))
        .routes(routes!(audience_history::refresh))
        .routes(routes!(audience_history::history))
        .routes(routes!(audience_history::graph))
        .routes(routes!(snapshot::of_audience))
        .routes(routes!(snapshot::list, snapshot::create))
        .routes(routes!(snapshot::get))
        .routes(routes!(state_model::list))
        .routes(routes!(state_model::get, state_model::put, state_model::delete))
        .routes(routes!(tag::list))
        .routes(routes!(tag::get, tag::put, tag::delete))
        .routes(routes!(tag::values))
        .routes(routes!(tag::history))
        .routes(routes!(tag::runs, tag::compute))
        .routes(routes!(comparison::diff))
        .routes(routes!(comparison::compare))
        .routes(routes!(comparison::cell))
        .routes(routes!(comparison::check))
        .routes(routes!(state_model::versions))
        .routes(routes!(state_model::version))
        .routes(routes!(state_model::restore))
        .routes(routes!(track::list, track::create))
        .routes(routes!(track::get, track::put, track::delete))
        .routes(routes!(track::versions))
        .routes(routes!(track::report))
        .routes(routes!(track::check))
        .routes(routes!(track::refresh))
        .routes(routes!(track::compare))
        .routes(routes!(track::reports))
        .routes(routes!(track::report_file))
        .routes(routes!(playbook::list))
        .routes(routes!(playbook::get, playbook::create))
        .routes(routes!(playbook::preview))
        .routes(routes!(alert::list))
        .routes(routes!(list::list))
        .routes(routes!(list::get, list::delete))
        .routes(routes!(list::unmatched))
        .routes(routes!(destination::list, destination::create))
        .routes(routes!(destination::get, destination::put, destination::delete))
        .routes(routes!(destination::secret))
        .routes(routes!(destination::test))
}

/// What comes in, what goes out, and what is known of both.
fn data() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(demo::load))
        .routes(routes!(identity::get))
        .routes(routes!(identity::statements))
        .routes(routes!(identity::unlink))
        .routes(routes!(identity::relink))
        .routes(routes!(names::channels))
        .routes(routes!(catalog::list))
        // An upload counts its own bytes.
        .routes(routes!(import::list, import::create).layer(DefaultBodyLimit::disable()))
        .routes(routes!(import::preview).layer(DefaultBodyLimit::disable()))
        .routes(routes!(import::get, import::undo))
        .routes(routes!(push::list, push::create))
        .routes(routes!(push::get))
        .routes(routes!(push::recipients))
        .routes(routes!(push::messages))
        .routes(routes!(push::file))
        .routes(routes!(push::stop))
        .routes(routes!(push::resume))
        .routes(routes!(source::list, source::create))
        .routes(routes!(source::get, source::put))
        .routes(routes!(source::key))
        .routes(routes!(source::revoke))
        .routes(routes!(source::disable))
        .routes(routes!(source::enable))
        .routes(routes!(source::events))
        .routes(routes!(ingest::status))
        .routes(routes!(mappings::get, mappings::put))
}

/// The workspace itself, who may in, and what goes on.
fn operations() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(job::list))
        .routes(routes!(job::get))
        .routes(routes!(job::cancel))
        .routes(routes!(expiry::expire))
        .routes(routes!(session::log_in, session::log_out))
        .routes(routes!(password::show, password::set))
        .routes(routes!(token::list, token::create))
        .routes(routes!(token::revoke))
        .routes(routes!(workspace::get, workspace::put))
        .routes(routes!(feature::list))
        .routes(routes!(feature::put))
        .routes(routes!(verify::verify))
}

/// An error of weir-app about an argument, placed at the field of the body that held it.
fn in_body(error: Error) -> Error {
    match error.at.as_deref() {
        Some(at) if !at.starts_with('/') => {
            let at = format!("/{at}");
            error.at(at)
        }
        _ => error,
    }
}

/// An error of weir-app inside an expression, placed where the body has the expression.
fn in_expression(error: Error) -> Error {
    let is_inside = error.at.as_deref().is_some_and(|at| at.starts_with('/'));
    if is_inside { error.under("/expression") } else { in_body(error) }
}

/// What a request says about a definition: its description, owner, role and refresh, and its labels.
fn about([description, owner, role, refresh]: [&Option<String>; 4], labels: &[String]) -> Result<About> {
    let texts = [("description", description), ("owner", owner), ("role", role), ("refresh", refresh)];
    let given = texts.into_iter().map(|(key, text)| (key.to_owned(), json!(text)));
    About::from_object(&given.chain([("labels".to_owned(), json!(labels))]).collect())
}

/// A date of a request.
fn date(text: &str, at: &str) -> Result<Day> {
    text.parse().map_err(|error: Error| error.at(at))
}
