//! Empties the outbox: several calls at a time for each destination, none of which waits for another destination.
//!
//! One thread looks for destinations with messages due and hires a crew for each; a crew works until nothing is due. To
//! stop in good order no message is taken any more and those under way are waited for. If the process ends otherwise,
//! nothing is lost: what was under way stays unknown, and the next worker repeats it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use weir_core::push::{Lane, Outbox, Shift};
use weir_core::time::Micros;
use weir_core::{Error, Result};

use crate::clock;
use crate::courier::Courier;
use crate::retry::judge;

/// How often to look for messages that became due. Crews that finish are noticed at once.
const GLANCE: Duration = Duration::from_millis(200);

/// A request to stop; clones are one.
#[derive(Clone, Default)]
pub struct Stop {
    inner: Arc<(Mutex<bool>, Condvar)>,
}

impl Stop {
    /// Asks to stop.
    pub fn raise(&self) {
        *self.raised() = true;
        self.inner.1.notify_all();
    }

    /// Whether somebody asked.
    pub fn is_raised(&self) -> bool {
        *self.raised()
    }

    /// Waits, but not longer than until somebody asks or nudges.
    pub fn wait(&self, time: Duration) {
        let raised = self.raised();
        if !*raised {
            let _ = self.inner.1.wait_timeout(raised, time);
        }
    }

    /// Wakes whoever waits, to look again.
    pub fn nudge(&self) {
        self.inner.1.notify_all();
    }

    fn raised(&self) -> MutexGuard<'_, bool> {
        self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works off an outbox. There must be one at a time over the same outbox.
pub struct Worker<'a> {
    outbox: &'a dyn Outbox,
    courier: &'a Courier,
    shift: Shift,
    stop: &'a Stop,
    until: Option<Micros>,
    /// The store failed; there is no point in going on.
    failed: AtomicBool,
}

type Crews<'scope> = HashMap<String, Vec<ScopedJoinHandle<'scope, Result<()>>>>;

impl<'a> Worker<'a> {
    /// A worker for everything in an outbox.
    pub fn new(outbox: &'a dyn Outbox, courier: &'a Courier, stop: &'a Stop) -> Result<Worker<'a>> {
        let mut id = [0; 8];
        getrandom::fill(&mut id).map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
        let shift = Shift { id: i64::from_le_bytes(id), push: None };
        Ok(Worker { outbox, courier, shift, stop, until: None, failed: AtomicBool::new(false) })
    }

    /// Only messages of this push.
    #[must_use]
    pub fn of_push(mut self, push: i64) -> Worker<'a> {
        self.shift.push = Some(push);
        self
    }

    /// Begins no call after this instant, and waits for nothing that is due later.
    #[must_use]
    pub fn until(mut self, until: Micros) -> Worker<'a> {
        self.until = Some(until);
        self
    }

    /// Works until every message is final, somebody asks to stop, or the time is over.
    pub fn drain(&self) -> Result<()> {
        std::thread::scope(|scope| {
            let mut crews = Crews::new();
            let outcome = self.direct(scope, &mut crews);
            if outcome.is_err() {
                // Crews look at this before they take another message.
                self.failed.store(true, Ordering::Release);
            }
            outcome
        })
    }

    fn direct<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        crews: &mut Crews<'scope>,
    ) -> Result<()> {
        loop {
            dismiss(crews)?;
            if self.is_over() {
                return Ok(());
            }
            let lanes = self.outbox.lanes(self.shift, clock::now())?;
            if crews.is_empty() && self.nothing_left(&lanes) {
                return Ok(());
            }
            for lane in lanes {
                self.hire(scope, crews, &lane);
            }
            self.stop.wait(GLANCE);
        }
    }

    fn nothing_left(&self, lanes: &[Lane]) -> bool {
        let in_time =
            |lane: &Lane| lane.next.is_some_and(|next| self.until.is_none_or(|until| next <= until));
        !lanes.iter().any(in_time)
    }

    fn is_over(&self) -> bool {
        let failed = self.failed.load(Ordering::Acquire);
        failed || self.stop.is_raised() || self.until.is_some_and(|until| clock::now() >= until)
    }

    /// As many as the destination takes at a time, and as there is work for.
    fn hire<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, crews: &mut Crews<'scope>, lane: &Lane) {
        if lane.due == 0 {
            return;
        }
        let crew = crews.entry(lane.destination.clone()).or_default();
        let free = (lane.in_flight as usize).saturating_sub(crew.len());
        for _ in 0..free.min(lane.due as usize) {
            let destination = lane.destination.clone();
            crew.push(scope.spawn(move || {
                let worked = self.work(&destination);
                self.stop.nudge();
                worked
            }));
        }
    }

    /// Calls a destination until nothing is due for it.
    fn work(&self, destination: &str) -> Result<()> {
        while !self.is_over() {
            let Some(call) = self.outbox.begin(destination, self.shift, clock::now())? else { return Ok(()) };
            let answer = self.courier.deliver(self.outbox, &call)?;
            let verdict = judge(&answer, call.failures, clock::now());
            tracing::debug!(
                push = call.push_id,
                message = call.message_id,
                attempt = call.attempt,
                outcome = verdict.outcome.name(),
                detail = verdict.detail,
                "called"
            );
            self.outbox.finish(&call, &verdict, clock::now())?;
        }
        Ok(())
    }
}

/// Lets go of those who are done.
fn dismiss(crews: &mut Crews) -> Result<()> {
    for crew in crews.values_mut() {
        for done in crew.extract_if(.., |member| member.is_finished()) {
            done.join().map_err(|_| Error::internal("a call broke off"))??;
        }
    }
    crews.retain(|_, crew| !crew.is_empty());
    Ok(())
}
