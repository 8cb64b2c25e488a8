//! How fast lives are generated: `cargo run -p weir-demo --example rate -- [consumers] [days] [threads]`.

#![allow(clippy::print_stdout, reason = "printing what it measures is what it is for")]

use std::time::Instant;

use weir_demo::{Params, World};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<u64> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let number = |at: usize, or: u64| numbers.get(at).copied().unwrap_or(or);
    let params = Params { consumers: number(0, 100_000), days: number(1, 180) as u32, ..Params::default() };
    let threads = number(2, 1) as usize;
    let world = World::new(params)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;

    let started = Instant::now();
    let events: usize = pool.install(|| world.walk(|| 0, |sum, life| *sum += life.events.len())).iter().sum();
    report("generated", events, threads, started);
    Ok(())
}

fn report(what: &str, events: usize, threads: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let rate = events as f64 / seconds / 1e6;
    println!("{what}: {events} events in {seconds:.2} s, {rate:.2} M/s on {threads} thread(s)");
}
