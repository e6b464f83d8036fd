//! Runs that take longer than a change waits: by hand, and nightly.

use anyhow::{Result, bail};

use crate::step::{cargo, run};

/// Runs `part` with the options that its program takes.
///
/// # Errors
/// When there is no such part, or it found something.
pub fn run_part(part: &str, options: &[&str]) -> Result<()> {
    let (package, example) = match part {
        "model" => ("wallet-server", "model"),
        _ => bail!("`cargo xtask long` runs: model"),
    };
    let built = ["run", "--quiet", "--release", "--package", package, "--example", example, "--"];
    run(cargo(&built).args(options))
}
