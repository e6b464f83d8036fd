//! Accounts, cards, link codes and grants to begin with.

use std::path::Path;

use serde::Deserialize;
use server_kit::Change;

use crate::{
    accounts::{self, SeedAccount},
    bookings::check,
    cards::{self, SeedCard},
    database::open_database,
    grants::{self, SeedGrant},
    links::{self, SeedLink},
};

/// Accounts and cards to begin with, as the verb `seed` reads them from a JSON file.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The accounts.
    #[serde(default)]
    pub accounts: Vec<SeedAccount>,
    /// The cards.
    #[serde(default)]
    pub cards: Vec<SeedCard>,
    /// Codes with which their holders register them.
    #[serde(default)]
    pub links: Vec<SeedLink>,
    /// What opens them to members whom the wallet server is seeded with.
    #[serde(default)]
    pub grants: Vec<SeedGrant>,
}

/// Puts `seed` into the database file, all of it or nothing. An account or card that is already
/// there is brought up to date and its history is replaced.
///
/// # Errors
/// When a number has other than four digits, amounts do not add up in 64 bits, a link code is easy
/// to guess, a grant is short, or the database cannot be written.
pub async fn seed(database: &Path, seed: &Seed) -> anyhow::Result<()> {
    let Seed { accounts, cards, links, grants } = seed;
    for account in accounts {
        check(&account.id, &account.number_end, &account.history)?;
    }
    for card in cards {
        check(&card.id, &card.number_end, &card.history)?;
    }
    links.iter().try_for_each(links::check)?;
    grants.iter().try_for_each(grants::check)?;
    let database = open_database(database).await?;
    let put_all = |mut change: Change| async move {
        for account in accounts {
            accounts::put(&mut change, account).await?;
        }
        for card in cards {
            cards::put(&mut change, card).await?;
        }
        for link in links {
            links::put(&mut change, link).await?;
        }
        for granted in grants {
            grants::put(&mut change, granted).await?;
        }
        change.keep(())
    };
    database.transaction(put_all).await?;
    database.close().await;
    Ok(())
}
