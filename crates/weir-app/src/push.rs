//! Pushes: who is sent is decided and recorded in one go; delivering is another matter (`deliver`).
//!
//! Of the members, in canonical order, those with none of the identifiers that the destination wants are suppressed;
//! of the others the holdout is taken by the salted hash that `sample` uses.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use roaring::RoaringBitmap;
use weir_core::destination::{Destination, Format};
use weir_core::expr::{Expr, check};
use weir_core::feature::Feature;
use weir_core::identity::{Identifier, Identifiers};
use weir_core::push::{NO_IDENTIFIER, Outcome, PushState};
use weir_core::sample::picks;
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};
use weir_engine::consumers::Consumers;
use weir_engine::eval::evaluate;
use weir_engine::members::Members;
use weir_store::{MessageRecord, NewPush, NewRecipient, Page, Paged, Push, RecipientRecord};

use crate::app::Workspace;
use crate::whom::Whom;

/// Largest difference from the size that the caller has seen, as a share of it.
const LARGEST_DRIFT: f64 = 0.01;

/// Whom to push where.
#[derive(Debug, Clone, PartialEq)]
pub struct PushRequest {
    /// Whom.
    pub whom: Whom,
    /// As of when.
    pub as_of: Day,
    /// Where.
    pub to: Target,
    /// What to call it.
    pub name: Option<String>,
    /// How many of a hundred are not contacted, to compare with.
    pub holdout_percent: f64,
    /// Salt of the holdout; the name of the push unless given, or else a random one.
    pub salt: Option<String>,
    /// The size that the caller has seen.
    pub expected_count: Option<u64>,
}

/// Where to push.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A destination of the workspace.
    Named(String),
    /// A file at a path of its own. For whoever sits at the machine; no request over the network leads here.
    File(PathBuf, Format, Vec<String>),
}

/// A push that happened elsewhere, told afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct PastPush {
    /// What it was called; no other push of the workspace may have the name.
    pub name: String,
    /// When it was sent.
    pub sent: Micros,
    /// The date its audience was evaluated as of.
    pub as_of: Day,
    /// Where to, in words.
    pub destination: String,
    /// Who was meant, as far as it can be told.
    pub expression: Expr,
    /// Share of the holdout.
    pub holdout_percent: f64,
    /// Salt of the holdout.
    pub salt: String,
    /// Who was contacted, by canonical identifier.
    pub treated: Vec<Identifier>,
    /// Who was deliberately not.
    pub holdout: Vec<Identifier>,
}

/// Where a target is, as a push records it.
struct Address {
    name: String,
    destination: Destination,
    path: Option<String>,
}

impl Workspace {
    /// Decides whom to send and records it whole. Nothing has left when this returns.
    pub fn start_push(&self, request: &PushRequest) -> Result<Push> {
        self.require(Feature::Pushes)?;
        check_percent(request.holdout_percent)?;
        let address = self.address(&request.to)?;
        let expr = self.expression_now(&request.whom)?;
        let view = self.view()?;
        check(&expr, &view.names)?;
        let evaluation = evaluate(view.world(), &view.names, &expr, request.as_of)?;
        check_drift(evaluation.count, request.expected_count)?;
        let (consumers, names) = (&view.world().consumers, view.identifiers()?);
        let wanted = wanted(&evaluation.members, consumers, &*names, address.destination.identifiers());
        let listing = evaluation.members.listing(consumers, &*names, &view.world().policy);
        let new = new_push(request, &address, &expr)?;
        let decision = Decision { new: &new, needs_one: !address.destination.identifiers().is_empty() };
        let recipients = listing.into_iter().map(|node| {
            let (kind, value) = names.get(node);
            let identifiers = consumers.dense(node).and_then(|dense| wanted.get(&dense)).cloned();
            let consumer = Identifier { kind: kind.to_owned(), value: value.to_owned() };
            decision.on(consumer, identifiers.unwrap_or_default())
        });
        self.store().create_push(&new, recipients)
    }

