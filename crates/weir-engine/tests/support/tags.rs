//! Random rules of computed tags, and random RFM analyses.

use weir_core::amount::Amount;
use weir_core::expr::{Did, Measure};
use weir_core::rfm::{Bounds, Method, Rfm, Segment, Windows};
use weir_core::tag::rule::{Case, Cases, Dimension, Give, Most, TagRule};
use weir_core::time::Window;

use super::expressions::Maker;

impl Maker<'_> {
    pub fn tag_rule(&mut self) -> TagRule {
        match self.rng.below(10) {
            0..=3 => {
                let (_, measure) = *self.rng.pick(&Measure::ALL);
                TagRule::Measure(measure, Box::new(self.some_events()))
            }
            4..=6 => TagRule::Most(Box::new(Most {
                of: self.rng.pick(&Dimension::ALL).1,
                by: *self.rng.pick(&Most::MEASURES),
                events: self.some_events(),
            })),
            7 => TagRule::Cases(self.cases()),
            8 => TagRule::Each(self.cases()),
            _ => self.rfm_rule(),
        }
    }

    fn some_events(&mut self) -> Did {
        if self.rng.chance(30) { Did::default() } else { self.events_only() }
    }

    fn cases(&mut self) -> Cases {
        let case = |maker: &mut Self| Case { when: maker.expr(2), is: maker.rng.word(&["a", "b", "c"]) };
        let count = 1 + self.rng.below(3);
        let cases = (0..count).map(|_| case(self)).collect();
        Cases { cases, otherwise: self.rng.chance(40).then(|| "rest".to_owned()) }
    }

    fn rfm_rule(&mut self) -> TagRule {
        let rfm = self.rfm();
        let gives = if rfm.segments().is_empty() { &Give::ALL[..5] } else { &Give::ALL[..] };
        TagRule::Rfm(Box::new(rfm), self.rng.pick(gives).1)
    }

    pub fn rfm(&mut self) -> Rfm {
        let events = if self.rng.chance(50) { Did::default() } else { self.events_only() };
        let events = Did { within: None, ..events };
        let windows = Windows { r: self.some_window(), f: self.some_window(), m: self.some_window() };
        let rfm = Rfm { events, windows, method: self.method(), named: None };
        let named = self.rng.chance(60).then(|| self.segments(&rfm));
        Rfm { named, ..rfm }
    }

    fn some_window(&mut self) -> Option<Window> {
        let day = self.as_of;
        self.rng.chance(35).then(|| self.window(day))
    }

    fn method(&mut self) -> Method {
        match self.rng.below(4) {
            0 => Method::Mean,
            1 => Method::Fixed(Bounds {
                r: self.ascending(60).into_iter().map(|bound| bound as u32).collect(),
                f: self.ascending(4).into_iter().map(|bound| bound as u32).collect(),
                m: self.ascending(80).into_iter().map(|bound| Amount((bound - 20) * 10_000)).collect(),
            }),
            _ => Method::Quantile(2 + self.rng.below(5) as u32),
        }
    }

    fn ascending(&mut self, most: usize) -> Vec<i64> {
        let mut bounds: Vec<i64> = (0..1 + self.rng.below(4)).map(|_| self.rng.below(most) as i64).collect();
        bounds.sort_unstable();
        bounds.dedup();
        bounds
    }

    fn segments(&mut self, rfm: &Rfm) -> Vec<Segment> {
        let mut segments = Vec::new();
        for _ in 0..1 + self.rng.below(4) {
            let within = rfm.greatest().map(|greatest| {
                let (a, b) = (self.rng.below(greatest as usize), self.rng.below(greatest as usize));
                self.rng.chance(60).then_some((a.min(b) as u32 + 1, a.max(b) as u32 + 1))
            });
            segments.push(Segment { name: self.rng.word(&["x", "y", "z"]), within });
        }
        segments
    }
}
