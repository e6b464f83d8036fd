//! What an import of one file did, for a person and as JSON.

use std::{collections::BTreeMap, fmt};

use domain::Currency;
use serde::Serialize;

use super::{Saved, Trouble, country::Whence, text::plain};

/// Most lines of one kind that are printed; the rest is counted.
const LINES: usize = 20;
/// Places that are named of one fault.
const PLACES: usize = 3;
/// Most different faults that are kept apart.
const FAULTS: usize = 100;

/// What an import of one file did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The file.
    pub file: String,
    /// The source its records are kept under.
    pub source: String,
    /// Elements, features or rows looked at.
    pub read: u64,
    /// Stores that are new in the register.
    pub added: u64,
    /// Stores that were known and changed.
    pub updated: u64,
    /// Stores that were known exactly so.
    pub unchanged: u64,
    /// Stores that were known from a later edit, which stays.
    pub older: u64,
    /// Stores of the file that say something of what they take.
    pub with_claims: u64,
    /// Stores of the file with a footprint.
    pub with_footprint: u64,
    /// The currencies of the stores, why, and of how many.
    pub currencies: Vec<CurrencyUse>,
    /// Stores left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Kinds of named places that are no stores.
    pub left_out: BTreeMap<String, u64>,
    /// Payment keys and values that were not understood, and how often.
    pub strange: BTreeMap<String, u64>,
    /// What else is worth knowing of the file, and how often it is so.
    pub notes: BTreeMap<String, u64>,
    /// Stores of the source within the file's area that the file no longer has; they are kept.
    /// Only counted when the file could be read whole.
    pub vanished: u64,
    /// The same where the file is complete: they are closed.
    pub closed: u64,
    /// What could not be read, by kind of fault, the first met first.
    pub faults: Vec<Fault>,
}

/// The currency of some stores, and why it is that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CurrencyUse {
    /// The currency.
    pub currency: Currency,
    /// Why it is that.
    pub why: CurrencyBasis,
    /// Of how many stores.
    pub stores: u64,
}

/// Why a store has its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CurrencyBasis {
    /// Its record names the country.
    Record,
    /// It is guessed from the borders round its position.
    Position,
    /// No country is known: the currency the import was told for such stores.
    Flag,
}

impl fmt::Display for CurrencyBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Record => "by the country they name",
            Self::Position => "guessed by position (borders © OpenStreetMap contributors, ODbL)",
            Self::Flag => "guessed by --currency, since no country is known",
        })
    }
}

impl From<Whence> for CurrencyBasis {
    fn from(whence: Whence) -> Self {
        match whence {
            Whence::Record => Self::Record,
            Whence::Position => Self::Position,
            Whence::Nowhere => Self::Flag,
        }
    }
}

/// One kind of fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// How often.
    pub count: u64,
    /// Where it was met first: a byte, a feature, a row and column.
    pub places: Vec<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.places.join("; "), self.what)?;
        if self.count > self.places.len() as u64 {
            write!(f, " ({} times)", self.count)?;
        }
        Ok(())
    }
}

impl Summary {
    /// Stores taken from the file.
    pub fn taken(&self) -> u64 {
        self.added + self.updated + self.unchanged + self.older
    }

    /// Whether the whole file could be read.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    /// The summary as one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn saved(&mut self, saved: Saved) {
        match saved {
            Saved::Added => self.added += 1,
            Saved::Updated => self.updated += 1,
            Saved::Unchanged => self.unchanged += 1,
            Saved::Older => self.older += 1,
        }
    }

    pub(crate) fn skip(&mut self, reason: &str, count: u64) {
        *self.skipped.entry(reason.to_owned()).or_default() += count;
    }

    pub(crate) fn pays_in(&mut self, currency: Currency, why: CurrencyBasis) {
        let known = |used: &&mut CurrencyUse| used.currency == currency && used.why == why;
        match self.currencies.iter_mut().find(known) {
            Some(used) => used.stores += 1,
            None => self.currencies.push(CurrencyUse { currency, why, stores: 1 }),
        }
    }

    pub(crate) fn trouble(&mut self, trouble: Trouble) {
        let Trouble { place, what } = trouble;
        let full = self.faults.len() >= FAULTS;
        let what = if full { "further faults".to_owned() } else { what };
        match self.faults.iter_mut().find(|fault| fault.what == what) {
            Some(fault) => {
                fault.count += 1;
                if fault.places.len() < PLACES {
                    fault.places.push(place);
                }
            }
            None => self.faults.push(Fault { what, count: 1, places: vec![place] }),
        }
    }
}

/// The counts, the most frequent first, and how many are beyond those that are printed.
fn by_count(counts: &BTreeMap<String, u64>) -> (Vec<(&str, u64)>, usize) {
    let mut sorted: Vec<(&str, u64)> =
        counts.iter().map(|(what, count)| (what.as_str(), *count)).collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let more = sorted.len().saturating_sub(LINES);
    sorted.truncate(LINES);
    (sorted, more)
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = plain(&self.file);
        writeln!(f, "{file} (source {})", self.source)?;
        writeln!(f, "  read       {}", self.read)?;
        writeln!(
            f,
            "  taken      {} stores: {} new, {} changed, {} as before",
            self.taken(),
            self.added,
            self.updated,
            self.unchanged
        )?;
        if self.older > 0 {
            writeln!(
                f,
                "  older      {} stores: the register has later ones, which stay",
                self.older
            )?;
        }
        writeln!(f, "  payments   {} stores say something of them", self.with_claims)?;
        writeln!(f, "  footprints {} stores", self.with_footprint)?;
        for CurrencyUse { currency, why, stores } in &self.currencies {
            writeln!(f, "  currency   {} for {stores} stores, {why}", currency.code())?;
        }
        for (label, counts) in [
            ("skipped", &self.skipped),
            ("no store", &self.left_out),
            ("not used", &self.strange),
            ("note", &self.notes),
        ] {
            let (counts, more) = by_count(counts);
            for (what, count) in counts {
                writeln!(f, "  {label:<10} {count}: {}", plain(what))?;
            }
            if more > 0 {
                writeln!(f, "  {label:<10} {more} further kinds")?;
            }
        }
        if self.vanished > 0 {
            writeln!(f, "  kept       {} stores that this file no longer has", self.vanished)?;
        }
        if self.closed > 0 {
            writeln!(f, "  closed     {} stores that this file no longer has", self.closed)?;
        }
        for fault in self.faults.iter().take(LINES) {
            writeln!(f, "  broken     {fault}")?;
        }
        if self.faults.len() > LINES {
            writeln!(f, "  broken     {} further kinds of fault", self.faults.len() - LINES)?;
        }
        Ok(())
    }
}
