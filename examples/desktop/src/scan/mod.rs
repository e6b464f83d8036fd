//! What the desktop's own Bluetooth radio hears, one JSON line a sighting.

mod line;
mod radio;

use std::{
    future::pending,
    io::{self, ErrorKind, Write},
    time::Duration,
};

use anyhow::{Context, bail};
use btleplug::api::{CentralEvent, CentralState};
use clap::Args as ClapArgs;
use futures_util::StreamExt;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use radio::Radio;

/// How often the radio is asked whether it is still there: a radio that went away says nothing.
const STILL_THERE_EVERY: Duration = Duration::from_secs(1);

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
    // One thread: nothing that btleplug left running goes on after the scan has ended.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(scan(args))
}

async fn scan(args: &Args) -> anyhow::Result<()> {
    let mut radio = Radio::open().await?;
    let mut events = radio.events().await?;
    radio.start().await?;
    eprintln!("listening on {}; Ctrl-C ends it", radio.name().await?);
    let started = Instant::now();
    let over = async {
        match args.seconds {
            Some(seconds) => sleep(Duration::from_secs(seconds)).await,
            None => pending().await,
        }
    };
    // Made once: one made anew for each event would miss a Ctrl-C that comes between two.
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(over, interrupted);
    let mut still_there = interval(STILL_THERE_EVERY);
    still_there.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lines = 0_u64;
    loop {
        let event = tokio::select! {
            event = events.next() => event.context("the radio's events ended")?,
            _ = still_there.tick() => {
                radio.still_there().await?;
                continue;
            }
            interrupted = &mut interrupted => {
                interrupted?;
                break;
            }
            () = &mut over => break,
        };
        if matches!(event, CentralEvent::StateUpdate(CentralState::PoweredOff)) {
            bail!("Bluetooth was switched off: {}, then scan again", radio::SWITCH_ON);
        }
        let Some(advert) = radio.advert(event).await else { continue };
        for line in line::of(&advert, args.network) {
            match writeln!(io::stdout(), "{line}") {
                // Whoever read has read enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return radio.stop().await,
                written => written?,
            }
            lines += 1;
        }
    }
    radio.stop().await?;
    eprintln!("{lines} sightings in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}