    /// Records a push that happened elsewhere.
    pub fn record_push(&self, past: &PastPush) -> Result<Push> {
        check_percent(past.holdout_percent)?;
        if self.store().push(&past.name).is_ok() {
            let message = format!("there is a push \"{}\" already", past.name);
            return Err(Error::new(Code::NameTaken, message).at("name").help("choose another name"));
        }
        let new = NewPush {
            name: Some(past.name.clone()),
            audience: None,
            expression: past.expression.to_json(),
            as_of: past.as_of,
            destination: past.destination.clone(),
            definition: None,
            path: None,
            holdout_percent: past.holdout_percent,
            salt: past.salt.clone(),
            batch: None,
            created: Some(past.sent),
        };
        let arm = |people: &[Identifier], outcome: Outcome| {
            let one = |consumer: &Identifier| NewRecipient {
                consumer: consumer.clone(),
                identifiers: BTreeMap::new(),
                outcome: outcome.clone(),
            };
            people.iter().map(one).collect::<Vec<_>>()
        };
        let mut people = arm(&past.treated, Outcome::Sent);
        people.extend(arm(&past.holdout, Outcome::Holdout));
        let policy = self.settings()?.policy;
        let pair =
            |recipient: &NewRecipient| (recipient.consumer.kind.clone(), recipient.consumer.value.clone());
        people.sort_by(|a, b| {
            let ((ak, av), (bk, bv)) = (pair(a), pair(b));
            policy.order((&ak, &av), (&bk, &bv))
        });
        self.store().create_push(&new, people)
    }

    /// Pushes, latest first.
    pub fn pushes(&self, page: &Page) -> Result<Paged<Push>> {
        self.store().pushes(page)
    }

    /// A push by id, or by a name that only one has.
    pub fn push(&self, id: &str) -> Result<Push> {
        self.store().push(id)
    }

    /// Members of a push's audience and what became of them.
    pub fn push_recipients(
        &self,
        id: &str,
        outcome: Option<&str>,
        page: &Page,
    ) -> Result<Paged<RecipientRecord>> {
        self.store().push_recipients(id, outcome, page)
    }

    /// Messages of a push and their attempts.
    pub fn push_messages(&self, id: &str, page: &Page) -> Result<Paged<MessageRecord>> {
        self.store().push_messages(id, page)
    }

    /// Begins no further calls of a push.
    pub fn stop_push(&self, id: &str) -> Result<Push> {
        self.store().stop_push(id)
    }

    /// Goes on with a push, at once.
    pub fn resume_push(&self, id: &str) -> Result<Push> {
        let push = self.store().push(id)?;
        refuse_disabled(&push.destination, self.store().destination_disabled(&push.destination)?.as_ref())?;
        self.store().resume_push(id)
    }

    /// The file that a push has written among the exports.
    pub fn push_file(&self, id: &str) -> Result<(PathBuf, Format)> {
        let push = self.store().push(id)?;
        let none = |message: &str| Error::new(Code::NotFound, format!("push {} {message}", push.id));
        let definition = push.definition.as_ref().map(Destination::from_json).transpose()?;
        let Some(Destination::File(file)) = definition else { return Err(none("has no file")) };
        if push.path.is_some() {
            return Err(none("has its file elsewhere"));
        }
        let path = self.store().exports_dir()?.join(weir_deliver::file_name(&push.id, file.format));
        match push.state {
            PushState::Done if path.is_file() => Ok((path, file.format)),
            PushState::Done | PushState::Sending | PushState::Stopped => {
                Err(none("has no file yet").help("ask again when it is done"))
            }
        }
    }

    fn address(&self, target: &Target) -> Result<Address> {
        match target {
            Target::File(path, format, identifiers) => {
                let path = whole_path(path)?;
                let destination = Destination::file(*format, identifiers.clone());
                Ok(Address { name: path.clone(), destination, path: Some(path) })
            }
            Target::Named(name) => {
                let record = self.destination(name)?;
                refuse_disabled(name, record.disabled.as_ref())?;
                self.check_destination(&record.destination)?;
                if matches!(record.destination, Destination::Webhook(_))
                    && self.store().destination_secrets(name)?.is_empty()
                {
                    let message = format!("destination {name} has no signing secret yet");
                    let help = format!("make one with: weir destination secret {name}");
                    return Err(Error::new(Code::InvalidDestination, message).help(help));
                }
                Ok(Address { name: name.clone(), destination: record.destination, path: None })
            }
        }
    }
}

