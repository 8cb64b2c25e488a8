//! Listening: bind, tell the first-run link, warm up, answer until told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
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
    /// The workspace that a first-run link opens.
    pub workspace: String,
    /// Most bytes of an upload.
    pub upload_limit: u64,
    /// When there is a link that lets in whoever started the server.
    pub link: Link,
}

/// When a server on this machine has a link that lets in without a token, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// While nobody has a token yet.
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
        let (stopping, stopped) = oneshot::channel();
        let stop = async move {
            stop.await;
            // No call is begun any more; those under way have as long as requests have.
            background.stop.raise();
            let _ = stopping.send(());
        };
        let serving = axum::serve(self.listener, self.server.router()).with_graceful_shutdown(stop);
        tokio::select! {
            served = serving.into_future() => served.map_err(|error| Error::io("serving", &error)),
            () = overdue(stopped) => Ok(()),
        }
    }
}

/// What goes on beside requests, on threads of its own: it blocks.
struct Background {
    stop: Stop,
}

impl Background {
    /// Goes on with whatever an earlier process left.
    fn begin(server: &Arc<Server>) -> Result<Background> {
        let background = Background { stop: Stop::default() };
        background.spawn("deliver", server, |server, stop| server.app().deliver(stop))?;
        background.spawn("refresh", server, |server, stop| server.app().keep_fresh(stop))?;
        Ok(background)
    }

    fn spawn(&self, name: &str, server: &Arc<Server>, work: fn(&Server, &Stop)) -> Result<()> {
        let (server, stop) = (server.clone(), self.stop.clone());
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&server, &stop));
        thread.map(|_| ()).map_err(|error| Error::io("starting a thread", &error))
    }
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
