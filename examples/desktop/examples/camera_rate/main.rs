//! How many photographs of a folder are read, beside the decoders alone: `camera_rate FOLDER`.
//!
//! The folder (or its subfolders) holds pictures, each with its text beside it in a file of the same
//! name ending in `.txt`, and that of a code within the code in one ending in `.inner.txt`. With
//! `--spoilt` every third of them and 20 drawn codes are spoilt in 15 ways first; with `--burst`
//! every fifth becomes ten shaken frames in each way. The same `--seed` spoils them alike. Times are
//! processor time of the decoding thread.

use std::path::PathBuf;

use clap::Parser;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

mod engines;
mod optics;
mod photograph;
mod spoil;

use engines::{ENGINES, Tally};
use photograph::Photograph;
use spoil::{WAYS, Way};

#[derive(Parser)]
struct Options {
    folder: PathBuf,
    /// Spoil the photographs first.
    #[arg(long)]
    spoilt: bool,
    /// Make bursts of ten frames of spoilt photographs.
    #[arg(long)]
    burst: bool,
    /// Which of all possible spoilt photographs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Frames of a burst.
const FRAMES: usize = 10;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let photographs = Photograph::of_folder(&options.folder)?;
    if options.burst {
        let few: Vec<_> = photographs.iter().step_by(5).map(Photograph::small).collect();
        bursts(&few, options.seed);
    } else if options.spoilt {
        let some: Vec<_> = photographs.iter().step_by(3).map(Photograph::small).collect();
        spoilt("photographs", &some, options.seed);
        spoilt("drawn codes", &Photograph::drawn(20)?, options.seed);
    } else {
        println!("{} photographs\n{:<32} right   wrong  mean ms", photographs.len(), "");
        for (name, engine) in ENGINES {
            let mut tally = Tally::default();
            for photograph in &photographs {
                tally.add(engine, &photograph.picture, |texts| photograph.judged(texts));
            }
            let (right, mean) = (tally.percent(), tally.mean_ms());
            println!("{name:<32} {right:>5.1} % {:>4}  {mean:>8.2}", tally.wrong);
        }
    }
    Ok(())
}

/// What stands for chance: other numbers for every photograph and every way.
fn random(seed: u64, photograph: usize, way: usize) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed << 32 | (photograph as u64) << 8 | way as u64)
}

fn spoilt(what: &str, photographs: &[Photograph], seed: u64) {
    println!(
        "{what}, seed {seed}\n{:<22} photograph  frame  rxing  quircs  mean ms",
        "right, percent"
    );
    let mut all = [Tally::default(); 4];
    for (number, (name, way)) in WAYS.into_iter().enumerate() {
        let mut tallies = [Tally::default(); 4];
        for (at, photograph) in photographs.iter().enumerate() {
            let picture = way(photograph, 1.0, &mut random(seed, at, number));
            for ((_, engine), tally) in ENGINES.into_iter().zip(&mut tallies) {
                tally.add(engine, &picture, |texts| photograph.judged(texts));
            }
        }
        row(name, &tallies);
        all = std::array::from_fn(|engine| all[engine].plus(tallies[engine]));
    }
    row(&format!("all {}", all[0].all), &all);
    let [wrong, frame, rxing, quircs] = all.map(|tally| tally.wrong);
    println!("wrong: photograph {wrong}, frame {frame}, rxing {rxing}, quircs {quircs}");
    println!("photographs over their budget: {}\n", all[0].late);
}

fn row(name: &str, [photograph, frame, rxing, quircs]: &[Tally; 4]) {
    println!(
        "{name:<22} {:>10.1}  {:>5.1}  {:>5.1}  {:>6.1}  {:.2} / {:.2}",
        photograph.percent(),
        frame.percent(),
        rxing.percent(),
        quircs.percent(),
        photograph.mean_ms(),
        rxing.mean_ms(),
    );
}

fn bursts(photographs: &[Photograph], seed: u64) {
    println!("bursts of {FRAMES}, seed {seed}\n{:<22} first    any", "right, percent");
    let mut all = Burst::default();
    for (number, (name, way)) in WAYS.into_iter().enumerate() {
        let mut of_way = Burst::default();
        for (at, photograph) in photographs.iter().enumerate() {
            of_way.add(photograph, way, &mut random(seed, at, number));
        }
        of_way.row(name);
        all = Burst {
            all: all.all + of_way.all,
            first: all.first + of_way.first,
            any: all.any + of_way.any,
            wrong: all.wrong + of_way.wrong,
        };
    }
    all.row(&format!("all {}", all.all));
    println!("wrong: {}", all.wrong);
}

/// Counts over bursts.
#[derive(Default)]
struct Burst {
    all: u32,
    /// Right in the first frame, in any frame.
    first: u32,
    any: u32,
    /// Frames in which a text was read that is not the code's.
    wrong: u32,
}

impl Burst {
    fn add(&mut self, photograph: &Photograph, way: Way, random: &mut ChaCha8Rng) {
        let scene = photograph.with(way(photograph, 1.0, random));
        let mut decoder = engines::preview();
        let rights: Vec<bool> = (0..FRAMES)
            .map(|_| {
                let frame = spoil::frame_of_burst(&scene, random);
                let texts = engines::texts(decoder.read(&engines::plane(&frame)));
                let (right, wrong) = photograph.judged(&texts);
                self.wrong += u32::from(wrong);
                right
            })
            .collect();
        self.all += 1;
        self.first += u32::from(rights.first() == Some(&true));
        self.any += u32::from(rights.contains(&true));
    }

    fn row(&self, name: &str) {
        let percent = |part: u32| 100.0 * f64::from(part) / f64::from(self.all.max(1));
        println!("{name:<22} {:>5.1}  {:>5.1}", percent(self.first), percent(self.any));
    }
}
