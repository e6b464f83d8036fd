//! The operator server from a shell: `operator-server serve`, `seed FILE`,
//! `day-file --day DAY`.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand};
use operator_server::{Config, Day, LogArgs, ProxyArgs, Seed, SettlementArgs};
use secrecy::SecretString;

/// Settlement operator server: accounts and cards, told to the wallet company alone.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The SQLite file; made when missing.
    #[arg(long, env = "TILLSIGHT_OPERATOR_DATABASE", default_value = "operator.db", global = true)]
    database: PathBuf,
    #[command(flatten)]
    log: LogArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Answers until SIGINT or SIGTERM.
    Serve {
        /// Where to listen; port 0 takes a free one, which the log names.
        #[arg(long, env = "TILLSIGHT_OPERATOR_LISTEN", default_value = "127.0.0.1:8081")]
        listen: SocketAddr,
        /// A file with the key the wallet company comes with, at least 32 characters. Never given
        /// as a flag, which others on the machine could read.
        #[arg(long, env = "TILLSIGHT_OPERATOR_API_KEY_FILE")]
        api_key_file: PathBuf,
        #[command(flatten)]
        proxy: ProxyArgs,
        #[command(flatten)]
        settlement: SettlementArgs,
    },
    /// Puts accounts and cards from a JSON file into the database (shape: README).
    Seed {
        /// The file.
        file: PathBuf,
    },
    /// Prints what moved between this operator and the wallet company on one day.
    DayFile {
        /// The day (UTC), YYYY-MM-DD.
        #[arg(long)]
        day: Day,
        /// The operator's name, as `serve` was given it.
        #[arg(long, env = "TILLSIGHT_OPERATOR_NAME", default_value = "operator")]
        name: String,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Cli { database, log, verb } = Cli::parse();
    log.start("operator_server")?;
    server_kit::keep_files_private();
    match verb {
        Verb::Serve { listen, api_key_file, proxy, settlement } => {
            let key = server_kit::read_key(&api_key_file)?;
            let api_key = SecretString::from(key);
            let signal = server_kit::StopSignal::listen()?;
            let config = Config { listen, database, api_key, proxy, settlement };
            operator_server::start(config).await?.until(signal).await;
            Ok(())
        }
        Verb::Seed { file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let seed: Seed = serde_json::from_str(&text)
                .with_context(|| format!("{} is no seed", file.display()))?;
            operator_server::seed(&database, &seed).await
        }
        Verb::DayFile { day, name } => {
            print!("{}", operator_server::day_file(&database, &name, day).await?);
            Ok(())
        }
    }
}
