//! Who a consumer is before anything happens: persona, tastes, and the latent rates behind their behavior.

use crate::draw::{Draw, stream};
use crate::merchant::{BRANDS, LEAVES};

/// Values of the tag `gender`.
pub const GENDERS: [&str; 2] = ["female", "male"];
/// Values of the tag `age_band`.
pub const AGE_BANDS: [&str; 6] = ["18-24", "25-29", "30-34", "35-39", "40-49", "50+"];
/// Values of the tag `city_tier`.
pub const CITY_TIERS: [&str; 5] = ["tier_1", "new_tier_1", "tier_2", "tier_3", "tier_4_5"];

/// A kind of person.
struct Persona {
    share: f64,
    female: f64,
    ages: [f64; 6],
    cities: [f64; 5],
    /// Taste for each leaf category, summing to 1.
    tastes: [f64; 12],
}

/// How closely a consumer follows their persona's tastes.
const CONCENTRATION: f64 = 7.2;

/// Assumed: young beauty buyers, mothers at home, tea drinkers, hikers, campers with families, gift givers.
const PERSONAS: [Persona; 6] = [
    Persona {
        share: 0.24,
        female: 0.88,
        ages: [0.42, 0.30, 0.16, 0.07, 0.04, 0.01],
        cities: [0.22, 0.25, 0.22, 0.18, 0.13],
        tastes: [0.20, 0.24, 0.20, 0.14, 0.02, 0.04, 0.03, 0.08, 0.01, 0.02, 0.01, 0.01],
    },
    Persona {
        share: 0.21,
        female: 0.72,
        ages: [0.05, 0.18, 0.32, 0.25, 0.15, 0.05],
        cities: [0.15, 0.22, 0.24, 0.22, 0.17],
        tastes: [0.09, 0.10, 0.06, 0.07, 0.06, 0.20, 0.20, 0.10, 0.03, 0.03, 0.02, 0.04],
    },
    Persona {
        share: 0.14,
        female: 0.40,
        ages: [0.02, 0.06, 0.12, 0.20, 0.33, 0.27],
        cities: [0.18, 0.22, 0.22, 0.21, 0.17],
        tastes: [0.03, 0.03, 0.02, 0.03, 0.40, 0.18, 0.09, 0.12, 0.03, 0.03, 0.02, 0.02],
    },
    Persona {
        share: 0.17,
        female: 0.35,
        ages: [0.20, 0.28, 0.24, 0.15, 0.10, 0.03],
        cities: [0.28, 0.28, 0.20, 0.14, 0.10],
        tastes: [0.03, 0.02, 0.01, 0.10, 0.02, 0.02, 0.02, 0.02, 0.26, 0.24, 0.16, 0.10],
    },
    Persona {
        share: 0.13,
        female: 0.48,
        ages: [0.06, 0.18, 0.30, 0.26, 0.16, 0.04],
        cities: [0.24, 0.28, 0.22, 0.16, 0.10],
        tastes: [0.03, 0.03, 0.02, 0.10, 0.05, 0.08, 0.04, 0.03, 0.11, 0.11, 0.12, 0.28],
    },
    Persona {
        share: 0.11,
        female: 0.55,
        ages: [0.12, 0.22, 0.22, 0.18, 0.17, 0.09],
        cities: [0.20, 0.24, 0.22, 0.19, 0.15],
        tastes: [0.06, 0.14, 0.06, 0.03, 0.18, 0.14, 0.05, 0.22, 0.04, 0.03, 0.03, 0.02],
    },
];

/// Shape and rate of purchases a week: λ ~ Gamma.
pub const LAMBDA: (f64, f64) = (0.50, 20.0);
/// Dropout after a repeat purchase: p ~ Beta.
pub const DROPOUT: (f64, f64) = (0.90, 2.10);
/// Shape and rate of the spend rate: ν ~ Gamma.
pub const SPEND: (f64, f64) = (3.74, 79.0);
/// Shape of an order's total, whose rate is ν.
pub const SPEND_SHAPE: f64 = 6.25;

const ACTIVITY_SHAPE: f64 = 0.9;
const RECEPTIVITY_SHAPE: f64 = 2.0;

