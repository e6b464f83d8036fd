//! Stores of others' files: one JSON object a line, as extracts with `payment:*` tags are kept.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::Context;
use domain::Timestamp;
use serde::Deserialize;
use wallet_server::{
    Day,
    knowledge::{Class, Market, Said, StoreRecord},
};

/// One store.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// The source's own.
    pub id: String,
    /// ISO 3166 alpha-2.
    #[serde(default)]
    pub country: String,
    /// The file's own name of the region; of the United States the state.
    #[serde(default)]
    pub region: String,
    #[serde(default)]
    industry: String,
    brand: Option<String>,
    brand_wd: Option<String>,
    /// The tags `payment:*`, without that before them.
    #[serde(default)]
    pub pay: BTreeMap<String, String>,
    #[serde(default)]
    check: BTreeMap<String, String>,
    #[serde(default)]
    edit: String,
    #[serde(default)]
    asof: String,
}

/// Tags that the directory of farmers' markets alone has.
const DIRECTORY: [&str; 4] = ["sfmnp", "snap", "wic", "wic_cash"];

impl Row {
    /// Whether it is of the directory of farmers' markets.
    pub fn is_market(&self) -> bool {
        self.id.starts_with("usda") || DIRECTORY.iter().any(|key| self.pay.contains_key(*key))
    }

    /// What kind of store it is.
    pub fn class(&self) -> Class {
        Class::of(&self.industry, self.brand.is_some() || self.brand_wd.is_some())
    }

    /// What its tags say.
    pub fn said(&self) -> Said {
        Said::of_tags(self.pay.iter().map(|(key, value)| (key.as_str(), value.as_str())))
    }

    /// Its record in the directory of farmers' markets, where it is of it.
    pub fn market(&self) -> Option<Market<'_>> {
        self.is_market().then_some(Market { tags: &self.pay, edited: &self.edit })
    }

    /// When its tags were true: when the payment was last looked at, else the day of the extract, on which
    /// they stood there.
    pub fn as_of(&self) -> Timestamp {
        let of_payment = self.check.iter().filter(|(key, _)| key.starts_with("check_date:payment"));
        let checked = of_payment.filter_map(|(_, value)| day(value)).max();
        checked.or_else(|| day(&self.asof)).unwrap_or_default()
    }

    /// All that is known of it from the file.
    pub fn record(&self) -> StoreRecord<'_> {
        StoreRecord {
            country: &self.country,
            class: self.class(),
            said: self.said(),
            as_of: self.as_of(),
            market: self.market(),
        }
    }

    /// Takes away what the tag `key` says, or all tags.
    pub fn hide(&mut self, key: &str) {
        if key == "all" {
            self.pay.clear();
        } else {
            self.pay.remove(key);
        }
    }
}

fn day(text: &str) -> Option<Timestamp> {
    Some(text.parse::<Day>().ok()?.begins())
}

/// Every row of a file.
///
/// # Errors
/// When it cannot be read, or a line is no such object.
pub fn read(file: &Path) -> anyhow::Result<Vec<Row>> {
    let opened = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    let mut rows = Vec::new();
    for (line, number) in BufReader::new(opened).lines().zip(1_u64..) {
        let line = line.with_context(|| format!("cannot read {}", file.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line);
        rows.push(row.with_context(|| format!("{}, line {number}", file.display()))?);
    }
    Ok(rows)
}

/// Every row of the files `*.jsonl` of a folder, in the order of their names.
///
/// # Errors
/// When the folder or a file cannot be read, or there is no row.
pub fn read_folder(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "jsonl"));
    files.sort();
    let mut rows = Vec::new();
    for file in &files {
        rows.append(&mut read(file)?);
    }
    anyhow::ensure!(!rows.is_empty(), "{} holds no stores (*.jsonl)", folder.display());
    Ok(rows)
}
