//! Reach: which media to buy so that as many people as possible are reached once for a budget.
//!
//! The people of each medium are a set, so the whole question lies in the regions of their overlap
//! ([`crate::overlap`]) and this is a pure function of them. What is planned is the *budgeted maximum coverage* problem.
//!
//! - **The plan is greedy**: again and again the medium that can still be paid and reaches the most new people per cost,
//!   ties by name. If one medium alone reaches more than that, the plan is that medium. So its reach is never less than
//!   (1 − 1/e) ÷ 2 ≈ 31.6 % of the best possible: S. Khuller, A. Moss, J. Naor, "The budgeted maximum coverage problem",
//!   Information Processing Letters 70 (1999) 39–45, section 3. In practice it comes close to all of it.
//! - **The best** of all 2ⁿ choices is found beside it by looking at every one, which with sixteen media at most is little
//!   work; so it is known how much the greedy order gives away.
//!
//! ```text
//! REACH := {"media":[MEDIUM…],"budget":money?}
//! MEDIUM := a SET of an overlap and "cost":{"fixed":money?,"per_thousand":money?}
//! ```

use serde_json::Value as Json;

use crate::amount::Amount;
use crate::error::{Error, Result};
use crate::expr::parse::{array, kind_of, object, only};
use crate::expr::{Checked, Expr};
use crate::overlap::{Mask, NamedSet, Regions, distinct, invalid, one_or};
use crate::vocabulary::Vocabulary;

/// Most media of a plan.
pub const MOST_MEDIA: usize = 16;

/// What the greedy plan is never worse than, of the best possible.
pub const GUARANTEE: f64 = (1.0 - std::f64::consts::E.recip()) / 2.0;

const FIELDS: [&str; 9] =
    ["name", "expression", "audience", "snapshot", "list", "channel", "behavior", "within", "cost"];

/// What a medium costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Whatever it reaches.
    pub fixed: Amount,
    /// For each thousand people that it reaches, whether or not another medium has.
    pub per_thousand: Amount,
}

/// A medium that can be bought.
#[derive(Debug, Clone, PartialEq)]
pub struct Medium {
    /// Whom it reaches.
    pub set: NamedSet,
    /// What it costs.
    pub cost: Cost,
}

/// Media and a budget.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// What can be bought.
    pub media: Vec<Medium>,
    /// What may be spent; without one, all of it.
    pub budget: Option<Amount>,
}

/// A medium of a plan, in the order in which it was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its place among the media.
    pub medium: usize,
    /// What it costs.
    pub cost: Amount,
    /// People that none of those before it reaches.
    pub new: u64,
    /// People reached up to and with it.
    pub reach: u64,
    /// Spent up to and with it.
    pub spent: Amount,
}

/// Why a medium is not in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// What is left of the budget does not pay it.
    OverBudget,
    /// The others reach all of its people.
    NobodyNew,
}

/// Media chosen, whatever their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub media: Mask,
    /// People reached.
    pub reach: u64,
    /// What they cost.
    pub cost: Amount,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Media in the order of choice.
    pub steps: Vec<Step>,
    /// The others, and why.
    pub left_out: Vec<(usize, LeftOut)>,
    /// Cost of each medium.
    pub costs: Vec<Amount>,
    /// People who are reached by one, two, … of the plan's media; the first entry, for none, is 0.
    pub times: Vec<u64>,
    /// The best of all choices within the budget: most people, then least cost, then the first by place.
    pub best: Choice,
}

impl LeftOut {
    /// The reason's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            LeftOut::OverBudget => "over_budget",
            LeftOut::NobodyNew => "nobody_new",
        }
    }
}

impl Cost {
    /// What a medium costs that reaches so many people; parts of a 1/10000 are rounded up, so that a budget holds.
    pub fn of(self, people: u64) -> Result<Amount> {
        let by_people = (i128::from(self.per_thousand.0) * i128::from(people) + 999).div_euclid(1_000);
        let units = i128::from(self.fixed.0) + by_people;
        i64::try_from(units)
            .map(Amount)
            .map_err(|_| invalid("this costs more than can be counted".to_owned()))
    }

    fn from_json(value: &Json) -> Result<Cost> {
        let fields = object(value, "a cost")?;
        only(fields, "a cost", &["fixed", "per_thousand"])?;
        let read = |key: &str| match fields.get(key) {
            Some(value) => money(value).map_err(|error| error.under(&format!("/{key}"))),
            None => Ok(Amount(0)),
        };
        Ok(Cost { fixed: read("fixed")?, per_thousand: read("per_thousand")? })
    }
}

