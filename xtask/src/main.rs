//! The steps of CI, each a verb: `cargo xtask test` runs what a change must pass.

mod brands;
mod cases;
mod dependencies;
mod face;
mod ffi;
mod fuzz;
mod guides;
mod kotlin;
mod laws;
mod library;
mod long;
mod package;
mod pages;
mod secrets;
mod service;
mod shares;
mod shipped;
mod size;
mod step;
mod surface;
mod swift;
mod targets;
mod verbs;

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use anyhow::Result;
use clap::Parser as _;
use step::{Outcome, Parts, cargo, has_or_installs, run, target};
use verbs::{Long, Passed, Platform, Verb, Xtask};

fn main() -> Result<()> {
    match Xtask::parse().verb {
        Verb::Test => test(),
        Verb::Fuzz { seconds, target } => fuzz::run_targets(seconds, target.as_deref()).map(drop),
        Verb::Surface { check: false } => surface::write(),
        Verb::Surface { check: true } => surface::check(),
        Verb::Laws { output } => laws::check(output.json),
        Verb::Cases { file, output, release } => cases::run(&file, output.json, release),
        Verb::Calibration(passed) => harness("calibration", &passed.options),
        Verb::Brands { folder } => brands::write(&folder),
        Verb::Learn { folder } => harness(
            "learn",
            &[folder.as_os_str(), "--out".as_ref(), "servers/wallet/data".as_ref()],
        ),
        Verb::Knowledge { folder, output } => {
            let json = output.json.then_some("--json".as_ref());
            let asked = ["--regions".as_ref(), folder.as_os_str()];
            harness("knowledge", &asked.into_iter().chain(json).collect::<Vec<_>>())
        }
        Verb::Long { part } => long::run_part(part),
        Verb::Face { bench, output, only } => {
            face::run(face::Asked { bench, json: output.json, only: &only }).map(drop)
        }
        Verb::Pictures => face::take_pictures().map(drop),
        Verb::Network(passed) => network(&passed.options),
        Verb::Secrets { folder } => secrets::check(&folder),
        Verb::Ffi => ffi::measure(),
        Verb::Size { check: false } => size::write().map(drop),
        Verb::Size { check: true } => size::check().map(drop),
        Verb::Targets => targets::check().map(drop),
        Verb::Kotlin { android } => kotlin::test(android).map(drop),
        Verb::Swift => swift::test().map(drop),
        Verb::Package { platform: Platform::Android } => package::android(),
        Verb::Package { platform: Platform::Ios } => package::ios(),
    }
}

/// The core's own radio and the harness's scanner with it, which nothing else compiles, against a bus of their own.
fn radio() -> Result<Outcome> {
    if !has_or_installs(&["dbus-daemon"], &["dbus"])? {
        let asked = "install dbus-daemon, on Debian and Ubuntu `apt-get install dbus`";
        return Outcome::missing("the tests of the core's own radio", asked);
    }
    let radio = [
        "--package",
        "tillsight",
        "--package",
        "desktop",
        "--features",
        "tillsight/ble,desktop/ble",
    ];
    let mut lints = cargo(&["clippy", "--all-targets"]);
    run(lints.args(radio).args(["--", "-D", "warnings"]))?;
    let parts: [&[&str]; 3] = [
        &["--lib", "radio::"],
        &["--test", "radio", "--test", "scan"],
        &["--bin", "desktop", "scan::"],
    ];
    for part in parts {
        run(cargo(&["test"]).args(radio).args(part))?;
    }
    Ok(Outcome::Passed)
}

/// The reference as docs.rs would build it: a link that leads nowhere is a failure.
fn document() -> Result<Outcome> {
    let mut doc = cargo(&["doc", "--workspace", "--no-deps"]);
    run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Outcome::Passed)
}

/// Between network namespaces, or through a proxy where none can be made.
fn network(options: &[impl AsRef<OsStr>]) -> Result<()> {
    let example = ["run", "--quiet", "--package", "testkit", "--example", "network", "--"];
    run(cargo(&example).args(options))
}

fn bad_networks() -> Result<Outcome> {
    // Without them it goes through a proxy, and says what that leaves out.
    has_or_installs(&["ip", "unshare"], &["iproute2", "util-linux"])?;
    network(&["--json"])?;
    Ok(Outcome::Passed)
}

/// A small city and few kills; the long run is by hand.
fn killed_phones() -> Result<Outcome> {
    let options = ["--stores", "1000", "--kills", "12", "--json"].map(OsString::from);
    long::run_part(Long::Sync(Passed { options: options.into() }))?;
    Ok(Outcome::Passed)
}

/// It has the stores and the visits.
fn harness(verb: &str, options: &[impl AsRef<OsStr>]) -> Result<()> {
    run(cargo(&["run", "--quiet", "--package", "desktop", "--", verb]).args(options))
}

/// Enough to read the seeds and change some; the long runs are by hand.
const SHORT_FUZZ_S: u64 = 5;

fn test() -> Result<()> {
    let mut parts = Parts::default();
    parts.add("format and lints", lints)?;
    parts.add("laws", || laws::check(false).map(|()| Outcome::Passed))?;
    parts.add("reference", document)?;
    parts.add("Rust", rust)?;
    parts.add("secrets", || secrets::check(&left_by_tests()).map(|()| Outcome::Passed))?;
    parts.add("dependencies", dependencies::check)?;
    parts.add("own radio", radio)?;
    parts.add("the page in a browser", || {
        face::run(face::Asked { json: true, ..face::Asked::default() })
    })?;
    parts.add("bad networks", bad_networks)?;
    parts.add("killed phones", killed_phones)?;
    parts.add("surface and guides", surface)?;
    parts.add("fuzz targets", || fuzz::run_targets(SHORT_FUZZ_S, None))?;
    parts.add("library size", size::check)?;
    parts.add("phone targets", targets::check)?;
    parts.add("Kotlin", || kotlin::test(true))?;
    parts.add("Swift", swift::test)?;
    println!("{}", parts.summary());
    Ok(())
}

fn lints() -> Result<Outcome> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(Outcome::Passed)
}

/// What the Rust tests leave, to be looked through for secrets.
fn left_by_tests() -> PathBuf {
    target().join("run")
}

fn rust() -> Result<Outcome> {
    let left = left_by_tests();
    secrets::emptied(&left)?;
    run(cargo(&["test", "--workspace"]).env(secrets::RUN, &left))?;
    Ok(Outcome::Passed)
}

fn surface() -> Result<Outcome> {
    surface::check()?;
    guides::check()?;
    Ok(Outcome::Passed)
}
