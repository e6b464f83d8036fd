//! `knowledge` and `learn`: what is known of what stores take, by their own records and by the stores like
//! them, and the tables of counts that this rests on.

mod counted;
mod left_out;
mod row;

use std::{fs, io::Write, path::PathBuf};

use anyhow::Context;
use domain::{Source, Store, Verdict};
use serde::{Serialize, Serializer};
use wallet_server::{
    Day,
    knowledge::{Basis, Class, Counts, Found, Group, Markets, Said, StoreRecord, find_all},
};

use crate::{cast, lines};
use counted::{counts_of, markets_of};

/// What must be shown with what rests on the counts.
const CREDIT: &str = "counts of stores: © OpenStreetMap contributors, ODbL 1.0; of farmers' markets: \
    USDA Agricultural Marketing Service";

/// Says what is known of what stores take: one line of JSON a store (docs/harness.md).
#[derive(clap::Args)]
pub struct Args {
    /// A store of the world, by its id or its reference (`osm:node/42`) [default: every store].
    #[arg(conflicts_with_all = ["stores", "regions"])]
    store: Option<String>,
    /// The OpenStreetMap extract [default: Rome, round Termini].
    #[arg(long, value_name = "FILE.osm.pbf", env = "TILLSIGHT_WORLD")]
    world: Option<PathBuf>,
    /// Stores of a file instead: one JSON object a line (docs/knowledge.md).
    #[arg(long, value_name = "FILE.jsonl")]
    stores: Option<PathBuf>,
    /// Leave this tag out (`visa`, `credit_cards`), or `all`, as if nobody had written it.
    #[arg(long, value_name = "KEY|all", requires = "stores")]
    hide: Option<String>,
    /// Judge on this day, `2026-11-28` [default: the day each record was true].
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
    /// Judge the stores of a folder of such files instead, those of each region by the counts of all others,
    /// and print the figures.
    #[arg(long, value_name = "FOLDER", conflicts_with = "stores")]
    regions: Option<PathBuf>,
    /// With `--regions`: one line of JSON.
    #[arg(long, requires = "regions")]
    json: bool,
}

/// Counts the stores of a folder and writes the tables.
#[derive(clap::Args)]
pub struct LearnArgs {
    /// A folder with files `*.jsonl`.
    folder: PathBuf,
    /// Where the tables are written: `counts.csv` and `markets.csv`.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Say what was written as a line of JSON for each table.
    #[arg(long)]
    json: bool,
}

/// Says what is known.
///
/// # Errors
/// When a file cannot be read, or the store asked for is not there.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    if let Some(folder) = &args.regions {
        return left_out::print(&row::read_folder(folder)?, args.json);
    }
    eprintln!("{CREDIT}");
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let now = args.as_of.map(Day::begins);
    let mut say = |id: &str, record: &StoreRecord<'_>| -> anyhow::Result<()> {
        let now = now.unwrap_or(record.as_of);
        let groups = find_all(record, Counts::committed(), Markets::committed(), now);
        let groups = groups.into_iter().map(|(group, found)| (group, Answer::of(found)));
        writeln!(out, "{}", serde_json::to_string(&Line { id, groups: groups.collect() })?)?;
        Ok(())
    };
    if let Some(file) = &args.stores {
        for mut row in row::read(file)? {
            if let Some(key) = &args.hide {
                row.hide(key);
            }
            say(&row.id, &row.record())?;
        }
        return Ok(());
    }
    let mut is_found = false;
    for store in cast::stores_of(args.world.as_deref()).await? {
        let asked = args.store.as_ref();
        if asked.is_none_or(|asked| *asked == store.id.to_string() || *asked == store.reference) {
            is_found = true;
            say(&store.id.to_string(), &record(&store))?;
        }
    }
    anyhow::ensure!(is_found, "the extract holds no such store");
    Ok(())
}

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(serialize_with = "in_order")]
    groups: Vec<(Group, Answer)>,
}

/// What is known of a group.
#[derive(Serialize)]
struct Answer {
    verdict: Verdict,
    /// Three digits; nothing where nothing is known.
    chance: Option<f64>,
    basis: Option<Basis>,
}

impl Answer {
    fn of(found: Found) -> Self {
        let thousandths = |chance: f64| (chance * 1_000.0).round() / 1_000.0;
        Self {
            verdict: found.known.verdict,
            chance: found.chance.map(thousandths),
            basis: found.basis,
        }
    }
}

fn in_order<S: Serializer>(groups: &[(Group, Answer)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(groups.iter().map(|(group, answer)| (group.word(), answer)))
}

/// A store of the register, which keeps no brand but what follows from it.
fn record(store: &Store) -> StoreRecord<'_> {
    let said = Said::of_claims(&store.accepted);
    let claims = store.accepted.claims();
    let is_of_chain = claims.iter().any(|claim| claim.source == Source::Chain);
    let times = claims.iter().filter(|claim| !claim.source.is_inferred()).map(|claim| claim.as_of);
    StoreRecord {
        country: &store.address.country,
        class: Class::of(&store.industry, is_of_chain),
        said,
        as_of: times.max().unwrap_or_default(),
        market: None,
    }
}

/// Counts and writes.
///
/// # Errors
/// When a file cannot be read or written.
pub fn learn(args: &LearnArgs) -> anyhow::Result<()> {
    let rows = row::read_folder(&args.folder)?;
    let (counts, markets) = (counts_of(&rows, |_| true), markets_of(&rows, |_| true));
    for (name, text) in [("counts.csv", counts.write()), ("markets.csv", markets.write())] {
        let file = args.out.join(name);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        if args.json {
            lines::say(serde_json::json!({ "file": file, "stores": rows.len() }))?;
        } else {
            lines::say(format_args!("{} of {} stores", file.display(), rows.len()))?;
        }
    }
    Ok(())
}
