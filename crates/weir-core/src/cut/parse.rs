//! Reads cuts from JSON.

use serde_json::{Map, Value as Json};

use super::rows::list_of;
use super::{Bins, Cut, MOST_BINS};
use crate::error::{Code, Error, Result, suggestion};
use crate::expr::parse::{array, object, only, pointer, text, whole};
use crate::expr::{Did, Filter, Measure, parse_events};
use crate::op::is_exact;
use crate::scope::Scope;
use crate::state_model::ModelRef;
use crate::tag::TagKind;
use crate::tag::rule::Dimension;
use crate::time::Window;

/// The keys that say what a cut is by; exactly one of them is given.
const BY: [&str; 5] = ["tag", "channel", "field", "state", "measure"];

pub(super) fn cut(value: &Json) -> Result<Cut> {
    let given = object(value, "a cut").map_err(as_argument)?;
    let by: Vec<&str> = BY.into_iter().filter(|key| given.contains_key(*key)).collect();
    let [by] = by.as_slice() else {
        let error = invalid(format!("a cut takes exactly one of {}", BY.join(", ")));
        return Err(error.help("for example {\"tag\": \"gender\"} or {\"channel\": \"entrance\"}"));
    };
    let below = |error: Error| error.under(&pointer(by));
    match *by {
        "tag" => {
            known(given, &["tag", "bins", "edges", "days"])?;
            let key = text(&given["tag"], "the name of one tag").map_err(below)?;
            Ok(Cut::Tag { key, bins: bins(given)? })
        }
        "channel" => {
            known(given, &["channel", "events"])?;
            let levels = [("entrance", false), ("node", true)];
            let every_node = named(&given["channel"], "level of channels", &levels).map_err(below)?;
            Ok(Cut::Channel { every_node, events: free(events(given)?, Dimension::Channel)? })
        }
        "field" => {
            known(given, &["field", "events"])?;
            let fields: Vec<(&str, Dimension)> =
                Dimension::ALL.into_iter().filter(|(_, field)| *field != Dimension::Channel).collect();
            let of = named(&given["field"], "field", &fields).map_err(below)?;
            Ok(Cut::Field { of, events: free(events(given)?, of)? })
        }
        "state" => {
            known(given, &["state"])?;
            state(&given["state"]).map_err(below)
        }
        _ => {
            known(given, &["measure", "events", "bins", "edges"])?;
            let measures = Cut::MEASURES.map(|measure| (measure.name(), measure));
            let measure: Measure = named(&given["measure"], "measure", &measures).map_err(below)?;
            let cut = Cut::Measure { measure, events: events(given)?, bins: bins(given)? };
            exact(&cut)
        }
    }
}

fn state(value: &Json) -> Result<Cut> {
    let given = object(value, "a state cut").map_err(as_argument)?;
    only(given, "a state cut", &["model", "scope"]).map_err(as_argument)?;
    let model = given.get("model").ok_or_else(|| invalid("a state cut needs \"model\"".to_owned()))?;
    let model = ModelRef::from_json(model).map_err(|error| error.under("/model"))?;
    let scope = given.get("scope").map_or(Ok(Scope::Workspace), Scope::from_json);
    Ok(Cut::State { model, scope: scope.map_err(|error| error.under("/scope"))? })
}

fn events(given: &Map<String, Json>) -> Result<Did> {
    let did = given.get("events").map_or_else(|| Ok(Did::default()), parse_events);
    did.map_err(|error| error.under("/events"))
}

/// A row says which value it is about, so the events cannot.
fn free(mut events: Did, of: Dimension) -> Result<Did> {
    if list_of(&mut events.filter, of).is_empty() {
        return Ok(events);
    }
    let error = invalid(format!("a cut by {} looks at all of them", of.name()));
    Err(error
        .at(format!("/events/{}", of.name()))
        .help("leave it out of the events; each row says which one it is"))
}

fn bins(given: &Map<String, Json>) -> Result<Bins> {
    let asked: Vec<&str> =
        ["bins", "edges", "days"].into_iter().filter(|key| given.contains_key(*key)).collect();
    let below = |error: Error| as_argument(error).under(&pointer(asked.first().unwrap_or(&"")));
    match asked.as_slice() {
        [] => Ok(Bins::Default),
        ["bins"] => match whole(&given["bins"], 2).map_err(below)? {
            n if n <= MOST_BINS => Ok(Bins::Quantiles(n)),
            n => Err(invalid(format!("there are 2 to {MOST_BINS} bins, not {n}")).at("/bins")),
        },
        ["edges"] => edges(&given["edges"]).map(Bins::Edges).map_err(below),
        [_] => days(&given["days"]).map(Bins::Days).map_err(below),
        [_, other, ..] => {
            Err(invalid("bins, edges and days exclude each other".to_owned()).at(pointer(other)))
        }
    }
}

fn edges(value: &Json) -> Result<Vec<f64>> {
    let mut edges = Vec::new();
    for (i, edge) in array(value, "a list of numbers")?.iter().enumerate() {
        let number = edge.as_f64().ok_or_else(|| invalid("an edge is a number".to_owned()));
        edges.push(number.map_err(|error| error.at(format!("/{i}")))?);
    }
    ascending(&edges).map(|()| edges)
}

