//! How much memory many log-ins at once take: `cargo xtask long logins --logins N --json`.

mod run;
mod served;

use std::path::PathBuf;

use clap::Parser;

/// More is a fault, millions of bytes: a password takes 19 MiB, and two are checked at once.
const MOST_MB: f64 = 150.0;

/// How much memory many log-ins at once take.
#[derive(Parser)]
struct Asked {
    /// The program `wallet-server`.
    #[arg(long)]
    program: PathBuf,
    /// How many at once.
    #[arg(long, default_value_t = 300)]
    logins: usize,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Asked { program, logins, json } = Asked::parse();
    let report = run::run(&program, logins).await?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{report:?}");
    }
    anyhow::ensure!(report.answered == logins, "some log-ins were not answered in time");
    anyhow::ensure!(report.peak_mb < MOST_MB, "the server took more than {MOST_MB} MB");
    Ok(())
}
