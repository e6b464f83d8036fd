//! The tables of counts of rows.

use wallet_server::knowledge::{CountedStore, Counts, Markets, Said};

use super::row::Row;

/// The counts of those rows that are wanted and no markets of the directory.
pub fn counts_of(rows: &[Row], wanted: impl Fn(&Row) -> bool) -> Counts {
    let stores = rows.iter().filter(|row| !row.is_market() && wanted(row));
    let said: Vec<(&Row, Said)> = stores.map(|row| (row, row.said())).collect();
    Counts::of(said.iter().map(|(row, said)| CountedStore {
        country: &row.country,
        region: &row.region,
        class: row.class(),
        said,
    }))
}

/// The counts of those markets of the directory that are wanted.
pub fn markets_of(rows: &[Row], wanted: impl Fn(&Row) -> bool) -> Markets {
    Markets::of(rows.iter().filter(|row| wanted(row)).filter_map(Row::market))
}
