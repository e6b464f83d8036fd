//! Runs that take longer than a change waits: by hand, and nightly.

use std::process::Command;

use anyhow::{Result, bail};

use crate::step::{cargo, has_or_installs, run, target};

/// Runs `part` with the options that its program takes.
///
/// # Errors
/// When there is no such part, or it found something.
pub fn run_part(part: &str, options: &[&str]) -> Result<()> {
    match part {
        "model" => run(example(part).args(options)),
        "logins" => {
            run(&mut cargo(&["build", "--quiet", "--release", "--package", "wallet-server"]))?;
            let program = target().join("release/wallet-server");
            run(example(part).arg("--program").arg(program).args(options))
        }
        "sync" => {
            if !has_or_installs(&["zstd"], &["zstd"])? {
                eprintln!("without zstd the bytes are compared with nothing");
            }
            let example = ["run", "--quiet", "--package", "testkit", "--example", "sync", "--"];
            run(cargo(&example).args(options))
        }
        _ => bail!("`cargo xtask long` runs: model, logins, sync"),
    }
}

/// The example of the wallet server that does it.
fn example(name: &str) -> Command {
    let package = ["--package", "wallet-server", "--example", name, "--"];
    let mut command = cargo(&["run", "--quiet", "--release"]);
    command.args(package);
    command
}
