//! Throws hostile planes at the camera decoder and says how long the slowest took, in processor
//! time of the decoding thread. `camera_hammer COUNT [--side PIXELS|--mixed] [--seed N] [--posters]`
//!
//! Ends with an error when a plane takes more than 250 ms, panics, or yields a code where none was
//! drawn.

use std::{panic::catch_unwind, time::Duration};

use anyhow::ensure;
use clap::Parser;
use rustix::time::{ClockId, clock_gettime};
use tillsight::sensed::camera::Decoder;

#[path = "../../../tests/hostile/mod.rs"]
mod hostile;

use hostile::Hostile;

/// Longest that any plane may take.
const LONGEST: Duration = Duration::from_millis(250);

#[derive(Parser)]
struct Options {
    /// Planes to throw.
    count: u64,
    /// Longest side of a plane, pixels.
    #[arg(long, default_value_t = 1280)]
    side: u32,
    /// Sides of 256 to 4096 pixels, the more of them the smaller.
    #[arg(long)]
    mixed: bool,
    /// Which planes: the same seed throws the same ones.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Posters of finder patterns instead.
    #[arg(long)]
    posters: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let (mut slowest, mut panics, mut invented, mut codes) = (Vec::new(), 0, 0, 0);
    for number in 0..options.count {
        let hostile = match options.posters {
            true => poster(number),
            false if options.mixed => Hostile::draw(options.seed, number, side_of(number)),
            false => Hostile::draw(options.seed, number, options.side),
        };
        let before = processor_time();
        let read = catch_unwind(|| {
            let Ok(plane) = hostile.plane() else { return 0 };
            match number % 2 {
                0 => Decoder::read_still(&plane, Decoder::STILL_BUDGET).codes.len(),
                _ => Decoder::new().read(&plane).codes.len(),
            }
        });
        let took = processor_time().saturating_sub(before);
        match read {
            Ok(read) => {
                codes += read;
                invented += usize::from(read > 0 && !hostile.holds_codes());
            }
            Err(_) => panics += 1,
        }
        slowest.push((took, number, hostile.kind, hostile.width, hostile.height));
        slowest.sort_by(|one, other| other.cmp(one));
        slowest.truncate(5);
        // Told on the way, so that a run that is ended early has said something.
        if number % 1_000 == 999 || number + 1 == options.count {
            let (so_far, longest) =
                (number + 1, slowest.first().map_or(Duration::ZERO, |row| row.0));
            println!(
                "{so_far} planes, {codes} codes, {invented} invented, {panics} panics, {longest:?}"
            );
        }
    }
    for (took, number, kind, width, height) in &slowest {
        println!(
            "{:>7.1} ms  plane {number}, {kind}, {width} x {height}",
            took.as_secs_f64() * 1e3
        );
    }
    ensure!(panics == 0 && invented == 0, "a plane panicked, or a code was invented");
    let longest = slowest.first().map_or(Duration::ZERO, |row| row.0);
    ensure!(longest <= LONGEST, "a plane took {longest:?}, more than {LONGEST:?}");
    Ok(())
}

/// Of 200 planes 3 of up to 4096 pixels a side, 5 of 2048, 32 of 1024, 60 of 512, 100 of 256.
fn side_of(number: u64) -> u32 {
    match number % 200 {
        0..=2 => 4096,
        3..=7 => 2048,
        8..=39 => 1024,
        40..=99 => 512,
        _ => 256,
    }
}

fn poster(number: u64) -> Hostile {
    let grow = u32::try_from(number % 20).unwrap_or(0);
    Hostile::poster(640 + 64 * grow, 480 + 48 * grow, 100 * (grow + 1), 2 + grow % 4)
}

fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}
