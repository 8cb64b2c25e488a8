//! A track from its JSON form.

use serde_json::{Map, Value as Json};

use super::{Alert, Band, Dates, ReportFormat, Step, Track, Tracked, Watched, invalid};
use crate::amount::{Amount, UNITS};
use crate::error::{Error, Result, suggestion};
use crate::expr::parse_value;
use crate::op::is_exact;
use crate::scope::Scope;
use crate::state_model::ModelRef;
use crate::time::Day;

type Object = Map<String, Json>;

const KEYS: [&str; 11] = [
    "audience",
    "expression",
    "snapshot",
    "list",
    "model",
    "scope",
    "from",
    "step",
    "dates",
    "alerts",
    "report",
];

/// Most days that a flow of an alert looks back.
const LONGEST_FLOW: u64 = 3_660;

pub(super) fn track(value: &Json) -> Result<Track> {
    let object = value.as_object().ok_or_else(|| invalid("a track is an object", ""))?;
    only(object, "a track", &KEYS, "")?;
    let model = object.get("model").ok_or_else(|| invalid("a track needs a model", "/model"))?;
    let from = object.get("from").ok_or_else(|| invalid("a track needs its first date", "/from"))?;
    let scope = object.get("scope").map_or(Ok(Scope::Workspace), Scope::from_json);
    Ok(Track {
        whom: whom(object)?,
        model: ModelRef::from_json(model).map_err(|error| error.under("/model"))?,
        scope: scope.map_err(|error| error.under("/scope"))?,
        from: day(from, "/from")?,
        dates: dates(object)?,
        alerts: alerts(object)?,
        report: report(object)?,
    })
}

fn only(object: &Object, what: &str, known: &[&str], at: &str) -> Result<()> {
    let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let help =
        suggestion(key, known.iter().copied()).unwrap_or_else(|| format!("it has {}", known.join(", ")));
    Err(invalid(format!("{what} has no \"{key}\""), &format!("{at}/{key}")).help(help))
}

fn text<'a>(value: &'a Json, what: &str, at: &str) -> Result<&'a str> {
    let found = value.as_str().filter(|text| !text.is_empty());
    found.ok_or_else(|| invalid(format!("{what} is a text"), at))
}

fn day(value: &Json, at: &str) -> Result<Day> {
    text(value, "a date", at)?.parse().map_err(|error: Error| error.at(at))
}

fn whom(object: &Object) -> Result<Tracked> {
    let mut given = KEYS[..4].iter().filter_map(|key| Some((*key, object.get(*key)?)));
    let Some((key, value)) = given.next() else { return Ok(Tracked::Everyone) };
    if let Some((other, _)) = given.next() {
        let message = "a track follows one of audience, expression, snapshot and list";
        return Err(invalid(message, &format!("/{other}")));
    }
    let name = || text(value, &format!("the {key}"), &format!("/{key}")).map(str::to_owned);
    Ok(match key {
        "audience" => Tracked::Audience(name()?),
        "snapshot" => Tracked::Snapshot(name()?),
        "list" => Tracked::List(name()?),
        _ => Tracked::Expression(parse_value(value).map_err(|error| error.under("/expression"))?),
    })
}

fn dates(object: &Object) -> Result<Dates> {
    match (object.get("step"), object.get("dates")) {
        (Some(_), Some(_)) => Err(invalid("a track has a step or dates, not both", "/dates")),
        (None, None) => Err(invalid("a track needs a step or dates", "/step")
            .help("write \"step\": \"daily\", \"weekly\" or \"monthly\", or \"dates\": [\"2024-10-31\", …]")),
        (Some(step), None) => {
            let name = text(step, "a step", "/step")?;
            let found = Step::ALL.iter().find(|(known, _)| *known == name);
            let (_, step) = found.ok_or_else(|| unknown_step(name))?;
            Ok(Dates::Step(*step))
        }
        (None, Some(dates)) => {
            let list = dates.as_array().filter(|list| !list.is_empty());
            let list = list.ok_or_else(|| invalid("dates are a list of at least one", "/dates"))?;
            let each = list.iter().enumerate().map(|(i, value)| day(value, &format!("/dates/{i}")));
            let mut days = each.collect::<Result<Vec<Day>>>()?;
            days.sort_unstable();
            days.dedup();
            Ok(Dates::Listed(days))
        }
    }
}

fn unknown_step(name: &str) -> Error {
    let error = invalid(format!("a track steps daily, weekly or monthly, not \"{name}\""), "/step");
    match suggestion(name, Step::ALL.iter().map(|(known, _)| *known)) {
        Some(help) => error.help(help),
        None => error,
    }
}

