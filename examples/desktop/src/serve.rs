//! Only the servers, for an app to be pointed at: seeded members, and a store whose terminal can charge.

use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::Channel;
use serde::Serialize;

use crate::{
    cast::{self, Cast, Lists},
    lines, member, paying,
};

/// What the servers are asked for.
#[derive(clap::Args)]
pub struct Args {
    /// The port of the wallet server, so that an app built for it finds it again; any free one for 0.
    #[arg(long, default_value_t = 0, env = "TILLSIGHT_PORT")]
    port: u16,
    /// Print what an app needs as one line of JSON (docs/harness.md).
    #[arg(long)]
    json: bool,
    /// The OpenStreetMap extract with the stores [default: Rome, round Termini].
    #[arg(long, value_name = "FILE.osm.pbf", env = "TILLSIGHT_WORLD")]
    world: Option<PathBuf>,
    /// What the stores without a list are said to take.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What an app is built and tried with.
#[derive(Serialize)]
struct Served {
    wallet_server: String,
    root_key: String,
    user_id: &'static str,
    password: &'static str,
    settlement_code: &'static str,
    link_code: &'static str,
    /// Where the messages with codes are written, one JSON object a line.
    messages: PathBuf,
    operators: Vec<Operator>,
    store: Till,
}

#[derive(Serialize)]
struct Operator {
    name: String,
    url: String,
}

/// A store that takes the wallet's own money.
#[derive(Serialize)]
struct Till {
    id: String,
    name: String,
    latitude: f64,
    longitude: f64,
    terminal_key_file: PathBuf,
}

/// Serves until SIGINT or SIGTERM; then requests that were begun are finished and the data is removed.
///
/// # Errors
/// When the world cannot be read or the port is taken.
pub async fn until_signal(args: Args) -> anyhow::Result<()> {
    let mut signal = server_kit::StopSignal::listen()?;
    let cast = tokio::select! {
        cast = Cast::assemble(args.world.as_deref(), args.seed, args.port, Lists::Generated) => cast?,
        () = signal.received() => return Ok(()),
    };
    let told = tell(&cast, args.json).await;
    if told.is_ok() {
        signal.received().await;
    }
    cast.servers.stop().await;
    told
}

async fn tell(cast: &Cast, json: bool) -> anyhow::Result<()> {
    let served = served(cast).await?;
    if json {
        lines::say(serde_json::to_string(&served)?)?;
    } else {
        lines::say(text(&served))?;
    }
    Ok(())
}

async fn served(cast: &Cast) -> anyhow::Result<Served> {
    let servers = &cast.servers;
    let store =
        cast.stores.first().and_then(|first| paying::store(&cast.stores, first, Channel::Scan));
    let store = store.context("no store of this world takes the wallet's own money")?;
    let operator = |(name, url): (&str, &str)| Operator { name: name.into(), url: url.into() };
    Ok(Served {
        wallet_server: servers.wallet_url(),
        root_key: servers.root_key().to_owned(),
        user_id: member::USER_ID,
        password: member::PASSWORD,
        settlement_code: member::SETTLEMENT_CODE,
        link_code: member::LINK_CODE,
        messages: servers.messages(),
        operators: servers.operator_urls().map(operator).collect(),
        store: Till {
            id: store.id.to_string(),
            name: store.name.clone(),
            latitude: store.position.lat(),
            longitude: store.position.lon(),
            terminal_key_file: servers.terminal_key_file(store.id).await?,
        },
    })
}

fn text(served: &Served) -> String {
    let Served { wallet_server, root_key, store, .. } = served;
    let operators: Vec<String> = served
        .operators
        .iter()
        .map(|it| format!("settlement operator server {} {}\n", it.name, it.url))
        .collect();
    let terminal = cast::terminal_command(wallet_server, &store.id);
    format!(
        "{}wallet server {wallet_server}   root key {root_key}\n\
         member {:?}, password {:?}, settlement code {:?}\n\
         a card to register: link code {:?}\n\
         codes that are mailed: {}\n\
         a store that takes the wallet's money: {} at {:.5}, {:.5}\n  \
         its sign:        {terminal}\n  \
         a payment there: {terminal} --key-file {} charge --amount 5.00\n\
         The servers go on until Ctrl-C.",
        operators.concat(),
        served.user_id,
        served.password,
        served.settlement_code,
        served.link_code,
        served.messages.display(),
        store.name,
        store.latitude,
        store.longitude,
        Path::new(&store.terminal_key_file).display(),
    )
}
