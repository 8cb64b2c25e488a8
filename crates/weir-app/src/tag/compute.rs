//! Computing a tag as of dates. The values become statements dated with their date, in an import of source `tag:<name>`;
//! what is in force already is not stated again, and whoever has no value any more is stated to have none.
//!
//! A statement counts until the next one, so a date before some that were computed earlier changes those too: they are
//! computed again in the same run. All dates of a run become visible at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use weir_core::expr::check_tag;
use weir_core::feature::Feature;
use weir_core::tag::rule::TagRule;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::tag::{Computed, History};
use weir_store::{DefinitionKind, ImportKind, ImportSpec, NewTagRun, Page, Paged, TagRun};

use crate::app::{View, Workspace};
use crate::import::Progress;
use crate::job::{Job, JobRecord};
use crate::schedule::{asked, subject};

/// Most dates of one run, those computed again included.
const MOST_DATES: usize = 1_000;

fn told(runs: &[TagRun]) -> Value {
    let run = |run: &TagRun| json!({"as_of": run.run.as_of.to_string(), "people": run.run.people, "stated": run.run.stated});
    json!({"runs": runs.iter().map(run).collect::<Vec<_>>()})
}

/// The source of a computed tag's imports.
pub(crate) fn source_of(name: &str) -> String {
    format!("{}{name}", weir_store::tag::COMPUTED)
}

impl Workspace {
    /// Computes a tag as of some dates, and again as of every later date that it was computed as of, as a job that is
    /// waited for. Given up, it leaves nothing.
    pub fn compute_tag(&self, name: &str, dates: &[Day], watcher: &dyn Progress) -> Result<Vec<TagRun>> {
        let (subject, mut runs) = (subject(DefinitionKind::Tag, name), Vec::new());
        self.run_job(asked(&subject), watcher, |workspace, job| {
            runs = workspace.compute(name, dates, job)?;
            Ok(told(&runs))
        })?;
        Ok(runs)
    }

    /// Begins to compute a tag as of some dates, as a job.
    pub fn start_tag(&self, name: &str, dates: Vec<Day>) -> Result<JobRecord> {
        self.require(Feature::ComputedTags)?;
        self.tag_rule(name)?;
        let (subject, name) = (subject(DefinitionKind::Tag, name), name.to_owned());
        self.start_job(asked(&subject), move |workspace, job| {
            Ok(told(&workspace.compute(&name, &dates, job)?))
        })
    }

    /// Computes a tag for its schedule.
    pub(crate) fn refresh_tag(&self, name: &str, day: Day, job: &Job<'_>) -> Result<Value> {
        Ok(told(&self.compute(name, &[day], job)?))
    }

    fn compute(&self, name: &str, dates: &[Day], job: &Job<'_>) -> Result<Vec<TagRun>> {
        self.require(Feature::ComputedTags)?;
        let started = jiff::Timestamp::now().as_microsecond();
        let (rule, version) = self.tag_rule(name)?;
        let dates = self.with_later_runs(name, dates)?;
        let view = self.view()?;
        check_tag(name, &rule, &view.names)?;
        let mut history = History::new(view.world().facts.tag(name)?);
        let mut computed = Vec::with_capacity(dates.len());
        let total = dates.len() as u64;
        for day in dates {
            job.check()?;
            job.stage(&format!("computing as of {day}"));
            job.progress(computed.len() as u64, total);
            computed.push(history.compute(view.world(), &view.names, &rule, day)?);
        }
        let run = |one: &Computed| NewTagRun {
            tag: name.to_owned(),
            as_of: one.day,
            version,
            people: one.people,
            stated: one.changes.len() as u64,
        };
        let runs: Vec<NewTagRun> = computed.iter().map(run).collect();
        job.progress(total, total);
        job.stage("writing");
        job.check()?;
        self.write(name, &rule, &view, computed, &runs, started)?;
        let mut recorded =
            self.store().tag_runs(name, &Page { after: None, limit: runs.len() as u32 })?.items;
        recorded.reverse();
        Ok(recorded)
    }

    /// Runs of a tag, latest first.
    pub fn tag_runs(&self, name: &str, page: &Page) -> Result<Paged<TagRun>> {
        self.tag_rule(name)?;
        self.store().tag_runs(name, page)
    }

    /// The dates asked for, and those after the first of them that live runs were about.
    fn with_later_runs(&self, name: &str, dates: &[Day]) -> Result<BTreeSet<Day>> {
        let mut all: BTreeSet<Day> = dates.iter().copied().collect();
        let Some(first) = all.first().copied() else {
            return Err(Error::new(Code::InvalidArgument, "name at least one date").at("as_of"));
        };
        let runs = self.store().tag_runs(name, &Page::all())?.items;
        let later = runs.iter().filter(|run| !run.undone && run.run.as_of > first);
        all.extend(later.map(|run| run.run.as_of));
        if all.len() <= MOST_DATES {
            return Ok(all);
        }
        let message = format!("{} dates are to be computed, at most {MOST_DATES} at once", all.len());
        Err(Error::new(Code::InvalidArgument, message).at("as_of").help("begin with a later date"))
    }

    fn write(
        &self,
        name: &str,
        rule: &TagRule,
        view: &View,
        computed: Vec<Computed>,
        runs: &[NewTagRun],
        started: i64,
    ) -> Result<()> {
        if computed.iter().all(|one| one.changes.is_empty()) {
            return self.store().record_tag_runs(runs, started);
        }
        let mapping = Some(rule.to_json().to_string());
        let spec = ImportSpec { kind: ImportKind::Tags, source: source_of(name), files: Vec::new(), mapping };
        let mut commit = self.store().begin(spec)?;
        let consumers = &view.world().consumers;
        for one in computed {
            let values = one.changes.into_iter();
            let stated = values.map(|(dense, value)| (consumers.canonical(dense), value));
            commit.computed((name, rule.kind(), one.day), stated)?;
        }
        runs.iter().for_each(|run| commit.note_run(run.clone()));
        commit.finish()?;
        self.warm()
    }
}
