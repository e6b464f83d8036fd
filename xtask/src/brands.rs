//! The table of chains, reduced from a checkout of the name-suggestion-index.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::step::root;

const HEAD: &str = "# Names of chains by kind of store, each with the countries it is one in (* for any), remade by\n\
    # `cargo xtask brands`. From the name-suggestion-index, BSD-3-Clause: LICENSE-name-suggestion-index.\n";

/// Keys of places that are stores of the register.
const KEYS: [&str; 3] = ["amenity", "shop", "tourism"];
/// Shorter names are too many other things.
const SHORTEST: usize = 2;
/// The whole world.
const ANYWHERE: &str = "*";

/// The countries of each name of each kind.
type Chains = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Reads `folder`, a checkout of the index, and writes the table.
///
/// # Errors
/// When the folder holds no such index, or the table cannot be written.
pub fn write(folder: &Path) -> Result<()> {
    let brands = folder.join("data/brands");
    let mut chains = Chains::new();
    for key in KEYS {
        for file in files(&brands.join(key))? {
            let text = fs::read_to_string(&file)?;
            let index: Value =
                serde_json::from_str(&text).with_context(|| format!("{}", file.display()))?;
            add(&index, &mut chains);
        }
    }
    ensure!(!chains.is_empty(), "{} holds no brands", brands.display());
    let mut text = HEAD.to_owned();
    for (kind, names) in &chains {
        writeln!(text, "{kind}")?;
        for (name, countries) in names {
            let all: Vec<&str> = countries.iter().map(String::as_str).collect();
            let shown =
                if countries.contains(ANYWHERE) { ANYWHERE.to_owned() } else { all.join(" ") };
            writeln!(text, "{name}\t{shown}")?;
        }
    }
    let out = root().join("servers/wallet/data/brands.txt");
    fs::write(&out, text).with_context(|| format!("cannot write {}", out.display()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    Ok(files)
}

fn add(index: &Value, chains: &mut Chains) {
    let path = index["properties"]["path"].as_str().unwrap_or_default();
    let mut parts = path.split('/').skip(1);
    let (Some(key), Some(value)) = (parts.next(), parts.next()) else { return };
    let names_of_kind = chains.entry(format!("{key}={value}")).or_default();
    for item in index["items"].as_array().into_iter().flatten() {
        let included = item["locationSet"]["include"].as_array().into_iter().flatten();
        let countries = included.filter_map(Value::as_str).filter_map(|place| match place {
            "001" => Some(ANYWHERE.to_owned()),
            country if country.len() == 2 => Some(country.to_owned()),
            _ => None,
        });
        let countries: BTreeSet<String> = countries.collect();
        if countries.is_empty() {
            continue;
        }
        let own = [&item["displayName"], &item["tags"]["name"], &item["tags"]["brand"]];
        let others = item["matchNames"].as_array().into_iter().flatten();
        for name in own.into_iter().chain(others).filter_map(Value::as_str) {
            let name = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            if name.chars().count() >= SHORTEST && !name.starts_with('#') {
                names_of_kind.entry(name).or_default().extend(countries.iter().cloned());
            }
        }
    }
}
