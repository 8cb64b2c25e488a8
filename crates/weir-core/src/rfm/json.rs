//! The JSON form of an analysis; what is printed parses back to the same.

use serde_json::{Map, Value as Json, json};

use super::segment::{from_json, to_json};
use super::{Bounds, Method, Rfm, Windows};
use crate::amount::Amount;
use crate::error::Result;
use crate::expr::parse::{array, invalid, object, only, pointer, required, single, whole};
use crate::expr::{Did, parse_events, parse_window};
use crate::op::is_exact;
use crate::time::Window;

/// Fewest and most bins of the quantile method.
const BIN_COUNTS: std::ops::RangeInclusive<u32> = 2..=20;

/// Most bounds of the fixed method.
const MOST_BOUNDS: usize = 19;

impl Rfm {
    /// Reads an analysis; what is left out is as in [`Rfm::default`].
    pub fn from_json(value: &Json) -> Result<Rfm> {
        let given = object(value, "an RFM analysis")?;
        only(given, "an RFM analysis", &["events", "windows", "method", "segments"])?;
        let mut rfm = Rfm::default();
        if let Some(value) = given.get("events") {
            rfm.events = events(value).map_err(|e| e.under("/events"))?;
        }
        if let Some(value) = given.get("windows") {
            rfm.windows = windows(value).map_err(|e| e.under("/windows"))?;
        }
        if let Some(value) = given.get("method") {
            rfm.method = method(value).map_err(|e| e.under("/method"))?;
        }
        if let Some(value) = given.get("segments") {
            let segments = from_json(value, rfm.greatest()).map_err(|e| e.under("/segments"))?;
            rfm.named = Some(segments);
        }
        Ok(rfm)
    }

    /// The JSON form.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        object.insert("events".to_owned(), self.events.to_json());
        let Windows { r, f, m } = self.windows;
        let given: Map<String, Json> = [("r", r), ("f", f), ("m", m)]
            .into_iter()
            .filter_map(|(key, window)| Some((key.to_owned(), window?.to_json())))
            .collect();
        if !given.is_empty() {
            object.insert("windows".to_owned(), Json::Object(given));
        }
        object.insert("method".to_owned(), self.method.to_json());
        if let Some(segments) = &self.named {
            object.insert("segments".to_owned(), to_json(segments));
        }
        Json::Object(object)
    }
}

impl Method {
    /// The JSON form.
    pub fn to_json(&self) -> Json {
        match self {
            Method::Quantile(bins) => json!({ "quantile": bins }),
            Method::Mean => json!({ "mean": true }),
            Method::Fixed(Bounds { r, f, m }) => {
                let money: Vec<Json> = m.iter().map(|amount| number(*amount)).collect();
                json!({ "fixed": { "r": r, "f": f, "m": money } })
            }
        }
    }
}

