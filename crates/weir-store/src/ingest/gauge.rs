//! The gauge: whether there is room for what comes in. Measured ten times a second, reckoned in between, so that a request
//! asks memory and a fast writer cannot run past a bound between two measurements.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use weir_core::{Error, Result};

use super::Ingest;
use crate::space::{Scale, Shortage, Space};
use crate::workspace::Workspace;

/// How often to measure. What we write is reckoned; what others write to the disk is seen only here, and they may be quick.
const ROUND: Duration = Duration::from_millis(100);

/// After a measurement that failed; the one before is reckoned with.
const PAUSE: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(crate) struct Gauge {
    scale: Mutex<Scale>,
    reading: Mutex<Option<Reading>>,
}

/// The last measurement and what came of it.
struct Reading {
    space: Space,
    /// Bytes that came in since.
    since: u64,
    /// Bytes that the last request would have brought, had there been room for it.
    refused: u64,
}

impl Gauge {
    /// Counts so many bytes as used, or says that there is no room for them.
    pub(super) fn take(&self, workspace: &Workspace, bytes: u64) -> Result<()> {
        if self.reading().is_none() {
            self.measure(workspace)?;
        }
        self.reading().as_mut().map_or(Ok(()), |reading| reading.take(bytes))
    }

    /// Measures. Not under the lock of the reading: requests need not wait for the database.
    pub(super) fn measure(&self, workspace: &Workspace) -> Result<()> {
        let mut scale = self.scale.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.reading().as_ref().map_or(0, |reading| reading.since);
        let space = scale.measure(workspace)?;
        let mut reading = self.reading();
        // What came in meanwhile may be measured or not; it counts, for it is little.
        let (since, refused) =
            reading.as_ref().map_or((0, 0), |last| (last.since.saturating_sub(before), last.refused));
        *reading = Some(Reading { space, since, refused });
        Ok(())
    }

    /// The space now, as far as known, and what is in the way of more.
    pub(super) fn look(&self) -> Option<(Space, Option<Shortage>)> {
        self.reading().as_ref().map(|reading| (reading.space.after(reading.since), reading.shortage()))
    }

    fn reading(&self) -> MutexGuard<'_, Option<Reading>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn take(&mut self, bytes: u64) -> Result<()> {
        let space = self.space.after(self.since);
        self.refused = if space.shortage(bytes).is_some() { bytes } else { 0 };
        space.check(bytes)?;
        self.since += bytes;
        Ok(())
    }

    /// What is in the way of a request like the last one. Full is not full to the last byte.
    fn shortage(&self) -> Option<Shortage> {
        self.space.shortage(self.since.saturating_add(self.refused))
    }
}

/// Starts the thread that measures; it ends when nobody holds the ingest any more.
pub(super) fn start(ingest: &Arc<Ingest>) -> Result<()> {
    let ingest = Arc::downgrade(ingest);
    let thread = std::thread::Builder::new().name("gauge".to_owned());
    thread.spawn(move || run(&ingest)).map_err(|error| Error::io("starting a thread", &error))?;
    Ok(())
}

fn run(ingest: &Weak<Ingest>) {
    loop {
        std::thread::sleep(ROUND);
        let Some(ingest) = ingest.upgrade() else { return };
        let outcome = ingest.measure();
        drop(ingest);
        if let Err(error) = outcome {
            let (code, message) = (error.code.as_str(), error.message.as_str());
            tracing::error!(code, message, "cannot measure the space on the disk");
            std::thread::sleep(PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_core::Code;

    use super::*;

    fn reading(used: u64, limit: u64) -> Reading {
        Reading {
            space: Space { used, limit: Some(limit), free: Some(100), reserve: 10 },
            since: 0,
            refused: 0,
        }
    }

    #[test]
    fn what_came_in_since_the_measurement_counts() {
        let mut reading = reading(0, 50);
        for _ in 0..5 {
            reading.take(10).unwrap();
        }
        assert_eq!(reading.shortage(), None);
        assert_eq!(reading.take(1).unwrap_err().code, Code::DiskFull);
        assert_eq!((reading.since, reading.shortage()), (50, Some(Shortage::Limit)));
    }

    #[test]
    fn the_reserve_is_not_touched_either() {
        let mut reading = reading(0, 1_000);
        reading.take(90).unwrap();
        assert_eq!(reading.take(1).unwrap_err().code, Code::DiskFull);
        assert_eq!(reading.shortage(), Some(Shortage::Reserve));
    }

    #[test]
    fn it_stays_full_until_there_is_room_for_a_request_like_the_last() {
        let mut reading = reading(45, 50);
        assert_eq!(reading.shortage(), None);
        reading.take(10).unwrap_err();
        assert_eq!(reading.shortage(), Some(Shortage::Limit));
        reading.space.used = 40;
        assert_eq!(reading.shortage(), None);
        reading.space.used = 45;
        reading.take(5).unwrap();
        assert_eq!(reading.shortage(), None, "a smaller one was taken");
    }
}
