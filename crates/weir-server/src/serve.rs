//! Listening: bind, tell the first-run link, warm up, answer until told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use weir_app::{App, Stop};
use weir_core::{Code, Error, Result};

use crate::server::Server;

/// How long requests may take to finish after the server was told to stop.
const GRACE: Duration = Duration::from_secs(30);

/// What to serve and where.
pub struct Options {
    /// The data directory, opened.
    pub app: Arc<App>,
    /// Its path; uploads go below it.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The workspace that a first-run link opens, and a password where none is named.
    pub workspace: String,
    /// Most bytes of an upload.
    pub upload_limit: u64,
    /// When there is a link that lets in whoever started the server.
    pub link: Link,
}

/// When a server on this machine has a link that lets in without a token, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// While nobody has a token or a password yet.
    FirstRun,
    /// Each time it starts.
    Always,
}

/// A server that has its port but does not answer yet.
pub struct Listener {
    listener: TcpListener,
    server: Arc<Server>,
    address: SocketAddr,
}

impl Listener {
    /// Takes the port.
    pub async fn bind(options: &Options) -> Result<Listener> {
        let listen = options.listen;
        let listener = TcpListener::bind(listen).await.map_err(|error| cannot_listen(listen, &error))?;
        let address = listener.local_addr().map_err(|error| Error::io("reading the own address", &error))?;
        Ok(Listener { listener, server: Server::new(options)?, address })
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The link that makes the first token, once.
    pub fn first_run_link(&self) -> Option<String> {
        self.server.first_run_path().map(|path| self.url() + &path)
    }

    /// Answers until `stop`, then finishes what was begun, but does not wait for ever.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        tokio::spawn(warm(self.server.clone()));
        tokio::spawn(open_ingest(self.server.clone()));
        if !weir_console::is_built() {
            tracing::warn!("this binary was built without the console");
        }
        let background = Background::begin(&self.server)?;
        let until = background.stop.clone();
        let (stopping, stopped) = oneshot::channel();
        let stop = async move {
            stop.await;
            // Nothing is begun any more; what is under way has as long as requests have.
            until.raise();
            let _ = stopping.send(());
        };
        let serving = axum::serve(self.listener, self.server.router()).with_graceful_shutdown(stop);
        let served = tokio::select! {
            served = serving.into_future() => served.map_err(|error| Error::io("serving", &error)),
            () = overdue(stopped) => Ok(()),
        };
        background.finish().await;
        served
    }
}

/// What goes on beside requests, on threads of its own: it blocks.
struct Background {
    stop: Stop,
    queues: JoinHandle<()>,
}

impl Background {
    /// Goes on with whatever an earlier process left.
    fn begin(server: &Arc<Server>) -> Result<Background> {
        let stop = Stop::default();
        begin("deliver", server, &stop, App::deliver)?;
        begin("refresh", server, &stop, App::keep_fresh)?;
        begin("schedules", server, &stop, App::keep_schedules)?;
        begin("expiry", server, &stop, App::expire_daily)?;
        let queues = begin("queues", server, &stop, App::read_queues)?;
        Ok(Background { stop, queues })
    }

    /// Waits until queues have heard what is durable; otherwise they deliver it again. Deliveries keep their own record.
    async fn finish(self) {
        self.stop.raise();
        let queues = tokio::task::spawn_blocking(|| self.queues.join());
        if tokio::time::timeout(GRACE, queues).await.is_err() {
            tracing::warn!(seconds = GRACE.as_secs(), "a queue was still being read");
        }
    }
}

fn begin(name: &str, server: &Arc<Server>, stop: &Stop, work: fn(&App, &Stop)) -> Result<JoinHandle<()>> {
    let (server, until) = (server.clone(), stop.clone());
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(server.app(), &until));
    thread.map_err(|error| Error::io("starting a thread", &error))
}

/// A client that neither sends nor hangs up must not keep the process alive.
async fn overdue(stopped: oneshot::Receiver<()>) {
    // An error means that the server ended by itself; then nobody waits for this.
    let _ = stopped.await;
    tokio::time::sleep(GRACE).await;
    tracing::warn!(seconds = GRACE.as_secs(), "requests were still open");
}

async fn warm(server: Arc<Server>) {
    match server.warm().await {
        Ok(()) => tracing::info!("indexes are open"),
        Err(error) => {
            tracing::error!(code = error.code.as_str(), message = error.message, "cannot open the indexes");
        }
    }
}

/// Requests that come before this is done open it themselves; so does whoever asks whether it is ready.
async fn open_ingest(server: Arc<Server>) {
    if let Err(error) = server.open_ingest().await {
        tracing::error!(code = error.code.as_str(), message = error.message, "cannot take anything in yet");
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> Error {
    Error::new(Code::InvalidArgument, format!("cannot listen on {address}: {error}"))
        .at("--listen")
        .help("name another port, or port 0 for any that is free")
}
