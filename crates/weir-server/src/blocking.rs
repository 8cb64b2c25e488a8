//! Calls of weir-app block (files, SQLite, many cores for a while), so they run where they may.

use weir_core::{Error, Result};

/// Runs `work` on a thread that may block.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    let finished = tokio::task::spawn_blocking(work).await;
    // A panic is a bug: its message went to the log, the caller learns whose fault it is.
    finished.unwrap_or_else(|_| Err(Error::internal("the request broke off")))
}
