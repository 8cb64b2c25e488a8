//! The tags of a workspace: what each is, where it comes from, how many people have it, how fresh it is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use weir_core::about::About;
use weir_core::error::suggestion;
use weir_core::tag::TagKind;
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};
use weir_engine::eval::everyone;
use weir_store::{DefinitionKind, ImportKind, Page, Paged, TagRun, TagSource};

use super::{Lineage, compute, rule_of};
use crate::app::{View, Workspace};
use crate::definition::Definition;
use crate::schedule::{REFRESH, subject};

/// Where a tag's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// By an import.
    Imported,
    /// By what clients say about their users.
    Trait,
    /// By a rule.
    Computed,
    /// Nowhere yet: it is only described.
    Described,
}

impl Origin {
    /// Every origin with its name.
    pub const ALL: [(&'static str, Origin); 4] = [
        ("imported", Origin::Imported),
        ("trait", Origin::Trait),
        ("computed", Origin::Computed),
        ("described", Origin::Described),
    ];

    /// The name.
    pub fn name(self) -> &'static str {
        Origin::ALL.iter().find(|(_, origin)| *origin == self).map_or("described", |(name, _)| name)
    }

    /// The origin of a name.
    pub fn named(name: &str) -> Result<Origin> {
        let found = Origin::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, origin)| *origin).ok_or_else(|| {
            let known = Origin::ALL.map(|(name, _)| name);
            let help =
                suggestion(name, known).unwrap_or_else(|| format!("it is one of {}", known.join(", ")));
            Error::new(Code::InvalidArgument, format!("there is no origin \"{name}\""))
                .at("origin")
                .help(help)
        })
    }
}

/// A tag of the market.
#[derive(Debug, Clone, PartialEq)]
pub struct TagRecord {
    /// Its name.
    pub name: String,
    /// What its values are; none as long as nobody has stated any.
    pub kind: Option<TagKind>,
    /// Where they come from.
    pub origin: Origin,
    /// What is said about it.
    pub about: About,
    /// How it is computed, if it is.
    pub value: Option<Value>,
    /// Of its definition; 0 without one.
    pub version: u32,
}

/// Which tags are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagFilter {
    /// Text in the name, the description or the owner, in any case.
    pub search: Option<String>,
    /// Only with this label.
    pub category: Option<String>,
    /// Only of this origin.
    pub origin: Option<Origin>,
}

/// A tag with all that is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct TagDetail {
    /// The tag.
    pub record: TagRecord,
    /// Who has it.
    pub coverage: Coverage,
    /// How old its values are.
    pub freshness: Freshness,
    /// Where it comes from, and who uses it.
    pub lineage: Lineage,
}

/// How many people have a value as of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// The date.
    pub as_of: Day,
    /// Who have one.
    pub people: u64,
    /// Everybody known then.
    pub universe: u64,
}

/// How old a tag's values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// Date of the latest dated statement.
    pub last_statement: Option<Day>,
    /// When the latest import with any became visible.
    pub last_import: Option<Micros>,
    /// The latest run.
    pub last_run: Option<TagRun>,
    /// When it is computed again without being asked; none without a schedule, and for a continuous one.
    pub next_due: Option<Micros>,
}

impl TagFilter {
    fn fits(&self, record: &TagRecord) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(part);
        let found = self.search.as_ref().is_none_or(|search| {
            let part = search.to_lowercase();
            let About { description, owner, .. } = &record.about;
            let mut texts = [Some(&record.name), description.as_ref(), owner.as_ref()].into_iter().flatten();
            texts.any(|text| holds(text, &part))
        });
        let labelled = self.category.as_ref().is_none_or(|label| record.about.labels.contains(label));
        found && labelled && self.origin.is_none_or(|origin| record.origin == origin)
    }
}

impl Workspace {
    /// Tags by name.
    pub fn tags(&self, filter: &TagFilter, page: &Page) -> Result<Paged<TagRecord>> {
        let after = page.after.as_deref().unwrap_or_default();
        let mut records = self.all_tags()?;
        records.retain(|record| record.name.as_str() > after && filter.fits(record));
        records.truncate((page.limit as usize).saturating_add(1));
        Ok(Paged::of(records, page, |record| record.name.clone()))
    }

