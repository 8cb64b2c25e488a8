//! Channels: whom each reached, what can be asked about one, and the expression that a filled-in form means.

use std::time::Instant;

use serde_json::Value;
use weir_core::channel::ChannelTree;
use weir_core::condition::{Condition, Field, fields};
use weir_core::expr::{Did, Expr, Filter, Warning, check_did};
use weir_core::time::{Day, Window};
use weir_core::{Code, Error, Result};
use weir_engine::channel::{CHOICES, ChannelReach, Seen, reach, seen};
use weir_engine::eval::evaluate;
use weir_engine::symbols::Column;

use crate::app::Workspace;

/// Most days that "lately" may be.
const MOST_DAYS: u32 = 36_500;

/// Whom each channel reached in some days.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelsAnswer {
    /// The last of the days.
    pub as_of: Day,
    /// How many days.
    pub days: u32,
    /// Only these behaviors; all if there are none.
    pub behavior: Vec<String>,
    /// The channels.
    pub tree: ChannelTree,
    /// People of each.
    pub reach: ChannelReach,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
}

/// What can be asked about a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelForm {
    /// Its path.
    pub channel: String,
    /// Parameters, each with the values that data has brought and how many events have them, the most frequent first.
    pub fields: Vec<(Field, Vec<(String, u64)>)>,
}

/// What a filled-in form means.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelAudience {
    /// Who is meant.
    pub expr: Expr,
    /// How many they are as of a date, if one was given.
    pub count: Option<(Day, u64)>,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl ChannelsAnswer {
    /// Who was reached by a channel.
    pub fn expr(&self, path: &str) -> Expr {
        let filter =
            Filter { channel: vec![path.to_owned()], behavior: self.behavior.clone(), ..Filter::default() };
        Expr::Did(Box::new(Did { filter, within: Some(lately(self.days)), ..Did::default() }))
    }
}

impl Workspace {
    /// How many people each channel reached in the days that end with a date.
    pub fn channel_reach(&self, days: u32, behavior: &[String], as_of: Day) -> Result<ChannelsAnswer> {
        if !(1..=MOST_DAYS).contains(&days) {
            let message = format!("days is a whole number from 1 to {MOST_DAYS}, not {days}");
            return Err(Error::new(Code::InvalidArgument, message).at("days"));
        }
        let view = self.view()?;
        let started = Instant::now();
        let filter = Filter { behavior: behavior.to_vec(), ..Filter::default() };
        check_did(&Did { filter, ..Did::default() }, &view.names, "")?;
        let reach = reach(view.world(), &view.names, behavior, Some(lately(days)), as_of)?;
        Ok(ChannelsAnswer {
            as_of,
            days,
            behavior: behavior.to_vec(),
            tree: view.data.channels().clone(),
            reach,
            elapsed_us: started.elapsed().as_micros() as u64,
        })
    }

    /// What can be asked about a channel, with what its events up to a date (all of them, unless given) have to choose from.
    pub fn channel_form(&self, channel: &str, as_of: Option<Day>) -> Result<ChannelForm> {
        let view = self.view()?;
        let path = view.data.channels().resolve(channel)?;
        // The last day there is: nobody is known since the end of time.
        let as_of = as_of.unwrap_or(Day::END.plus(-1));
        let seen = seen(view.world(), &view.names, &path, as_of)?;
        let behaviors: Vec<&str> = options_of(&seen, Column::Behavior).map(|(text, _)| text).collect();
        let with_options = |field: Field| {
            let options = options(&seen, field.name);
            (field, options)
        };
        let fields = fields(&path, &behaviors).into_iter().map(with_options).collect();
        Ok(ChannelForm { channel: path, fields })
    }

    /// The expression that parameters filled in for a channel mean; how many it holds, if a date is given.
    pub fn channel_audience(
        &self,
        channel: &str,
        filled: &Value,
        as_of: Option<Day>,
    ) -> Result<ChannelAudience> {
        let view = self.view()?;
        let path = view.data.channels().resolve(channel)?;
        let condition = Condition::from_json(&path, filled)?;
        let (warnings, expr) = (condition.check(&view.names)?, condition.expr());
        let counted = |day| Ok((day, evaluate(view.world(), &view.names, &expr, day)?.count));
        let count = as_of.map(counted).transpose()?;
        Ok(ChannelAudience { expr, count, warnings })
    }
}

fn lately(days: u32) -> Window {
    Window::Days { days, skip: 0 }
}

/// Values of the column that a field chooses from, the most frequent first.
fn options(seen: &Seen, field: &str) -> Vec<(String, u64)> {
    let column = match field {
        "behavior" => Column::Behavior,
        "shop" => Column::Shop,
        "brand" => Column::Brand,
        "category" => Column::Category,
        "campaign" => Column::Campaign,
        "item" => Column::Item,
        "property" => Column::Property,
        _ => return Vec::new(),
    };
    let mut options: Vec<(String, u64)> =
        options_of(seen, column).map(|(text, events)| (text.to_owned(), events)).collect();
    options.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    options
}

fn options_of(seen: &Seen, column: Column) -> impl Iterator<Item = (&str, u64)> {
    let is_its = move |place: usize| CHOICES[place] == column;
    seen.iter()
        .filter(move |((place, _), _)| is_its(*place))
        .map(|((_, text), events)| (text.as_str(), *events))
}
