//! The wallet server: members and their payment methods, the store register, and *entries*: which
//! store this is, and which of this member's methods work there.
//!
//! [`start`] runs it in this process; the binary `wallet-server` does the same from a shell.
//! [`seed`] puts members in, [`register::import`] puts stores in; both work on the database file,
//! before the server starts or while it runs.

mod callbacks;
mod credentials;
mod database;
mod deposits;
mod entries;
mod events;
mod history;
mod http;
mod joining;
pub mod knowledge;
mod members;
mod methods;
mod network;
mod operators;
mod own_data;
mod pursuit;
mod push;
mod reconciliation;
pub mod register;
mod reports;
mod sealing;
mod seed;
mod settlements;
mod signing;
mod terminals;
mod tiles;
mod transfer_ids;
mod wallets;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use domain::wire::Network;

use http::App;

pub use database::open_database;
pub use deposits::DepositArgs;
pub use members::{
    FileSender, JwtProvider, LoginProvider, MemberArgs, MemberConfig, Message, MessageSender,
    Purpose,
};
pub use methods::{Backing, StoredMethod};
pub use network::NetworkArgs;
pub use operators::{OperatorArgs, OperatorConfig};
pub use push::{Delivery, FileGateway, ProviderToken, Push, PushArgs, PushGateway};
pub use reconciliation::{Report, ReportItem, SuspenseItem, reconcile};
pub use reports::renew_keys;
pub use reports::{learn_from_reports, publish};
pub use seed::{Seed, SeedMember, seed};
pub use server_kit::{Clock, Database, Day, LogArgs, ProxyArgs, Running};
pub use settlements::{NotDone, Tills, learn_from_payments};
pub use signing::RegisterKeys;
pub use terminals::terminal_key;
pub use wallets::{Booked, NotWritten, Verified, Wallets, booked, verify};

/// What the server needs to know.
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the database `wallet.db`, of the keys that sign (`root.key`, `register.key`,
    /// `store-code.key`, `receipt.key`), of the beacons' secret `beacon.key`, of `grants.key` and
    /// `push-tokens.key`, which seal grants and push tokens, of `pepper.key`, with which short codes are
    /// hashed, and of `reports.key`, from which the weeks' keys of credentials are made; they are made
    /// when missing.
    pub data: PathBuf,
    /// The settlement operators, at least one.
    pub operators: Vec<OperatorConfig>,
    /// What all stores of this network have in common. Another one than the last time takes the root
    /// key.
    pub network: Network,
    /// What deposits are bound by.
    pub deposits: DepositArgs,
    /// What members begin with and how they are reached.
    pub members: MemberConfig,
    /// Tells phones that there is something new; without it they hear when they ask.
    pub push: Option<Arc<dyn PushGateway>>,
    /// The proxy before this server, if there is one.
    pub proxy: ProxyArgs,
    /// What the time is.
    pub clock: Clock,
}

/// Starts the server; it answers when this returns.
///
/// # Errors
/// When the data folder, a key in it or an operator cannot be used, or the address cannot be listened
/// on.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let Config { listen, data, operators, network, .. } = config;
    let Config { deposits, members, push, proxy, clock, .. } = config;
    proxy.may_listen(listen)?;
    let database = open_database(&data).await?;
    wallets::open_all(&database, clock.now()).await?;
    let signing = signing::Signing::new(signing::KeyFiles::new(&data, None));
    signing.describe(&database, &network, clock.now()).await?;
    signing.in_force(&database, clock.now()).await?;
    let report_keys = reports::WeekKeys::open(&data)?;
    let told = reports::told_keys((&report_keys, &signing), &database, clock.now()).await;
    if let Err(problem) = told {
        let problem = anyhow::Error::from(problem);
        tracing::warn!("nobody can be given the right to report: {problem:#}");
    }
    let methods = methods::MemberMethods {
        database: database.clone(),
        grant_key: methods::GrantKey::open(&data)?.into(),
        operators: operators::Operators::new(operators)?,
    };
    methods.warn_of_missing_operators().await?;
    let membership =
        members::Membership::start(&data, database.clone(), clock.clone(), members).await?;
    let wallets = Wallets::start(database.clone(), clock.clone());
    let deposits =
        deposits::Deposits::start(methods.clone(), clock.clone(), wallets.clone(), &deposits)
            .await?;
    let settlements =
        settlements::Settlements::start(methods.clone(), wallets, clock.clone()).await?;
    let pushes = push::Pushes::start(&data, database.clone(), clock.clone(), push)?;
    let app = App {
        database: database.clone(),
        clock,
        pushes,
        stores: Arc::default(),
        tiles: Arc::default(),
        membership,
        methods,
        deposits,
        settlements,
        waiting: Default::default(),
        signing: signing.into(),
        beacons: terminals::Beacons::open(&data)?.into(),
        report_keys: report_keys.into(),
        rotating: Arc::default(),
        proxy,
        network: network.into(),
    };
    read_register(&app).await.context("the store register cannot be read")?;
    server_kit::serve(listen, http::routes(app), database)
        .await
        .context("the wallet server did not start")
}

/// Reads the store register, which takes seconds for a large one, before anyone waits for it.
async fn read_register(app: &App) -> Result<(), server_kit::DatabaseError> {
    let mut connection = app.database.reads().acquire().await?;
    app.stores.current(&app.database, &mut connection).await.map(drop)
}
