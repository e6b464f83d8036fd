//! The verbs of `wallet-server knowledge`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use wallet_server::{
    Clock, Database, Day, learn_from_payments, learn_from_reports, open_database, publish,
    register::{ChainsSummary, import_chains, remove},
};

#[derive(Args)]
pub struct KnowledgeArgs {
    /// Prints one line of JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: KnowledgeVerb,
}

#[derive(Subcommand)]
enum KnowledgeVerb {
    /// Has a list of what chains take speak for every store of theirs; again after an import of stores.
    Chains(Chains),
    /// Counts the payments that members made and what they reported, and has both speak for the stores; to be run once
    /// a day.
    Update,
    /// Writes out what members' reports tell, a line of JSON for each; nothing finer leaves the server.
    Publish {
        /// The file, which is replaced.
        #[arg(long)]
        out: PathBuf,
    },
    /// Removes all that a source says, and computes what is known of its stores anew.
    Remove {
        /// The source: `osm`, the name of a list, `settlement`, `members:taken`, `members:refused`,
        /// `members:codes`.
        source: String,
    },
}

#[derive(Args)]
struct Chains {
    /// The name that the list is kept under; it replaces what the same list said before.
    #[arg(long)]
    source: String,
    /// The day on which the list was true, YYYY-MM-DD.
    #[arg(long)]
    as_of: Day,
    /// CSV with the columns `brand`, `payment:*` (yes, no, only) and, where it is for one country, `country`.
    file: PathBuf,
}

#[derive(Serialize)]
struct Changed {
    /// Stores of which something else is known now.
    changed: u64,
}

/// Does what was asked with the database in the folder `data`.
pub async fn run(data: &Path, asked: KnowledgeArgs) -> anyhow::Result<()> {
    let database = open_database(data).await?;
    let done = verb(&database, asked).await;
    database.close().await;
    done
}

async fn verb(database: &Database, asked: KnowledgeArgs) -> anyhow::Result<()> {
    let (json, now) = (asked.json, Clock::system().now());
    let changed = match asked.verb {
        KnowledgeVerb::Chains(Chains { source, as_of, file }) => {
            let summary = import_chains(database, &file, &source, as_of.begins(), now).await?;
            return told(&summary, json);
        }
        KnowledgeVerb::Update => {
            learn_from_payments(database, now).await? + learn_from_reports(database, now).await?
        }
        KnowledgeVerb::Publish { out } => {
            let text = publish(database).await?;
            return std::fs::write(&out, text)
                .with_context(|| format!("cannot write {}", out.display()));
        }
        KnowledgeVerb::Remove { source } => match remove(database, &source, now).await? {
            0 => bail!("no source of this name says anything"),
            changed => changed,
        },
    };
    if json {
        println!("{}", serde_json::to_string(&Changed { changed })?);
    } else {
        println!("{changed} stores changed");
    }
    Ok(())
}

fn told(summary: &ChainsSummary, json: bool) -> anyhow::Result<()> {
    let ChainsSummary { chains, stores, changed, faults, strange } = summary;
    if json {
        println!("{}", serde_json::to_string(summary)?);
    } else {
        println!("{chains} chains, {stores} stores of theirs, {changed} changed");
        faults.iter().for_each(|fault| println!("left out: {fault}"));
        strange.iter().for_each(|(what, count)| println!("not understood: {what} ({count})"));
    }
    if !faults.is_empty() {
        bail!("some lines could not be read; the others were taken");
    }
    Ok(())
}