    /// A tag and what is known about it as of a date.
    pub fn tag(&self, name: &str, as_of: Day) -> Result<TagDetail> {
        let record = self.tag_record(name)?;
        let rule = record.value.as_ref().map(rule_of).transpose()?.flatten();
        let lineage = self.lineage(name, rule.as_ref())?;
        let view = self.view()?;
        let last_statement = view.world().facts.tag(name)?.latest();
        let freshness = Freshness {
            last_statement,
            last_import: lineage.sources.iter().map(|source| source.finished).max(),
            last_run: self.store().last_tag_run(name)?,
            next_due: self.next_due(&record)?,
        };
        Ok(TagDetail { record, coverage: coverage(&view, name, as_of)?, freshness, lineage })
    }

    /// How many people have a value of a tag at each of some dates.
    pub fn tag_history(&self, name: &str, dates: &[Day]) -> Result<Vec<Coverage>> {
        self.tag_record(name)?;
        let view = self.view()?;
        dates.iter().map(|date| coverage(&view, name, *date)).collect()
    }

    /// A tag by name.
    pub fn tag_record(&self, name: &str) -> Result<TagRecord> {
        let mut records = self.all_tags()?;
        if let Some(place) = records.iter().position(|record| record.name == name) {
            return Ok(records.swap_remove(place));
        }
        let known = records.iter().map(|record| record.name.as_str());
        let error = Error::new(Code::NotFound, format!("there is no tag \"{name}\""));
        Err(match suggestion(name, known) {
            Some(help) => error.help(help),
            None => error,
        })
    }

    /// Counted from the last job that computed it anew, else from the definition.
    fn next_due(&self, record: &TagRecord) -> Result<Option<Micros>> {
        let Some(schedule) = record.about.refresh else { return Ok(None) };
        let since = self.store().definition(DefinitionKind::Tag, &record.name)?.updated;
        let last = self.store().last_job(REFRESH, &subject(DefinitionKind::Tag, &record.name))?;
        let after = last.map_or(since, |job| job.started.max(since));
        Ok(schedule.next_after(&self.settings()?.zone, after))
    }

    fn all_tags(&self) -> Result<Vec<TagRecord>> {
        let data = self.data()?;
        let defined = self.store().definitions(DefinitionKind::Tag, &Page::all())?.items;
        let defined: BTreeMap<String, Definition> =
            defined.into_iter().map(|stored| (stored.name.clone(), stored.into())).collect();
        let sources = origins(&self.store().tag_sources()?);
        let names: BTreeSet<&String> = data.tags().keys().chain(defined.keys()).collect();
        let record = |name: &String| {
            let definition = defined.get(name);
            let rule = definition.map(|d| rule_of(&d.body)).transpose()?.flatten();
            let stated = data.tags().get(name).copied();
            let origin = match (&rule, stated) {
                (Some(_), _) => Origin::Computed,
                // What only the log holds so far are traits.
                (None, Some(_)) => sources.get(name).copied().unwrap_or(Origin::Trait),
                (None, None) => Origin::Described,
            };
            Ok(TagRecord {
                name: name.clone(),
                kind: stated.or(rule.as_ref().map(weir_core::tag::rule::TagRule::kind)),
                origin,
                about: definition.map(|d| d.about.clone()).unwrap_or_default(),
                value: rule.map(|rule| rule.to_json()),
                version: definition.map_or(0, |d| d.version),
            })
        };
        names.into_iter().map(record).collect()
    }
}

/// For each tag that is not computed who stated it last.
fn origins(sources: &[TagSource]) -> BTreeMap<String, Origin> {
    let mut origins = BTreeMap::new();
    for source in sources {
        let origin = match source.kind {
            ImportKind::Stream => Origin::Trait,
            _ if source.source == compute::source_of(&source.tag) => continue,
            _ => Origin::Imported,
        };
        origins.entry(source.tag.clone()).or_insert(origin);
    }
    origins
}

fn coverage(view: &View, name: &str, as_of: Day) -> Result<Coverage> {
    let (column, everyone) = (view.world().facts.tag(name)?, everyone(view.world(), as_of));
    let people = column.values(&everyone, as_of).count() as u64;
    Ok(Coverage { as_of, people, universe: everyone.count() })
}
