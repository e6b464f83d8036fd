//! The servers' side: the town's servers behind TLS, and a fault when a line says so.

use std::{
    io::{BufRead, Write},
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::Args;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use testkit::Cast;
use tokio::{runtime::Runtime, sync::watch};

use crate::{
    front::{self, Certificates, Fault},
    link,
};

/// Where the servers' side listens.
#[derive(Args)]
pub struct Side {
    /// The address.
    #[arg(long)]
    address: IpAddr,
    /// The folder of the link's sockets; without one the address is this machine's.
    #[arg(long)]
    link: Option<PathBuf>,
}

/// How a phone reaches the servers, told in one line once it can.
#[derive(Serialize, Deserialize)]
pub struct Reached {
    /// The port of the front.
    pub port: u16,
    /// The certificates that it may show, DER in hexadecimal.
    pub certificates: [String; 2],
    /// What vouches for the register.
    pub root_key: String,
}

/// Serves until its input ends.
///
/// # Errors
/// When the link cannot be made or an address is taken.
pub fn serve(side: Side) -> Result<()> {
    if let Some(folder) = &side.link {
        link::servers_end(folder)?;
    }
    let cast = Cast::assemble();
    let wallet: SocketAddr = cast.wallet_url().trim_start_matches("http://").parse()?;
    let runtime = Runtime::new()?;
    let (say, now) = watch::channel(Fault::None);
    let made = Certificates::make()?;
    let certificates = [&made.valid, &made.expired].map(|it| HEXLOWER.encode(it.der()));
    let started = front::start(SocketAddr::new(side.address, 0), wallet, &made, now);
    let port = runtime.block_on(started)?.port();
    let reached = Reached { port, certificates, root_key: cast.root_key().to_owned() };
    println!("{}", serde_json::to_string(&reached)?);
    obey(&say)
}

fn obey(say: &watch::Sender<Fault>) -> Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        say.send(Fault::named(&line).with_context(|| format!("no fault is called {line}"))?)?;
        println!("{line}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
