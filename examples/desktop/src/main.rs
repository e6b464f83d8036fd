//! The desktop harness: the whole cast in one process, and one visit walked through it.

mod cast;
mod member;
mod print;
mod walk;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Walks one visit to a real store in four acts, each with the settlement screen: a position fix,
/// the store's beacon, the store code's picture, and the same store without a server.
///
/// Starts the settlement operator server, the wallet server and the store terminal in this process
/// on free ports, with their data in a temporary folder.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Exit after the walk; otherwise the servers go on until Ctrl-C.
    #[arg(long)]
    once: bool,
    /// Print the screens as JSON lines (docs/harness.md) and nothing else to standard output.
    #[arg(long)]
    json: bool,
    /// The OpenStreetMap extract to visit [default: Rome, round Termini].
    #[arg(long, value_name = "FILE.osm.pbf", env = "TILLSIGHT_WORLD")]
    world: Option<PathBuf>,
    /// Which of the usable methods to show.
    #[arg(long, value_enum, default_value_t = Choice::All)]
    choice: Choice,
    /// Which store is visited, where the phone stands, and what the stores without a list take.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    /// All of them, the most used first.
    All,
    /// Only the most used.
    MostUsed,
    /// Only the one with the largest balance.
    LargestBalance,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(walk::walk(options))
}