fn days(value: &Json) -> Result<Vec<u32>> {
    let mut days = Vec::new();
    for (i, day) in array(value, "a list of days")?.iter().enumerate() {
        days.push(whole(day, 1).map_err(|error| error.under(&format!("/{i}")))?);
    }
    ascending(&days).map(|()| days)
}

fn ascending<T: PartialOrd>(edges: &[T]) -> Result<()> {
    if !(1..MOST_BINS as usize).contains(&edges.len()) {
        return Err(invalid(format!("there are 1 to {} edges, not {}", MOST_BINS - 1, edges.len())));
    }
    match edges.windows(2).position(|pair| pair[0] >= pair[1]) {
        None => Ok(()),
        Some(i) => Err(invalid("edges ascend, each once".to_owned()).at(format!("/{}", i + 1))),
    }
}

/// Measures are compared exactly, so an edge has no more decimals than they have.
fn exact(cut: &Cut) -> Result<Cut> {
    let Bins::Edges(edges) = cut.bins() else { return Ok(cut.clone()) };
    match edges.iter().position(|edge| !is_exact(*edge)) {
        None => Ok(cut.clone()),
        Some(i) => Err(invalid("an edge has at most four decimals".to_owned()).at(format!("/edges/{i}"))),
    }
}

/// Whether bins can be made of a tag's values.
pub(super) fn fits(bins: &Bins, kind: Option<TagKind>) -> Result<()> {
    let wrong = |what: &str, at: &str| Err(invalid(format!("{what} of a tag whose values are not")).at(at));
    match (bins, kind) {
        (Bins::Quantiles(_), kind) if kind != Some(TagKind::Number) => {
            wrong("bins need numbers, and this is one", "/bins")
        }
        (Bins::Edges(_), kind) if kind != Some(TagKind::Number) => {
            wrong("edges need numbers, and this is one", "/edges")
        }
        (Bins::Days(_), kind) if kind != Some(TagKind::Date) => {
            wrong("days need dates, and this is one", "/days")
        }
        _ => Ok(()),
    }
}

fn named<T: Copy>(value: &Json, what: &str, known: &[(&str, T)]) -> Result<T> {
    let name = text(value, &format!("the name of a {what}")).map_err(as_argument)?;
    if let Some((_, one)) = known.iter().find(|(known, _)| *known == name) {
        return Ok(*one);
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let help = suggestion(&name, names.iter().copied())
        .unwrap_or_else(|| format!("it is one of {}", names.join(", ")));
    Err(invalid(format!("there is no {what} \"{name}\"")).help(help))
}

fn known(given: &Map<String, Json>, keys: &[&str]) -> Result<()> {
    only(given, "this cut", keys).map_err(as_argument)
}

fn as_argument(error: Error) -> Error {
    match error.code {
        Code::InvalidExpression => Error { code: Code::InvalidArgument, ..error },
        _ => error,
    }
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidArgument, message)
}

/// Days that events count for in the short forms: channels reached lately, and what was bought in a year.
const LATELY: u32 = 30;
const YEAR: u32 = 365;

impl std::str::FromStr for Cut {
    type Err = Error;

    /// The short form for command lines: `tag=gender`, `entrance`, `channel` (30 days), `state=pno` or
    /// `state=pno@shop=flagship`, and over the purchases of 365 days a field (`category`) or a measure (`amount`).
    fn from_str(given: &str) -> Result<Cut> {
        if let Some(key) = given.strip_prefix("tag=") {
            return Ok(Cut::by_tag(key));
        }
        if let Some(state) = given.strip_prefix("state=") {
            let (model, scope) = state
                .split_once("@")
                .filter(|(_, scope)| scope.contains('='))
                .unwrap_or((state, "workspace"));
            return Ok(Cut::State { model: ModelRef::from(model), scope: scope.parse()? });
        }
        let lately = Did { within: Some(Window::Days { days: LATELY, skip: 0 }), ..Did::default() };
        let bought = Did {
            filter: Filter { behavior: vec!["purchase".to_owned()], ..Filter::default() },
            within: Some(Window::Days { days: YEAR, skip: 0 }),
            ..Did::default()
        };
        match given {
            "entrance" => return Ok(Cut::Channel { every_node: false, events: lately }),
            "channel" => return Ok(Cut::Channel { every_node: true, events: lately }),
            _ => {}
        }
        if let Some((_, of)) = Dimension::ALL.into_iter().find(|(name, _)| *name == given) {
            return Ok(Cut::Field { of, events: bought });
        }
        match Cut::MEASURES.into_iter().find(|measure| measure.name() == given) {
            Some(measure) => Ok(Cut::Measure { measure, events: bought, bins: Bins::Default }),
            None => Err(invalid(format!("nothing can be told apart by \"{given}\""))
                .help("write tag=NAME, state=MODEL, entrance, channel, category, brand, shop, item, campaign, amount or orders")),
        }
    }
}
