//! A portrait: how the people of a subject differ from those of a base, row by row of some cuts.
//!
//! TGI (target group index) = share of the row in the subject ÷ share of it in the base × 100. This module has the numbers
//! as pure functions of counts; who is in a row is [`crate::cut`]. What is estimated, and by which method:
//!
//! - The subject may be a part of the base, lie across it, or beside it. Counts are split into three groups of different
//!   people: only in the subject, in both, only in the base.
//! - **Interval**, 95 %: the log method for a ratio of proportions, D. Katz, J. Baptista, S. P. Azen, M. C. Pike, "Obtaining
//!   confidence intervals for the risk ratio in cohort studies", Biometrics 34 (1978) 469–474. The delta method it
//!   rests on is applied to the three groups, so that people who are in both do not count as two samples. Where the
//!   subject lies beside the base that is Katz's formula itself.
//! - **p**: subject against the base without the subject. Pearson's χ² with one degree of freedom; where an expected
//!   count is below five (W. G. Cochran, Biometrics 10 (1954) 417–451), Fisher's exact test, two-sided.
//! - **q**: Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57 (1995) 289–300.

use libm::{erfc, exp, lgamma, log, sqrt};

/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// Expected counts below this call for the exact test.
const FEW: f64 = 5.0;

/// Largest rate of false discoveries of what is called notable.
pub const NOTABLE: f64 = 0.05;

/// How many people: of the subject, of the base, and of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    /// In the subject.
    pub subject: u64,
    /// In the base.
    pub base: u64,
    /// In both.
    pub both: u64,
}

/// Why a number is missing, or to be taken with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// Nobody of the base is in the row: there is no share to compare with.
    NotInBase,
    /// Nobody of the subject is: the interval has half a person added to every count.
    NotInSubject,
    /// An expected count is below five: the interval is rough, the test is exact.
    Few,
    /// All of the base is in the subject: there is nobody to test against.
    NoRest,
}

impl Caution {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Caution::NotInBase => "not_in_base",
            Caution::NotInSubject => "not_in_subject",
            Caution::Few => "few",
            Caution::NoRest => "no_rest",
        }
    }
}

/// What the counts of a row say.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Comparison {
    /// Share of the row in the subject; none of nobody.
    pub share: Option<f64>,
    /// Share of the row in the base.
    pub base_share: Option<f64>,
    /// Ratio of the two, in hundredths.
    pub tgi: Option<f64>,
    /// Within which it lies, as far as can be told.
    pub interval: Option<(f64, f64)>,
    /// How likely so great a difference were if there was none.
    pub p: Option<f64>,
    /// What to beware of.
    pub caution: Option<Caution>,
}

impl Comparison {
    /// What the people of a row say about the subject, of which and of the base `of` is the size.
    pub fn new(row: Sizes, of: Sizes) -> Comparison {
        let share = ratio(row.subject, of.subject);
        let base_share = ratio(row.base, of.base);
        let (tgi, interval) = match (share, base_share) {
            (Some(share), Some(base)) if base > 0.0 => (Some(share / base * 100.0), interval(row, of)),
            _ => (None, None),
        };
        let (x, y) = (row.subject, row.base - row.both);
        let p = test((x, of.subject), (y, of.base - of.both));
        Comparison { share, base_share, tgi, interval, p, caution: caution(row, of) }
    }

