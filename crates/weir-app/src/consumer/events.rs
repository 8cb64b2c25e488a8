//! What a person did, event by event, the latest first.
//!
//! The index knows what they did, and is quick to ask; where an event of the page came from is read from the record.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use serde_json::json;
use weir_core::channel::is_below;
use weir_core::expr::{check, parse_value};
use weir_core::identity::{Identifier, Node};
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};
use weir_engine::consumer::Alone;
use weir_engine::row::{NO_ORDER, Row, order_hash};
use weir_engine::symbols::Column;
use weir_engine::why::{Event, readable};
use weir_store::{Origin, Page, Paged};

use super::Found;
use crate::app::Workspace;
use crate::identity::{key, name};

/// Which events of a person are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsumerEvents {
    /// A user id, `kind:value`, or the key of an identifier.
    pub who: String,
    /// None that is later; all that there are unless given.
    pub as_of: Option<Day>,
    /// Only of this behavior.
    pub behavior: Option<String>,
    /// Only of this channel and those below it.
    pub channel: Option<String>,
    /// Only from this local date on.
    pub from: Option<Day>,
    /// Only up to this local date.
    pub to: Option<Day>,
}

/// An event, with where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerEvent {
    /// What happened.
    pub event: Event,
    /// The time in the workspace's zone.
    pub local: String,
    /// The identifier it arrived with.
    pub identifier: Identifier,
    /// Names that without telling it.
    pub key: String,
    /// The order.
    pub order_id: Option<String>,
    /// By which the sender recognises it.
    pub message_id: Option<String>,
    /// Name of the source it came by.
    pub source: Option<String>,
    /// The import that wrote it; none while it is in the log.
    pub import: Option<u32>,
}

impl Workspace {
    /// What a person did, the latest first.
    pub fn consumer_events(&self, wanted: &ConsumerEvents, page: &Page) -> Result<Paged<ConsumerEvent>> {
        let found = self.find_consumer(&wanted.who)?;
        wanted.check(&found)?;
        let alone = Alone::new(found.view.world(), found.dense)?;
        let fitting = alone.rows().iter().filter(|row| wanted.fits(&found, row));
        let (rows, next) = part(fitting, page)?;
        let mut origins = self.origins(&found, &rows)?;
        let zone = self.settings()?.zone;
        let event = |row: &Row| {
            let origin = origins.get_mut(&recognised(&found, row)).and_then(Vec::pop);
            let local = zone.local_text(row.time).unwrap_or_default();
            told(&found, row.clone(), origin, local)
        };
        Ok(Paged { items: rows.into_iter().map(event).collect(), next })
    }

    /// Where some events came from, by what they are recognised by.
    fn origins(&self, found: &Found, rows: &[&Row]) -> Result<HashMap<Recognised, Vec<Origin>>> {
        let days = rows.iter().map(|row| row.day).collect();
        let nodes: RoaringBitmap = rows.iter().map(|row| row.node).collect();
        let stored = self.store().view()?;
        let in_files = stored.origins(&nodes, &days)?;
        let mut origins: HashMap<Recognised, Vec<Origin>> = HashMap::new();
        for origin in in_files {
            origins.entry(Recognised::of(&origin)).or_default().push(origin);
        }
        // Reading the log costs as much as there is in it, and most pages need nothing of it.
        if rows.iter().any(|row| !origins.contains_key(&recognised(found, row))) {
            for origin in self.store().origins_in_log(&nodes, stored.log_flushed())? {
                origins.entry(Recognised::of(&origin)).or_default().push(origin);
            }
        }
        Ok(origins)
    }
}

