//! Lists of what chains take: CSV with a brand a row, applied to every store of the chain.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::Read,
    path::Path,
};

use anyhow::{Context, ensure};
use domain::{Source, StoreId, Timestamp};
use serde::Serialize;
use server_kit::{Database, damaged};
use sqlx::query_as;
use uuid::Uuid;

use super::{
    claims::claims,
    evidence::{Origin, Piece, replace_all},
    quoting::fields,
};

/// The largest list, bytes: a thousand times what the chains of a country fill.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What a list of chains came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChainsSummary {
    /// Rows that name a chain and say something of it.
    pub chains: u64,
    /// Stores of these chains in the register.
    pub stores: u64,
    /// Of these, those of which the list says something else now.
    pub changed: u64,
    /// Rows that were left out, and why: `line 3: it names no brand`.
    pub faults: Vec<String>,
    /// Keys and values that were not understood, and how often.
    pub strange: BTreeMap<String, u64>,
}

/// What a list says of one chain.
struct Chain {
    /// ISO 3166 alpha-2; empty for every country.
    country: String,
    pieces: Vec<Piece>,
}

/// Chains by the form of their brand that is looked up.
type Chains = HashMap<String, Vec<Chain>>;

/// Reads a list of chains and has each row speak for every store of its brand: its columns are `brand` (a name or a
/// Wikidata id), `country` (ISO 3166 alpha-2, may be missing or empty: everywhere) and `payment:*` with the values `yes`, `no` and
/// `only`. It replaces what the list `named` so said before.
///
/// # Errors
/// When the file cannot be read, has no such columns, or the database fails.
pub async fn import_chains(
    database: &Database,
    file: &Path,
    named: &str,
    as_of: Timestamp,
    now: Timestamp,
) -> anyhow::Result<ChainsSummary> {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ensure!(
        (1..=64).contains(&named.len()) && named.bytes().all(in_name),
        "{named:?}: a source is 1 to 64 letters, digits, dots, hyphens and underscores"
    );
    let text = read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut summary = ChainsSummary::default();
    let chains = chains(&text, as_of.min(now), &mut summary)
        .with_context(|| format!("{} is no list of chains", file.display()))?;
    let rows: Vec<(String, String, String, String)> =
        query_as("SELECT id, brand, name, country_code FROM store")
            .fetch_all(database.reads())
            .await?;
    let mut said: BTreeMap<StoreId, Vec<Piece>> = BTreeMap::new();
    for (id, brand, name, country) in rows {
        // A store that names its chain is not asked for its sign.
        let sign = if brand.is_empty() { name } else { brand };
        let Some(pieces) = of_store(&chains, &sign, &country) else { continue };
        let store = StoreId(Uuid::parse_str(&id).map_err(|_| damaged("id"))?);
        said.insert(store, pieces.to_vec());
    }
    summary.stores = said.len() as u64;
    let origin = Origin { source: Source::Register, named };
    summary.changed = replace_all(database, origin, said, now).await?;
    Ok(summary)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let size = File::open(file)?.take(LARGEST + 1).read_to_string(&mut text)? as u64;
    ensure!(size <= LARGEST, "it is larger than {LARGEST} bytes");
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// What a list says of a store with this sign: the row of its country before that of every country.
fn of_store<'a>(chains: &'a Chains, sign: &str, country: &str) -> Option<&'a [Piece]> {
    let of_brand = chains.get(&bare(sign))?;
    let of = |wanted: &str| of_brand.iter().find(|chain| chain.country == wanted);
    let chain = of(country).or_else(|| of(""))?;
    Some(&chain.pieces)
}

/// A brand without its case and blanks round its words.
fn bare(brand: &str) -> String {
    brand.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn chains(text: &str, as_of: Timestamp, summary: &mut ChainsSummary) -> anyhow::Result<Chains> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (_, names) = lines.next().context("it is empty")?;
    let columns = row(names).context("the quotes of its first line are no good")?;
    let columns: Vec<String> = columns.iter().map(|name| name.to_lowercase()).collect();
    ensure!(columns.iter().any(|name| name == "brand"), "no column is `brand`");
    ensure!(
        columns.iter().any(|name| name.starts_with("payment:")),
        "no column is `payment:` and a scheme"
    );
    let mut chains = Chains::new();
    for (number, line) in lines {
        match chain(&columns, line, as_of, &mut summary.strange) {
            Ok((brand, chain)) => {
                summary.chains += 1;
                chains.entry(brand).or_default().push(chain);
            }
            Err(why) => summary.faults.push(format!("line {number}: {why}")),
        }
    }
    Ok(chains)
}

fn row(line: &str) -> Option<Vec<String>> {
    let fields = fields(line.as_bytes(), b',').ok()?;
    fields.into_iter().map(|field| Some(String::from_utf8(field).ok()?.trim().to_owned())).collect()
}

fn chain(
    columns: &[String],
    line: &str,
    as_of: Timestamp,
    strange: &mut BTreeMap<String, u64>,
) -> Result<(String, Chain), &'static str> {
    let row = row(line).ok_or("its quotes are no good")?;
    if row.len() != columns.len() {
        return Err("not as many fields as columns");
    }
    let values = || columns.iter().map(String::as_str).zip(row.iter().map(String::as_str));
    let of = |column: &str| values().find(|(name, _)| *name == column).map_or("", |(_, text)| text);
    let (brand, country) = (bare(of("brand")), of("country").to_ascii_uppercase());
    if brand.is_empty() {
        return Err("it names no brand");
    }
    if !country.is_empty() && (country.len() != 2 || !country.is_ascii()) {
        return Err("its country is not one of two letters");
    }
    let said = values().filter(|(_, text)| !text.is_empty());
    let accepted = claims(said, &country, Source::Register, as_of, strange);
    let pieces = accepted.claims().iter().filter_map(|claim| Piece::of(claim, Source::Register));
    let pieces: Vec<Piece> = pieces.collect();
    if pieces.is_empty() {
        return Err("it says nothing of any scheme");
    }
    Ok((brand, Chain { country, pieces }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (anyhow::Result<Chains>, ChainsSummary) {
        let mut summary = ChainsSummary::default();
        let chains = chains(text, Timestamp(7), &mut summary);
        (chains, summary)
    }

    #[test]
    fn a_row_speaks_for_its_country_and_a_broken_one_is_named() {
        let (chains, summary) = read(
            "Brand,country,payment:visa\n\"ALDI  Nord\",de,no\naldi nord,,yes\n,DE,yes\nEdeka,Germany,yes\n\
             Lidl,DE\nLidl,DE,\nLidl,DE,perhaps\n",
        );
        let chains = chains.unwrap();
        let weight = |country| of_store(&chains, "Aldi Nord", country).map(|said| said[0].weight);
        assert_eq!((weight("DE"), weight("FR")), (Some(-460), Some(460)));
        assert!(of_store(&chains, "Lidl", "DE").is_none());
        assert_eq!(summary.chains, 2);
        assert_eq!(
            summary.faults,
            [
                "line 4: it names no brand",
                "line 5: its country is not one of two letters",
                "line 6: not as many fields as columns",
                "line 7: it says nothing of any scheme",
                "line 8: it says nothing of any scheme",
            ]
        );
        assert_eq!(summary.strange["payment:visa=perhaps"], 1);
    }

    #[test]
    fn a_file_without_the_columns_is_refused_whole() {
        for text in ["", "name,payment:visa\nLidl,yes\n", "brand,visa\nLidl,yes\n", "\"brand\n"] {
            assert!(read(text).0.is_err(), "{text:?}");
        }
    }
}
