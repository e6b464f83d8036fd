use std::{collections::BTreeMap, fmt};

use super::{Saved, Trouble};

/// Most troubles and most strange keys a summary names; the rest is counted.
const NAMED: usize = 20;

/// What an import of one file did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Stores of the file that say something of what they take.
    pub with_claims: u64,
    /// Stores of the file with a footprint.
    pub with_footprint: u64,
    /// Stores left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Payment keys and values that were not understood, and how often.
    pub strange: BTreeMap<String, u64>,
    /// Stores of the source within the file's area that the file no longer has; they are kept.
    /// Only counted when the file could be read whole.
    pub vanished: u64,
    /// The first parts that could not be read.
    pub troubles: Vec<Trouble>,
    /// Parts that could not be read, beyond those named.
    pub more_troubles: u64,
}

impl Summary {
    /// Stores taken from the file.
    pub fn taken(&self) -> u64 {
        self.added + self.updated + self.unchanged
    }

    /// Whether the whole file could be read.
    pub fn is_whole(&self) -> bool {
        self.troubles.is_empty()
    }

    pub(crate) fn saved(&mut self, saved: Saved) {
        match saved {
            Saved::Added => self.added += 1,
            Saved::Updated => self.updated += 1,
            Saved::Unchanged => self.unchanged += 1,
        }
    }

    pub(crate) fn skip(&mut self, reason: &str, count: u64) {
        *self.skipped.entry(reason.to_owned()).or_default() += count;
    }

    pub(crate) fn trouble(&mut self, trouble: Trouble) {
        if self.troubles.len() < NAMED {
            self.troubles.push(trouble);
        } else {
            self.more_troubles += 1;
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (source {})", self.file, self.source)?;
        writeln!(f, "  read       {}", self.read)?;
        writeln!(
            f,
            "  taken      {} stores: {} new, {} changed, {} as before",
            self.taken(),
            self.added,
            self.updated,
            self.unchanged
        )?;
        writeln!(f, "  payments   {} stores say something of them", self.with_claims)?;
        writeln!(f, "  footprints {} stores", self.with_footprint)?;
        for (reason, count) in &self.skipped {
            writeln!(f, "  skipped    {count}: {reason}")?;
        }
        for (key, count) in self.strange.iter().take(NAMED) {
            writeln!(f, "  not used   {key} ({count})")?;
        }
        if self.strange.len() > NAMED {
            writeln!(f, "  not used   {} further payment keys", self.strange.len() - NAMED)?;
        }
        if self.vanished > 0 {
            writeln!(f, "  kept       {} stores that this file no longer has", self.vanished)?;
        }
        for trouble in &self.troubles {
            writeln!(f, "  broken     {}: {trouble}", self.file)?;
        }
        if self.more_troubles > 0 {
            writeln!(f, "  broken     {} further places", self.more_troubles)?;
        }
        Ok(())
    }
}
