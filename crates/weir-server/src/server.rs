//! What all requests share, and the router over it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;
use weir_app::App;
use weir_core::Result;

use crate::attempts::Attempts;
use crate::blocking::blocking;
use crate::first_run::{self, FirstRun};
use crate::ingest::{self, Admission};
use crate::metrics::{self, Metrics};
use crate::serve::{Link, Options};
use crate::upload::Uploads;
use crate::{body, console, error, health, openapi};

/// Everything a request may need.
pub struct Server {
    app: Arc<App>,
    uploads: Uploads,
    first_run: Option<FirstRun>,
    metrics: Metrics,
    admission: Admission,
    attempts: Attempts,
    workspace: String,
    warm: AtomicBool,
}

/// As the routes hold it.
pub(crate) type Shared = Arc<Server>;

impl Server {
    /// A server over a data directory. Only whoever sits at this machine gets in by a link.
    pub fn new(options: &Options) -> Result<Arc<Server>> {
        let app = options.app.clone();
        let wants_link = options.link == Link::Always || !(app.has_tokens()? || app.has_passwords()?);
        let has_link = options.listen.ip().is_loopback() && wants_link;
        let first_run = has_link.then(|| FirstRun::new(&options.workspace)).transpose()?;
        let uploads = Uploads::new(&options.data, options.upload_limit)?;
        let (metrics, admission, warm) = (Metrics::default(), Admission::default(), AtomicBool::new(false));
        let (attempts, workspace) = (Attempts::default(), options.workspace.clone());
        Ok(Arc::new(Server { app, uploads, first_run, metrics, admission, attempts, workspace, warm }))
    }

    /// The path that makes the first token, once.
    pub fn first_run_path(&self) -> Option<String> {
        self.first_run.as_ref()?.path()
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

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// The workspace that is meant where none is named.
    pub(crate) fn usual_workspace(&self) -> &str {
        &self.workspace
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(crate) fn admission(&self) -> &Admission {
        &self.admission
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

    /// Opens the ingest of every workspace that has a source. Answers whether all of them can take something in; an error
    /// says what keeps them from it.
    pub async fn open_ingest(self: Arc<Server>) -> Result<bool> {
        blocking(move || {
            self.app.open_ingest()?;
            let open = self.app.open_ingests();
            open.iter().try_for_each(|ingest| ingest.status.check_space())?;
            Ok(open.iter().all(|ingest| ingest.status.is_ready))
        })
        .await
    }

    /// All routes.
    pub fn router(self: Arc<Server>) -> Router {
        let (api, document) = openapi::api();
        api.route("/api/v1/openapi.json", get(move || openapi::serve(document)))
            .merge(unlisted())
            .merge(ingest::routes())
            .fallback(console::serve)
            .method_not_allowed_fallback(error::no_method)
            .layer(DefaultBodyLimit::max(body::LIMIT))
            .layer(middleware::from_fn_with_state(self.clone(), metrics::measure))
            .with_state(self)
    }
}

/// What operators and browsers ask, not programs.
fn unlisted() -> Router<Shared> {
    Router::new()
        // Whoever only asks for the head must not use up the link.
        .route("/first-run", get(first_run::claim).head(error::no_method))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::render))
}
