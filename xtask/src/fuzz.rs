//! The fuzz targets, on the stable toolchain: built with the coverage that libFuzzer needs, seeded
//! from the vectors, run one after the other.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result, bail, ensure};

use crate::step::{Outcome, cargo, code, has_or_installs, host, root, run, target};

/// What `cargo fuzz` gives the compiler without a sanitizer; stable Rust takes all of it.
const COVERAGE: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Clink-dead-code",
    "--cfg=fuzzing",
];

/// Runs every target, or the one named `only`, for `seconds` each.
///
/// # Errors
/// With the input that crashed a target or kept it too long; when the targets do not build.
pub fn run_targets(seconds: u64, only: Option<&str>) -> Result<Outcome> {
    if !has_or_installs(&["c++"], &["g++"])? {
        let asked = "install a C++ compiler, on Debian and Ubuntu `apt-get install g++`";
        return Outcome::missing("the fuzz targets", asked);
    }
    let names = names()?;
    if let Some(only) = only {
        ensure!(names.iter().any(|name| name == only), "the targets are {}", names.join(", "));
    }
    let programs = build()?;
    let corpus = root().join("fuzz/corpus");
    let path = corpus.display().to_string();
    run(&mut cargo(&["run", "--quiet", "-p", "signs", "--example", "seed_corpus", "--", &path]))?;
    run(&mut cargo(&["run", "--quiet", "--example", "plane_corpus", "--", &path]))?;
    for name in names.iter().filter(|name| only.is_none_or(|only| only == *name)) {
        fuzz(&programs.join(name), name, &corpus.join(name), seconds)?;
    }
    Ok(Outcome::Passed)
}

/// The targets, which are the files of their folder.
fn names() -> Result<Vec<String>> {
    let files = fs::read_dir(root().join("fuzz/fuzz_targets")).context("fuzz/fuzz_targets")?;
    let stems = files.filter_map(|file| Some(file.ok()?.path().file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<String> = stems.collect();
    names.sort();
    Ok(names)
}

/// Builds them and gives the folder of the programs. They resolve as the workspace does, so that
/// what is fuzzed is what ships.
fn build() -> Result<PathBuf> {
    fs::copy(root().join("Cargo.lock"), root().join("fuzz/Cargo.lock")).context("Cargo.lock")?;
    let host = host()?;
    let target = target().join("fuzz");
    // A named target keeps the flags away from build scripts and macros.
    let mut build = cargo(&["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    build.arg("--target").arg(&host).arg("--target-dir").arg(&target);
    run(build.env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}")))?;
    Ok(target.join(host).join("release"))
}

/// What is found is kept in `corpus`, for the next run.
fn fuzz(program: &Path, name: &str, corpus: &Path, seconds: u64) -> Result<()> {
    let failures = root().join("fuzz/artifacts").join(name);
    fs::create_dir_all(&failures)?;
    let longest = if name == "plane" { 65_536 } else { 4_200 };
    let mut command = Command::new(program);
    command.arg(corpus).args([
        format!("-max_total_time={seconds}"),
        // What takes so long hangs; how fast the readers are is not for a busy machine to say.
        "-timeout=10".to_owned(),
        format!("-max_len={longest}"),
        format!("-artifact_prefix={}/", failures.display()),
    ]);
    let before = SystemTime::now();
    let ended = code(command.current_dir(root()));
    match (&ended, newest(&failures, before)) {
        (Ok(0), _) => Ok(()),
        (_, Some(input)) => bail!("{name} failed on the input {}", input.display()),
        (Ok(code), None) => bail!("{name} ended with exit code {code}"),
        (Err(error), None) => bail!("{name}: {error}"),
    }
}

/// The newest file of a folder, if it is not older than `since`.
fn newest(folder: &Path, since: SystemTime) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.filter_map(|file| file.ok());
    let written = files.filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file)));
    let newest = written.filter(|(at, _)| *at >= since).max_by_key(|(at, _)| *at)?;
    Some(newest.1.path())
}
