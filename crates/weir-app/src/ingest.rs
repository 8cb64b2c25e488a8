//! Taking in what clients send: who sends, what they say, and whether it is kept.
//!
//! In two steps, of which the first uses a processor and the second waits for a disk; whoever calls [`Sender::take`] learns
//! when the one is done. Everything a request needs besides its body is kept in memory ([`lately`]).

mod lately;
mod meter;
mod rules;
mod seen;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weir_core::arrival::{Arrivals, Reject, Verdict};
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};
use weir_ingest::{Call, Context, Parsed};
use weir_store::{Ingest, IngestStatus, Page, Source, write_key_hash};

use crate::app::{App, Workspace};
use crate::current::Current;
use lately::Lately;
use meter::Meters;
use rules::{Ids, Rules};

pub use meter::{IngestCounts, SourceCounts};
pub use seen::{Fate, Seen};

/// What all requests of this process share.
#[derive(Default)]
pub(crate) struct Intake {
    pub keys: Lately<Arc<Holder>>,
    rules: Lately<Arc<Rules>>,
    pub meters: Meters,
    /// Open as long as this process lives: to open one is to load whatever decides.
    ingests: Mutex<BTreeMap<String, Arc<Ingest>>>,
}

/// Who holds a write key.
pub(crate) struct Holder {
    workspace: weir_store::Workspace,
    source: Source,
}

/// What a request says about who sends it.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// The write key in the header.
    pub header: Option<String>,
    /// The write key in the body, or in the query of a pixel.
    pub body: Option<String>,
    /// The page that sends, where a browser says so.
    pub origin: Option<String>,
}

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Segment's protocol, on the address of a call.
    Segment(Call),
    /// The plain shape.
    Native,
    /// The query of an image's address.
    Pixel,
}

/// A source that may send, and where to.
pub struct Sender {
    intake: Arc<Intake>,
    current: Arc<Current>,
    workspace: weir_store::Workspace,
    source: String,
}

/// The ingest of one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceIngest {
    /// Name of the workspace.
    pub workspace: String,
    /// How it is.
    pub status: IngestStatus,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// Arrivals kept.
    pub accepted: usize,
    /// Arrivals that were there already.
    pub duplicate: usize,
    /// Messages refused.
    pub rejects: Vec<Reject>,
}

impl App {
    /// Who sends. A key in the header and one in the body must be the same.
    pub fn sender(&self, credentials: &Credentials) -> Result<Sender> {
        let key = one_key(credentials)?;
        let holder = self.holder(key)?;
        check_origin(&holder.source, credentials.origin.as_deref())?;
        if holder.source.disabled.is_some() {
            let message = format!("the source \"{}\" is disabled", holder.source.name);
            return Err(Error::new(Code::SourceDisabled, message)
                .help(format!("take from it again with: weir source enable {}", holder.source.name)));
        }
        let (intake, workspace) = (self.intake().clone(), holder.workspace.clone());
        let (current, source) = (self.current(&workspace), holder.source.name.clone());
        Ok(Sender { intake, current, workspace, source })
    }

    fn holder(&self, key: &str) -> Result<Arc<Holder>> {
        self.intake().keys.get(&write_key_hash(key), || {
            let (workspace, source) = self.store().source_of_key(key)?;
            if let Err(error) = self.store().note_source_use(&source) {
                // When a key was last used is not worth an event.
                tracing::warn!(source = source.name, message = error.message, "cannot note the use of a key");
            }
            Ok(Arc::new(Holder { workspace: self.store().workspace(&workspace)?, source }))
        })
    }

    /// What has come in since the start.
    pub fn ingest_counts(&self) -> IngestCounts {
        self.intake().meters.counts()
    }

    /// The ingests that are open in this process.
    pub fn open_ingests(&self) -> Vec<WorkspaceIngest> {
        let ingests = self.intake().ingests();
        let one = |(workspace, ingest): (&String, &Arc<Ingest>)| WorkspaceIngest {
            workspace: workspace.clone(),
            status: ingest.status(),
        };
        ingests.iter().map(one).collect()
    }

    /// Opens the ingest of every workspace that has a source, so that the first request is quick.
    pub fn open_ingest(&self) -> Result<()> {
        let first = Page { after: None, limit: 1 };
        for name in self.workspaces()? {
            let workspace = self.store().workspace(&name)?;
            if !workspace.sources(&first)?.items.is_empty() {
                self.intake().ingest(&workspace)?;
            }
        }
        Ok(())
    }
}

impl Workspace {
    /// A source of this workspace, for what Weir fetches itself and needs no key for.
    pub fn sender(&self, source: &str) -> Sender {
        let (intake, workspace) = (self.intake().clone(), self.store().clone());
        Sender { intake, current: self.current().clone(), workspace, source: source.to_owned() }
    }

    /// Makes ready to take in, and tells how it is.
    pub fn ingest_status(&self) -> Result<IngestStatus> {
        Ok(self.intake().ingest(self.store())?.status())
    }
}

impl Intake {
    /// From the next request on, what requests are read with is asked for again.
    pub fn forget_rules(&self) {
        self.rules.forget();
    }

