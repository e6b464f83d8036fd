//! `calibration`: whether the probabilities of the judgement hold what they say, over simulated visits to
//! the stores of real extracts.

mod stores;
mod visit;

use std::path::{Path, PathBuf};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tillsight::entry::Engine;

use crate::{cast, lines};
use stores::World;

/// Visits simulated stores and compares what the judgement said of its likeliest store with what was
/// true.
#[derive(clap::Args)]
pub struct Args {
    /// Print one line of JSON: `visits`, `ece`, and `bins`, each with what was said, what was right and
    /// how many visits.
    #[arg(long)]
    json: bool,
    /// OpenStreetMap extracts to visit [default: Rome, round Termini].
    #[arg(long, value_name = "FILE.osm.pbf")]
    world: Vec<PathBuf>,
    /// How many visits in each extract.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    visits: u32,
    /// Which visits.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seconds after the screen was opened the judgement is taken.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=60))]
    at: u32,
}

/// Ten bins of equal width.
const BINS: usize = 10;

/// What was said and what was true, by what was said.
#[derive(Clone, Copy, Default)]
struct Bin {
    said: f64,
    right: u32,
    count: u32,
}

impl Bin {
    fn share(&self, sum: f64) -> f64 {
        sum / f64::from(self.count.max(1))
    }

    /// How far what was said is from what was right.
    fn off(&self) -> f64 {
        (self.share(self.said) - self.share(f64::from(self.right))).abs()
    }
}

/// Simulates and prints.
///
/// # Errors
/// When an extract cannot be read, or holds no store.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    let worlds: Vec<Option<&Path>> = match args.world.as_slice() {
        [] => vec![None],
        files => files.iter().map(|file| Some(file.as_path())).collect(),
    };
    let mut bins = [Bin::default(); BINS];
    for world in worlds {
        let world = World::of(cast::stores_of(world).await?)?;
        visit_all(&world, args, &mut bins);
    }
    print(&bins, args.json)?;
    Ok(())
}

fn visit_all(world: &World, args: &Args, bins: &mut [Bin; BINS]) {
    let mut random = ChaCha8Rng::seed_from_u64(args.seed);
    for _ in 0..args.visits {
        let visited = random.random_range(0..world.len());
        let mut engine = Engine::new();
        for (now, signal) in visit::signals(world, visited, args.at, &mut random) {
            engine.sense(now, &signal, world);
        }
        let judgement = engine.judgement();
        let first = judgement.candidates.first();
        let said = judgement.shares().first().copied().unwrap_or(0.0);
        let bin = ((said * BINS as f64) as usize).min(BINS - 1);
        if let Some(bin) = bins.get_mut(bin) {
            bin.said += said;
            bin.right += u32::from(first.is_some_and(|first| first.key == world.key(visited)));
            bin.count += 1;
        }
    }
}

fn print(bins: &[Bin], as_json: bool) -> std::io::Result<()> {
    let visits: u32 = bins.iter().map(|bin| bin.count).sum();
    let off: f64 = bins.iter().map(|bin| f64::from(bin.count) * bin.off()).sum();
    let error = off / f64::from(visits.max(1));
    let thousandths = |share: f64| (share * 1_000.0).round() / 1_000.0;
    let filled = bins.iter().filter(|bin| bin.count > 0);
    let rows = filled.map(|bin| {
        let right = bin.share(f64::from(bin.right));
        (thousandths(bin.share(bin.said)), thousandths(right), bin.count)
    });
    if as_json {
        let bins: Vec<_> = rows.collect();
        return lines::say(json!({"visits": visits, "ece": thousandths(error), "bins": bins}));
    }
    lines::say(format_args!(
        "{visits} visits; what was said of the likeliest store, and how often it was right:"
    ))?;
    for (said, right, count) in rows {
        lines::say(format_args!("  {said:.3}  {right:.3}  {count:>6}"))?;
    }
    lines::say(format_args!("calibration error {error:.3}"))
}
