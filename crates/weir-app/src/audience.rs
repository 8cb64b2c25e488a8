//! Audiences beyond their definition: versions, what changed between two, sizes over time, and what hangs together.

use std::collections::BTreeSet;
use std::time::Instant;

use roaring::RoaringBitmap;
use serde_json::{Value, json};
use weir_core::about::About;
use weir_core::diff::{Difference, diff};
use weir_core::expr::{Expr, check, each_name, parse_value};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::evaluate;
use weir_engine::members::content_hash;
use weir_store::{AudienceRun, KeptMembers, Page, Paged};

use crate::app::{View, Workspace};
use crate::definition::{Applied, Definition, DefinitionKind};
use crate::import::Progress;
use crate::job::{Job, JobRecord};
use crate::schedule::{asked, subject};

/// Most dates of one refresh.
const MOST_DATES: usize = 400;

/// An audience with the size that was recorded last.
#[derive(Debug, Clone, PartialEq)]
pub struct AudienceRecord {
    /// The audience.
    pub definition: Definition,
    /// Its size at the latest date that was recorded.
    pub latest: Option<AudienceRun>,
}

/// Which audiences are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AudienceFilter {
    /// Text in the name, the description or the owner, in any case.
    pub search: Option<String>,
    /// Only with this label.
    pub label: Option<String>,
    /// Only in this role.
    pub role: Option<String>,
    /// Only of this owner.
    pub owner: Option<String>,
}

impl AudienceFilter {
    fn fits(&self, audience: &weir_store::Definition) -> bool {
        let About { description, owner, role, labels, .. } = &audience.about;
        let found = self.search.as_ref().is_none_or(|search| {
            let part = search.to_lowercase();
            let mut texts =
                [Some(&audience.name), description.as_ref(), owner.as_ref()].into_iter().flatten();
            texts.any(|text| text.to_lowercase().contains(&part))
        });
        let is_its = |wanted: &Option<String>, there: &Option<String>| wanted.is_none() || wanted == there;
        let labelled = self.label.as_ref().is_none_or(|label| labels.contains(label));
        found && labelled && is_its(&self.role, role) && is_its(&self.owner, owner)
    }
}

/// Something that an audience uses, or that uses it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// `audience`, `state_model`, `tag`, `list`, `snapshot`, `track` or `push`.
    pub kind: &'static str,
    /// Its name; of snapshots and pushes the id.
    pub name: String,
}

/// What hangs together with an audience, one thing after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceGraph {
    /// What it uses, directly or through others.
    pub uses: Vec<Related>,
    /// What uses it, directly or through others.
    pub used_by: Vec<Related>,
    /// From user to used, directly.
    pub edges: Vec<(Related, Related)>,
}

impl Workspace {
    /// Audiences by name, with their sizes.
    pub fn audiences(&self, filter: &AudienceFilter, page: &Page) -> Result<Paged<AudienceRecord>> {
        let from = Page { limit: Page::all().limit, ..page.clone() };
        let mut stored = self.store().definitions(DefinitionKind::Audience, &from)?.items;
        stored.retain(|audience| filter.fits(audience));
        stored.truncate((page.limit as usize).saturating_add(1));
        let fitting = Paged::of(stored, page, |audience| audience.name.clone());
        let first = Page { after: None, limit: 1 };
        let record = |stored: weir_store::Definition| {
            let latest = self.store().audience_runs(stored.id, &first)?.items.pop();
            Ok(AudienceRecord { definition: stored.into(), latest })
        };
        Ok(Paged { items: fitting.items.into_iter().map(record).collect::<Result<_>>()?, next: fitting.next })
    }

    /// An audience with its size.
    pub fn audience_record(&self, name: &str) -> Result<AudienceRecord> {
        Ok(AudienceRecord { definition: self.audience(name)?, latest: self.latest_run(name)? })
    }

    /// Versions of an audience, the latest first.
    pub fn audience_versions(&self, name: &str, page: &Page) -> Result<Paged<Definition>> {
        let stored = self.store().definition_versions(DefinitionKind::Audience, name, page)?;
        Ok(Paged { items: stored.items.into_iter().map(Definition::from).collect(), next: stored.next })
    }