impl ConsumerEvents {
    /// A behavior or channel that nobody knows is a mistake; the answer would be empty.
    fn check(&self, found: &Found) -> Result<()> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            let error = Error::new(Code::InvalidDate, format!("{from} is after {to}"));
            return Err(error.at("from").help("put the earlier date first"));
        }
        for (field, value) in [("behavior", &self.behavior), ("channel", &self.channel)] {
            let Some(value) = value else { continue };
            let did = parse_value(&json!({ "did": { field: [value] } }))?;
            check(&did, &found.view.names).map_err(|error| error.at(field))?;
        }
        Ok(())
    }

    fn fits(&self, found: &Found, row: &Row) -> bool {
        let text = |column, number| found.view.world().symbols.text(column, number);
        let is_behavior = self
            .behavior
            .as_deref()
            .is_none_or(|wanted| text(Column::Behavior, row.behavior) == Some(wanted));
        let is_channel = self.channel.as_deref().is_none_or(|wanted| {
            text(Column::Channel, row.channel).is_some_and(|path| path == wanted || is_below(path, wanted))
        });
        let last = [self.as_of, self.to].into_iter().flatten().min();
        let is_then = self.from.is_none_or(|from| from <= row.day) && last.is_none_or(|last| row.day <= last);
        is_behavior && is_channel && is_then
    }
}

/// A page of rows that come latest first. Its cursor is an instant, and how many of that instant were on pages before: what
/// arrives meanwhile moves nothing.
fn part<'a>(rows: impl Iterator<Item = &'a Row>, page: &Page) -> Result<(Vec<&'a Row>, Option<String>)> {
    let (time, seen) = page.after.as_deref().map_or(Ok((Micros::MAX, 0)), cursor)?;
    let mut left = seen;
    let rest = rows.skip_while(|row| row.time > time).skip_while(|row| {
        let is_seen = row.time == time && left > 0;
        left -= usize::from(is_seen);
        is_seen
    });
    let mut rows: Vec<&Row> = rest.take(page.limit as usize + 1).collect();
    let has_more = rows.len() > page.limit as usize;
    rows.truncate(page.limit as usize);
    let last = rows.last().filter(|_| has_more).map(|row| row.time);
    let next = last.map(|last| {
        let here = rows.iter().filter(|row| row.time == last).count();
        let before = if last == time { seen } else { 0 };
        format!("{last}.{}", before + here)
    });
    Ok((rows, next))
}

fn cursor(text: &str) -> Result<(Micros, usize)> {
    let parsed = text.split_once('.').and_then(|(time, seen)| Some((time.parse().ok()?, seen.parse().ok()?)));
    parsed.ok_or_else(|| {
        let message = format!("\"{text}\" is not a cursor of this listing");
        Error::new(Code::InvalidArgument, message).at("after")
    })
}

/// What an event is recognised by in index and record; those that are alike in all of it are alike in what is told, too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Recognised {
    node: Node,
    time: Micros,
    behavior: String,
    channel: Option<String>,
    item: Option<String>,
    order: u64,
}

impl Recognised {
    fn of(origin: &Origin) -> Recognised {
        Recognised {
            node: origin.node,
            time: origin.time,
            behavior: origin.behavior.clone(),
            channel: origin.channel.clone(),
            item: origin.item.clone(),
            order: origin.order_id.as_deref().map_or(NO_ORDER, order_hash),
        }
    }
}

fn recognised(found: &Found, row: &Row) -> Recognised {
    let text = |column, number| found.view.world().symbols.text(column, number).map(str::to_owned);
    Recognised {
        node: row.node,
        time: row.time,
        behavior: text(Column::Behavior, row.behavior).unwrap_or_default(),
        channel: text(Column::Channel, row.channel),
        item: text(Column::Item, row.item),
        order: row.order,
    }
}

fn told(found: &Found, row: Row, origin: Option<Origin>, local: String) -> ConsumerEvent {
    let (order_id, message_id, source, import) = match origin {
        Some(origin) => (origin.order_id, origin.message_id, Some(origin.source), origin.import),
        None => (None, None, None, None),
    };
    ConsumerEvent {
        identifier: name(&found.names, row.node),
        key: key(row.node),
        event: readable(found.view.world(), row),
        local,
        order_id,
        message_id,
        source,
        import,
    }
}
