//! Playbooks: defaults from the workspace's own data, what one would make, and making it.

use serde_json::{Map, Value};
use weir_core::about::About;
use weir_core::expr::{Did, Expr, Filter, check};
use weir_core::overlap::{NamedSet, Overlap, Regions};
use weir_core::playbook::{Known, Parameter, Plan, Playbook, playbook, playbooks};
use weir_core::scope::Scope;
use weir_core::tag::rule::Dimension;
use weir_core::time::{Day, Window};
use weir_core::track::Track;
use weir_core::{Code, Error, Result};
use weir_engine::channel::reach;
use weir_engine::cut::{Wanted, rows};
use weir_engine::eval::{evaluate, everyone};
use weir_engine::overlap::overlap;
use weir_store::Page;

use crate::app::{View, Workspace};
use crate::definition::Applied;
use crate::definition::file::Document;
use crate::snapshot::SnapshotRecord;
use crate::vocabulary::Proposed;
use crate::whom::Whom;

/// Days that defaults come from.
const LATELY: u32 = 60;

/// A playbook with the defaults that this workspace's data suggests.
pub struct PlaybookForm {
    /// The playbook.
    pub playbook: &'static Playbook,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
}

/// What a playbook would make.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookPreview {
    /// Name of the playbook.
    pub name: String,
    /// The definitions.
    pub plan: Plan,
    /// How many are in each audience.
    pub sizes: Vec<u64>,
    /// How its media lie over each other, where it has several.
    pub media: Option<(Overlap, Regions)>,
}

/// What a playbook has made.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookMade {
    /// What was to be made, and how many that concerns.
    pub preview: PlaybookPreview,
    /// Audiences and the track, and what became of each.
    pub applied: Vec<Applied>,
    /// The frozen target.
    pub snapshot: SnapshotRecord,
}

impl Workspace {
    /// All playbooks, with defaults.
    pub fn playbooks(&self) -> Result<Vec<PlaybookForm>> {
        let known = self.known(&self.view()?)?;
        let form =
            |playbook: &'static Playbook| PlaybookForm { parameters: playbook.parameters(&known), playbook };
        Ok(playbooks().iter().map(form).collect())
    }

    /// A playbook, with defaults.
    pub fn playbook(&self, name: &str) -> Result<PlaybookForm> {
        let playbook = playbook(name)?;
        Ok(PlaybookForm { parameters: playbook.parameters(&self.known(&self.view()?)?), playbook })
    }

    /// What a playbook would make with some parameters filled in. Nothing is stored.
    pub fn preview_playbook(&self, name: &str, filled: &Map<String, Value>) -> Result<PlaybookPreview> {
        let (playbook, view) = (playbook(name)?, self.view()?);
        let plan = playbook.plan(&self.known(&view)?, filled)?;
        self.check_plan(&plan)?;
        let mut proposed = Proposed::default();
        for (name, expr, _) in &plan.audiences {
            proposed.audiences.insert(name.clone(), std::sync::Arc::new(expr.clone()));
        }
        let world = view.world().clone();
        let names = view.names.with(proposed);
        let mut sizes = Vec::new();
        for (_, expr, _) in &plan.audiences {
            check(expr, &names)?;
            sizes.push(evaluate(&world, &names, expr, plan.as_of)?.count);
        }
        let media = if plan.media.is_empty() { None } else { Some(Overlap::new(plan.media.clone())?) };
        let media = media.map(|sets| {
            let regions = overlap(&world, &names, &sets.exprs(), plan.as_of)?.regions;
            Ok::<_, Error>((sets, regions))
        });
        Ok(PlaybookPreview { name: name.to_owned(), plan, sizes, media: media.transpose()? })
    }

