//! How many stores of each country and class were asked what they take, and how many take it: a table of
//! counts by region, and what may be said by it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::LazyLock,
};

use super::{class::Class, group::Group, said::Said, wilson::least_share};

/// A share is spoken of from here.
const SPOKEN_FROM: f64 = 0.90;
/// A country's class is spoken of from so many stores.
const OWN_FROM: u32 = 20;
/// Chains abroad: from so many regions of so many stores, none of which takes it in less than this share.
const REGIONS_FROM: usize = 3;
const REGION_FROM: u32 = 5;
const REGION_SHARE: f64 = 0.85;

const HEAD: &str = "group,country,region,class,taken,asked";
const CREDIT: &str = "# Counts of stores by what their tags payment:* say, remade by `cargo xtask learn`.\n\
    # © OpenStreetMap contributors, Open Database License 1.0: https://www.openstreetmap.org/copyright\n";

/// Where and what a row counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    group: Group,
    country: String,
    region: String,
    class: Class,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    taken: u32,
    asked: u32,
}

/// The table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    cells: BTreeMap<Cell, Count>,
    /// Sums over the regions of a country.
    own: BTreeMap<(Group, String, Class), Count>,
    /// What chains abroad come to, where that may be spoken of.
    abroad: BTreeMap<Group, f64>,
}

/// A store that is counted.
#[derive(Clone, Copy, Debug)]
pub struct CountedStore<'a> {
    /// ISO 3166 alpha-2.
    pub country: &'a str,
    /// The counter's own name of the region.
    pub region: &'a str,
    /// What kind of store it is.
    pub class: Class,
    /// What its record says.
    pub said: &'a Said,
}

/// A table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table is not `{HEAD}`")]
pub struct CountsError {
    line: usize,
}

static COMMITTED: LazyLock<Counts> = LazyLock::new(|| {
    Counts::read(include_str!("../../data/counts.csv")).expect("a test reads the committed table")
});

impl Counts {
    /// The table of this build.
    pub fn committed() -> &'static Self {
        &COMMITTED
    }

    /// Counts these stores.
    pub fn of<'a>(stores: impl IntoIterator<Item = CountedStore<'a>>) -> Self {
        let mut cells: BTreeMap<Cell, Count> = BTreeMap::new();
        for store in stores {
            for group in Group::COUNTED {
                let Some(taken) = store.said.of(group) else { continue };
                let cell = Cell {
                    group,
                    country: store.country.to_owned(),
                    region: store.region.to_owned(),
                    class: store.class,
                };
                let count = cells.entry(cell).or_default();
                count.asked += 1;
                count.taken += u32::from(taken);
            }
        }
        Self::of_cells(cells)
    }

    fn of_cells(cells: BTreeMap<Cell, Count>) -> Self {
        let mut own: BTreeMap<(Group, String, Class), Count> = BTreeMap::new();
        for (cell, count) in &cells {
            let sum = own.entry((cell.group, cell.country.clone(), cell.class)).or_default();
            sum.taken = sum.taken.saturating_add(count.taken);
            sum.asked = sum.asked.saturating_add(count.asked);
        }
        let abroad = Group::COUNTED.into_iter().filter_map(|group| {
            Some((group, abroad(cells.iter().filter(|(cell, _)| cell.group == group))?))
        });
        Self { abroad: abroad.collect(), own, cells }
    }

    /// The table without what was counted in one region, as if it had never been seen.
    pub fn without(&self, country: &str, region: &str) -> Self {
        let mut cells = self.cells.clone();
        cells.retain(|cell, _| cell.country != country || cell.region != region);
        Self::of_cells(cells)
    }

    /// The regions that were counted, with their countries.
    pub fn regions(&self) -> BTreeSet<(&str, &str)> {
        self.cells.keys().map(|cell| (cell.country.as_str(), cell.region.as_str())).collect()
    }

    /// The share of stores like it that at least take it, if that is large and certain enough to be spoken
    /// of: of its own country and class, else of chains anywhere. A small share is never spoken of.
    pub fn share(&self, group: Group, country: &str, class: Class) -> Option<f64> {
        let count = self.own.get(&(group, country.to_owned(), class));
        let own = count
            .filter(|count| count.asked >= OWN_FROM)
            .map(|count| least_share(count.taken, count.asked))
            .filter(|share| *share >= SPOKEN_FROM);
        let chains = || self.abroad.get(&group).copied().filter(|_| class == Class::Chain);
        own.or_else(chains)
    }

    /// The table as text, the same for the same counts.
    pub fn write(&self) -> String {
        let mut text = format!("{CREDIT}{HEAD}\n");
        for (Cell { group, country, region, class }, Count { taken, asked }) in &self.cells {
            let (group, class) = (group.word(), class.word());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{group},{country},{region},{class},{taken},{asked}");
        }
        text
    }

    /// # Errors
    /// When a line is not as [`Self::write`] writes it.
    pub fn read(text: &str) -> Result<Self, CountsError> {
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.starts_with('#'));
        let mut cells = BTreeMap::new();
        for (line, number) in lines.filter(|(line, _)| *line != HEAD) {
            let (cell, count) = row(line).ok_or(CountsError { line: number })?;
            cells.insert(cell, count);
        }
        Ok(Self::of_cells(cells))
    }
}

