//! Random operations on the server's ledger and its tills and on those in memory, which must never
//! differ:
//! `cargo xtask long model --operations N --seed S --json`.

mod cast;
mod run;
mod till_oracle;
mod tills;

use clap::Parser;
use tempfile::TempDir;

/// Random operations on the server's ledger and on the one in memory, which must never differ.
#[derive(Parser)]
struct Asked {
    /// How many operations.
    #[arg(long, default_value_t = 20_000)]
    operations: u64,
    /// What they are drawn by.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Asked { operations, seed, json } = Asked::parse();
    let folder = TempDir::new()?;
    let report = run::run(folder.path(), operations, seed).await?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("seed {seed}: {report:?}");
    }
    let sound = report.differences == 0
        && report.chain_breaks == 0
        && report.sums.values().all(|difference| *difference == 0);
    anyhow::ensure!(sound, "the server's ledger is not the one in memory");
    Ok(())
}
