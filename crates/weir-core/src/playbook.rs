//! Playbooks: ready-made campaigns whose every part is an ordinary definition.
//!
//! A playbook is a pure function of its parameters: it says which audiences there are, which of them is frozen and followed,
//! and to whom what is pushed. Parameters have defaults from what the workspace's own data suggests ([`Known`]). Deliberately
//! absent: looking at data, storing anything, sending anything.

mod parameter;
mod plays;

use serde_json::{Map, Value as Json, json};

use crate::channel::Role;
use crate::error::{Code, Error, Result, suggestion};
use crate::expr::Expr;
use crate::overlap::NamedSet;
use crate::scope::Scope;
use crate::time::Day;

pub use parameter::{Filled, Parameter, ParameterKind};

/// What a workspace's data suggests.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The latest date worth looking at.
    pub latest: Day,
    /// The date with the most buyers lately.
    pub peak: Day,
    /// Channels that reached anybody lately, with their role and how many people.
    pub channels: Vec<(String, Option<Role>, u64)>,
    /// The shop with the most buyers, or the whole workspace.
    pub scope: Scope,
    /// A destination that people can be pushed to.
    pub destination: Option<String>,
}

/// A ready-made campaign.
pub struct Playbook {
    /// Its name.
    pub name: &'static str,
    /// Title in English.
    pub title: &'static str,
    /// Title in Chinese.
    pub title_zh: &'static str,
    /// What it does and why, in English.
    pub text: &'static str,
    /// The same in Chinese.
    pub text_zh: &'static str,
    /// Parameters beside those that all have.
    own: fn(&Known) -> Vec<Parameter>,
    play: fn(&Filled) -> Result<Audiences>,
}

/// The audiences of a playbook.
struct Audiences {
    /// In order; each may name those before it.
    named: Vec<(String, Expr, String)>,
    /// Media whose overlap is worth seeing.
    media: Vec<NamedSet>,
}

/// What a playbook makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The date everything is as of.
    pub as_of: Day,
    /// Audiences: name, expression, what it is for. The last one is the target.
    pub audiences: Vec<(String, Expr, String)>,
    /// Media to lay over each other; none, or two at least.
    pub media: Vec<NamedSet>,
    /// What the target is frozen as.
    pub snapshot: String,
    /// Name and definition of the track that follows the frozen people.
    pub track: (String, Json),
    /// What would be sent to `POST /pushes`; without a destination the field is null.
    pub push: Json,
}

impl Plan {
    /// The audience that is pushed.
    pub fn target(&self) -> &str {
        self.audiences.last().map_or("", |(name, _, _)| name)
    }
}

/// All playbooks.
pub fn playbooks() -> &'static [Playbook] {
    &plays::ALL
}

/// A playbook by name.
pub fn playbook(name: &str) -> Result<&'static Playbook> {
    playbooks().iter().find(|playbook| playbook.name == name).ok_or_else(|| {
        let help = suggestion(name, playbooks().iter().map(|playbook| playbook.name))
            .unwrap_or_else(|| "weir playbook list shows them".to_owned());
        Error::new(Code::NotFound, format!("there is no playbook \"{name}\"")).help(help)
    })
}

impl Playbook {
    /// Its parameters with their defaults.
    pub fn parameters(&self, known: &Known) -> Vec<Parameter> {
        let mut parameters = vec![
            Parameter::new(
                "prefix",
                ParameterKind::Text,
                json!(self.name),
                "What all names begin with",
                "名称前缀",
            ),
            Parameter::new(
                "as_of",
                ParameterKind::Date,
                json!(known.latest.to_string()),
                "As of this date",
                "截至日期",
            ),
        ];
        parameters.extend((self.own)(known));
        parameters.extend([
            Parameter::new(
                "model",
                ParameterKind::Text,
                json!("pno"),
                "State model that people are followed under",
                "追踪所用的状态模型",
            ),
            Parameter::new(
                "scope",
                ParameterKind::Scope,
                known.scope.to_json(),
                "What the state model looks at",
                "追踪维度",
            ),
            Parameter::new(
                "step",
                ParameterKind::Text,
                json!("weekly"),
                "How far dates of the track are apart",
                "追踪间隔",
            ),
            Parameter::new(
                "destination",
                ParameterKind::Optional,
                json!(known.destination),
                "Where to push",
                "投放媒介",
            ),
            Parameter::new(
                "holdout_percent",
                ParameterKind::Percent,
                json!(10.0),
                "How many of a hundred are not contacted, to compare with",
                "对照组比例（%）",
            ),
        ]);
        parameters
    }

