//! Throws changed vectors at one reader and counts: `cargo run --release -p signs --example hammer
//! -- TARGET COUNT [SEED]`, with TARGET one of `sign`, `emvco`, `frame`, `store-code`, `link`.
//!
//! Prints how many inputs were read, how many made the reader panic, and the slowest input, timed
//! again so that a pause of the machine does not count. The same seed throws the same inputs.

#[path = "../tests/hostile/mod.rs"]
mod hostile;

use hostile::TARGETS;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, count, seed @ ..] = arguments.as_slice() else {
        eprintln!("hammer sign|emvco|frame|store-code|link COUNT [SEED]");
        std::process::exit(2);
    };
    let count: u64 = count.parse().expect("COUNT is a number");
    let seed = seed.first().map_or(1, |seed| seed.parse().expect("SEED is a number"));
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    std::panic::set_hook(Box::new(|_| {}));
    let mut inputs = target.inputs(seed);
    let (mut panics, mut slowest, mut slowest_input) = (0u64, Duration::ZERO, Vec::new());
    let start = Instant::now();
    for _ in 0..count {
        let input = inputs.next_input();
        let before = Instant::now();
        let calm = catch_unwind(AssertUnwindSafe(|| (target.read)(input))).is_ok();
        let mut took = before.elapsed();
        if !calm {
            panics += 1;
            println!("panic: {:?}", String::from_utf8_lossy(input));
        } else if took > slowest {
            for _ in 0..5 {
                let before = Instant::now();
                (target.read)(input);
                took = took.min(before.elapsed());
            }
            if took > slowest {
                (slowest, slowest_input) = (took, input.to_vec());
            }
        }
    }
    println!(
        "{name}: {count} inputs (seed {seed}) in {:.1} s, {panics} panics, slowest {slowest:?} ({} bytes)",
        start.elapsed().as_secs_f64(),
        slowest_input.len(),
    );
    if panics > 0 {
        std::process::exit(1);
    }
}