    fn rules(&self, workspace: &weir_store::Workspace) -> Result<Arc<Rules>> {
        self.rules.get(workspace.name(), || Ok(Arc::new(Rules::of(workspace)?)))
    }

    /// The ingest of a workspace, opened if need be.
    fn ingest(&self, workspace: &weir_store::Workspace) -> Result<Arc<Ingest>> {
        if let Some(ingest) = self.ingests().get(workspace.name()) {
            return Ok(ingest.clone());
        }
        // Not under the lock: other workspaces need not wait.
        let ingest = workspace.ingest()?;
        self.ingests().insert(workspace.name().to_owned(), ingest.clone());
        Ok(ingest)
    }

    /// Brings what a workspace took in into its files, where this process takes in for it.
    pub fn flush(&self, workspace: &str) -> Result<()> {
        let open = self.ingests().get(workspace).cloned();
        open.map_or(Ok(()), |ingest| ingest.flush())
    }

    fn ingests(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Ingest>>> {
        self.ingests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sender {
    /// Takes in what a body says. Of a pixel the body is the query. Calls `understood` when it is read; when it answers, all
    /// of it is durable.
    pub fn take(&self, form: Form, body: &[u8], understood: impl FnOnce()) -> Result<Receipt> {
        let (received, rules) = (clock(), self.intake.rules(&self.workspace)?);
        let mut ids = Ids::new(received)?;
        let mut assign = || ids.next();
        let arrivals = read_body(form, body, rules.context(received, &mut assign))?;
        understood();
        self.take_in(arrivals)
    }

    /// What a message of a queue says. Events without a message id take the message's.
    pub(crate) fn read_queued(
        &self,
        form: Form,
        body: &[u8],
        received: Micros,
        message_id: &str,
    ) -> Result<Arrivals<'static>> {
        let mut assigned = 0;
        let mut assign = || {
            assigned += 1;
            if assigned == 1 { message_id.to_owned() } else { format!("{message_id}#{assigned}") }
        };
        let rules = self.intake.rules(&self.workspace)?;
        Ok(read_body(form, body, rules.context(received, &mut assign))?.into_owned())
    }

    /// Takes in what a request says. When it answers, all of it is durable.
    pub(crate) fn take_in(&self, arrivals: Arrivals) -> Result<Receipt> {
        self.current.wait_for_questions();
        let now = clock();
        let (name, rejects) = (self.workspace.name(), arrivals.rejects.clone());
        let meter = self.intake.meters.of(name, &self.source);
        let looked = meter.look(&arrivals, now);
        let taken =
            self.intake.ingest(&self.workspace).and_then(|ingest| ingest.take(&self.source, arrivals));
        let verdicts = match taken {
            Ok(verdicts) => verdicts,
            Err(error) => {
                // What was refused will be refused again, and be counted then.
                meter.note(looked, &[], 0, now);
                return Err(error);
            }
        };
        self.intake.meters.refused(rejects.iter().map(|reject| &reject.reason));
        meter.note(looked, &verdicts, rejects.len(), clock());
        let duplicate = verdicts.iter().filter(|verdict| **verdict == Verdict::Duplicate).count();
        Ok(Receipt { accepted: verdicts.len() - duplicate, duplicate, rejects })
    }
}

fn read_body<'a>(form: Form, body: &'a [u8], context: Context<'a>) -> Result<Arrivals<'a>> {
    let parsed: Parsed = match form {
        Form::Segment(call) => weir_ingest::segment(call, body, context),
        Form::Native => weir_ingest::native(body, context),
        Form::Pixel => weir_ingest::pixel(&String::from_utf8_lossy(body), context),
    }?;
    if parsed.messages == 0 {
        return Err(Error::new(Code::InvalidBody, "there is no message in this request")
            .help("send at least one; nothing was taken in"));
    }
    Ok(parsed.arrivals)
}

fn clock() -> Micros {
    jiff::Timestamp::now().as_microsecond()
}

fn one_key(credentials: &Credentials) -> Result<&str> {
    match (credentials.header.as_deref(), credentials.body.as_deref()) {
        (Some(header), Some(body)) if header != body => {
            Err(Error::new(Code::Unauthorized, "the write keys in the header and in the body differ")
                .at("authorization")
                .help("send the key once, or the same one twice"))
        }
        (Some(key), _) | (None, Some(key)) => Ok(key),
        (None, None) => Err(Error::new(Code::Unauthorized, "this needs a write key")
            .at("authorization")
            .help("send it as the user of HTTP Basic or as \"writeKey\" in the body; \"weir source add NAME\" makes one")),
    }
}

/// Programs name no origin; what they may is decided by the key alone.
fn check_origin(source: &Source, origin: Option<&str>) -> Result<()> {
    let Some(origin) = origin.filter(|_| !source.origins.is_empty()) else { return Ok(()) };
    if source.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)) {
        return Ok(());
    }
    Err(Error::new(Code::Unauthorized, format!("pages of {origin} may not send to \"{}\"", source.name))
        .at("origin")
        .help("add it to the origins of the source"))
}
