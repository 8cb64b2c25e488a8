//! Overlap: how several sets of people lie over each other.
//!
//! Every person of the union is in exactly one *region*: in these sets and in none of the others. A region is named by a
//! mask, bit i for set i; `weir_engine::overlap` counts all of them in one pass. Whatever else is asked (sizes, pairs, who
//! is in one set only, what a choice of sets reaches) is a sum of regions, so nothing can contradict anything.
//!
//! ```text
//! SET := {"name":text?, one of "expression":E | "audience":name | "snapshot":id | "list":name
//!         | "channel":path, "behavior":[…]?, "within":W?}
//! ```

use serde_json::{Map, Value as Json};

use crate::error::{Code, Error, Result};
use crate::expr::parse::{array, object, only, text, texts};
use crate::expr::{Checked, Did, Expr, Filter, check, parse_value, parse_window};
use crate::vocabulary::Vocabulary;

/// Fewest and most sets of an overlap.
pub const SETS: std::ops::RangeInclusive<usize> = 2..=16;

/// The fields that say who is in a set; exactly one of them is given.
const WHO: [&str; 5] = ["expression", "audience", "snapshot", "list", "channel"];

const LONGEST_NAME: usize = 200;

/// Sets of which a region holds a person: bit i for set i.
pub type Mask = u32;

/// A set under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedSet {
    /// Its name, unique among those beside it.
    pub name: String,
    /// Who is in it.
    pub expr: Expr,
    /// The field of the JSON form that said so.
    who: &'static str,
}

/// Sets to be laid over each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap(Vec<NamedSet>);

/// How many people are in each region; regions without people are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Regions {
    /// Mask and people, by mask; no mask is zero.
    pub counts: Vec<(Mask, u64)>,
}

impl NamedSet {
    /// A set that is given as an expression.
    pub fn new(name: &str, expr: Expr) -> NamedSet {
        NamedSet { name: name.to_owned(), expr, who: "expression" }
    }

    /// Reads a set that stands at a place of a list, counted from zero.
    pub fn from_json(value: &Json, place: usize) -> Result<NamedSet> {
        let fields = object(value, "a set")?;
        only(
            fields,
            "a set",
            &["name", "behavior", "within"].iter().chain(&WHO).copied().collect::<Vec<_>>(),
        )?;
        NamedSet::of_fields(fields, place)
    }

    /// The same from an object that may have other fields, too.
    pub(crate) fn of_fields(fields: &Map<String, Json>, place: usize) -> Result<NamedSet> {
        let given: Vec<&'static str> = WHO.into_iter().filter(|key| fields.contains_key(*key)).collect();
        let [who] = given.as_slice() else {
            return Err(invalid(format!("a set takes exactly one of {}", WHO.join(", "))));
        };
        refuse_beside(fields, who)?;
        let below = |error: Error| error.under(&format!("/{who}"));
        let (named, expr) = match *who {
            "expression" => (None, parse_value(&fields[*who]).map_err(below)?),
            "channel" => channel(fields)?,
            key => {
                let name = text(&fields[key], &format!("the name of one {key}")).map_err(below)?;
                let expr = match key {
                    "audience" => Expr::Audience(name.clone()),
                    "snapshot" => Expr::Snapshot(name.clone()),
                    _ => Expr::List(name.clone()),
                };
                (Some(name), expr)
            }
        };
        let name = match fields.get("name") {
            Some(name) => given_name(name)?,
            None => named.unwrap_or_else(|| format!("set {}", place + 1)),
        };
        Ok(NamedSet { name, expr, who })
    }

    /// Checks the names in it; places are those of the JSON form.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let mut warnings = check(&self.expr, names).map_err(|error| {
            let at = self.place(error.at.as_deref().unwrap_or_default());
            error.at(at)
        })?;
        warnings.iter_mut().for_each(|warning| warning.at = self.place(&warning.at));
        Ok(warnings)
    }

    fn place(&self, at: &str) -> String {
        match self.who {
            "expression" => format!("/expression{at}"),
            "channel" => at.strip_prefix("/did").unwrap_or(at).to_owned(),
            _ => at.to_owned(),
        }
    }
}

/// `behavior` and `within` say which events of a channel; elsewhere they would be ignored.
fn refuse_beside(fields: &Map<String, Json>, who: &str) -> Result<()> {
    let beside = ["behavior", "within"].into_iter().find(|key| fields.contains_key(*key));
    match beside {
        Some(key) if who != "channel" => {
            Err(invalid(format!("\"{key}\" belongs to a channel, not beside \"{who}\""))
                .at(format!("/{key}"))
                .help("put it into the expression"))
        }
        Some(_) | None => Ok(()),
    }
}

