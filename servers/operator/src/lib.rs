//! The server of a settlement operator (a bank or a card company): accounts and cards with their
//! histories, told to the wallet company and to nobody else.
//!
//! [`start`] runs it in this process; the binary `operator-server` does the same from a shell.

mod api;
mod links;
mod seed;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, ensure};
use secrecy::{ExposeSecret, SecretString};
use sqlx::migrate::Migrator;

pub use seed::{Seed, SeedAccount, SeedBooking, SeedCard, SeedLink, seed};
pub use server_frame::{LogArgs, Running};

static TABLES: Migrator = sqlx::migrate!();

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
}

/// Starts the server; it answers when this returns.
///
/// # Errors
/// When the key is too short, the database cannot be opened or the address not be listened on.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let Config { listen, database, api_key } = config;
    ensure!(
        api_key.expose_secret().len() >= MIN_KEY,
        "the API key is shorter than {MIN_KEY} characters"
    );
    let pool = server_frame::open_database(&database, &TABLES).await?;
    let routes = api::routes(pool.clone(), Arc::new(api::Key::of(&api_key)));
    server_frame::serve(listen, routes, pool).await.context("the operator server did not start")
}