/// Money as a number or, because it is exact, as a text.
pub fn money(value: &Json) -> Result<Amount> {
    let text = match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    let places = |text: &String| text.split_once('.').map_or(0, |(_, places)| places.len());
    let exact = text.filter(|text| places(text) <= crate::amount::SCALE as usize);
    exact.and_then(|text| Amount::parse(&text)).filter(|amount| amount.0 >= 0).ok_or_else(|| {
        let found = if value.is_string() || value.is_number() {
            value.to_string()
        } else {
            kind_of(value).to_owned()
        };
        invalid(format!("money of at least 0 with at most four decimals is expected, not {found}"))
    })
}

impl Reach {
    /// Reads media and a budget.
    pub fn from_json(media: &Json, budget: Option<&Json>) -> Result<Reach> {
        let list = array(media, "a list of media").map_err(|error| error.under("/media"))?;
        if !(1..=MOST_MEDIA).contains(&list.len()) {
            let message = format!("a plan has 1 to {MOST_MEDIA} media to choose from, not {}", list.len());
            return Err(invalid(message).at("/media"));
        }
        let mut media = Vec::new();
        for (place, value) in list.iter().enumerate() {
            media.push(
                Medium::from_json(value, place).map_err(|error| error.under(&format!("/media/{place}")))?,
            );
        }
        distinct(media.iter().map(|medium| medium.set.name.as_str()), "media")?;
        let budget = budget.map(money).transpose().map_err(|error| error.under("/budget"))?;
        Ok(Reach { media, budget })
    }

    /// Checks the names in all media.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let mut warnings = Vec::new();
        for (place, medium) in self.media.iter().enumerate() {
            let at = format!("/media/{place}");
            for mut warning in medium.set.check(names).map_err(|error| error.under(&at))? {
                warning.at.insert_str(0, &at);
                warnings.push(warning);
            }
        }
        Ok(warnings)
    }

    /// The people of each medium.
    pub fn exprs(&self) -> Vec<Expr> {
        self.media.iter().map(|medium| medium.set.expr.clone()).collect()
    }

    /// Whoever any of these media reaches.
    pub fn union(&self, media: Mask) -> Expr {
        let chosen = self.media.iter().enumerate().filter(|(place, _)| media >> place & 1 == 1);
        one_or(chosen.map(|(_, medium)| medium.set.expr.clone()).collect(), Expr::Any)
    }

    /// Plans over the regions of the media's overlap.
    pub fn plan(&self, regions: &Regions) -> Result<Plan> {
        let mut costs = Vec::new();
        for (place, medium) in self.media.iter().enumerate() {
            let at = |error: Error| error.at(format!("/media/{place}/cost"));
            costs.push(medium.cost.of(regions.size(place)).map_err(at)?);
        }
        let budget = self.budget.unwrap_or(Amount(i64::MAX));
        let planner = Planner { media: &self.media, regions, costs: &costs, budget };
        let steps = planner.better(planner.greedy());
        let chosen = mask_of(&steps);
        let left_out = planner.left_out(chosen, steps.last().map_or(Amount(0), |step| step.spent));
        let (times, best) = (regions.times(chosen), planner.best());
        Ok(Plan { steps, left_out, times, best, costs })
    }
}

impl Medium {
    fn from_json(value: &Json, place: usize) -> Result<Medium> {
        let fields = object(value, "a medium")?;
        only(fields, "a medium", &FIELDS)?;
        let mut set = NamedSet::of_fields(fields, place)?;
        if set.name == format!("set {}", place + 1) && !fields.contains_key("name") {
            set.name = format!("medium {}", place + 1);
        }
        let cost = match fields.get("cost") {
            Some(cost) => Cost::from_json(cost).map_err(|error| error.under("/cost"))?,
            None => return Err(invalid("a medium needs a \"cost\"".to_owned()).help("{} costs nothing")),
        };
        Ok(Medium { set, cost })
    }
}

impl Plan {
    /// The media chosen.
    pub fn chosen(&self) -> Mask {
        mask_of(&self.steps)
    }

    /// People reached.
    pub fn reach(&self) -> u64 {
        self.steps.last().map_or(0, |step| step.reach)
    }

    /// What the plan costs.
    pub fn cost(&self) -> Amount {
        self.steps.last().map_or(Amount(0), |step| step.spent)
    }
}

