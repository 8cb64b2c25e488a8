//! Distributions over one stream of one consumer.
//!
//! `exp`, `ln`, `pow` come from pure-Rust `libm` and everything else is IEEE arithmetic, so every machine draws the same.

use crate::philox::philox4x32;

/// What a stream is for. A stream of its own keeps one part of a life from moving another.
pub mod stream {
    #![allow(missing_docs, reason = "the names say it")]
    pub const TRAITS: u32 = 0;
    pub const ARRIVAL: u32 = 1;
    pub const IDENTITY: u32 = 2;
    pub const CHAIN: u32 = 3;
    pub const HAZARD: u32 = 4;
    pub const REGIME: u32 = 5;
    pub const TRIPS: u32 = 6;
    pub const CONTENT: u32 = 7;
    pub const MESSAGES: u32 = 8;
    pub const PUSHES: u32 = 9;
    pub const AFTER: u32 = 10;
    pub const DEFECTS: u32 = 11;
    pub const NAMES: u32 = 12;
    pub const CATALOG: u32 = 13;
    /// One a channel from here.
    pub const EXPOSURE: u32 = 32;
    /// One a channel from here.
    pub const CAUSED: u32 = 64;

    /// The part of a stream that belongs to one trip, order or the like; `tag` has 24 bits.
    pub fn part(stream: u32, tag: u32) -> u32 {
        debug_assert!(stream < 256 && tag < 1 << 24, "stream {stream}, tag {tag}");
        stream | tag << 8
    }
}

/// A stream being drawn from.
#[derive(Debug, Clone)]
pub struct Draw {
    key: [u32; 2],
    stream: u32,
    consumer: [u32; 2],
    block: u32,
    words: [u32; 4],
    used: usize,
}

/// A 64-bit number in two words, low first.
fn halves(n: u64) -> [u32; 2] {
    [n as u32, (n >> 32) as u32]
}

/// 128 bits that name the `n`th thing of a stream of a consumer.
pub fn name(seed: u64, consumer: u64, stream: u32, n: u32) -> [u64; 2] {
    let [low, high] = halves(consumer);
    let [a, b, c, d] = philox4x32([n, stream, low, high], halves(seed));
    [u64::from(a) << 32 | u64::from(b), u64::from(c) << 32 | u64::from(d)]
}

impl Draw {
    /// The beginning of a stream.
    pub fn new(seed: u64, consumer: u64, stream: u32) -> Draw {
        Draw { key: halves(seed), stream, consumer: halves(consumer), block: 0, words: [0; 4], used: 4 }
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        if self.used == 4 {
            let [low, high] = self.consumer;
            self.words = philox4x32([self.block, self.stream, low, high], self.key);
            self.block += 1;
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// Uniform in the open interval (0, 1), in steps of 2⁻³².
    pub fn unit(&mut self) -> f64 {
        (f64::from(self.bits()) + 0.5) / 4_294_967_296.0
    }

    /// Whether something of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Exponential with mean 1.
    pub fn exp(&mut self) -> f64 {
        -libm::log(self.unit())
    }

    /// Standard normal, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        loop {
            let x = 2.0 * self.unit() - 1.0;
            let y = 2.0 * self.unit() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return x * libm::sqrt(-2.0 * libm::log(square) / square);
            }
        }
    }

    /// Gamma with rate 1. Marsaglia and Tsang, ACM TOMS 26 (2000); shapes below 1 by their power of a uniform.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = libm::pow(self.unit(), 1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let cube = v * v * v;
            if libm::log(self.unit()) < 0.5 * x * x + d - d * cube + d * libm::log(cube) {
                return d * cube;
            }
        }
    }

    /// Beta, from two Gammas.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        x / (x + self.gamma(b))
    }

    /// Poisson, by inversion; for means well below 100.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut left = self.unit();
        let mut probability = libm::exp(-mean);
        let mut n = 0;
        while left > probability && n < 1_000 {
            left -= probability;
            n += 1;
            probability *= mean / f64::from(n);
        }
        n
    }

    /// Geometric on 0, 1, 2 … with this mean.
    pub fn geometric(&mut self, mean: f64) -> u32 {
        (self.exp() / libm::log1p(1.0 / mean)) as u32
    }

    /// Uniform in `0..n`.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.bits()) * u64::from(n)) >> 32) as u32
    }

    /// Index drawn with these weights, which need not sum to 1.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of 100,000 draws, each within five standard errors of what the distribution has.
    #[track_caller]
    fn check(name: &str, mean: f64, variance: f64, mut draw: impl FnMut(&mut Draw) -> f64) {
        let mut stream = Draw::new(7, 1, 200);
        let draws: Vec<f64> = (0..100_000).map(|_| draw(&mut stream)).collect();
        let n = draws.len() as f64;
        let found = draws.iter().sum::<f64>() / n;
        let central = |power: i32| draws.iter().map(|x| (x - found).powi(power)).sum::<f64>() / n;
        let (second, fourth) = (central(2), central(4));
        let error = 5.0 * (variance / n).sqrt();
        assert!((found - mean).abs() < error, "{name}: mean {found}, not {mean} ± {error}");
        let error = 5.0 * ((fourth - second * second) / n).sqrt();
        assert!((second - variance).abs() < error, "{name}: variance {second}, not {variance} ± {error}");
    }

    #[test]
    fn distributions_have_their_moments() {
        check("unit", 0.5, 1.0 / 12.0, Draw::unit);
        check("exp", 1.0, 1.0, Draw::exp);
        check("normal", 0.0, 1.0, Draw::normal);
        check("gamma .5", 0.5, 0.5, |d| d.gamma(0.5));
        check("gamma 3.74", 3.74, 3.74, |d| d.gamma(3.74));
        check("beta .9 2.1", 0.3, 0.0525, |d| d.beta(0.9, 2.1));
        check("poisson .9", 0.9, 0.9, |d| f64::from(d.poisson(0.9)));
        check("poisson 20", 20.0, 20.0, |d| f64::from(d.poisson(20.0)));
        check("geometric .95", 0.95, 0.95 * 1.95, |d| f64::from(d.geometric(0.95)));
        check("below 6", 2.5, 35.0 / 12.0, |d| f64::from(d.below(6)));
        check("weighted", 1.5, 0.65, |d| d.weighted(&[1.0, 4.0, 4.0, 1.0]) as f64);
    }

    #[test]
    fn streams_and_their_parts_differ() {
        let first = |stream| Draw::new(7, 1, stream).bits();
        let all = [first(7), first(stream::part(7, 1)), first(stream::part(7, 2)), first(8)];
        let distinct: std::collections::BTreeSet<u32> = all.into_iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
