//! The cast of the walk: the servers over one world, its stores, and the member's phone.

use std::path::Path;

use anyhow::Context;
use domain::{Currency, Store, Timestamp};
use testkit::{Servers, wallet_data};
use tillsight::phone::{Clock as _, SystemClock};
use wallet_server::register;

use crate::member;

/// Everything that runs.
pub struct Cast {
    /// The settlement operator servers and the wallet server.
    pub servers: Servers,
    /// Every store of the register, in the order of their ids.
    pub stores: Vec<Store>,
    /// What the import of the world said.
    pub summary: register::Summary,
}

impl Cast {
    /// Starts the servers, imports `world` and gives the stores without a list one made from
    /// `seed`. `told` hears how much of the file has been read, in thousandths.
    pub async fn assemble(
        world: &Path,
        seed: u64,
        progress: impl FnMut(u64) + Send + 'static,
    ) -> anyhow::Result<Self> {
        let folder = testkit::folder()?;
        let now = Timestamp(SystemClock.now_ms());
        let register = wallet_server::open_database(&wallet_data(folder.path())).await?;
        let import = register::Import::of(world, now);
        let summary = register::import(&register, &import, progress)
            .await
            .with_context(|| format!("cannot import {}", world.display()))?;
        register::generate_missing(&register, seed, now).await?;
        let stores = register::all(&register).await?;
        register.close().await;
        let currency = stores.first().map_or(Currency::EUR, |store| store.currency);
        let operators = member::operators(currency, now);
        let [bank, cards] = operators.each_ref().map(|(name, accounts)| (*name, accounts));
        let members = member::member(currency, now);
        let servers = Servers::start(folder, &members, &[bank, cards]).await?;
        Ok(Self { servers, stores, summary })
    }
}
