//! The cast of the walk: the servers over one world, its stores, and what the member pays by.

use std::{
    fs::File,
    io::IsTerminal,
    net::TcpListener,
    path::{Path, PathBuf},
};

use anyhow::Context;
use domain::{Currency, Store, Timestamp};
use testkit::{Phone, Servers, wallet_data};
use tillsight::phone::{Clock as _, SystemClock};
use wallet_server::{Database, register};

use crate::{
    air, copies, member,
    place::{self, Spot},
};

const ROME: &[u8] = include_bytes!("../data/rome-esquilino.osm.pbf");

/// What the stores of the world are said to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lists {
    /// What the extract says, and what follows from it; the store visited is a member of the network and has a
    /// list of its own.
    Real,
    /// Made-up lists for all stores that say nothing.
    Generated,
}

/// Everything that runs.
pub struct Cast {
    /// The settlement operator servers and the wallet server.
    pub servers: Servers,
    /// Every store of the register, in the order of their ids.
    pub stores: Vec<Store>,
    /// Which of them is visited, and from where.
    pub visited: Spot,
    /// What the import of the world said.
    pub summary: register::Summary,
    /// The file of the world.
    pub world: PathBuf,
    /// Where that file is, if it is Rome's.
    _extract: tempfile::TempDir,
}

impl Cast {
    /// Starts the servers, the wallet server on `port` (any free one for 0), imports `world`, or else
    /// Rome, chooses the store to be visited by `seed`, gives that or all stores without a list one, as
    /// `lists` says, and the member a settlement code. A terminal is told on standard error how much of the
    /// world has been read.
    pub async fn assemble(
        world: Option<&Path>,
        seed: u64,
        port: u16,
        lists: Lists,
    ) -> anyhow::Result<Self> {
        Self::assemble_with(world, seed, port, lists, 0).await
    }

    /// As [`Cast::assemble`], with copies of the world's stores until there are `least`.
    pub async fn assemble_with(
        world: Option<&Path>,
        seed: u64,
        port: u16,
        lists: Lists,
        least: usize,
    ) -> anyhow::Result<Self> {
        let folder = testkit::folder()?;
        let now = Timestamp(SystemClock.now_ms());
        let extract = tempfile::tempdir()?;
        let world = extract_of(world, extract.path())?;
        let register = wallet_server::open_database(&wallet_data(folder.path())).await?;
        let import = register::Import::of(&world, now);
        let loud = std::io::stderr().is_terminal();
        let progress = move |thousandths: u64| {
            if loud {
                eprint!("\r{} % of the world read ", thousandths / 10);
            }
        };
        let summary = register::import(&register, &import, progress)
            .await
            .with_context(|| format!("cannot import {}", world.display()))?;
        if loud {
            eprintln!();
        }
        if least > 0 {
            let stores = register::all(&register).await?;
            copies::add(&register, &stores, least, extract.path(), now).await?;
        }
        if lists == Lists::Generated {
            register::generate_missing(&register, seed, now).await?;
        } else {
            let member = place::choose_named(&register::all(&register).await?, seed)?.store;
            register::give_own_list(&register, &member, seed, now).await?;
        }
        let stores = register::all(&register).await?;
        register::give_access_points(&register, &air::access_points(&stores)).await?;
        let stores = register::all(&register).await?;
        register.close().await;
        let visited = match lists {
            Lists::Generated => place::choose(&stores, seed)?,
            Lists::Real => place::choose_named(&stores, seed)?,
        };
        let currency = stores.first().map_or(Currency::EUR, |store| store.currency);
        let operators = member::operators(currency, now);
        let [bank, cards] = operators.each_ref().map(|(name, accounts)| (*name, accounts));
        let members = member::member(currency, now);
        let servers =
            Servers::start_on(port, testkit::network(), folder, &members, &[bank, cards]).await?;
        on_a_phone(&servers, member::set_settlement_code)?;
        Ok(Self { servers, stores, visited, summary, world, _extract: extract })
    }
}

/// Does something on a phone of its own.
///
/// # Errors
/// What it fails with.
pub fn on_a_phone<T>(
    servers: &Servers,
    work: impl FnOnce(&Phone) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    // The core waits for the network, so it lives beside the servers' threads.
    tokio::task::block_in_place(|| {
        let url = servers.wallet_url();
        work(&Phone::switch_on(testkit::folder()?, &url, servers.root_key())?)
    })
}

/// The world that was asked for, or Rome, written into `folder`.
fn extract_of(world: Option<&Path>, folder: &Path) -> anyhow::Result<PathBuf> {
    let Some(file) = world else {
        let file = folder.join("rome-esquilino.osm.pbf");
        std::fs::write(&file, ROME)?;
        return Ok(file);
    };
    File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    Ok(file.to_owned())
}

/// A database in `folder` whose register has the stores of the world that was asked for, imported at `now`.
///
/// # Errors
/// When the extract cannot be read.
pub async fn register_of(
    world: Option<&Path>,
    folder: &Path,
    now: Timestamp,
) -> anyhow::Result<Database> {
    let database = wallet_server::open_database(folder).await?;
    let file = extract_of(world, folder)?;
    let imported = register::import(&database, &register::Import::of(&file, now), |_| {}).await;
    imported.with_context(|| format!("cannot import {}", file.display()))?;
    Ok(database)
}

/// The stores of that world, as the register has them.
///
/// # Errors
/// As for [`register_of`].
pub async fn stores_of(world: Option<&Path>) -> anyhow::Result<Vec<Store>> {
    let folder = tempfile::tempdir()?;
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    let database = register_of(world, folder.path(), now).await?;
    let stores = register::all(&database).await?;
    database.close().await;
    Ok(stores)
}

/// A port of this machine that nobody listens on.
///
/// # Errors
/// When the system gives none.
pub fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// How the terminal of a store is started.
pub fn terminal_command(wallet_server: &str, store: &str) -> String {
    format!("cargo run -p terminal -- --wallet-server {wallet_server} --store {store}")
}