fn report(object: &Object) -> Result<Vec<ReportFormat>> {
    let Some(value) = object.get("report") else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| invalid("report is a list of formats", "/report"))?;
    let mut formats = Vec::new();
    for (i, item) in list.iter().enumerate() {
        let at = format!("/report/{i}");
        let name = text(item, "the format of a report", &at)?;
        let found = ReportFormat::ALL.iter().find(|(known, _)| *known == name);
        let (_, format) =
            found.ok_or_else(|| invalid(format!("a report is html or csv, not \"{name}\""), &at))?;
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    Ok(formats)
}

fn alerts(object: &Object) -> Result<Vec<Alert>> {
    let Some(value) = object.get("alerts") else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| invalid("alerts are a list", "/alerts"))?;
    let mut alerts: Vec<Alert> = Vec::new();
    for (i, item) in list.iter().enumerate() {
        let alert = alert(item).map_err(|error| error.under(&format!("/alerts/{i}")))?;
        if alerts.iter().any(|other| other.name == alert.name) {
            let at = format!("/alerts/{i}/name");
            return Err(invalid(format!("the alert \"{}\" stands twice", alert.name), &at));
        }
        alerts.push(alert);
    }
    Ok(alerts)
}

fn alert(value: &Json) -> Result<Alert> {
    let object = value.as_object().ok_or_else(|| invalid("an alert is an object", ""))?;
    only(object, "an alert", &["name", "state", "flow", "share", "count"], "")?;
    let name = object.get("name").ok_or_else(|| invalid("an alert needs a name", "/name"))?;
    let watched = match (object.get("state"), object.get("flow")) {
        (Some(state), None) => Watched::State(text(state, "a state", "/state")?.to_owned()),
        (None, Some(flow)) => flow_of(flow)?,
        _ => return Err(invalid("an alert looks at a state or at a flow", "")),
    };
    let (is_share, band) = match (object.get("share"), object.get("count")) {
        (Some(share), None) => (true, band(share, true).map_err(|error| error.under("/share"))?),
        (None, Some(count)) => (false, band(count, false).map_err(|error| error.under("/count"))?),
        (None, None) => return Err(invalid("an alert needs a share or a count", "")),
        _ => return Err(invalid("an alert has a share or a count, not both", "/count")),
    };
    Ok(Alert { name: text(name, "a name", "/name")?.to_owned(), watched, is_share, band })
}

fn flow_of(value: &Json) -> Result<Watched> {
    let object = value.as_object().ok_or_else(|| invalid("a flow is {from, to, days}", "/flow"))?;
    only(object, "a flow", &["from", "to", "days"], "/flow")?;
    let state = |key: &str| {
        let at = format!("/flow/{key}");
        let value = object.get(key).ok_or_else(|| invalid(format!("a flow needs \"{key}\""), &at))?;
        text(value, "a state", &at).map(str::to_owned)
    };
    let days = object.get("days").and_then(Json::as_u64).filter(|days| (1..=LONGEST_FLOW).contains(days));
    let days = days.ok_or_else(|| invalid(format!("days are 1 to {LONGEST_FLOW}"), "/flow/days"))?;
    Ok(Watched::Flow { from: state("from")?, to: state("to")?, days: days as u32 })
}

fn band(value: &Json, is_share: bool) -> Result<Band> {
    let object = value.as_object().ok_or_else(no_bound)?;
    only(object, "a band", &["below", "above"], "")?;
    let bound =
        |key: &str| object.get(key).map(|value| units(value, is_share, &format!("/{key}"))).transpose();
    let band = Band { below: bound("below")?, above: bound("above")? };
    match (band.below, band.above) {
        (None, None) => Err(no_bound()),
        (Some(below), Some(above)) if below > above => {
            let (below, above) = (&object["below"], &object["above"]);
            Err(invalid(format!("nothing lies within a band below {below} and above {above}"), ""))
        }
        _ => Ok(band),
    }
}

fn no_bound() -> Error {
    invalid("a band has a least or a greatest value", "").help("write {\"below\": x}, {\"above\": y} or both")
}

fn units(value: &Json, is_share: bool, at: &str) -> Result<i64> {
    let number = value.as_f64().filter(|number| *number >= 0.0 && is_exact(*number));
    let units = number.and_then(Amount::from_f64).map(|amount| amount.0);
    let fits = units.filter(|units| !is_share || *units <= UNITS);
    let what = if is_share { "a share lies between 0 and 1" } else { "a count is not negative" };
    fits.ok_or_else(|| invalid(format!("{what}, with at most four decimals"), at))
}
