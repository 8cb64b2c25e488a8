//! Funnels: how far people come along a list of steps.
//!
//! Level k of a funnel is an expression: the `sequence` of its first k steps, for the first step alone a `did`. So a
//! level can be saved, evaluated and pushed like any audience, and a funnel counts nothing that an expression would
//! not. `weir_engine::funnel` counts all levels at once.
//!
//! ```text
//! {"steps":[D, D…],"within":{"days":n}|{"hours":n}|{"minutes":n}?,"window":W?}
//! ```

use serde_json::Value as Json;

use crate::error::{Code, Error, Result};
use crate::expr::{Checked, Did, Expr, Sequence, check_did, did_in, parse_steps};
use crate::vocabulary::Vocabulary;

/// Fewest and most steps.
pub const STEPS: std::ops::RangeInclusive<usize> = 2..=10;

/// Steps that people may take one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel(Sequence);

impl Funnel {
    /// Reads a funnel from JSON.
    pub fn from_json(value: &Json) -> Result<Funnel> {
        let sequence = parse_steps(value, "funnel")?;
        if STEPS.contains(&sequence.steps.len()) {
            return Ok(Funnel(sequence));
        }
        let (least, most) = STEPS.into_inner();
        let message = format!("a funnel has {least} to {most} steps, not {}", sequence.steps.len());
        Err(Error::new(Code::InvalidArgument, message).at("/steps"))
    }

    /// The JSON form.
    pub fn to_json(&self) -> Json {
        self.0.to_json()
    }

    /// The sequence of all steps.
    pub fn sequence(&self) -> &Sequence {
        &self.0
    }

    /// The steps.
    pub fn steps(&self) -> &[Did] {
        &self.0.steps
    }

    /// Checks the names in it, as [`crate::expr::check`] does for an expression.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let mut warnings = Vec::new();
        for (i, step) in self.0.steps.iter().enumerate() {
            warnings.extend(check_did(step, names, &format!("/steps/{i}"))?);
        }
        Ok(warnings)
    }

    /// Who comes at least as far as a step, counted from zero.
    pub fn level(&self, step: usize) -> Expr {
        let Sequence { steps, within, window } = &self.0;
        match steps.get(..=step) {
            Some([first]) => did_in(first, *window),
            Some(prefix) => {
                let prefix = Sequence { steps: prefix.to_vec(), within: *within, window: *window };
                Expr::Sequence(Box::new(prefix))
            }
            None => Expr::Any(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(funnel: &Json, expected: &str) {
        let text = match Funnel::from_json(funnel) {
            Ok(read) => {
                assert_eq!(Funnel::from_json(&read.to_json()), Ok(read.clone()));
                let level = |step| read.level(step).to_json().to_string();
                (0..read.steps().len()).map(level).collect::<Vec<_>>().join("\n")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn levels_are_expressions() {
        check(
            &json!({"steps": [{"behavior": "view"}, {"behavior": "purchase"}], "within": {"days": 7}}),
            "{\"did\":{\"behavior\":[\"view\"]}}\n\
             {\"sequence\":{\"steps\":[{\"behavior\":[\"view\"]},{\"behavior\":[\"purchase\"]}],\"within\":{\"days\":7}}}",
        );
        check(
            &json!({"steps": [{}, {"within": {"days": 2}}], "window": {"days": 60}}),
            "{\"did\":{\"within\":{\"days\":60}}}\n\
             {\"sequence\":{\"steps\":[{},{\"within\":{\"days\":2}}],\"window\":{\"days\":60}}}",
        );
        check(
            &json!({"steps": [{"within": {"days": 2}}, {}], "window": {"days": 60}}),
            "{\"sequence\":{\"steps\":[{\"within\":{\"days\":2}}],\"window\":{\"days\":60}}}\n\
             {\"sequence\":{\"steps\":[{\"within\":{\"days\":2}},{}],\"window\":{\"days\":60}}}",
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        check(&json!({"steps": [{}]}), "a funnel has 2 to 10 steps, not 1 (at /steps)");
        check(&json!({"steps": vec![json!({}); 11]}), "a funnel has 2 to 10 steps, not 11 (at /steps)");
        check(&json!({"within": {"days": 1}}), "funnel needs \"steps\"");
        check(
            &json!({"steps": [{}, {"count": {"gte": 2}}]}),
            "measures do not belong here; this only says which events (at /steps/1/count)",
        );
        check(
            &json!({"steps": [{}, {}], "windw": {}}),
            "funnel has no \"windw\" (at /windw)\n  help: did you mean \"window\"?",
        );
    }
}
