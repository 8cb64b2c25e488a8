//! Delivering what is recorded: one push while somebody waits, or everything in the background.
//!
//! One worker at a time delivers for a workspace. Whoever finds another process at it lets that one do the work.

use std::collections::HashMap;
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use weir_core::Result;
use weir_core::push::{Outbox, PushState, Shift};
use weir_core::time::Micros;
use weir_deliver::{Stop, Worker};
use weir_store::Push;

use crate::app::{App, Workspace};

/// How often to look again where another process delivers.
const GLANCE: Duration = Duration::from_millis(100);

/// How often the background looks for work.
const ROUND: Duration = Duration::from_millis(500);

/// Looks without taking anything.
const NOBODYS_SHIFT: Shift = Shift { id: 0, push: None };

impl Workspace {
    /// Delivers a push until it is done, somebody asks to stop, the time is over, or nothing more is due in time.
    /// Answers how far it came.
    pub fn deliver_push(&self, id: &str, until: Micros, stop: &Stop) -> Result<Push> {
        loop {
            let push = self.push(id)?;
            if push.state != PushState::Sending || stop.is_raised() || now() >= until {
                return Ok(push);
            }
            if let Some(_lock) = self.store().delivery_lock()? {
                let courier = self.courier()?;
                Worker::new(self.store(), &courier, stop)?.of_push(push.number).until(until).drain()?;
                return self.push(id);
            }
            stop.wait(GLANCE);
        }
    }

    /// Whether a message is due.
    fn has_due(&self) -> Result<bool> {
        Ok(self.store().lanes(NOBODYS_SHIFT, now())?.iter().any(|lane| lane.due > 0))
    }

    fn deliver_all(&self, stop: &Stop) -> Result<()> {
        let Some(_lock) = self.store().delivery_lock()? else { return Ok(()) };
        let courier = self.courier()?;
        Worker::new(self.store(), &courier, stop)?.drain()
    }
}

/// Workspaces that are delivered for at present.
type Running<'scope> = HashMap<String, ScopedJoinHandle<'scope, Result<()>>>;

impl App {
    /// Delivers for every workspace until somebody asks to stop; what an earlier process began goes on.
    pub fn deliver(&self, stop: &Stop) {
        std::thread::scope(|scope| {
            let mut running = Running::new();
            while !stop.is_raised() {
                if let Err(error) = self.round(scope, &mut running, stop) {
                    tracing::error!(code = error.code.as_str(), message = error.message, "cannot deliver");
                }
                stop.wait(ROUND);
            }
        });
    }

    fn round<'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        running: &mut Running<'scope>,
        stop: &'scope Stop,
    ) -> Result<()> {
        running.retain(|_, worker| !worker.is_finished());
        for name in self.workspaces()? {
            let workspace = self.workspace(&name)?;
            if running.contains_key(&name) || !workspace.has_due()? {
                continue;
            }
            running.insert(name, scope.spawn(move || attempt(&workspace, stop)));
        }
        Ok(())
    }
}

/// What goes wrong is told here and tried again in the next round.
fn attempt(workspace: &Workspace, stop: &Stop) -> Result<()> {
    let delivered = workspace.deliver_all(stop);
    if let Err(error) = &delivered {
        let (code, message) = (error.code.as_str(), error.message.as_str());
        tracing::error!(workspace = workspace.name(), code, message, "delivery broke off");
        // A full disk is not mended by asking again at once.
        stop.wait(ROUND * 10);
    }
    delivered
}

fn now() -> Micros {
    jiff::Timestamp::now().as_microsecond()
}
