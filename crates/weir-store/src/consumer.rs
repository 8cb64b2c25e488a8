//! Where the events of one person came from: what the index leaves out, read from the record itself.
//!
//! Only files of the days in question are opened, and of their rows only those of the person are decoded. What is not in
//! files yet is in the log.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use arrow::datatypes::TimestampMicrosecondType;
use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::arrival::{Arrival, Content};
use weir_core::identity::{Link, Node};
use weir_core::time::{Day, Micros};

use crate::column;
use crate::ingest::{Frame, Item};
use crate::manifest::{FileKind, ImportId, StoredFile};
use crate::table::read_rows_of;
use crate::view::View;
use crate::workspace::Workspace;

const COLUMNS: [&str; 8] =
    ["consumer", "time", "behavior", "channel", "item", "order_id", "message_id", "source"];

/// An event as the record has it: what it is recognised by, and what only the record knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The identifier it arrived with.
    pub node: Node,
    /// When it happened.
    pub time: Micros,
    /// What was done.
    pub behavior: String,
    /// Path in the channel tree.
    pub channel: Option<String>,
    /// Item id.
    pub item: Option<String>,
    /// Order id.
    pub order_id: Option<String>,
    /// By which the sender recognises it.
    pub message_id: Option<String>,
    /// Name of the source.
    pub source: String,
    /// The import that wrote it; none while it is in the log.
    pub import: Option<ImportId>,
}

impl View {
    /// Origins of the events of some nodes on some days, as far as they are in files.
    pub fn origins(&self, nodes: &RoaringBitmap, days: &BTreeSet<Day>) -> Result<Vec<Origin>> {
        let is_wanted = |file: &&StoredFile| {
            file.days.is_none_or(|(first, last)| days.range(first..=last).next().is_some())
        };
        let files: Vec<&StoredFile> = self.files(FileKind::Events).filter(is_wanted).collect();
        let read = |file: &&StoredFile| self.settle(of_file(file, nodes));
        let found: Vec<Vec<Origin>> = files.par_iter().map(read).collect::<Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl Workspace {
    /// Origins of the events of some nodes that the log holds from a position on.
    pub fn origins_in_log(&self, nodes: &RoaringBitmap, from: u64) -> Result<Vec<Origin>> {
        let mut found = Vec::new();
        self.follow_log(from, |frames, _| {
            found.extend(frames.iter().flat_map(|frame| of_frame(frame, nodes)));
            Ok(())
        })?;
        Ok(found)
    }

    /// Links that the log states from a position on, in its order.
    pub fn links_in_log(&self, from: u64) -> Result<Vec<Link>> {
        let mut found = Vec::new();
        self.follow_log(from, |frames, _| {
            found.extend(frames.iter().flat_map(|frame| &frame.items).flat_map(links_of));
            Ok(())
        })?;
        Ok(found)
    }
}

fn links_of<'a>(item: &'a Item<'_>) -> impl Iterator<Item = Link> + 'a {
    let Arrival { time, joins_known, .. } = item.arrival;
    let pairs = item.nodes.first().into_iter().flat_map(|a| item.nodes[1..].iter().map(move |b| (*a, *b)));
    pairs.map(move |(a, b)| Link { a, b, time, joins_known })
}

fn of_file(file: &StoredFile, nodes: &RoaringBitmap) -> Result<Vec<Origin>> {
    let mut found = Vec::new();
    for batch in read_rows_of(file, &COLUMNS, ("consumer", nodes))? {
        of_batch(&batch?, file.import, &mut found)?;
    }
    Ok(found)
}

fn of_batch(batch: &RecordBatch, import: Option<ImportId>, found: &mut Vec<Origin>) -> Result<()> {
    let nodes = column::nodes(batch, "consumer")?;
    let times = column::primitive::<TimestampMicrosecondType>(batch, "time")?;
    let text = |name| column::text(batch, name);
    let (behavior, source) = (text("behavior")?, text("source")?);
    let (channel, item) = (text("channel")?, text("item")?);
    let (order_id, message_id) = (text("order_id")?, text("message_id")?);
    let cell = |column, row| column::cell(column, row).map(str::to_owned);
    found.extend((0..times.len()).map(|row| Origin {
        node: nodes[row],
        time: times.value(row),
        behavior: behavior.value(row).to_owned(),
        channel: cell(channel, row),
        item: cell(item, row),
        order_id: cell(order_id, row),
        message_id: cell(message_id, row),
        source: source.value(row).to_owned(),
        import,
    }));
    Ok(())
}

fn of_frame<'a>(frame: &'a Frame<'_>, nodes: &'a RoaringBitmap) -> impl Iterator<Item = Origin> + 'a {
    frame.items.iter().filter_map(move |item| of_item(item, &frame.source, nodes))
}

fn of_item(item: &Item, source: &str, nodes: &RoaringBitmap) -> Option<Origin> {
    let node = item.nodes.first().copied().filter(|node| nodes.contains(*node))?;
    let Content::Event(event) = &item.arrival.content else { return None };
    let text = |text: &Option<Cow<str>>| text.clone().map(Cow::into_owned);
    Some(Origin {
        node,
        time: item.arrival.time,
        behavior: event.behavior.clone().into_owned(),
        channel: text(&event.channel),
        item: text(&event.item),
        order_id: text(&event.order_id),
        message_id: Some(item.arrival.message_id.clone().into_owned()),
        source: source.to_owned(),
        import: None,
    })
}
