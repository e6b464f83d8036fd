//! `replay`: scenario files in, claims out. Each scenario is what one phone would have sensed; only
//! what the sensing plan has switched on reaches the judgement.

mod claims;
mod recorded;
mod scenario;
mod session;
#[cfg(test)]
mod tests;
mod unread;
mod world;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use tillsight::plan::{Platform, SensingPolicy};

use crate::{air, cast};
use unread::Unread;
pub use world::World;

/// Replays recordings that a phone or the page saved, over the stores of an extract, and prints what was
/// judged after each signal. With `--anchors` it replays scenario files (`*.events.jsonl`) instead, and
/// writes what the judgement claims.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    form: crate::lines::AsJson,
    /// The OpenStreetMap extract that was visited [default: Rome, round Termini]; for scenario files their
    /// stores, buildings and streets.
    #[arg(long)]
    world: Option<PathBuf>,
    /// Which store of a scenario's world has which beacon and access point.
    #[arg(long, requires = "world")]
    anchors: Option<PathBuf>,
    /// When the wallet listens.
    #[arg(long, value_enum, default_value_t = PolicyArg::Screen)]
    policy: PolicyArg,
    /// Whose limits hold: no Wi-Fi scan on iOS.
    #[arg(long, value_enum, default_value_t = PlatformArg::Ios)]
    platform: PlatformArg,
    /// Folder for the claims, one file per scenario; standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Recordings, or scenario files.
    #[arg(required = true)]
    events: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PolicyArg {
    /// Sensors run for 10 s from the opening of the settlement screen.
    Screen,
    /// Beacons always, the receiver in short runs.
    Always,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PlatformArg {
    /// Wi-Fi scans while the plan asks for them.
    Android,
    /// No Wi-Fi scan is ever delivered.
    Ios,
}

/// Runs the replay. What cannot be read is reported on standard error, with its file and line, and
/// left out; the other lines and files are replayed all the same.
///
/// # Errors
/// When world, anchors or claims cannot be opened; at the end, when anything was left out.
pub async fn run(args: &Args) -> anyhow::Result<()> {
    match (&args.world, &args.anchors) {
        (Some(world), Some(anchors)) => scenarios(args, world, anchors),
        (world, _) => recordings(args, world.as_deref()).await,
    }
}

async fn recordings(args: &Args, world: Option<&Path>) -> anyhow::Result<()> {
    let mut stores = cast::stores_of(world).await?;
    for (store, point) in air::access_points(&stores) {
        let given = stores.iter_mut().find(|known| known.id == store);
        given.into_iter().for_each(|store| store.access_points = vec![point]);
    }
    let register = recorded::Register::of(stores);
    args.events.iter().try_for_each(|path| recorded::run(path, &register))
}

fn scenarios(args: &Args, world: &Path, anchors: &Path) -> anyhow::Result<()> {
    let mut unread = Unread::default();
    let world = World::read(world, anchors, &mut unread)?;
    let policy = match args.policy {
        PolicyArg::Screen => SensingPolicy::Screen,
        PolicyArg::Always => SensingPolicy::Always,
    };
    let platform = match args.platform {
        PlatformArg::Android => Platform::Android,
        PlatformArg::Ios => Platform::Ios,
    };
    if let Some(out) = &args.out {
        std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    }
    let total = args.events.len();
    for (done, path) in args.events.iter().enumerate() {
        match scenario::read(path, &mut unread) {
            Ok(events) => {
                let claims = session::replay(&world, policy, platform, &events);
                write(args.out.as_deref(), path, &claims)?;
            }
            Err(problem) => unread.report(format_args!("{problem:#}")),
        }
        if total > 1 && ((done + 1) % 20 == 0 || done + 1 == total) {
            eprint!("\r{} of {total} scenarios", done + 1);
        }
    }
    if total > 1 {
        eprintln!();
    }
    match unread.count() {
        0 => Ok(()),
        1 => bail!("one line or file could not be read and was left out"),
        count => bail!("{count} lines or files could not be read and were left out"),
    }
}

fn write(out: Option<&Path>, events: &Path, claims: &str) -> anyhow::Result<()> {
    let Some(out) = out else {
        return Ok(std::io::stdout().write_all(claims.as_bytes())?);
    };
    let file = out.join(claims_name(events));
    std::fs::write(&file, claims).with_context(|| format!("cannot write {}", file.display()))
}

/// `x.events.jsonl` becomes `x.claims.jsonl`.
fn claims_name(events: &Path) -> String {
    let name = events.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let stem = name.strip_suffix(".events.jsonl").unwrap_or(&name);
    format!("{stem}.claims.jsonl")
}