fn channel(fields: &Map<String, Json>) -> Result<(Option<String>, Expr)> {
    let channel = texts(&fields["channel"], "channel").map_err(|error| error.under("/channel"))?;
    let named = channel.join(", ");
    let behavior = match fields.get("behavior") {
        Some(value) => texts(value, "behavior").map_err(|error| error.under("/behavior"))?,
        None => Vec::new(),
    };
    let within =
        fields.get("within").map(parse_window).transpose().map_err(|error| error.under("/within"))?;
    let filter = Filter { channel, behavior, ..Filter::default() };
    Ok((Some(named), Expr::Did(Box::new(Did { filter, within, ..Did::default() }))))
}

fn given_name(value: &Json) -> Result<String> {
    let name = text(value, "a name").map_err(|error| error.under("/name"))?;
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(
            invalid(format!("a name has at most {LONGEST_NAME} letters, digits and signs")).at("/name")
        );
    }
    Ok(name)
}

impl Overlap {
    /// Sets that are there already.
    pub fn new(sets: Vec<NamedSet>) -> Result<Overlap> {
        if !SETS.contains(&sets.len()) {
            let (least, most) = SETS.into_inner();
            return Err(
                invalid(format!("an overlap has {least} to {most} sets, not {}", sets.len())).at("/sets")
            );
        }
        distinct(sets.iter().map(|set| set.name.as_str()), "sets")?;
        Ok(Overlap(sets))
    }

    /// Reads a list of sets.
    pub fn from_json(value: &Json) -> Result<Overlap> {
        let list = array(value, "a list of sets").map_err(|error| error.under("/sets"))?;
        let mut sets = Vec::new();
        for (place, set) in list.iter().enumerate() {
            sets.push(
                NamedSet::from_json(set, place).map_err(|error| error.under(&format!("/sets/{place}")))?,
            );
        }
        Overlap::new(sets)
    }

    /// The sets.
    pub fn sets(&self) -> &[NamedSet] {
        &self.0
    }

    /// The sets, to put expressions into a form that stays true: a snapshot's name may be given to another.
    pub fn sets_mut(&mut self) -> impl Iterator<Item = &mut NamedSet> {
        self.0.iter_mut()
    }

    /// Their expressions.
    pub fn exprs(&self) -> Vec<Expr> {
        self.0.iter().map(|set| set.expr.clone()).collect()
    }

    /// Checks the names in all of them.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let mut warnings = Vec::new();
        for (place, set) in self.0.iter().enumerate() {
            let at = format!("/sets/{place}");
            let found = set.check(names).map_err(|error| error.under(&at))?;
            warnings.extend(found.into_iter().map(|mut warning| {
                warning.at.insert_str(0, &at);
                warning
            }));
        }
        Ok(warnings)
    }

    /// Who is in a region.
    pub fn region(&self, mask: Mask) -> Expr {
        let is_in = |(place, _): &(usize, &NamedSet)| mask >> place & 1 == 1;
        let (inside, outside): (Vec<_>, Vec<_>) = self.0.iter().enumerate().partition(is_in);
        let exprs = |sets: Vec<(usize, &NamedSet)>| -> Vec<Expr> {
            sets.into_iter().map(|(_, set)| set.expr.clone()).collect()
        };
        let inside = one_or(exprs(inside), Expr::All);
        if outside.is_empty() {
            return inside;
        }
        let mut parts = vec![inside];
        parts.extend(exprs(outside));
        Expr::Minus(parts)
    }

    /// Who is in any of some sets.
    pub fn union(&self, mask: Mask) -> Expr {
        let chosen = self.0.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1);
        one_or(chosen.map(|(_, set)| set.expr.clone()).collect(), Expr::Any)
    }
}

pub(crate) fn one_or(mut exprs: Vec<Expr>, several: fn(Vec<Expr>) -> Expr) -> Expr {
    if exprs.len() == 1 { exprs.remove(0) } else { several(exprs) }
}

/// Refuses a name that stands twice: an answer could not tell the two apart.
pub(crate) fn distinct<'a>(names: impl Iterator<Item = &'a str>, list: &str) -> Result<()> {
    let mut seen = std::collections::BTreeSet::new();
    for (place, name) in names.enumerate() {
        if !seen.insert(name) {
            return Err(invalid(format!("the name \"{name}\" stands twice"))
                .at(format!("/{list}/{place}"))
                .help("give one of them another \"name\""));
        }
    }
    Ok(())
}

impl Regions {
    /// From counts by mask, in any order.
    pub fn new(counts: impl IntoIterator<Item = (Mask, u64)>) -> Regions {
        let mut counts: Vec<(Mask, u64)> =
            counts.into_iter().filter(|(mask, n)| *mask > 0 && *n > 0).collect();
        counts.sort_unstable();
        Regions { counts }
    }

    /// People in any set.
    pub fn union(&self) -> u64 {
        self.sum(|_| true)
    }

    /// People of a set.
    pub fn size(&self, set: usize) -> u64 {
        self.sum(|mask| mask >> set & 1 == 1)
    }

    /// People of a set who are in no other.
    pub fn only(&self, set: usize) -> u64 {
        self.sum(|mask| mask == 1 << set)
    }

