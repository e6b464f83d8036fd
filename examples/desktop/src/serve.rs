//! Only the servers, for an app to be pointed at: seeded members, and a store whose terminal can charge.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context;
use domain::Channel;
use serde::Serialize;

use crate::{
    cast::{self, Cast, Lists},
    lines,
    member::{self, Secrets},
    network::OnNetwork,
    paying,
};

/// What the servers are asked for.
#[derive(clap::Args)]
pub struct Args {
    /// The port of the wallet server, so that an app built for it finds it again; any free one for 0.
    #[arg(long, default_value_t = 0, env = "TILLSIGHT_PORT")]
    port: u16,
    /// Let phones on the network reach the wallet server at this address and port of this machine, by TLS
    /// alone: a certificate, a password and a settlement code are made for this run and printed.
    #[arg(long, value_name = "ADDRESS:PORT", env = "TILLSIGHT_LISTEN")]
    listen: Option<SocketAddr>,
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
    /// The same for programs on this machine, which is where the store's terminal runs.
    #[serde(skip)]
    local: String,
    root_key: String,
    /// What a phone on the network is told to trust.
    #[serde(flatten)]
    authority: Option<Authority>,
    user_id: &'static str,
    password: String,
    settlement_code: String,
    link_code: &'static str,
    /// Where the messages with codes are written, one JSON object a line.
    messages: PathBuf,
    operators: Vec<Operator>,
    store: Till,
}

/// The authority of this run's certificate.
#[derive(Serialize)]
struct Authority {
    /// PEM.
    certificate: PathBuf,
    /// SHA-256.
    fingerprint: String,
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
/// When the world cannot be read, a port is taken, or the address to listen on is no single one.
pub async fn until_signal(args: Args) -> anyhow::Result<()> {
    let mut signal = server_kit::StopSignal::listen()?;
    let cast = tokio::select! {
        cast = Cast::assemble(args.world.as_deref(), args.seed, args.port, Lists::Generated) => cast?,
        () = signal.received() => return Ok(()),
    };
    let served = serve(&cast, &args, &mut signal).await;
    cast.servers.stop().await;
    eprintln!("stopped; the servers' data is removed");
    served
}

async fn serve(
    cast: &Cast,
    args: &Args,
    signal: &mut server_kit::StopSignal,
) -> anyhow::Result<()> {
    let Some(listen) = args.listen else {
        tell(&served(cast, Secrets::known(), None).await?, args.json)?;
        signal.received().await;
        return Ok(());
    };
    let network = OnNetwork::bind(listen).await?;
    let secrets = cast::on_a_phone(&cast.servers, Secrets::made_by_chance)?;
    let behind = cast.servers.wallet_address().context("the wallet server has ended")?;
    let served = served(cast, secrets, Some(&network)).await?;
    tell(&served, args.json)?;
    tokio::select! {
        ended = network.serve(behind) => ended,
        () = signal.received() => Ok(()),
    }
}

fn tell(served: &Served, json: bool) -> anyhow::Result<()> {
    if json {
        lines::say(serde_json::to_string(served)?)?;
    } else {
        lines::say(text(served))?;
    }
    Ok(())
}

async fn served(
    cast: &Cast,
    secrets: Secrets,
    network: Option<&OnNetwork>,
) -> anyhow::Result<Served> {
    let servers = &cast.servers;
    let local = servers.wallet_url();
    let authority = match network {
        Some(network) => {
            let certificate = servers.messages().with_file_name("authority.pem");
            std::fs::write(&certificate, network.authority_pem())?;
            Some(Authority { certificate, fingerprint: network.fingerprint() })
        }
        None => None,
    };
    let store =
        cast.stores.first().and_then(|first| paying::store(&cast.stores, first, Channel::Scan));
    let store = store.context("no store of this world takes the wallet's own money")?;
    let operator = |(name, url): (&str, &str)| Operator { name: name.into(), url: url.into() };
    Ok(Served {
        wallet_server: network.map_or_else(|| local.clone(), OnNetwork::url),
        local,
        root_key: servers.root_key().to_owned(),
        authority,
        user_id: member::USER_ID,
        password: secrets.password,
        settlement_code: secrets.settlement_code,
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
    let Served { wallet_server, local, root_key, store, .. } = served;
    let trusted = served.authority.as_ref().map_or_else(String::new, |it| {
        format!(
            "trust on the phone, for this run alone: {}\n  its fingerprint: {}\n",
            it.certificate.display(),
            it.fingerprint
        )
    });
    let operators: Vec<String> = served
        .operators
        .iter()
        .map(|it| format!("settlement operator server {} {}\n", it.name, it.url))
        .collect();
    let terminal = cast::terminal_command(local, &store.id);
    format!(
        "{}wallet server {wallet_server}   root key {root_key}\n{trusted}\
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