fn row(line: &str) -> Option<(Cell, Count)> {
    let mut words = line.split(',');
    let cell = Cell {
        group: Group::of_word(words.next()?)?,
        country: words.next()?.to_owned(),
        region: words.next()?.to_owned(),
        class: Class::of_word(words.next()?)?,
    };
    let count = Count { taken: words.next()?.parse().ok()?, asked: words.next()?.parse().ok()? };
    (words.next().is_none() && count.taken <= count.asked).then_some((cell, count))
}

/// What stores of chains take wherever they are, if regions enough agree.
fn abroad<'a>(cells: impl Iterator<Item = (&'a Cell, &'a Count)>) -> Option<f64> {
    let chains: Vec<Count> =
        cells.filter(|(cell, _)| cell.class == Class::Chain).map(|(_, count)| *count).collect();
    let large = chains.iter().filter(|count| count.asked >= REGION_FROM);
    let shares: Vec<f64> =
        large.map(|count| f64::from(count.taken) / f64::from(count.asked)).collect();
    if shares.len() < REGIONS_FROM || shares.iter().any(|share| *share < REGION_SHARE) {
        return None;
    }
    let sum = |of: fn(&Count) -> u32| chains.iter().map(of).fold(0, u32::saturating_add);
    let share = least_share(sum(|count| count.taken), sum(|count| count.asked));
    (share >= SPOKEN_FROM).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(&str, &str, Class, u32, u32)]) -> Counts {
        let mut text = format!("{HEAD}\n");
        for (country, region, class, taken, asked) in rows {
            let class = class.word();
            text.push_str(&format!("card,{country},{region},{class},{taken},{asked}\n"));
        }
        Counts::read(&text).unwrap()
    }

    #[test]
    fn the_committed_table_reads_and_writes_as_it_is_committed() {
        assert_eq!(Counts::committed().write(), include_str!("../../data/counts.csv"));
        assert!(Counts::committed().share(Group::Card, "DE", Class::Chain).is_some());
    }

    #[test]
    fn only_chains_are_spoken_of_abroad_and_only_when_three_regions_agree() {
        let three = [("A", "a", Class::Chain, 60, 60), ("B", "b", Class::Chain, 9, 9)];
        let third = ("C", "c", Class::Chain, 6, 6);
        let two = counts(&three);
        assert_eq!(two.share(Group::Card, "Z", Class::Chain), None);
        let agreed = counts(&[three[0], three[1], third]);
        assert!(agreed.share(Group::Card, "Z", Class::Chain).is_some());
        assert_eq!(agreed.share(Group::Card, "Z", Class::Eat), None);
        assert_eq!(agreed.share(Group::Credit, "Z", Class::Chain), None);
        let one_differs = counts(&[three[0], three[1], ("C", "c", Class::Chain, 5, 6)]);
        assert_eq!(one_differs.share(Group::Card, "Z", Class::Chain), None);
        let left = agreed.without("C", "c");
        assert_eq!(left.share(Group::Card, "Z", Class::Chain), None);
    }

    #[test]
    fn a_class_of_a_country_is_spoken_of_from_twenty_stores_and_a_small_share_never() {
        let of = |taken, asked| {
            counts(&[("A", "a", Class::Eat, taken, asked)]).share(Group::Card, "A", Class::Eat)
        };
        assert_eq!(of(19, 19), None);
        assert_eq!(of(60, 100), None);
        assert_eq!(of(0, 500), None);
        assert!(of(60, 60).is_some_and(|share| share >= SPOKEN_FROM));
    }

    #[test]
    fn a_row_that_is_none_is_named_by_its_line() {
        for row in ["card,A,a,eat,1", "card,A,a,eat,2,1", "card,A,a,eat,1,1,1", "cash,A,a,moon,1,1"]
        {
            assert_eq!(Counts::read(row), Err(CountsError { line: 1 }), "{row}");
        }
    }
}
