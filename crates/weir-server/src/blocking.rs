//! Calls of weir-app block (files, SQLite, many cores for a while), so they run where they may.

use weir_app::{Interest, Workspace};
use weir_core::{Error, Result};

use crate::turn::Length;

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

/// Runs a question when its turn comes. It is given up when the request is: whoever has gone neither stands in line nor
/// keeps a processor busy.
pub(crate) async fn asking<T, F>(workspace: Workspace, length: Length, ask: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Workspace) -> Result<T> + Send + 'static,
{
    let interest = Interest::default();
    let _waiting = Waiting(interest.clone());
    let turn = length.line().turn().await;
    blocking(move || turn.run(|| ask(&workspace.while_wanted(interest)))).await
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
    use std::task::{Context, Waker};
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
        let question = asking(workspace, Length::Short, move |workspace| {
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

    /// A question that is under way until it is told to end.
    struct Held {
        end: mpsc::Sender<()>,
        asked: tokio::task::JoinHandle<Result<()>>,
    }

    async fn hold(workspace: &Workspace, length: Length) -> Held {
        let (begun, has_begun) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let asked = tokio::spawn(asking(workspace.clone(), length, move |_| {
            begun.send(()).unwrap();
            ended.recv().map_err(|_| Error::internal("nobody ends this"))
        }));
        tokio::task::spawn_blocking(move || has_begun.recv()).await.unwrap().unwrap();
        Held { end, asked }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn questions_wait_in_line_and_leave_it_with_their_requests() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = App::open(dir.path()).unwrap().create_workspace("shop").unwrap();
        let mut held = Vec::new();
        for _ in 0..rayon::current_num_threads() {
            held.push(hold(&workspace, Length::Long).await);
        }
        let (tell, order) = mpsc::channel();
        let ask = |number: u32, length: Length| {
            let tell = tell.clone();
            asking(workspace.clone(), length, move |_| {
                tell.send(number).unwrap();
                Ok(())
            })
        };
        // Polled once, so that each stands in line before the next comes.
        let mut waiting: Vec<_> = (0..4).map(|number| Box::pin(ask(number, Length::Long))).collect();
        for question in &mut waiting {
            assert!(question.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        drop(waiting.remove(1));
        ask(9, Length::Short).await.unwrap();
        assert_eq!(order.try_iter().collect::<Vec<_>>(), [9], "a short question waits for no long one");

        let first = held.remove(0);
        first.end.send(()).unwrap();
        first.asked.await.unwrap().unwrap();
        for question in waiting {
            question.await.unwrap();
        }
        assert_eq!(order.try_iter().collect::<Vec<_>>(), [0, 2, 3]);
        for held in held {
            held.end.send(()).unwrap();
            held.asked.await.unwrap().unwrap();
        }
    }
}
