//! The present data of one workspace, kept fresh: files that were added or taken back are seen at once, events of the
//! ingest log soon.
//!
//! The first data is that of the files alone; a live index is opened when the log has anything beyond them, and grows from
//! then on. One refresh happens at a time, and whoever can do with what there is does not wait for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use weir_core::{Code, Error, Result};
use weir_store::{Live, View, Workspace};

use crate::data::Data;
use crate::freshness::Freshness;

/// Events may be this old before a question looks for later ones.
const STALE: Duration = Duration::from_millis(500);

/// Bytes of a tail beyond which its files are indexed and it begins anew. Most of them lie in unnamed files.
const LONG: usize = 1 << 30;

/// How often a generation that ends while it is read is begun again.
const TRIES: usize = 3;

/// The data of one workspace.
#[derive(Default)]
pub(crate) struct Current {
    latest: Mutex<Option<Latest>>,
    live: Mutex<Option<Live>>,
    freshness: Freshness,
    /// Whether a live index is being opened anew.
    is_renewing: AtomicBool,
}

#[derive(Clone)]
struct Latest {
    data: Arc<Data>,
    looked: Instant,
}

impl Current {
    /// The data now: of the present generation, with events that are not older than [`STALE`].
    pub fn get(&self, workspace: &Workspace) -> Result<Arc<Data>> {
        let generation = workspace.generation()?;
        let latest = self.latest().clone();
        let is_of_now = |latest: &&Latest| latest.data.generation() == generation;
        let is_fresh = |latest: &&Latest| latest.looked.elapsed() < STALE;
        if let Some(latest) = latest.as_ref().filter(is_of_now).filter(is_fresh) {
            return Ok(latest.data.clone());
        }
        match (self.live.try_lock(), latest) {
            (Ok(mut live), _) => self.refresh(workspace, &mut live),
            // Somebody else is at it.
            (Err(TryLockError::WouldBlock), Some(latest))
                if is_whole(&latest.data, generation, workspace)? =>
            {
                Ok(latest.data)
            }
            _ => self.refresh(workspace, &mut self.live()),
        }
    }

    /// For whoever brings more events: waits while questions are far behind.
    pub fn wait_for_questions(&self) {
        self.freshness.wait();
    }

    /// Looks for later events, whoever asks; in the background, so that questions need not.
    pub fn keep_fresh(self: &Arc<Current>, workspace: &Workspace) -> Result<()> {
        let is_long = self.live().as_ref().is_some_and(|live| live.bytes() > LONG);
        if is_long && !self.is_renewing.swap(true, Ordering::AcqRel) {
            let begun = self.renew_beside(workspace);
            begun.inspect_err(|_| self.is_renewing.store(false, Ordering::Release))?;
        }
        self.refresh(workspace, &mut self.live()).map(|_| ())
    }

    /// Whether anybody has asked for it.
    pub fn is_open(&self) -> bool {
        self.latest().is_some()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.live() = None;
        *self.latest() = None;
    }

    fn refresh(&self, workspace: &Workspace, live: &mut Option<Live>) -> Result<Arc<Data>> {
        let refresh = self.freshness.begin();
        let mut tries = 1;
        let data = loop {
            match self.look(workspace, live) {
                Ok(data) => break data,
                Err(error) => {
                    // It may have been left between two steps.
                    *live = None;
                    if error.code != Code::StoreBusy || tries == TRIES {
                        return Err(error);
                    }
                    tries += 1;
                }
            }
        };
        *self.latest() = Some(Latest { data: data.clone(), looked: Instant::now() });
        refresh.succeed();
        Ok(data)
    }

    fn look(&self, workspace: &Workspace, live: &mut Option<Live>) -> Result<Arc<Data>> {
        let view = workspace.view()?;
        let is_followed = live.as_mut().map(|live| follow(live, workspace, &view)).transpose()?;
        if is_followed == Some(false) {
            *live = None;
        }
        let Some(live) = live else { return self.begin(workspace, view, live) };
        let before = self.latest().as_ref().map(|latest| latest.data.clone());
        match before {
            Some(data) if data.is_of(&view, live.position()) => Ok(data),
            before => Ok(Arc::new(Data::of_live(live, before.as_deref())?)),
        }
    }

    /// The files alone, as long as the log has nothing beyond them.
    fn begin(&self, workspace: &Workspace, view: View, live: &mut Option<Live>) -> Result<Arc<Data>> {
        let end = workspace.follow_log(view.log_flushed(), |frames, position| match live {
            Some(live) => live.extend(frames, position).map(drop),
            None if frames.is_empty() => Ok(()),
            None => live.insert(Live::open(&view)?).extend(frames, position).map(drop),
        })?;
        if let Some(live) = live {
            return Ok(Arc::new(Data::of_live(live, None)?));
        }
        let latest = self.latest().as_ref().map(|latest| latest.data.clone());
        match latest.filter(|data| data.is_of(&view, end)) {
            Some(data) => Ok(data),
            None => Ok(Arc::new(Data::of_files(view, end)?)),
        }
    }

    /// Begins anew on a thread of its own: it takes long, and meanwhile the present index goes on.
    fn renew_beside(self: &Arc<Current>, workspace: &Workspace) -> Result<()> {
        let (current, workspace) = (self.clone(), workspace.clone());
        // Processors of its own: the refresh and questions would wait behind it for theirs.
        let half = std::thread::available_parallelism().map_or(1, |all| usize::from(all).div_ceil(2));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(half).build();
        let pool = pool.map_err(|error| Error::internal(format!("cannot start threads: {error}")))?;
        let renew = move || {
            if let Err(error) = pool.install(|| current.begin_anew(&workspace)) {
                let (code, message) = (error.code.as_str(), error.message.as_str());
                tracing::warn!(workspace = workspace.name(), code, message, "cannot open the index anew");
            }
            current.is_renewing.store(false, Ordering::Release);
        };
        let thread = std::thread::Builder::new().name("renew".to_owned()).spawn(renew);
        thread.map(drop).map_err(|error| Error::io("starting a thread", &error))
    }

    /// Opens a live index on files that hold most of what the present one has in memory.
    fn begin_anew(&self, workspace: &Workspace) -> Result<()> {
        let view = workspace.view()?;
        let mut anew = Live::open(&view)?;
        workspace.follow_log(anew.position(), |frames, position| anew.extend(frames, position).map(drop))?;
        *self.live() = Some(anew);
        Ok(())
    }

    fn live(&self) -> MutexGuard<'_, Option<Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn latest(&self) -> MutexGuard<'_, Option<Latest>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether data lacks nothing but the latest events: it is of this generation, or of one since which there were flushes only.
fn is_whole(data: &Data, generation: u64, workspace: &Workspace) -> Result<bool> {
    if data.generation() == generation {
        return Ok(true);
    }
    workspace.view()?.adds_only_flushes_to(data.stored())
}

/// Adds what the log has by now, and takes over what was flushed of it; false when the view holds anything else. The view
/// is older than the end of the log, so all that it was flushed is seen.
fn follow(live: &mut Live, workspace: &Workspace, view: &View) -> Result<bool> {
    workspace.follow_log(live.position(), |frames, position| live.extend(frames, position).map(drop))?;
    live.rebase(view)
}