    /// One version of an audience.
    pub fn audience_version(&self, name: &str, version: u32) -> Result<Definition> {
        self.store().definition_version(DefinitionKind::Audience, name, version).map(Definition::from)
    }

    /// Makes an old version the present one, as a new version. What it names must still be there.
    pub fn restore_audience(&self, name: &str, version: u32) -> Result<Applied> {
        let old = self.audience_version(name, version)?;
        self.put_audience(name, &old.body, old.about)
    }

    /// What changed from one version of an audience to another.
    pub fn audience_diff(&self, name: &str, from: u32, to: u32) -> Result<Vec<Difference>> {
        let document = |version| -> Result<Value> {
            let Definition { body, about, .. } = self.audience_version(name, version)?;
            let mut document = about.to_object();
            document.insert("expression".to_owned(), body);
            Ok(Value::Object(document))
        };
        Ok(diff(&document(from)?, &document(to)?))
    }

    /// Evaluates an audience as of some dates and records its sizes, as a job that is waited for.
    pub fn refresh_audience(
        &self,
        name: &str,
        dates: &[Day],
        watcher: &dyn Progress,
    ) -> Result<Vec<AudienceRun>> {
        let (subject, mut runs) = (subject(DefinitionKind::Audience, name), Vec::new());
        self.run_job(asked(&subject), watcher, |workspace, job| {
            runs = workspace.record_sizes(name, dates, job)?;
            Ok(told(&runs))
        })?;
        Ok(runs)
    }

    /// Begins to evaluate an audience as of some dates, as a job.
    pub fn start_audience(&self, name: &str, dates: Vec<Day>) -> Result<JobRecord> {
        self.audience(name)?;
        let (subject, name) = (subject(DefinitionKind::Audience, name), name.to_owned());
        self.start_job(asked(&subject), move |workspace, job| {
            Ok(told(&workspace.record_sizes(&name, &dates, job)?))
        })
    }

    /// Refreshes an audience for its schedule.
    pub(crate) fn refresh_audience_now(&self, name: &str, day: Day, job: &Job<'_>) -> Result<Value> {
        Ok(told(&self.record_sizes(name, &[day], job)?))
    }

    /// Records the sizes of an audience as of some dates, and who came and went from each date to the next. The first date is
    /// compared with the members kept, if those are of no later date.
    fn record_sizes(&self, name: &str, dates: &[Day], job: &Job<'_>) -> Result<Vec<AudienceRun>> {
        let mut dates = dates.to_vec();
        dates.sort_unstable();
        dates.dedup();
        let (Some(first), true) = (dates.first().copied(), dates.len() <= MOST_DATES) else {
            let message = format!("a refresh has 1 to {MOST_DATES} dates, not {}", dates.len());
            return Err(Error::new(Code::InvalidArgument, message).at("as_of"));
        };
        let stored = self.store().definition(DefinitionKind::Audience, name)?;
        let expr = parse_value(&stored.body)?;
        let view = self.view()?;
        check(&expr, &view.names)?;
        let kept = self.store().audience_members(stored.id)?.filter(|kept| kept.as_of <= first);
        let mut refresh = Refresh {
            view: &view,
            expr: &expr,
            version: stored.version,
            before: kept.map(|kept| kept.nodes),
        };
        let mut runs = Vec::new();
        for date in &dates {
            job.check()?;
            job.stage(&format!("evaluating as of {date}"));
            job.progress(runs.len() as u64, dates.len() as u64);
            runs.push(refresh.run(*date)?);
        }
        job.progress(runs.len() as u64, dates.len() as u64);
        let as_of = dates.last().copied().unwrap_or(first);
        let nodes = refresh.before.unwrap_or_default();
        self.store().add_audience_runs(stored.id, &runs, &KeptMembers { as_of, nodes })?;
        Ok(runs)
    }

    /// Sizes of an audience, the latest date first.
    pub fn audience_history(&self, name: &str, page: &Page) -> Result<Paged<AudienceRun>> {
        let stored = self.store().definition(DefinitionKind::Audience, name)?;
        self.store().audience_runs(stored.id, page)
    }

    /// The size of an audience at the latest date that was recorded.
    pub fn latest_run(&self, name: &str) -> Result<Option<AudienceRun>> {
        Ok(self.audience_history(name, &Page { after: None, limit: 1 })?.items.pop())
    }