fn mask_of(steps: &[Step]) -> Mask {
    steps.iter().fold(0, |mask, step| mask | 1 << step.medium)
}

struct Planner<'a> {
    media: &'a [Medium],
    regions: &'a Regions,
    costs: &'a [Amount],
    budget: Amount,
}

impl Planner<'_> {
    /// Again and again the medium with the most new people per cost that can still be paid.
    fn greedy(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        loop {
            let before = steps.last().copied();
            let (reach, spent) = before.map_or((0, Amount(0)), |step| (step.reach, step.spent));
            let candidates =
                (0..self.media.len()).filter_map(|medium| self.step(&steps, medium, reach, spent));
            let Some(next) = candidates.reduce(|a, b| if self.is_better(b, a) { b } else { a }) else {
                return steps;
            };
            steps.push(next);
        }
    }

    /// What choosing a medium next would bring; none where it brings nobody or cannot be paid.
    fn step(&self, steps: &[Step], medium: usize, reach: u64, spent: Amount) -> Option<Step> {
        let after = self.regions.reached(mask_of(steps) | 1 << medium);
        let cost = self.costs[medium];
        let spent = Amount(spent.0.checked_add(cost.0)?);
        (after > reach && spent <= self.budget).then_some(Step {
            medium,
            cost,
            new: after - reach,
            reach: after,
            spent,
        })
    }

    /// More new people per cost; of two free ones, and of two alike, the first by name.
    fn is_better(&self, a: Step, b: Step) -> bool {
        let worth = |people: u64, cost: Amount| i128::from(people) * i128::from(cost.0);
        let (of_a, of_b) = (worth(a.new, b.cost), worth(b.new, a.cost));
        let name = |step: Step| &self.media[step.medium].set.name;
        of_a > of_b || (of_a == of_b && name(a) < name(b))
    }

    /// The steps, or the one medium that reaches more alone: without it the guarantee would not hold.
    fn better(&self, steps: Vec<Step>) -> Vec<Step> {
        let alone = (0..self.media.len()).filter_map(|medium| self.step(&[], medium, 0, Amount(0)));
        let reach = steps.last().map_or(0, |step| step.reach);
        let most = alone.reduce(|a, b| if b.reach > a.reach { b } else { a });
        most.filter(|alone| alone.reach > reach).map_or(steps, |alone| vec![alone])
    }

    fn left_out(&self, chosen: Mask, spent: Amount) -> Vec<(usize, LeftOut)> {
        let reach = self.regions.reached(chosen);
        let others = (0..self.media.len()).filter(|medium| chosen >> medium & 1 == 0);
        let why = |medium: usize| {
            let brings = self.regions.reached(chosen | 1 << medium) > reach;
            let is_paid = spent.0.checked_add(self.costs[medium].0).is_some_and(|sum| sum <= self.budget.0);
            if brings && !is_paid { LeftOut::OverBudget } else { LeftOut::NobodyNew }
        };
        others.map(|medium| (medium, why(medium))).collect()
    }

    /// Looks at every choice.
    fn best(&self) -> Choice {
        let missed = self.missed();
        let union = self.regions.union();
        let mut best = Choice { media: 0, reach: 0, cost: Amount(0) };
        for media in 1..missed.len() as Mask {
            let Some(cost) = self.cost_of(media).filter(|cost| *cost <= self.budget) else { continue };
            // Whoever is only in media that were not chosen is missed.
            let not_chosen = !media & (missed.len() as Mask - 1);
            let reach = union - missed[not_chosen as usize];
            if (reach, std::cmp::Reverse(cost)) > (best.reach, std::cmp::Reverse(best.cost)) {
                best = Choice { media, reach, cost };
            }
        }
        best
    }

    /// For each choice how many people are in none but these media: sums over subsets, one medium after the other.
    fn missed(&self) -> Vec<u64> {
        let mut sums = vec![0; 1 << self.media.len()];
        self.regions.counts.iter().for_each(|(mask, people)| sums[*mask as usize] = *people);
        for medium in 0..self.media.len() {
            for mask in 0..sums.len() {
                if mask >> medium & 1 == 1 {
                    sums[mask] += sums[mask ^ 1 << medium];
                }
            }
        }
        sums
    }

    fn cost_of(&self, media: Mask) -> Option<Amount> {
        let chosen = (0..self.media.len()).filter(|medium| media >> medium & 1 == 1);
        chosen.map(|medium| self.costs[medium].0).try_fold(0_i64, i64::checked_add).map(Amount)
    }
}

#[cfg(test)]
mod tests;
