//! Farmers' markets of the United States: how what their directory says of one way of paying goes with what
//! it says of the others.
//!
//! The directory's N may be a default of its form: no market of 2011 has SNAP or credit cards, and every one
//! edited from September 2014 on has credit cards. So the time of the record is part of the table, and what
//! it says is the directory's word, not the market's.

use std::{collections::BTreeMap, fmt::Write, sync::LazyLock};

use super::group::Group;

/// The directory's columns.
const COLUMNS: [&str; 5] = ["credit_cards", "wic", "wic_cash", "sfmnp", "snap"];
/// Those that are asked after.
const ASKED: [&str; 2] = ["credit_cards", "snap"];
/// A cell weighs so many markets of its time against its own.
const MARKETS_OF_ITS_TIME: f64 = 10.0;

const HEAD: &str = "column,time,others,taken,asked";
const CREDIT: &str = "# Counts of farmers' markets by what their directory says, remade by `cargo xtask learn`.\n\
    # USDA Agricultural Marketing Service, National Farmers Market Directory: a work of the US government.\n";

/// When the record was last changed: the form was another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Time {
    Undated,
    To2011,
    ToAugust2014,
    Later,
}

impl Time {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Undated, "undated"),
        (Self::To2011, "to 2011"),
        (Self::ToAugust2014, "to 2014-08"),
        (Self::Later, "later"),
    ];

    /// `edited` as `2016-08-02`; empty when nobody says.
    fn of(edited: &str) -> Self {
        match edited {
            "" => Self::Undated,
            _ if edited < "2012" => Self::To2011,
            _ if edited < "2014-09" => Self::ToAugust2014,
            _ => Self::Later,
        }
    }
}

/// One market's record: its tags by key, and the day of its last change.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a> {
    /// `wic=yes` and the like.
    pub tags: &'a BTreeMap<String, String>,
    /// As `2016-08-02`; empty when nobody says.
    pub edited: &'a str,
}

impl Market<'_> {
    fn says(&self, column: &str) -> Option<bool> {
        match self.tags.get(column).map(String::as_str) {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        }
    }

    /// What the other columns say, a letter each; `None` when one says nothing.
    fn others(&self, column: &str) -> Option<String> {
        let others = COLUMNS.iter().filter(|other| **other != column);
        others.map(|other| Some(if self.says(other)? { 'Y' } else { 'N' })).collect()
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    taken: u32,
    asked: u32,
}

impl Count {
    fn add(&mut self, taken: u32, asked: u32) {
        self.taken = self.taken.saturating_add(taken);
        self.asked = self.asked.saturating_add(asked);
    }
}

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markets {
    cells: BTreeMap<(&'static str, Time, String), Count>,
    times: BTreeMap<(&'static str, Time), Count>,
}

static COMMITTED: LazyLock<Markets> = LazyLock::new(|| {
    Markets::read(include_str!("../../data/markets.csv")).expect("a test reads the committed table")
});

impl Markets {
    /// The table of this build.
    pub fn committed() -> &'static Self {
        &COMMITTED
    }

    /// Counts these markets.
    pub fn of<'a>(markets: impl IntoIterator<Item = Market<'a>>) -> Self {
        let mut table = Self::default();
        for market in markets {
            for column in ASKED {
                let (Some(taken), Some(others)) = (market.says(column), market.others(column))
                else {
                    continue;
                };
                table.add(column, Time::of(market.edited), others, u32::from(taken), 1);
            }
        }
        table
    }

    fn add(&mut self, column: &'static str, time: Time, others: String, taken: u32, asked: u32) {
        self.cells.entry((column, time, others)).or_default().add(taken, asked);
        self.times.entry((column, time)).or_default().add(taken, asked);
    }

    /// How likely the directory says that the market takes it, by what it says of the others; `None` of
    /// groups that it does not speak of and of records that are not the directory's.
    pub fn chance(&self, group: Group, market: &Market<'_>) -> Option<f64> {
        let column = match group {
            Group::Card | Group::Credit => "credit_cards",
            Group::Snap => "snap",
            _ => return None,
        };
        let (time, others) = (Time::of(market.edited), market.others(column)?);
        let of_time = self.times.get(&(column, time))?;
        let of_time = (f64::from(of_time.taken) + 1.0) / (f64::from(of_time.asked) + 2.0);
        let cell = self.cells.get(&(column, time, others)).copied().unwrap_or_default();
        let taken = f64::from(cell.taken) + MARKETS_OF_ITS_TIME * of_time;
        Some(taken / (f64::from(cell.asked) + MARKETS_OF_ITS_TIME))
    }

    /// The table as text, the same for the same counts.
    pub fn write(&self) -> String {
        let mut text = format!("{CREDIT}{HEAD}\n");
        for ((column, time, others), Count { taken, asked }) in &self.cells {
            let time =
                Time::ALL.iter().find(|(known, _)| known == time).map_or("", |(_, word)| word);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{column},{time},{others},{taken},{asked}");
        }
        text
    }

    /// The table that [`Self::write`] wrote; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && *line != HEAD) {
            let mut words = line.split(',');
            let (column, time) = (words.next()?, words.next()?);
            let column = ASKED.into_iter().find(|known| *known == column)?;
            let (time, _) = Time::ALL.into_iter().find(|(_, known)| *known == time)?;
            let others = words.next()?.to_owned();
            let (taken, asked) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            table.add(column, time, others, taken, asked);
        }
        Some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_committed_table_reads_and_writes_as_it_is_committed() {
        assert_eq!(Markets::committed().write(), include_str!("../../data/markets.csv"));
    }

    #[test]
    fn nothing_is_said_of_a_store_that_is_not_in_the_directory_or_of_a_group_that_it_has_not() {
        let columns =
            [("credit_cards", "yes"), ("wic", "yes"), ("wic_cash", "no"), ("sfmnp", "yes")];
        let (listed, store) = (tags(&columns), tags(&[("credit_cards", "yes")]));
        let table = Markets::committed();
        let market = Market { tags: &listed, edited: "2016-08-02" };
        assert!(table.chance(Group::Snap, &market).is_some());
        assert_eq!(table.chance(Group::Credit, &market), None);
        assert_eq!(table.chance(Group::Cash, &market), None);
        assert_eq!(table.chance(Group::Snap, &Market { tags: &store, edited: "" }), None);
    }
}
