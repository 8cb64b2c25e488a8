//! Expressions of the people behind a score: evaluated as of the analysis's date they hold exactly those.

use super::segment::Segment;
use super::{Class, Rfm, Thresholds};
use crate::amount::UNITS;
use crate::expr::{Did, Expr, Measure};
use crate::op::{Op, Ops, Value};
use crate::time::Window;

/// An analysis with its thresholds: what an expression needs.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// The analysis.
    pub rfm: &'a Rfm,
    /// Thresholds of its method.
    pub thresholds: &'a Thresholds,
    /// Thresholds of the mean split.
    pub mean: &'a Thresholds,
}

impl Cells<'_> {
    /// Everybody who is scored.
    pub fn scored(&self) -> Expr {
        Expr::Did(Box::new(self.rfm.purchases(self.rfm.windows.r)))
    }

    /// Whoever has these scores.
    pub fn cell(&self, scores: [u32; 3]) -> Expr {
        self.within(self.thresholds, scores.map(|score| Some((score, score))))
    }

    /// Whoever is of a class.
    pub fn class(&self, class: Class) -> Expr {
        let side = |better: bool| Some(if better { (2, 2) } else { (1, 1) });
        self.within(self.mean, [side(class.recent), side(class.frequent), side(class.rich)])
    }

    /// Whoever is of the segment of a name, `other` being what is left.
    pub fn segment(&self, segments: &[Segment], name: &str) -> Expr {
        let mut boxes = Vec::new();
        for (i, segment) in segments.iter().enumerate().filter(|(_, segment)| segment.name == name) {
            let earlier = segments[..i].iter().filter(|other| other.overlaps(segment));
            let earlier: Vec<Expr> =
                earlier.map(|other| self.within(self.thresholds, other.within)).collect();
            boxes.push(minus(self.within(self.thresholds, segment.within), earlier));
        }
        match boxes.len() {
            0 => {
                let all = segments.iter().map(|segment| self.within(self.thresholds, segment.within));
                minus(self.scored(), all.collect())
            }
            1 => boxes.remove(0),
            _ => Expr::Any(boxes),
        }
    }

    fn within(&self, thresholds: &Thresholds, bounds: [Option<(u32, u32)>; 3]) -> Expr {
        let windows = self.rfm.windows;
        let r: Vec<Value> = thresholds.r.iter().map(|day| Value::Text(day.to_string())).collect();
        let f: Vec<Value> = thresholds.f.iter().map(|orders| Value::Number(*orders as f64)).collect();
        let m: Vec<Value> =
            thresholds.m.iter().map(|units| Value::Number(*units as f64 / UNITS as f64)).collect();
        let mut parts = vec![self.scored()];
        parts.extend(self.between(Measure::Last, windows.r, &r, bounds[0]));
        parts.extend(self.between(Measure::Orders, windows.f, &f, bounds[1]));
        parts.extend(self.between(Measure::Amount, windows.m, &m, bounds[2]));
        Expr::All(parts)
    }

    /// Conditions of a score from `low` to `high`.
    fn between(
        &self,
        measure: Measure,
        window: Option<Window>,
        thresholds: &[Value],
        bounds: Option<(u32, u32)>,
    ) -> Vec<Expr> {
        let Some((low, high)) = bounds else { return Vec::new() };
        let mut parts = Vec::new();
        if low > 1 {
            // A score without a threshold is nobody's.
            let threshold = thresholds.get(low as usize - 2);
            parts.push(threshold.map_or(Expr::Any(Vec::new()), |t| self.reaches(measure, window, t)));
        }
        if let Some(threshold) = thresholds.get(high as usize - 1) {
            parts.push(Expr::Not(Box::new(self.reaches(measure, window, threshold))));
        }
        parts
    }

    /// Whoever has at least so much. Without an event in the window it is 0 that somebody has, but no `did` holds then.
    fn reaches(&self, measure: Measure, window: Option<Window>, threshold: &Value) -> Expr {
        let did = |op: Op| {
            let purchases = self.rfm.purchases(window);
            Expr::Did(Box::new(Did { measures: vec![(measure, Ops(vec![op]))], ..purchases }))
        };
        match threshold {
            Value::Number(number) if *number <= 0.0 => Expr::Not(Box::new(did(Op::Lt(threshold.clone())))),
            _ => did(Op::Gte(threshold.clone())),
        }
    }
}

fn minus(first: Expr, others: Vec<Expr>) -> Expr {
    if others.is_empty() {
        return first;
    }
    Expr::Minus([first].into_iter().chain(others).collect())
}
