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

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use step::{Outcome, Parts, cargo, has_or_installs, run, target};

const USAGE: &str = "cargo xtask VERB\n\
    \x20 test              what a change must pass: format, lints, the reference, Rust tests, the core's\n\
    \x20                   own radio, bad networks, killed phones, the surface, the guides, the fuzz targets,\n\
    \x20                   the library's size, the phone\n\
    \x20                   targets, and the Kotlin and the Swift package\n\
    \x20 fuzz [SECONDS] [TARGET]\n\
    \x20                   run every fuzz target, or one, for so many seconds (60)\n\
    \x20 surface           write bindings/surface and docs/errors.md anew\n\
    \x20 surface --check   compare them with the code\n\
    \x20 laws [--json]     hold the laws of the house: circles of files, long files, first lines,\n\
    \x20                   what a new reason and a new screen touch\n\
    \x20 cases FILE [--json] [--release]\n\
    \x20                   run cases from the field: texts, frames, pictures, store data, fixes\n\
    \x20 calibration [--json] [--visits N] [--seed N] [--at SECONDS] [--world FILE.osm.pbf]...\n\
    \x20                   hold the judgement's probabilities against simulated visits\n\
    \x20 brands FOLDER     reduce a checkout of the name-suggestion-index to the table of servers/wallet/data\n\
    \x20 learn FOLDER      count what the stores of a folder take, and write the tables of servers/wallet/data\n\
    \x20 knowledge FOLDER [--json]\n\
    \x20                   judge the stores of each region by the counts of all others\n\
    \x20 long model [--operations N] [--seed S] [--json]\n\
    \x20                   random operations on the wallet server's ledger and on one in memory\n\
    \x20 long logins [--logins N] [--json]\n\
    \x20                   the memory that the wallet server takes for many log-ins at once\n\
    \x20 long sync [--stores N] [--kills N] [--seed N] [--json]\n\
    \x20                   a phone that fetches a city and is killed again and again: bytes, and what is kept\n\
    \x20 face [--bench] [--json] [--only WORDS]\n\
    \x20                   the harness's page in a real browser: walked, broken, paid on, and measured\n\
    \x20 pictures          take the pictures of the documents from the page anew\n\
    \x20 network [--case NAME] [--seed N] [--json]\n\
    \x20                   a phone behind a link that delays, drops and cuts, and a server that answers wrong\n\
    \x20 secrets DIR       look for what was secret in all that tests run with TILLSIGHT_RUN=DIR left\n\
    \x20 ffi               time the same calls in Rust, Kotlin and Swift\n\
    \x20 size              measure the shipped library and write sizes.json\n\
    \x20 size --check      hold the arm64 library to its budget\n\
    \x20 targets           check the core for every phone target\n\
    \x20 kotlin            generate, compile and test the Kotlin package on the JVM\n\
    \x20 kotlin --android  the same, the Android classes against Android's own, and the example's\n\
    \x20                   screen\n\
    \x20 swift             generate, compile and test the Swift package\n\
    \x20 package android   build the Android library for every ABI (needs the NDK)\n\
    \x20 package ios       build the XCFramework (needs Xcode)";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => test(),
        ["fuzz", options @ ..] => fuzz(options),
        ["surface"] => surface::write(),
        ["surface", "--check"] => surface::check(),
        ["laws"] => laws::check(false),
        ["laws", "--json"] => laws::check(true),
        ["cases", file, options @ ..] => cases(file, options),
        ["calibration", options @ ..] => calibration(options),
        ["brands", folder] => brands::write(Path::new(folder)),
        ["learn", folder] => harness(&["learn", folder, "--out", "servers/wallet/data"]),
        ["knowledge", options @ ..] => knowledge(options),
        ["long", part, options @ ..] => long::run_part(part, options),
        ["face", options @ ..] => face(options),
        ["pictures"] => face::take_pictures().map(drop),
        ["network", options @ ..] => network(options),
        ["secrets", folder] => secrets::check(Path::new(folder)),
        ["ffi"] => ffi::measure(),
        ["size"] => size::write().map(drop),
        ["size", "--check"] => size::check().map(drop),
        ["targets"] => targets::check().map(drop),
        ["kotlin"] => kotlin::test(false).map(drop),
        ["kotlin", "--android"] => kotlin::test(true).map(drop),
        ["swift"] => swift::test().map(drop),
        ["package", "android"] => package::android(),
        ["package", "ios"] => package::ios(),
        ["help" | "--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
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

/// The harness has the stores and the visits.
fn calibration(options: &[&str]) -> Result<()> {
    harness(&[&["calibration"], options].concat())
}

fn knowledge(options: &[&str]) -> Result<()> {
    let (flags, folders): (Vec<&str>, Vec<&str>) =
        options.iter().partition(|option| **option == "--json");
    let [folder] = folders.as_slice() else { bail!("knowledge takes one folder\n{USAGE}") };
    harness(&[&["knowledge", "--regions", folder], flags.as_slice()].concat())
}

/// Between network namespaces, or through a proxy where none can be made.
fn network(options: &[&str]) -> Result<()> {
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
    long::run_part("sync", &["--stores", "1000", "--kills", "12", "--json"])?;
    Ok(Outcome::Passed)
}

fn harness(verb: &[&str]) -> Result<()> {
    run(cargo(&["run", "--quiet", "--package", "desktop", "--"]).args(verb))
}

fn cases(file: &str, options: &[&str]) -> Result<()> {
    if let Some(unknown) = options.iter().find(|option| !["--json", "--release"].contains(option)) {
        bail!("cases knows no {unknown}\n{USAGE}");
    }
    cases::run(file, options.contains(&"--json"), options.contains(&"--release"))
}

fn face(options: &[&str]) -> Result<()> {
    let mut asked = face::Asked::default();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--bench" => asked.bench = true,
            "--json" => asked.json = true,
            "--only" => asked.only = options.next().context("--only WORDS")?,
            unknown => bail!("face knows no {unknown}\n{USAGE}"),
        }
    }
    face::run(asked).map(drop)
}

fn fuzz(options: &[&str]) -> Result<()> {
    let (seconds, only) = match options {
        [] => ("60", None),
        [seconds] => (*seconds, None),
        [seconds, only] => (*seconds, Some(*only)),
        _ => bail!("{USAGE}"),
    };
    fuzz::run_targets(seconds.parse().context("SECONDS is a number")?, only).map(drop)
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
