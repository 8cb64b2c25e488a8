//! `weir serve`: the HTTP API.

use std::io::IsTerminal;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tracing_subscriber::EnvFilter;
use weir_app::App;
use weir_core::{Error, Result};
use weir_server::{Link, Listener, Options};

use crate::context::Context;

const NOTES: &str = "\
Where no token exists yet and the address is on this machine, a link is printed that opens the
console, once; a program that follows it gets the first token. Logs go to stderr; WEIR_LOG sets
how much (error, warn, info, debug). SIGTERM and Ctrl-C stop it in good order.";

/// Serve the HTTP API
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub struct Arguments {
    #[command(flatten)]
    serving: Serving,
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serving {
    /// Address and port; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7717", value_parser = address)]
    listen: SocketAddr,

    /// Most bytes of one upload
    #[arg(long, value_name = "BYTES", default_value_t = 4 << 30)]
    upload_limit: u64,
}

/// An address, or a name that leads to one, such as localhost:7717.
fn address(text: &str) -> std::result::Result<SocketAddr, String> {
    let mut found =
        text.to_socket_addrs().map_err(|_| "write HOST:PORT, for example 127.0.0.1:7717".to_owned())?;
    found.next().ok_or_else(|| "this name has no address".to_owned())
}

/// What is printed once the port is taken.
#[derive(Serialize)]
struct Announcement {
    url: String,
    openapi: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_run: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    serve(Arc::new(context.create()?), &arguments.serving, Link::FirstRun, context)
}

/// Serves a data directory until somebody wants it to end.
pub fn serve(app: Arc<App>, serving: &Serving, link: Link, context: &Context) -> Result<()> {
    start_logging();
    let options = Options {
        app,
        data: context.data().to_owned(),
        listen: serving.listen,
        workspace: context.workspace_name().to_owned(),
        upload_limit: serving.upload_limit,
        link,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Error::io("starting threads", &error))?;
    let served = runtime.block_on(listen(&options, context));
    // An index that is still being opened can be opened next time.
    runtime.shutdown_background();
    served
}

async fn listen(options: &Options, context: &Context) -> Result<()> {
    let listener = Listener::bind(options).await?;
    let url = listener.url();
    let announcement = Announcement {
        openapi: format!("{url}/api/v1/openapi.json"),
        first_run: listener.first_run_link(),
        url,
    };
    context.answer(&announcement, || draw(&announcement))?;
    listener.run(stop()).await
}

fn draw(announcement: &Announcement) -> String {
    let Announcement { url, openapi, first_run } = announcement;
    let mut text = format!("Weir listens on {url} (the API: {openapi})");
    if let Some(link) = first_run {
        text.push_str(&format!("\nOpen the console by this link; it works once:\n  {link}"));
    }
    text
}

fn start_logging() {
    let filter = EnvFilter::try_from_env("WEIR_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let colored = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colored).with_writer(std::io::stderr).init();
}

/// Until somebody wants it to end.
async fn stop() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
    tracing::info!("stopping");
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
