//! A request to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// A request to stop; clones are one.
#[derive(Clone, Default)]
pub struct Stop {
    raised: Arc<watch::Sender<bool>>,
}

impl Stop {
    /// Asks to stop.
    pub fn raise(&self) {
        self.raised.send_replace(true);
    }

    /// Whether somebody asked.
    pub fn is_raised(&self) -> bool {
        *self.raised.borrow()
    }

    /// Until somebody asks.
    pub(crate) async fn raised(&self) {
        // It cannot fail: the sender is here.
        let _ = self.raised.subscribe().wait_for(|raised| *raised).await;
    }
}
