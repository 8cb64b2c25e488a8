//! What the pushes measure, beside what they truly do.

use crate::life::Life;
use crate::push::PUSHES;
use crate::world::World;

/// Two-sided 99 % of a normal.
const QUANTILE_99: f64 = 2.575_829_3;
/// Price sensitivity above which the loyal push works.
pub const SENSITIVE: f64 = 0.6;

/// One eligible consumer.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// Whether the push reached them.
    pub treated: bool,
    /// Whether they ordered in the 14 days.
    pub ordered: bool,
    /// Their own true effect: y1 − y0.
    pub effect: f64,
    /// The chance that it adds, p1 − p0.
    pub uplift: f64,
    /// Whether they order without it, and the chance of that.
    pub y0: bool,
    /// See [`Subject::y0`].
    pub p0: f64,
    /// Price sensitivity.
    pub price_sensitivity: f64,
}

/// Everybody eligible, by push.
pub fn subjects(world: &World) -> [Vec<Subject>; PUSHES.len()] {
    let blocks = world.walk(Default::default, |all: &mut [Vec<Subject>; PUSHES.len()], life| add(all, life));
    let mut all: [Vec<Subject>; PUSHES.len()] = Default::default();
    for block in blocks {
        for (all, some) in all.iter_mut().zip(block) {
            all.extend(some);
        }
    }
    all
}

fn add(all: &mut [Vec<Subject>; PUSHES.len()], life: &Life) {
    for outcome in &life.pushes {
        all[usize::from(outcome.push)].push(Subject {
            treated: outcome.treated,
            ordered: if outcome.treated { outcome.y1 } else { outcome.y0 },
            effect: f64::from(u8::from(outcome.y1)) - f64::from(u8::from(outcome.y0)),
            uplift: outcome.p1 - outcome.p0,
            y0: outcome.y0,
            p0: outcome.p0,
            price_sensitivity: life.traits.price_sensitivity,
        });
    }
}

/// Treated against held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lift {
    /// Share of the held out who ordered.
    pub base: f64,
    /// Difference of shares.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// Mean true effect on the eligible.
    pub truth: f64,
}

impl Lift {
    /// Of some subjects.
    pub fn of<'a>(subjects: impl Iterator<Item = &'a Subject>) -> Lift {
        let mut count = [0.0; 2];
        let mut ordered = [0.0; 2];
        let mut effects = 0.0;
        for subject in subjects {
            let arm = usize::from(subject.treated);
            count[arm] += 1.0;
            ordered[arm] += f64::from(u8::from(subject.ordered));
            effects += subject.effect;
        }
        let share = [ordered[0] / count[0], ordered[1] / count[1]];
        let variance = [0, 1].map(|arm| share[arm] * (1.0 - share[arm]) / count[arm]);
        Lift {
            base: share[0],
            estimate: share[1] - share[0],
            error: libm::sqrt(variance[0] + variance[1]),
            truth: effects / (count[0] + count[1]),
        }
    }

    /// Estimate in standard errors.
    pub fn z(&self) -> f64 {
        self.estimate / self.error
    }

    /// Whether the 99 % interval holds the truth.
    pub fn covers(&self) -> bool {
        (self.estimate - self.truth).abs() <= QUANTILE_99 * self.error
    }
}

/// The Qini coefficient of treating those with the highest score first: area between the curve of added orders and the
/// straight line to its end, per consumer (Radcliffe 2007). Above 0: the score is better than chance.
pub fn qini(subjects: &[Subject], score: impl Fn(&Subject) -> f64) -> f64 {
    let mut order: Vec<&Subject> = subjects.iter().collect();
    order.sort_by(|a, b| score(b).total_cmp(&score(a)));
    let mut count = [0.0; 2];
    let mut ordered = [0.0; 2];
    let mut area = 0.0;
    let mut added = 0.0;
    for subject in order {
        let arm = usize::from(subject.treated);
        count[arm] += 1.0;
        ordered[arm] += f64::from(u8::from(subject.ordered));
        added = if count[0] > 0.0 { ordered[1] - ordered[0] * count[1] / count[0] } else { 0.0 };
        area += added;
    }
    let n = subjects.len() as f64;
    (area / n - added / 2.0) / n
}
