//! Which names are those of chains, by what they sell and where: a table reduced from the
//! name-suggestion-index (BSD-3-Clause, `servers/wallet/data/LICENSE-name-suggestion-index`) by
//! `cargo xtask brands`.

use std::{collections::HashMap, sync::LazyLock};

/// Countries in which a name is a chain's, by the name in small letters, by the kind of store.
type Table = HashMap<&'static str, HashMap<&'static str, &'static str>>;

/// A chain that may be anywhere.
const ANYWHERE: &str = "*";

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    let mut kind = "";
    for line in include_str!("../../data/brands.txt").lines().filter(|line| !line.starts_with('#'))
    {
        match line.split_once('\t') {
            None => kind = line,
            Some((name, countries)) => {
                table.entry(kind).or_default().insert(name, countries);
            }
        }
    }
    table
});

/// Whether a store of this industry (`shop=bakery`, `amenity=restaurant;bar`) with this name in this country
/// (ISO 3166 alpha-2) is one of a chain.
pub fn is_chain(industry: &str, name: &str, country: &str) -> bool {
    let name = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((key, kinds)) = industry.split_once('=').filter(|_| !name.is_empty()) else {
        return false;
    };
    kinds.split(';').any(|kind| {
        let names = TABLE.get(format!("{key}={}", kind.trim()).as_str());
        let countries = names.and_then(|names| names.get(name.as_str()).copied());
        countries.is_some_and(|countries| {
            countries == ANYWHERE
                || countries.split(' ').any(|known| known.eq_ignore_ascii_case(country))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_chains_where_and_for_what_the_index_says() {
        assert!(is_chain("shop=supermarket", " ALDI  Nord", "DE"));
        assert!(!is_chain("shop=supermarket", "ALDI Nord", "JP"));
        assert!(!is_chain("shop=florist", "ALDI Nord", "DE"));
        assert!(is_chain("amenity=cafe;bar", "Starbucks", "IT"));
        assert!(!is_chain("amenity=cafe", "", "IT") && !is_chain("", "Starbucks", "IT"));
    }
}
