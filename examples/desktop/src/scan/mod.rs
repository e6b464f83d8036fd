//! What the desktop's own Bluetooth radio hears, one JSON line a sighting.

mod line;

use std::{
    future::pending,
    io::{self, ErrorKind, Write},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args as ClapArgs;
use tillsight::radio::{Advert, Radio, RadioState};
use tokio::{
    sync::mpsc::unbounded_channel,
    time::{Instant, sleep},
};
use uuid::Uuid;

/// How Bluetooth is switched on here.
const SWITCH_ON: &str = if cfg!(target_os = "linux") {
    "switch it on (`rfkill unblock bluetooth`, `bluetoothctl power on`)"
} else {
    "switch it on in the system's settings, and allow this terminal to use it"
};

/// What to look after when no Bluetooth service answers.
const SERVICE: &str = if cfg!(target_os = "linux") {
    "BlueZ must be installed and running (`systemctl start bluetooth`)"
} else {
    "look into the system's Bluetooth settings"
};

/// What to listen for, and how long.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    form: crate::lines::AsJson,
    /// Seconds to listen for; without it, until Ctrl-C.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: Option<u64>,
    /// The proximity UUID of the network whose beacons are listened for.
    #[arg(long, value_name = "UUID", required_unless_present = "all")]
    network: Option<Uuid>,
    /// Every frame that can be read (iBeacon, AltBeacon, Eddystone) instead of a network's beacons only.
    #[arg(long, conflicts_with = "network")]
    all: bool,
}

/// Listens.
///
/// # Errors
/// When there is no radio to listen with, or it goes away.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(scan(args))
}

/// What the radio says.
enum Said {
    State(RadioState),
    Advert(Advert),
}

async fn scan(args: &Args) -> anyhow::Result<()> {
    let (tell, mut told) = unbounded_channel();
    let hear = tell.clone();
    // Nobody listens any more once this has ended.
    let radio = Radio::always(
        move |state| drop(tell.send(Said::State(state))),
        move |advert| drop(hear.send(Said::Advert(advert.clone()))),
    )?;
    let over = async {
        match args.seconds {
            Some(seconds) => sleep(Duration::from_secs(seconds)).await,
            None => pending().await,
        }
    };
    // Made once: one made anew for each event would miss a Ctrl-C that comes between two.
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(over, interrupted);
    let (mut started, mut lines) = (None, 0_u64);
    loop {
        let said = tokio::select! {
            said = told.recv() => said.context("the radio's thread ended")?,
            interrupted = &mut interrupted => {
                interrupted?;
                break;
            }
            () = &mut over => break,
        };
        let advert = match said {
            Said::Advert(advert) => advert,
            Said::State(RadioState::Listening { adapter }) => {
                eprintln!("listening on {adapter}; Ctrl-C ends it");
                started = Some(Instant::now());
                continue;
            }
            Said::State(state) => bail!("{}", problem(&state, started.is_some())),
        };
        for line in line::of(&advert, args.network) {
            match writeln!(io::stdout(), "{line}") {
                // Whoever read has read enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    radio.stop();
                    return Ok(());
                }
                written => written?,
            }
            lines += 1;
        }
    }
    radio.stop();
    let seconds = started.map_or(0.0, |at| at.elapsed().as_secs_f64());
    eprintln!("{lines} sightings in {seconds:.0} s");
    Ok(())
}

/// What to do about a radio that does not listen.
fn problem(state: &RadioState, listened: bool) -> String {
    match state {
        RadioState::NoService => format!("the Bluetooth service cannot be reached: {SERVICE}"),
        RadioState::NoAdapter => {
            "no Bluetooth adapter: plug one in, or load its driver, then scan again".to_owned()
        }
        RadioState::Off if listened => {
            format!("Bluetooth was switched off: {SWITCH_ON}, then scan again")
        }
        RadioState::Off => format!("Bluetooth is off: {SWITCH_ON}, then scan again"),
        RadioState::NotAllowed => "this program may not use Bluetooth: allow it".to_owned(),
        RadioState::Unwilling => {
            "the adapter does not scan: is another program or a policy in the way?".to_owned()
        }
        _ => format!(
            "the adapter, its service or the bus to it is gone: plug the adapter in again; \
             {SERVICE}; then scan again"
        ),
    }
}