    /// What an audience uses, and what uses it.
    pub fn audience_graph(&self, name: &str) -> Result<AudienceGraph> {
        self.audience(name)?;
        let edges = self.all_edges()?;
        let start = Related::new("audience", name);
        let uses = reachable(&start, |from| {
            edges.iter().filter(|(user, _)| user == from).map(|(_, used)| used.clone()).collect()
        });
        let used_by = reachable(&start, |from| {
            edges.iter().filter(|(_, used)| used == from).map(|(user, _)| user.clone()).collect()
        });
        let is_near = |end: &Related, among: &BTreeSet<Related>| *end == start || among.contains(end);
        let belongs = |(user, used): &(Related, Related)| {
            (is_near(user, &uses) && is_near(used, &uses))
                || (is_near(user, &used_by) && is_near(used, &used_by))
        };
        let edges = edges.into_iter().filter(belongs).collect();
        Ok(AudienceGraph { uses: uses.into_iter().collect(), used_by: used_by.into_iter().collect(), edges })
    }

    /// Every definition and push with what it names itself.
    pub(crate) fn all_edges(&self) -> Result<BTreeSet<(Related, Related)>> {
        let mut edges = BTreeSet::new();
        self.each_expression(|kind, name, expr| {
            let user = Related::new(kind.name(), name);
            each_name(expr, &mut |noun, named| {
                edges.insert((user.clone(), Related::new(noun, named)));
            });
        })?;
        for push in self.pushes(&Page::all())?.items {
            if let Some(audience) = &push.audience {
                edges.insert((Related::new("push", &push.id), Related::new("audience", audience)));
            }
        }
        Ok(edges)
    }
}

impl Related {
    pub(crate) fn new(kind: &'static str, name: &str) -> Related {
        Related { kind, name: name.to_owned() }
    }
}

fn told(runs: &[AudienceRun]) -> Value {
    let run = |run: &AudienceRun| json!({ "as_of": run.as_of.to_string(), "size": run.size });
    json!({ "runs": runs.iter().map(run).collect::<Vec<_>>() })
}

/// What can be reached from something, itself left out.
pub(crate) fn reachable(start: &Related, next: impl Fn(&Related) -> Vec<Related>) -> BTreeSet<Related> {
    let mut found = BTreeSet::new();
    let mut open = vec![start.clone()];
    while let Some(from) = open.pop() {
        for to in next(&from) {
            if to != *start && found.insert(to.clone()) {
                open.push(to);
            }
        }
    }
    found
}

/// An audience under evaluation, one date after the other.
struct Refresh<'a> {
    view: &'a View,
    expr: &'a Expr,
    version: u32,
    /// Canonical nodes of the members at the date before.
    before: Option<RoaringBitmap>,
}

impl Refresh<'_> {
    fn run(&mut self, as_of: Day) -> Result<AudienceRun> {
        let (started, world) = (Instant::now(), self.view.world());
        let members = evaluate(world, &self.view.names, self.expr, as_of)?.members;
        let identifiers = world.facts.identifiers()?;
        let listing = members.listing(&world.consumers, &*identifiers, &world.policy);
        let nodes: RoaringBitmap = listing.iter().copied().collect();
        let compared = self.before.as_ref().map(|before| self.compare(before, &nodes));
        let run = AudienceRun {
            number: 0,
            as_of,
            version: self.version,
            size: nodes.len(),
            added: compared.map(|(added, _)| added),
            dropped: compared.map(|(_, dropped)| dropped),
            content_hash: content_hash(&listing, &*identifiers),
            at: jiff::Timestamp::now().as_microsecond(),
            elapsed_us: started.elapsed().as_micros() as u64,
        };
        self.before = Some(nodes);
        Ok(run)
    }

    /// Who came and who went. Members of before are looked up as they are now: of two who have become one, and of whoever's
    /// data is gone, one is dropped; so size before + added − dropped = size now.
    fn compare(&self, before: &RoaringBitmap, now: &RoaringBitmap) -> (u64, u64) {
        let consumers = &self.view.world().consumers;
        let still: RoaringBitmap = before
            .iter()
            .filter_map(|node| consumers.dense(node))
            .map(|dense| consumers.canonical(dense))
            .collect();
        let stayed = still.intersection_len(now);
        (now.len() - stayed, before.len() - stayed)
    }
}