/// What is decided about each member.
struct Decision<'a> {
    new: &'a NewPush,
    needs_one: bool,
}

impl Decision<'_> {
    fn on(&self, consumer: Identifier, identifiers: BTreeMap<String, Vec<String>>) -> NewRecipient {
        let outcome = if self.needs_one && identifiers.is_empty() {
            Outcome::Suppressed(NO_IDENTIFIER.to_owned())
        } else if picks(&self.new.salt, &consumer.kind, &consumer.value, self.new.holdout_percent) {
            Outcome::Holdout
        } else {
            Outcome::Pending
        };
        // What does not leave is not kept beside it either.
        let identifiers = if outcome == Outcome::Pending { identifiers } else { BTreeMap::new() };
        NewRecipient { consumer, identifiers, outcome }
    }
}

fn new_push(request: &PushRequest, address: &Address, expr: &Expr) -> Result<NewPush> {
    let audience = match &request.whom {
        Whom::Audience(name) => Some(name.clone()),
        Whom::Universe | Whom::Expression(_) | Whom::Snapshot(_) => None,
    };
    let salt = request.salt.clone().or_else(|| request.name.clone());
    Ok(NewPush {
        name: request.name.clone(),
        audience,
        expression: expr.to_json(),
        as_of: request.as_of,
        destination: address.name.clone(),
        definition: Some(address.destination.to_json()),
        path: address.path.clone(),
        holdout_percent: request.holdout_percent,
        salt: salt.map_or_else(weir_deliver::new_secret, Ok)?,
        batch: address.destination.batch(),
        created: None,
    })
}

/// Identifiers of the wanted kinds by member: every name is looked at once.
fn wanted(
    members: &Members,
    consumers: &Consumers,
    names: &dyn Identifiers,
    kinds: &[String],
) -> HashMap<u32, BTreeMap<String, Vec<String>>> {
    let mut found: HashMap<u32, BTreeMap<String, Vec<String>>> = HashMap::new();
    if kinds.is_empty() {
        return found;
    }
    let members: RoaringBitmap = members.iter().collect();
    for node in 0..names.len() as u32 {
        let (kind, value) = names.get(node);
        let Some(dense) = consumers.dense(node).filter(|dense| members.contains(*dense)) else { continue };
        if kinds.iter().any(|wanted| wanted == kind) {
            found.entry(dense).or_default().entry(kind.to_owned()).or_default().push(value.to_owned());
        }
    }
    // Nodes are numbered by arrival, which must not show.
    found.values_mut().flat_map(BTreeMap::values_mut).for_each(|values| values.sort_unstable());
    found
}

fn check_percent(percent: f64) -> Result<()> {
    if (0.0..=100.0).contains(&percent) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("a holdout is 0 to 100 percent, not {percent}"))
        .at("holdout_percent"))
}

fn check_drift(count: u64, expected: Option<u64>) -> Result<()> {
    let Some(expected) = expected else { return Ok(()) };
    if count.abs_diff(expected) as f64 <= expected as f64 * LARGEST_DRIFT {
        return Ok(());
    }
    let message = format!("the audience has {count} members now, not {expected}");
    Err(Error::new(Code::AudienceChanged, message)
        .at("expected_count")
        .help("look at it again; a difference of more than 1 % is not sent unseen"))
}

fn refuse_disabled(name: &str, disabled: Option<&weir_store::Disabled>) -> Result<()> {
    let Some(disabled) = disabled else { return Ok(()) };
    let message = format!("destination {name} is disabled: {}", disabled.reason);
    Err(Error::new(Code::DestinationDisabled, message)
        .help("mend it at the other end, then enable it or save it again"))
}

/// The path in full: whoever delivers may sit in another folder.
fn whole_path(path: &Path) -> Result<String> {
    let wrong = |message: String| Error::new(Code::InvalidArgument, message).at("--to");
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = parent
        .canonicalize()
        .map_err(|error| wrong(format!("cannot write to {}: {}", parent.display(), error.kind())))?;
    let whole = folder.join(path.file_name().unwrap_or_default());
    if whole.is_dir() {
        return Err(wrong(format!("{} is a folder", path.display())));
    }
    let text = whole.to_str().map(str::to_owned);
    text.ok_or_else(|| wrong(format!("{} is not UTF-8", path.display())))
}
