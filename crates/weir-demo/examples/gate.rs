//! The whole table at full size: `cargo run -p weir-demo --example gate [consumers]`. Exit status 1 if a figure is off.

#![allow(clippy::print_stdout, reason = "printing the table is what it is for")]

use std::process::ExitCode;

use weir_demo::aggregate::Aggregate;
use weir_demo::aggregate::clv;
use weir_demo::aggregate::lift::{self, Lift, Subject};
use weir_demo::aggregate::table::{self, Figure};
use weir_demo::push::PUSHES;
use weir_demo::{Params, World};

/// The world that the table is about.
fn plain(consumers: u64, calm: bool) -> Params {
    Params { consumers, calm, pushes: false, targeting: false, defects: false, ..Params::default() }
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let consumers = std::env::args().nth(1).map_or(Ok(200_000), |text| text.parse())?;
    let usual = Aggregate::of(&World::new(plain(consumers, false))?);
    let calm = Aggregate::of(&World::new(plain(consumers, true))?);
    println!("{:<62} {:>9} {:>9} {:>9} {:>9}", "figure", "measured", "± s.e.", "expected", "tolerance");
    let off = print("", &usual, &table::usual()) + print("calm: ", &calm, &table::calm());
    let off = off + lifts(consumers)? + fits(consumers)?;
    println!("{off} figures off");
    Ok(if off == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what the pushes measure and truly do; returns how many measurements miss the truth.
fn lifts(consumers: u64) -> Result<usize, Box<dyn std::error::Error>> {
    let all = lift::subjects(&World::new(Params { consumers, ..Params::default() })?);
    println!(
        "\n{:<30} {:>8} {:>8} {:>8} {:>8} {:>7} {:>9}",
        "push", "share", "base %", "lift pp", "truth pp", "z", "qini"
    );
    let mut off = 0;
    for (push, subjects) in PUSHES.iter().zip(&all) {
        let qini = lift::qini(subjects, |subject| subject.uplift);
        off += print_lift(push.name, subjects, consumers, qini);
        for (name, sensitive) in [("  price sensitivity > .6", true), ("  price sensitivity ≤ .6", false)] {
            let band = |s: &&Subject| (s.price_sensitivity > lift::SENSITIVE) == sensitive;
            let band: Vec<Subject> = subjects.iter().filter(band).copied().collect();
            off += print_lift(name, &band, consumers, lift::qini(&band, |subject| subject.uplift));
        }
    }
    Ok(off + demands(&all))
}

/// What the pushes have to show at full size; returns how many they do not.
fn demands(all: &[Vec<Subject>; PUSHES.len()]) -> usize {
    let [newsletter, winback, loyal, promo, coupon] = all;
    let z = |subjects: &[Subject]| Lift::of(subjects.iter()).z();
    let estimate = |sensitive: bool| {
        Lift::of(loyal.iter().filter(|s| (s.price_sensitivity > lift::SENSITIVE) == sensitive)).estimate
    };
    let qini = |subjects: &[Subject]| lift::qini(subjects, |subject| subject.uplift);
    let demands = [
        ("newsletter |z| < 3", z(newsletter).abs() < 3.0),
        ("winback_sms z > 4", z(winback) > 4.0),
        ("promo_audience z > 4", z(promo) > 4.0),
        (
            "loyal_app_push opposite in sign by price sensitivity",
            estimate(true) > 0.0 && estimate(false) < 0.0,
        ),
        ("Qini > 0 where there is an effect", [winback, loyal, promo, coupon].iter().all(|s| qini(s) > 0.0)),
    ];
    for (name, holds) in demands {
        println!("{name:<60} {}", if holds { "holds" } else { "OFF" });
    }
    demands.iter().filter(|(_, holds)| !holds).count()
}

fn print_lift(name: &str, subjects: &[Subject], consumers: u64, qini: f64) -> usize {
    let lift = Lift::of(subjects.iter());
    let share = subjects.len() as f64 / consumers as f64;
    let [base, estimate, truth] = [lift.base, lift.estimate, lift.truth].map(|share| 100.0 * share);
    let mark = if lift.covers() { "" } else { "  OFF" };
    println!(
        "{name:<30} {share:>8.3} {base:>8.2} {estimate:>8.2} {truth:>8.2} {:>7.1} {qini:>9.6}{mark}",
        lift.z()
    );
    usize::from(!lift.covers())
}

/// Prints the parameters that fits give back; returns how many are off.
fn fits(consumers: u64) -> Result<usize, Box<dyn std::error::Error>> {
    let world = World::new(plain(consumers, false))?;
    println!("\n{:<44} {:>9} {:>9} {:>9}", "parameter", "fitted", "expected", "within %");
    let mut off = 0;
    let mut print = |name: String, fitted: f64, expected: f64, percent: f64| {
        let holds = (fitted / expected - 1.0).abs() <= percent / 100.0;
        off += usize::from(!holds);
        println!("{name:<44} {fitted:>9.3} {expected:>9.3} {percent:>9}{}", if holds { "" } else { "  OFF" });
    };
    let baseline = clv::buyers(&world, clv::View::Baseline);
    let names = ["r", "alpha", "a", "b"];
    for (at, (fitted, expected)) in
        clv::bg_nbd(&baseline).into_iter().zip([0.50, 20.0, 0.90, 2.10]).enumerate()
    {
        print(
            format!("BG/NBD {}, baseline, operational weeks", names[at]),
            fitted,
            expected,
            [6.0, 7.0, 12.0, 12.0][at],
        );
    }
    let all = clv::buyers(&world, clv::View::Calendar);
    for (at, (fitted, expected)) in clv::bg_nbd(&all).into_iter().zip([0.536, 21.9, 0.84, 2.1]).enumerate() {
        print(format!("BG/NBD {}, all orders, calendar weeks", names[at]), fitted, expected, 15.0);
    }
    let [p, q, gamma] = clv::gamma_gamma(&all);
    print("Gamma-Gamma p γ / (q − 1), CNY".to_owned(), p * gamma / (q - 1.0), 180.2, 2.2);
    print("Gamma-Gamma q".to_owned(), q, 3.74, 12.0);
    Ok(off)
}

/// Prints figures; returns how many are off.
fn print(prefix: &str, aggregate: &Aggregate, figures: &[Figure]) -> usize {
    let mut off = 0;
    for figure in figures {
        let found = aggregate.estimate(&figure.of);
        let holds = (found.value - figure.expected).abs() <= figure.tolerance;
        off += usize::from(!holds);
        let name = format!("{prefix}{}", figure.name);
        let mark = if holds { "" } else { "  OFF" };
        let (value, error) = (found.value, found.error);
        println!(
            "{name:<62} {value:>9.3} {error:>9.3} {:>9.3} {:>9.3}{mark}",
            figure.expected, figure.tolerance
        );
    }
    off
}
