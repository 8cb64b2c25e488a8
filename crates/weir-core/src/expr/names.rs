//! What an expression names that somebody may define, upload or freeze.

use crate::expr::{Expr, StateTest};
use crate::state_model::{ModelRef, versioned};

/// Calls `note` with the noun and name of all that an expression names: `tag`, `list`, `audience`, `snapshot` and
/// `state_model`, without its version. Rules that are written on the spot are looked through.
pub fn each_name(expr: &Expr, note: &mut impl FnMut(&'static str, &str)) {
    match expr {
        Expr::Tag(test) => test.0.iter().for_each(|(key, _)| note("tag", key)),
        Expr::List(name) => note("list", name),
        Expr::Audience(name) => note("audience", name),
        Expr::Snapshot(id) => note("snapshot", id),
        Expr::State(StateTest { model: ModelRef::Named(name), .. }) => {
            note("state_model", versioned(name).map_or(name, |(base, _)| base));
        }
        Expr::State(StateTest { model: ModelRef::Inline(model), .. }) => {
            model.states.iter().for_each(|state| each_name(&state.when, note));
        }
        Expr::All(_) | Expr::Any(_) | Expr::Not(_) | Expr::Minus(_) | Expr::Xor(..) => {}
        Expr::Everyone | Expr::Did(_) | Expr::Sequence(_) => {}
        Expr::At(..) | Expr::Sample(_) | Expr::Top(_) => {}
    }
    expr.children().into_iter().for_each(|(_, child)| each_name(child, note));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parse_expr;

    #[test]
    fn names_are_found_wherever_they_stand() {
        let text = r#"{"minus": [
            {"at": {"date": "2024-11-11"}, "of": {"all": [{"audience": "seen"}, {"tag": {"gender": {"eq": "f"}}}]}},
            {"not": {"list": "staff"}}, {"snapshot": "7"}, {"did": {"behavior": ["view"]}},
            {"state": {"model": "pno@2", "scope": {"workspace": true}, "in": ["old"]}},
            {"state": {"model": {"states": [{"name": "a", "when": {"audience": "inner"}}]},
                "scope": {"workspace": true}, "in": ["a"]}}]}"#;
        let mut found = Vec::new();
        each_name(&parse_expr(text).unwrap(), &mut |noun, name| found.push(format!("{noun} {name}")));
        let expected =
            ["audience seen", "tag gender", "list staff", "snapshot 7", "state_model pno", "audience inner"];
        assert_eq!(found, expected);
    }
}