/// Whole amounts print without a fraction.
fn number(amount: Amount) -> Json {
    let value = amount.to_f64();
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn events(value: &Json) -> Result<Did> {
    let events = parse_events(value)?;
    if events.within.is_some() {
        let error = invalid("these events have no window of their own".to_owned()).at("/within");
        return Err(error.help("say it in \"windows\": {\"r\": …, \"f\": …, \"m\": …}"));
    }
    Ok(events)
}

fn windows(value: &Json) -> Result<Windows> {
    let given = object(value, "windows")?;
    only(given, "windows", &["r", "f", "m"])?;
    let read = |key: &str| -> Result<Option<Window>> {
        given.get(key).map(|w| parse_window(w).map_err(|e| e.under(&pointer(key)))).transpose()
    };
    Ok(Windows { r: read("r")?, f: read("f")?, m: read("m")? })
}

fn method(value: &Json) -> Result<Method> {
    match single(value, "a method", &["quantile", "fixed", "mean"])? {
        ("quantile", bins) => {
            let bins = whole(bins, *BIN_COUNTS.start()).map_err(|e| e.under("/quantile"))?;
            if BIN_COUNTS.contains(&bins) {
                return Ok(Method::Quantile(bins));
            }
            let most = BIN_COUNTS.end();
            Err(invalid(format!("there are at most {most} bins, not {bins}")).at("/quantile"))
        }
        ("mean", Json::Bool(true)) => Ok(Method::Mean),
        ("mean", _) => Err(invalid("the mean split is written {\"mean\": true}".to_owned()).at("/mean")),
        (_, given) => fixed(given).map(Method::Fixed).map_err(|e| e.under("/fixed")),
    }
}

fn fixed(value: &Json) -> Result<Bounds> {
    let given = object(value, "the bounds")?;
    only(given, "the bounds", &["r", "f", "m"])?;
    let list = |key: &str| -> Result<&[Json]> {
        array(required(given, key, "the fixed method")?, "a list of bounds")
            .map_err(|e| e.under(&pointer(key)))
    };
    let wholes = |key: &str| bounds(list(key)?, |value| whole(value, 0)).map_err(|e| e.under(&pointer(key)));
    let amounts = || bounds(list("m")?, amount).map_err(|e| e.under("/m"));
    Ok(Bounds { r: wholes("r")?, f: wholes("f")?, m: amounts()? })
}

fn amount(value: &Json) -> Result<Amount> {
    let number = value.as_f64().filter(|number| is_exact(*number));
    let exact = number.and_then(Amount::from_f64);
    exact.ok_or_else(|| invalid(format!("{value} is no amount with at most four decimals")))
}

/// Ascending values.
fn bounds<T: PartialOrd>(list: &[Json], read: impl Fn(&Json) -> Result<T>) -> Result<Vec<T>> {
    let mut bounds = Vec::new();
    for (i, value) in list.iter().enumerate() {
        let bound = read(value).map_err(|e| e.under(&format!("/{i}")))?;
        if bounds.last().is_some_and(|last| *last >= bound) {
            return Err(invalid("bounds ascend".to_owned()).at(format!("/{i}")));
        }
        bounds.push(bound);
    }
    if (1..=MOST_BOUNDS).contains(&bounds.len()) {
        return Ok(bounds);
    }
    Err(invalid(format!("there are 1 to {MOST_BOUNDS} bounds, not {}", bounds.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_analysis_is_read_and_printed() {
        let check = |value: Json, printed: &str| {
            let rfm = Rfm::from_json(&value).unwrap();
            assert_eq!(rfm.to_json().to_string(), printed);
            assert_eq!(Rfm::from_json(&rfm.to_json()), Ok(rfm));
        };
        check(json!({}), r#"{"events":{"behavior":["purchase"]},"method":{"quantile":5}}"#);
        check(
            json!({ "events": { "behavior": ["purchase", "refund"] }, "windows": { "f": { "days": 365 } },
                "method": { "fixed": { "r": [30, 90], "f": [2], "m": [99.5, 500] } },
                "segments": [{ "is": "best", "r": [3, 3], "m": [2, 3] }] }),
            concat!(
                r#"{"events":{"behavior":["purchase","refund"]},"windows":{"f":{"days":365}},"method":{"fixed":"#,
                r#"{"r":[30,90],"f":[2],"m":[99.5,500]}},"segments":[{"is":"best","r":[3,3],"m":[2,3]}]}"#
            ),
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let check = |value: Json, message: &str, at: &str| {
            let error = Rfm::from_json(&value).unwrap_err();
            assert_eq!((error.message.as_str(), error.at.as_deref()), (message, Some(at)));
        };
        let fixed = |r: Json| json!({ "method": { "fixed": { "r": r, "f": [2], "m": [5] } } });
        check(fixed(json!([90, 30])), "bounds ascend", "/method/fixed/r/1");
        check(fixed(json!([])), "there are 1 to 19 bounds, not 0", "/method/fixed/r");
        check(
            json!({ "method": { "quantile": 21 } }),
            "there are at most 20 bins, not 21",
            "/method/quantile",
        );
        check(
            json!({ "events": { "within": { "days": 3 } } }),
            "these events have no window of their own",
            "/events/within",
        );
        check(
            json!({ "segments": [{ "is": "x", "r": [4, 6] }] }),
            "scores go from 1 to 5 here",
            "/segments/0/r",
        );
    }
}
