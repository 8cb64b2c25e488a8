//! Which media reach the most people for a budget.

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::amount::Amount;
use weir_core::overlap::Mask;
use weir_core::reach::{GUARANTEE, LeftOut, Step};

use super::eval::{Warning, warnings};
use super::expression::Expression;
use super::overlap::names;

/// How the order was found, in words for whoever reads the answer.
const METHOD: &str = "greedy: again and again the medium that can still be paid and reaches the most new people per cost, \
ties by name; or the one medium that reaches more alone";

/// A plan of media as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reach {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// How many are known as of the date.
    #[schema(example = 819)]
    pub universe: u64,
    /// What may be spent; left out where nothing limits it. Money is a text, because it is exact.
    #[schema(example = "5000")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// How the order was found: greedily.
    pub method: &'static str,
    /// The least share of the best possible reach that such a plan has: (1 − 1/e) ÷ 2. Source: Khuller, Moss, Naor, "The
    /// budgeted maximum coverage problem", Information Processing Letters 70 (1999) 39–45.
    #[schema(example = 0.316)]
    pub guarantee: f64,
    /// Media to buy, in this order.
    pub plan: Vec<ReachStep>,
    /// The others.
    pub left_out: Vec<LeftOutMedium>,
    /// People that the plan reaches.
    #[schema(example = 412)]
    pub reach: u64,
    /// What it costs.
    #[schema(example = "4820.5")]
    pub cost: String,
    /// How many of the plan's media reach them; the three sum to `reach`.
    pub frequency: Frequency,
    /// Whom the plan reaches.
    pub expression: Expression,
    /// The best of all choices within the budget.
    pub best: BestChoice,
    /// `reach` as a share of the best; left out where that reaches nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.98)]
    pub of_best: Option<f64>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// A medium of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReachStep {
    /// Its name.
    #[schema(example = "ads.onsite.feed_ads")]
    pub medium: String,
    /// How many it reaches.
    pub size: u64,
    /// What it costs.
    #[schema(example = "1200")]
    pub cost: String,
    /// How many of them none of the media before it reaches.
    pub new: u64,
    /// People reached up to and with it.
    pub reach: u64,
    /// Spent up to and with it.
    pub spent: String,
}

/// A medium that is not in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOutMedium {
    /// Its name.
    pub medium: String,
    /// How many it reaches.
    pub size: u64,
    /// What it would cost.
    pub cost: String,
    /// `over_budget` or `nobody_new`.
    #[schema(example = "over_budget")]
    pub reason: &'static str,
}

/// How many media of a plan reach people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Frequency {
    /// By one.
    pub once: u64,
    /// By two.
    pub twice: u64,
    /// By three or more.
    pub three_or_more: u64,
}

/// The best choice, whatever its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BestChoice {
    /// Names of the media.
    pub media: Vec<String>,
    /// People reached.
    pub reach: u64,
    /// What they cost.
    pub cost: String,
}

impl From<&weir_app::ReachAnswer> for Reach {
    fn from(answer: &weir_app::ReachAnswer) -> Reach {
        let (plan, best) = (&answer.plan, answer.plan.best);
        Reach {
            as_of: answer.as_of.to_string(),
            universe: answer.universe,
            budget: answer.media.budget.as_ref().map(Amount::to_string),
            method: METHOD,
            guarantee: GUARANTEE,
            plan: plan.steps.iter().map(|step| ReachStep::of(answer, step)).collect(),
            left_out: plan
                .left_out
                .iter()
                .map(|(place, why)| LeftOutMedium::of(answer, *place, *why))
                .collect(),
            reach: plan.reach(),
            cost: plan.cost().to_string(),
            frequency: Frequency::of(&plan.times),
            expression: Expression(answer.media.union(plan.chosen()).to_json()),
            best: BestChoice {
                media: media(answer, best.media),
                reach: best.reach,
                cost: best.cost.to_string(),
            },
            of_best: (best.reach > 0).then(|| plan.reach() as f64 / best.reach as f64),
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

fn media(answer: &weir_app::ReachAnswer, mask: Mask) -> Vec<String> {
    names(mask, answer.media.media.iter().map(|medium| medium.set.name.as_str()))
}

impl ReachStep {
    fn of(answer: &weir_app::ReachAnswer, step: &Step) -> ReachStep {
        ReachStep {
            medium: answer.media.media[step.medium].set.name.clone(),
            size: answer.regions.size(step.medium),
            cost: step.cost.to_string(),
            new: step.new,
            reach: step.reach,
            spent: step.spent.to_string(),
        }
    }
}

impl LeftOutMedium {
    fn of(answer: &weir_app::ReachAnswer, place: usize, why: LeftOut) -> LeftOutMedium {
        LeftOutMedium {
            medium: answer.media.media[place].set.name.clone(),
            size: answer.regions.size(place),
            cost: answer.plan.costs[place].to_string(),
            reason: why.name(),
        }
    }
}

impl Frequency {
    fn of(times: &[u64]) -> Frequency {
        let at = |n: usize| times.get(n).copied().unwrap_or_default();
        Frequency { once: at(1), twice: at(2), three_or_more: times.iter().skip(3).sum() }
    }
}
