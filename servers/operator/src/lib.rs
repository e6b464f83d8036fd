//! The server of a settlement operator (a bank or a card company): accounts and cards with their
//! histories, told to the wallet company and to nobody else, and the money that it moves on the wallet
//! company's instructions.
//!
//! [`start`] runs it in this process; the binary `operator-server` does the same from a shell.

mod accounts;
mod authorisations;
mod bookings;
mod callbacks;
mod cards;
mod database;
mod grants;
mod http;
mod key;
mod links;
mod product;
mod reconciliation;
mod sandbox;
mod seed;
mod settlement;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, ensure};
use secrecy::{ExposeSecret, SecretString};

pub use accounts::SeedAccount;
pub use bookings::SeedBooking;
pub use cards::SeedCard;
pub use grants::SeedGrant;
pub use links::SeedLink;
pub use reconciliation::day_file;
pub use seed::{Seed, seed};
pub use server_kit::{Clock, Day, LogArgs, ProxyArgs, Running};
pub use settlement::SettlementArgs;

/// Shortest key taken, characters: 16 random bytes in hexadecimal.
const MIN_KEY: usize = 32;

/// What the server needs to know.
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The SQLite file; made when missing.
    pub database: PathBuf,
    /// The key with which the wallet company comes (`Authorization: Bearer KEY`), at least 32
    /// characters.
    pub api_key: SecretString,
    /// The proxy before this server, if there is one.
    pub proxy: ProxyArgs,
    /// How it settles with the wallet company.
    pub settlement: SettlementArgs,
}

/// Starts the server; it answers when this returns.
///
/// # Errors
/// When the key is too short, the callback address is in clear, the database cannot be opened or the
/// address not be listened on.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let Config { listen, database: file, api_key, proxy, settlement } = config;
    proxy.may_listen(listen)?;
    ensure!(
        api_key.expose_secret().len() >= MIN_KEY,
        "the API key is shorter than {MIN_KEY} characters"
    );
    let database = database::open_database(&file).await?;
    let signing = Arc::new(callbacks::Signing::beside(&file)?);
    let (clock, outbox) = (Clock::system(), callbacks::Outbox::default());
    if let Some(url) = &settlement.callback_url {
        outbox.send_to(url, database.clone(), clock.clone(), Arc::clone(&signing))?;
    }
    if settlement.sandbox {
        tracing::warn!("the sandbox is on: some amounts go wrong on purpose");
    }
    let sandbox = sandbox::Sandbox::new(settlement.sandbox);
    let desk = authorisations::Desk { database: database.clone(), clock, sandbox, outbox };
    let routes = http::routes(desk, signing, Arc::new(key::Key::of(&api_key)));
    server_kit::serve(listen, routes, database).await.context("the operator server did not start")
}
