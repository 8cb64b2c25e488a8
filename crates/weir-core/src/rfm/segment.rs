//! Named segments: boxes of scores, the first that fits.

use serde_json::{Map, Value as Json, json};

use crate::error::Result;
use crate::expr::parse::{array, invalid, object, only, pointer, required, text, whole};

/// Name of whoever fits no segment.
pub const OTHER: &str = "other";

/// A box of scores under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The name; several boxes may share it.
    pub name: String,
    /// Least and greatest score of R, F and M, each if it is asked for.
    pub within: [Option<(u32, u32)>; 3],
}

/// A name, from and to which score of R, and of F.
type Shipped = (&'static str, (u32, u32), (u32, u32));

/// The shipped boxes over five scores of R and F. They cover the grid and do not overlap.
const SHIPPED: [Shipped; 11] = [
    ("champions", (5, 5), (4, 5)),
    ("loyal", (3, 4), (4, 5)),
    ("potential_loyalist", (4, 5), (2, 3)),
    ("new", (5, 5), (1, 1)),
    ("promising", (4, 4), (1, 1)),
    ("need_attention", (3, 3), (3, 3)),
    ("about_to_sleep", (3, 3), (1, 2)),
    ("cannot_lose", (1, 2), (5, 5)),
    ("at_risk", (1, 2), (3, 4)),
    ("hibernating", (2, 2), (1, 2)),
    ("lost", (1, 1), (1, 2)),
];

/// The shipped segments.
pub fn shipped() -> Vec<Segment> {
    let segment = |(name, r, f): &(&str, _, _)| Segment {
        name: (*name).to_owned(),
        within: [Some(*r), Some(*f), None],
    };
    SHIPPED.iter().map(segment).collect()
}

impl Segment {
    /// Whether scores of R, F and M lie in the box.
    pub fn fits(&self, scores: [u32; 3]) -> bool {
        let inside = |(bounds, score): (&Option<(u32, u32)>, u32)| {
            bounds.is_none_or(|(low, high)| (low..=high).contains(&score))
        };
        self.within.iter().zip(scores).all(inside)
    }

    /// Whether any scores lie in both boxes.
    pub fn overlaps(&self, other: &Segment) -> bool {
        self.within.iter().zip(&other.within).all(|(a, b)| match (a, b) {
            (Some((a, b)), Some((c, d))) => a <= d && c <= b,
            (None, _) | (_, None) => true,
        })
    }
}

/// The name of the first segment that fits.
pub fn name_of(segments: &[Segment], scores: [u32; 3]) -> &str {
    segments.iter().find(|segment| segment.fits(scores)).map_or(OTHER, |segment| &segment.name)
}

/// Names in order of first mention, with `other` at the end.
pub fn names(segments: &[Segment]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for name in segments.iter().map(|segment| segment.name.as_str()).chain([OTHER]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub(super) fn from_json(value: &Json, greatest: [u32; 3]) -> Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for (i, value) in array(value, "a list of segments")?.iter().enumerate() {
        segments.push(segment(value, greatest).map_err(|e| e.under(&format!("/{i}")))?);
    }
    Ok(segments)
}

fn segment(value: &Json, greatest: [u32; 3]) -> Result<Segment> {
    let given = object(value, "a segment")?;
    only(given, "a segment", &["is", "r", "f", "m"])?;
    let name = text(required(given, "is", "a segment")?, "a name").map_err(|e| e.under("/is"))?;
    let mut within = [None; 3];
    for ((key, bounds), greatest) in ["r", "f", "m"].into_iter().zip(&mut within).zip(greatest) {
        if let Some(value) = given.get(key) {
            *bounds = Some(range(value, greatest).map_err(|e| e.under(&pointer(key)))?);
        }
    }
    Ok(Segment { name, within })
}

fn range(value: &Json, greatest: u32) -> Result<(u32, u32)> {
    let mut scores = Vec::new();
    for score in array(value, "the least and the greatest score")? {
        scores.push(whole(score, 0)?);
    }
    match scores.as_slice() {
        [low, high] if (1..=greatest).contains(low) && (*low..=greatest).contains(high) => Ok((*low, *high)),
        [_, _] => Err(invalid(format!("scores go from 1 to {greatest} here"))),
        _ => Err(invalid("write the least and the greatest score, such as [4, 5]".to_owned())),
    }
}

pub(super) fn to_json(segments: &[Segment]) -> Json {
    let one = |segment: &Segment| {
        let mut object = Map::new();
        object.insert("is".to_owned(), json!(segment.name));
        for (key, bounds) in ["r", "f", "m"].into_iter().zip(segment.within) {
            if let Some((low, high)) = bounds {
                object.insert(key.to_owned(), json!([low, high]));
            }
        }
        Json::Object(object)
    };
    segments.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_segments_cover_the_grid_once() {
        let segments = shipped();
        for (r, f) in (1..=5).flat_map(|r| (1..=5).map(move |f| (r, f))) {
            let fitting = segments.iter().filter(|segment| segment.fits([r, f, 1]));
            assert_eq!(fitting.count(), 1, "R {r} F {f}");
        }
        assert_eq!(names(&segments).len(), 12);
    }
}
