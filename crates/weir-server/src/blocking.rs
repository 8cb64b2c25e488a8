//! Calls of weir-app block (files, SQLite, many cores for a while), so they run where they may.

use weir_app::{Interest, Workspace};
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

/// Runs a question, which is given up when the request is: whoever has gone does not keep a processor busy.
pub(crate) async fn asking<T, F>(workspace: Workspace, ask: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Workspace) -> Result<T> + Send + 'static,
{
    let interest = Interest::default();
    let _waiting = Waiting(interest.clone());
    blocking(move || ask(&workspace.while_wanted(interest))).await
}

/// Somebody who waits; whatever ends that ends their interest.
struct Waiting(Interest);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.lose();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use weir_app::App;
    use weir_core::Code;

    use super::*;

    #[tokio::test]
    async fn a_question_is_given_up_with_its_request() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = App::open(dir.path()).unwrap().create_workspace("shop").unwrap();
        let (begun, has_begun) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let question = asking(workspace, move |workspace| {
            begun.send(()).unwrap();
            let mut outcome = Ok(());
            while outcome.is_ok() {
                outcome = workspace.interest().check();
            }
            tell.send(outcome.unwrap_err().code).unwrap();
            Ok(())
        });
        let request = tokio::spawn(question);
        tokio::task::spawn_blocking(move || has_begun.recv()).await.unwrap().unwrap();
        request.abort();
        let told = tokio::task::spawn_blocking(move || told.recv_timeout(Duration::from_secs(30)));
        assert_eq!(told.await.unwrap().unwrap(), Code::Cancelled);
    }
}