/// The traits of a consumer.
#[derive(Debug, Clone, Default)]
pub struct Traits {
    /// 0..6.
    pub persona: u8,
    /// Index into [`GENDERS`].
    pub gender: u8,
    /// Index into [`AGE_BANDS`].
    pub age_band: u8,
    /// Index into [`CITY_TIERS`].
    pub city_tier: u8,
    /// Index of the preferred brand.
    pub brand: u8,
    /// Taste for each leaf category, summing to 1.
    pub tastes: [f64; LEAVES.len()],
    /// Activity g, mean 1: how often they visit and are reached.
    pub activity: f64,
    /// Price sensitivity, 0..1.
    pub price_sensitivity: f64,
    /// Receptivity ρ to channels, mean 1.
    pub receptivity: f64,
    /// λ: repeat purchases per operational week, while alive.
    pub lambda: f64,
    /// p: chance of never buying again after a repeat purchase.
    pub dropout: f64,
    /// ν: order totals are Gamma(6.25, rate ν), in CNY.
    pub spend_rate: f64,
    /// Consent to e-mail, SMS and app push.
    pub consent: [bool; 3],
}

/// Shares that consent to e-mail, SMS and app push.
const CONSENT: [f64; 3] = [0.24, 0.20, 0.15];

impl Traits {
    /// The traits of consumer `k`.
    pub fn draw(seed: u64, k: u64) -> Traits {
        let draw = &mut Draw::new(seed, k, stream::TRAITS);
        let persona = draw.weighted(&PERSONAS.each_ref().map(|persona| persona.share));
        let of = &PERSONAS[persona];
        Traits {
            persona: persona as u8,
            gender: u8::from(!draw.chance(of.female)),
            age_band: draw.weighted(&of.ages) as u8,
            city_tier: draw.weighted(&of.cities) as u8,
            brand: draw.weighted(&BRANDS.map(|(_, _, _, share)| share)) as u8,
            tastes: tastes(&of.tastes, draw),
            activity: draw.gamma(ACTIVITY_SHAPE) / ACTIVITY_SHAPE,
            price_sensitivity: draw.beta(2.0, 2.0),
            receptivity: draw.gamma(RECEPTIVITY_SHAPE) / RECEPTIVITY_SHAPE,
            lambda: draw.gamma(LAMBDA.0) / LAMBDA.1,
            dropout: draw.beta(DROPOUT.0, DROPOUT.1),
            spend_rate: draw.gamma(SPEND.0) / SPEND.1,
            consent: CONSENT.map(|share| draw.chance(share)),
        }
    }
}

/// Dirichlet around a persona's tastes.
fn tastes(of: &[f64; LEAVES.len()], draw: &mut Draw) -> [f64; LEAVES.len()] {
    let mut tastes = of.map(|taste| draw.gamma(CONCENTRATION * taste));
    let total: f64 = tastes.iter().sum();
    for taste in &mut tastes {
        *taste /= total;
    }
    tastes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_distribution_of_a_persona_sums_to_one() {
        let check =
            |weights: &[f64]| assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{weights:?}");
        check(&PERSONAS.each_ref().map(|persona| persona.share));
        for persona in &PERSONAS {
            check(&persona.ages);
            check(&persona.cities);
            check(&persona.tastes);
        }
    }

    #[test]
    fn latent_rates_have_their_means() {
        let all: Vec<Traits> = (0..20_000).map(|k| Traits::draw(1, k)).collect();
        let check = |name: &str, expected: f64, deviation: f64, of: &dyn Fn(&Traits) -> f64| {
            let mean = all.iter().map(of).sum::<f64>() / all.len() as f64;
            let error = 5.0 * deviation / (all.len() as f64).sqrt();
            assert!((mean - expected).abs() < error, "{name}: {mean}, not {expected} ± {error}");
        };
        check("g", 1.0, 1.06, &|t| t.activity);
        check("rho", 1.0, 0.71, &|t| t.receptivity);
        check("ps", 0.5, 0.224, &|t| t.price_sensitivity);
        check("lambda", 0.025, 0.0354, &|t| t.lambda);
        check("p", 0.3, 0.23, &|t| t.dropout);
        check("nu", 0.04734, 0.0245, &|t| t.spend_rate);
        check("e-mail", 0.24, 0.43, &|t| f64::from(u8::from(t.consent[0])));
        check("tastes", 1.0, 1e-9, &|t| t.tastes.iter().sum());
    }
}
