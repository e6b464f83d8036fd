//! The wallet server: members and their payment methods, the store register, and *entries*: which
//! store this is, and which of this member's methods work there.
//!
//! [`start`] runs it in this process; the binary `wallet-server` does the same from a shell.
//! [`seed`] puts members in, [`register::import`] puts stores in; both work on the database file,
//! before the server starts or while it runs.

mod api;
mod beacons;
mod clock;
mod members;
mod operator;
pub mod register;
mod signing;
mod terminals;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use secrecy::SecretString;
use sqlx::{SqlitePool, migrate::Migrator};
use uuid::Uuid;

pub use clock::Clock;
pub use members::{Seed, SeedMember, seed};
pub use server_frame::{LogArgs, Running};
pub use terminals::terminal_key;

static TABLES: Migrator = sqlx::migrate!();

/// What the server needs to know.
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the database `wallet.db`, of the signing key `store-code.key` and of the
    /// beacons' secret `beacon.key`; they are made when missing.
    pub data: PathBuf,
    /// The settlement operator server, for instance `http://127.0.0.1:8081`.
    pub operator_url: String,
    /// The key the operator gave to this wallet company.
    pub operator_api_key: SecretString,
    /// The proximity UUID of all beacons of this network.
    pub beacon_uuid: Uuid,
    /// What the time is.
    pub clock: Clock,
}

/// What every call works with.
struct App {
    pool: SqlitePool,
    stores: register::Nearby,
    tiles: api::Tiles,
    logins: members::Logins,
    operator: operator::Operator,
    signing: signing::Signing,
    beacons: beacons::Beacons,
    beacon_uuid: Uuid,
    clock: Clock,
}

/// Opens the database of a data folder and brings its tables up to date.
///
/// # Errors
/// When the folder cannot be made or the file is no database of this version.
pub async fn open_register(data: &std::path::Path) -> anyhow::Result<SqlitePool> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("cannot make the folder {}", data.display()))?;
    server_frame::open_database(&data.join("wallet.db"), &TABLES).await
}

/// Starts the server; it answers when this returns.
///
/// # Errors
/// When the data folder, the signing key or the operator's address cannot be used, or the address
/// cannot be listened on.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let Config { listen, data, operator_url, operator_api_key, beacon_uuid, clock } = config;
    let pool = open_register(&data).await?;
    let app = Arc::new(App {
        stores: register::Nearby::default(),
        tiles: api::Tiles::default(),
        logins: members::Logins::new()?,
        operator: operator::Operator::new(&operator_url, operator_api_key)?,
        signing: signing::Signing::open(&data)?,
        beacons: beacons::Beacons::open(&data)?,
        pool: pool.clone(),
        beacon_uuid,
        clock,
    });
    app.stores.current(&pool).await.context("the store register cannot be read")?;
    server_frame::serve(listen, api::routes(app), pool)
        .await
        .context("the wallet server did not start")
}