    /// What it makes with some parameters filled in, the others at their defaults.
    pub fn plan(&self, known: &Known, filled: &Map<String, Json>) -> Result<Plan> {
        let filled = Filled::new(self.parameters(known), filled)?;
        let (prefix, as_of) = (filled.text("prefix"), filled.date("as_of")?);
        let Audiences { named, media } = (self.play)(&filled)?;
        let (snapshot, track) = (format!("{prefix}_locked"), format!("{prefix}_track"));
        let definition = json!({
            "snapshot": snapshot, "model": filled.text("model"), "scope": filled.json("scope"),
            "from": as_of.to_string(), "step": filled.text("step"),
        });
        let push = json!({
            "snapshot": snapshot, "as_of": as_of.to_string(), "destination": filled.json("destination"),
            "name": format!("{prefix}_push"), "holdout_percent": filled.json("holdout_percent"), "salt": prefix,
        });
        let audiences =
            named.into_iter().map(|(name, expr, text)| (format!("{prefix}_{name}"), expr, text)).collect();
        Ok(Plan { as_of, audiences, media, snapshot, track: (track, definition), push })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let channel = |path: &str, role, people| (path.to_owned(), role, people);
        Known {
            latest: "2024-11-30".parse().unwrap(),
            peak: "2024-11-11".parse().unwrap(),
            channels: vec![
                channel("ads.onsite.display_ads", Some(Role::ReachNew), 90),
                channel("ads.onsite.feed_ads", Some(Role::Discover), 80),
                channel("ads.onsite.search_ads", Some(Role::CaptureIntent), 70),
                channel("external.douyin", Some(Role::Discover), 60),
            ],
            scope: Scope::Shop("flagship".to_owned()),
            destination: None,
        }
    }

    #[test]
    fn every_playbook_makes_a_target_from_its_defaults() {
        for playbook in playbooks() {
            let plan = playbook.plan(&known(), &Map::new()).unwrap();
            assert_eq!(plan.target(), format!("{}_target", playbook.name));
            for (_, expr, text) in &plan.audiences {
                let reread = crate::expr::parse_value(&expr.to_json());
                assert_eq!(reread.as_ref(), Ok(expr), "{}", playbook.name);
                assert!(text.chars().next().is_some_and(char::is_uppercase), "{text}");
            }
            assert!(crate::track::Track::from_json(&plan.track.1).is_ok(), "{}", playbook.name);
            assert_ne!(plan.media.len(), 1, "{}", playbook.name);
        }
    }

    #[track_caller]
    fn check(name: &str, filled: Json, expected: &str) {
        let made = playbook(name).and_then(|book| book.plan(&known(), filled.as_object().unwrap()));
        let text = match made {
            Ok(plan) => {
                plan.audiences.iter().map(|(name, expr, _)| format!("{name}: {}\n", expr.to_json())).collect()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text.trim_end(), expected);
    }

    #[test]
    fn parameters_reach_the_definitions() {
        check(
            "brand_to_performance",
            json!({"prefix": "x", "brand": ["display_ads"], "performance": "search_ads", "days": 7}),
            "x_exposed: {\"did\":{\"behavior\":[\"impression\",\"click\"],\"channel\":[\"display_ads\"],\"within\":{\"days\":7}}}\n\
             x_target: {\"minus\":[{\"audience\":\"x_exposed\"},{\"did\":{\"behavior\":[\"purchase\"],\"within\":{\"days\":7}}},\
             {\"did\":{\"behavior\":[\"impression\",\"click\"],\"channel\":[\"search_ads\"],\"within\":{\"days\":7}}}]}",
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        check("brand", json!({}), "there is no playbook \"brand\"\n  help: weir playbook list shows them");
        check(
            "offsite_to_onsite",
            json!({"dayz": 7}),
            "this playbook has no \"dayz\" (at /dayz)\n  help: did you mean \"days\"?",
        );
        check(
            "offsite_to_onsite",
            json!({"days": 0}),
            "days is a whole number from 1 to 3650, not 0 (at /days)",
        );
        check(
            "offsite_to_onsite",
            json!({"media": []}),
            "media is a list of one to sixteen channels (at /media)",
        );
        check(
            "after_promotion",
            json!({"from": "2024-11-12"}),
            "the promotion ends before it begins (at /to)\n  help: put the earlier date first",
        );
        check(
            "offsite_to_onsite",
            json!({"holdout_percent": 101}),
            "holdout_percent is 0 to 100, not 101 (at /holdout_percent)",
        );
    }
}
