//! What all requests share, and the router over it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;
use weir_app::App;
use weir_core::Result;

use crate::blocking::blocking;
use crate::first_run::{self, FirstRun};
use crate::metrics::{self, Metrics};
use crate::upload::Uploads;
use crate::{body, error, health, home, openapi};

/// Everything a request may need.
pub struct Server {
    app: Arc<App>,
    uploads: Uploads,
    first_run: Option<FirstRun>,
    metrics: Metrics,
    warm: AtomicBool,
}

/// As the routes hold it.
pub(crate) type Shared = Arc<Server>;

impl Server {
    /// A server over a data directory, without a way to make the first token.
    pub(crate) fn new(app: Arc<App>, uploads: Uploads) -> Server {
        Server { app, uploads, first_run: None, metrics: Metrics::default(), warm: AtomicBool::new(false) }
    }

    /// The same, with a link that makes the first token.
    pub(crate) fn with_first_run(self, first_run: FirstRun) -> Server {
        Server { first_run: Some(first_run), ..self }
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    pub(crate) fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    pub(crate) fn first_run(&self) -> Option<&FirstRun> {
        self.first_run.as_ref()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Whether the indexes are open, so that questions are quick.
    pub(crate) fn is_warm(&self) -> bool {
        self.warm.load(Ordering::Acquire)
    }

    /// Opens the index of every workspace.
    pub async fn warm(self: Arc<Server>) -> Result<()> {
        blocking(move || {
            for name in self.app.workspaces()? {
                self.app.workspace(&name)?.warm()?;
            }
            self.warm.store(true, Ordering::Release);
            Ok(())
        })
        .await
    }

    /// All routes.
    pub fn router(self: Arc<Server>) -> Router {
        let (api, document) = openapi::api();
        api
            .route("/api/v1/openapi.json", get(move || openapi::serve(document)))
            .merge(unlisted())
            .fallback(error::no_route)
            .method_not_allowed_fallback(error::no_method)
            .layer(DefaultBodyLimit::max(body::LIMIT))
            .layer(middleware::from_fn_with_state(self.clone(), metrics::measure))
            .with_state(self)
    }
}

/// What operators and browsers ask, not programs.
fn unlisted() -> Router<Shared> {
    Router::new()
        .route("/", get(home::page))
        // Whoever only asks for the head must not use up the link.
        .route("/first-run", get(first_run::claim).head(error::no_method))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::render))
}
