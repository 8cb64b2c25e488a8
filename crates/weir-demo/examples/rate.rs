//! How fast lives are generated, alone and with files:
//! `cargo run -p weir-demo --example rate -- [consumers] [days] [threads] [folder]`.

#![allow(clippy::print_stdout, reason = "printing what it measures is what it is for")]

use std::path::Path;
use std::time::Instant;

use weir_demo::{Params, World, export};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, or: u64| words.get(at).map_or(Ok(or), |text| text.parse());
    let params = Params { consumers: number(0, 100_000)?, days: number(1, 180)? as u32, ..Params::default() };
    let threads = number(2, 1)? as usize;
    let world = World::new(params)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;

    let started = Instant::now();
    let events: u64 =
        pool.install(|| world.walk(|| 0, |sum, life| *sum += life.events.len() as u64)).iter().sum();
    report("generated", events, threads, started);
    if let Some(folder) = words.get(3) {
        let started = Instant::now();
        let exported = export(&world, Path::new(folder), threads, &|_| {})?;
        report("written", exported.event_rows + exported.history_rows, threads, started);
    }
    Ok(())
}

fn report(what: &str, events: u64, threads: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let rate = events as f64 / seconds / 1e6;
    println!("{what}: {events} events in {seconds:.2} s, {rate:.2} M/s on {threads} thread(s)");
}