    /// Makes the audiences, the snapshot and the track of a playbook, and says what to push. Nothing is sent. The same
    /// once more changes nothing.
    pub fn create_playbook(&self, name: &str, filled: &Map<String, Value>) -> Result<PlaybookMade> {
        let preview = self.preview_playbook(name, filled)?;
        let plan = &preview.plan;
        let mut labels = vec!["playbook".to_owned(), name.to_owned()];
        // In order, as they come back from the store.
        labels.sort();
        let about = |text: &str| About { labels: labels.clone(), ..About::described(text) };
        let audience =
            |(name, expr, text): &(String, Expr, String)| Document::audience(name, expr.clone(), about(text));
        let mut applied = self.put(plan.audiences.iter().map(audience).collect())?;
        let snapshot = match self.snapshot(&plan.snapshot) {
            Ok(snapshot) => snapshot,
            Err(_) => {
                self.take_snapshot(&Whom::Audience(plan.target().to_owned()), plan.as_of, &plan.snapshot)?
            }
        };
        let (track, definition) = &plan.track;
        let text = format!("What became of {}", plan.target());
        applied.push(self.put_track(track, definition, about(&text))?);
        Ok(PlaybookMade { preview, applied, snapshot })
    }

    /// Refuses what could only be made in part.
    fn check_plan(&self, plan: &Plan) -> Result<()> {
        let (_, definition) = &plan.track;
        let track = Track::from_json(definition)?;
        let view = self.view()?;
        let [_, model] = &track.names()[..] else { return Err(Error::internal("a track names two things")) };
        check(model, &view.names).map_err(|error| {
            let at = if error.code == Code::InvalidScope { "/scope" } else { "/model" };
            error.at(at)
        })?;
        if let Some(destination) = plan.push["destination"].as_str() {
            self.destination(destination).map_err(|error| error.at("/destination"))?;
        }
        let target = plan.audiences.last().map(|(_, expr, _)| expr.to_json());
        match self.snapshot(&plan.snapshot) {
            Ok(frozen) if frozen.as_of != plan.as_of || Some(&frozen.source) != target.as_ref() => {
                let message = format!("the snapshot \"{}\" holds other people", plan.snapshot);
                Err(Error::new(Code::NameTaken, message).at("/prefix").help("choose another prefix"))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// What the data suggests.
    fn known(&self, view: &View) -> Result<Known> {
        let world = view.world();
        let latest = self.extent()?.latest_day.unwrap_or(Day(0));
        let window = Window::Days { days: LATELY, skip: 0 };
        let reached = reach(world, &view.names, &[], Some(window), latest)?;
        let roles = view.data.channels().nodes().map(|(_, channel)| channel.role);
        let channels =
            reached.nodes.into_iter().zip(roles).map(|((path, people), role)| (path, role, people)).collect();
        Ok(Known {
            latest,
            peak: peak(view, latest)?,
            channels,
            scope: busiest_shop(view, window, latest)?,
            destination: self.first_destination()?,
        })
    }

    fn first_destination(&self) -> Result<Option<String>> {
        let all = self.destinations(&Page::all())?.items;
        Ok(all.into_iter().find(|destination| destination.disabled.is_none()).map(|found| found.name))
    }
}

fn purchases(within: Window) -> Did {
    let filter = Filter { behavior: vec!["purchase".to_owned()], ..Filter::default() };
    Did { filter, within: Some(within), ..Did::default() }
}

/// The day with the most buyers lately; of equal ones the last.
fn peak(view: &View, latest: Day) -> Result<Day> {
    let mut best = (0, latest);
    for days_ago in (0..i64::from(LATELY)).rev() {
        let day = latest.plus(-days_ago);
        let expr = Expr::Did(Box::new(purchases(Window::Between { from: day, to: day })));
        let buyers = evaluate(view.world(), &view.names, &expr, latest)?.count;
        if buyers >= best.0 && buyers > 0 {
            best = (buyers, day);
        }
    }
    Ok(best.1)
}

fn busiest_shop(view: &View, window: Window, latest: Day) -> Result<Scope> {
    let cut = weir_core::cut::Cut::Field { of: Dimension::Shop, events: purchases(window) };
    let (known, wanted) = (everyone(view.world(), latest), Wanted { by: 0, limit: 1 });
    let found = rows(view.world(), &view.names, &cut, (&[&known], wanted), latest)?;
    let shop = found.rows.into_iter().next().and_then(|row| row.name);
    Ok(shop.map_or(Scope::Workspace, Scope::Shop))
}

/// Each medium, how many it reaches, and how many only it.
pub fn media_of<'a>(sets: &'a Overlap, regions: &Regions) -> Vec<(&'a NamedSet, u64, u64)> {
    let one = |(place, set): (usize, &'a NamedSet)| (set, regions.size(place), regions.only(place));
    sets.sets().iter().enumerate().map(one).collect()
}