    /// People who are in both of two sets.
    pub fn both(&self, a: usize, b: usize) -> u64 {
        self.sum(|mask| mask >> a & mask >> b & 1 == 1)
    }

    /// People in any of some sets.
    pub fn reached(&self, chosen: Mask) -> u64 {
        self.sum(|mask| mask & chosen != 0)
    }

    /// For 0 … n how many of the chosen sets so many people are in; people in none of them are not counted, so the first is 0.
    pub fn times(&self, chosen: Mask) -> Vec<u64> {
        let mut times = vec![0; chosen.count_ones() as usize + 1];
        for (mask, people) in self.counts.iter().filter(|(mask, _)| mask & chosen != 0) {
            times[(mask & chosen).count_ones() as usize] += people;
        }
        times
    }

    fn sum(&self, wanted: impl Fn(Mask) -> bool) -> u64 {
        self.counts.iter().filter(|(mask, _)| wanted(*mask)).map(|(_, people)| people).sum()
    }
}

pub(crate) fn invalid(message: String) -> Error {
    Error::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(sets: &Json, expected: &str) {
        let text = match Overlap::from_json(sets) {
            Ok(overlap) => {
                let set = |set: &NamedSet| format!("{}: {}", set.name, set.expr.to_json());
                overlap.sets().iter().map(set).collect::<Vec<_>>().join("\n")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn sets_are_named_by_what_they_are() {
        check(
            &json!([
                {"audience": "loyal"}, {"snapshot": "s1", "name": "locked"}, {"list": "vip"}, {"expression": {"everyone": true}},
                {"channel": "ads.onsite", "behavior": "click", "within": {"days": 30}},
            ]),
            "loyal: {\"audience\":\"loyal\"}\nlocked: {\"snapshot\":\"s1\"}\nvip: {\"list\":\"vip\"}\nset 4: {\"everyone\":true}\n\
             ads.onsite: {\"did\":{\"behavior\":[\"click\"],\"channel\":[\"ads.onsite\"],\"within\":{\"days\":30}}}",
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        let all = json!({"expression": {"everyone": true}});
        check(&json!([all]), "an overlap has 2 to 16 sets, not 1 (at /sets)");
        check(&json!(vec![all.clone(); 17]), "an overlap has 2 to 16 sets, not 17 (at /sets)");
        check(
            &json!([all, {"audience": "a", "list": "b"}]),
            "a set takes exactly one of expression, audience, snapshot, list, channel (at /sets/1)",
        );
        check(
            &json!([all, {"name": "x"}]),
            "a set takes exactly one of expression, audience, snapshot, list, channel (at /sets/1)",
        );
        check(
            &json!([{"audience": "a", "within": {"days": 3}}, all]),
            "\"within\" belongs to a channel, not beside \"audience\" (at /sets/0/within)\n  help: put it into the expression",
        );
        check(
            &json!([{"audience": "a"}, {"list": "a"}]),
            "the name \"a\" stands twice (at /sets/1)\n  help: give one of them another \"name\"",
        );
        check(
            &json!([{"expression": {"nott": {}}}, all]),
            "an expression has no \"nott\" (at /sets/0/expression/nott)\n  help: did you mean \"not\"?",
        );
        check(
            &json!([{"channel": "sms", "withn": {}}, all]),
            "a set has no \"withn\" (at /sets/0/withn)\n  help: did you mean \"within\"?",
        );
    }

    #[test]
    fn a_region_is_an_expression() {
        let sets = ["a", "b", "c"].map(|name| json!({"list": name}));
        let overlap = Overlap::from_json(&json!(sets)).unwrap();
        let region = |mask| overlap.region(mask).to_json().to_string();
        assert_eq!(region(0b001), r#"{"minus":[{"list":"a"},{"list":"b"},{"list":"c"}]}"#);
        assert_eq!(region(0b110), r#"{"minus":[{"all":[{"list":"b"},{"list":"c"}]},{"list":"a"}]}"#);
        assert_eq!(region(0b111), r#"{"all":[{"list":"a"},{"list":"b"},{"list":"c"}]}"#);
        assert_eq!(overlap.union(0b101).to_json().to_string(), r#"{"any":[{"list":"a"},{"list":"c"}]}"#);
    }

    #[test]
    fn everything_is_a_sum_of_regions() {
        let regions = Regions::new([(0b11, 4), (0b01, 3), (0b10, 0), (0b100, 2), (0b111, 1)]);
        assert_eq!(regions.counts, [(0b01, 3), (0b11, 4), (0b100, 2), (0b111, 1)]);
        assert_eq!((regions.union(), regions.size(0), regions.only(0), regions.only(1)), (10, 8, 3, 0));
        assert_eq!((regions.both(0, 1), regions.both(1, 2), regions.reached(0b110)), (5, 1, 7));
        assert_eq!(regions.times(0b011), [0, 3, 5]);
    }
}