    /// Whether the interval leaves 100 outside and the rate of false discoveries, `q`, is small.
    pub fn is_notable(&self, q: Option<f64>) -> bool {
        let apart = self.interval.is_some_and(|(low, high)| low > 100.0 || high < 100.0);
        apart && q.is_some_and(|q| q <= NOTABLE)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn caution(row: Sizes, of: Sizes) -> Option<Caution> {
    let rest = of.base - of.both;
    if row.base == 0 {
        return Some(Caution::NotInBase);
    }
    if rest == 0 {
        return Some(Caution::NoRest);
    }
    if row.subject == 0 {
        return Some(Caution::NotInSubject);
    }
    let least = least_expected((row.subject, of.subject), (row.base - row.both, rest));
    // Where everybody is in the row there is nothing to expect otherwise.
    (least > 0.0 && least < FEW).then_some(Caution::Few)
}

/// The interval of a TGI whose base share is not zero.
fn interval(row: Sizes, of: Sizes) -> Option<(f64, f64)> {
    if of.subject == 0 {
        return None;
    }
    if row.subject == 0 {
        return Some((0.0, highest_of_none(row, of)));
    }
    let (in_subject, in_base) = (1.0 / row.subject as f64, 1.0 / row.base as f64);
    let groups = [
        (row.subject - row.both, of.subject - of.both, in_subject),
        (row.both, of.both, in_subject - in_base),
        (row.base - row.both, of.base - of.both, in_base),
    ];
    let variance: f64 = groups.into_iter().map(|(x, n, weight)| spread(x, n) * weight * weight).sum();
    let tgi = ratio(row.subject, of.subject)? / ratio(row.base, of.base)? * 100.0;
    let factor = exp(Z * sqrt(variance));
    Some((tgi / factor, tgi * factor))
}

/// The variance of a binomial count. None or all would have none, which no sample can know: they count as half a
/// person away from it.
fn spread(x: u64, n: u64) -> f64 {
    let (x, n) = (x as f64, n as f64);
    let share = if x == 0.0 || x == n { (x + 0.5) / (n + 1.0) } else { x / n };
    n * share * (1.0 - share)
}

/// Upper bound where nobody of the subject is in the row: S. D. Walter, "The distribution of Levin's measure of
/// attributable risk", Biometrika 62 (1975) 371–374, adds a half to every count.
fn highest_of_none(row: Sizes, of: Sizes) -> f64 {
    let (n, x, m) = (of.subject as f64 + 0.5, row.base as f64 + 0.5, of.base as f64 + 0.5);
    let variance = 1.0 / 0.5 - 1.0 / n + 1.0 / x - 1.0 / m;
    exp(log((0.5 / n) / (x / m)) + Z * sqrt(variance)) * 100.0
}

/// How likely shares as different as these are, or more so, in two samples of the same.
fn test((x, n): (u64, u64), (y, m): (u64, u64)) -> Option<f64> {
    if n == 0 || m == 0 || x + y == 0 {
        return None;
    }
    if x + y == n + m {
        return Some(1.0);
    }
    if least_expected((x, n), (y, m)) < FEW {
        return Some(fisher((x, n), (y, m)));
    }
    let (x, n, y, m) = (x as f64, n as f64, y as f64, m as f64);
    let share = (x + y) / (n + m);
    let deviation = sqrt(share * (1.0 - share) * (1.0 / n + 1.0 / m));
    Some(erfc((x / n - y / m).abs() / deviation / std::f64::consts::SQRT_2))
}

fn least_expected((x, n): (u64, u64), (y, m): (u64, u64)) -> f64 {
    let row = (x + y).min(n + m - x - y) as f64;
    row * n.min(m) as f64 / (n + m) as f64
}

/// The probability of all tables with the same margins that are as unlikely as this one, or more so.
fn fisher((x, n): (u64, u64), (y, m): (u64, u64)) -> f64 {
    let drawn = x + y;
    let likelihood = |k: u64| log_choose(n, k) + log_choose(m, drawn - k) - log_choose(n + m, drawn);
    // Equal probabilities may differ in the last digits.
    let bound = likelihood(x) + 1e-7;
    let tables = drawn.saturating_sub(m)..=drawn.min(n);
    let sum: f64 = tables.map(likelihood).filter(|log| *log <= bound).map(exp).sum();
    sum.min(1.0)
}

fn log_choose(n: u64, k: u64) -> f64 {
    let log_factorial = |n: u64| lgamma(n as f64 + 1.0);
    log_factorial(n) - log_factorial(k) - log_factorial(n - k)
}

/// For each p the least rate of false discoveries at which it is still one: p·m ÷ rank, made to rise with p. Rows that
/// were not tested have none and count for nothing.
pub fn false_discovery(tests: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> =
        tests.iter().enumerate().filter_map(|(i, p)| p.map(|p| (i, p))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let count = order.len() as f64;
    let (mut rates, mut least) = (vec![None; tests.len()], 1.0_f64);
    for (rank, (i, p)) in order.iter().enumerate().rev() {
        least = least.min(p * count / (rank + 1) as f64);
        rates[*i] = Some(least);
    }
    rates
}

#[cfg(test)]
mod tests;
