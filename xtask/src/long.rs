//! Runs that take longer than a change waits: by hand, and nightly.

use std::process::Command;

use anyhow::Result;

use crate::{
    step::{cargo, has_or_installs, run, target},
    verbs::Long,
};

/// Runs a part with the options that its program takes.
///
/// # Errors
/// When it found something.
pub fn run_part(part: Long) -> Result<()> {
    match part {
        Long::Model(passed) => run(example("model").args(passed.options)),
        Long::Logins(passed) => {
            run(&mut cargo(&["build", "--quiet", "--release", "--package", "wallet-server"]))?;
            let program = target().join("release/wallet-server");
            run(example("logins").arg("--program").arg(program).args(passed.options))
        }
        Long::Sync(passed) => {
            if !has_or_installs(&["zstd"], &["zstd"])? {
                eprintln!("without zstd the bytes are compared with nothing");
            }
            let example = ["run", "--quiet", "--package", "testkit", "--example", "sync", "--"];
            run(cargo(&example).args(passed.options))
        }
    }
}

/// The example of the wallet server that does it.
fn example(name: &str) -> Command {
    let package = ["--package", "wallet-server", "--example", name, "--"];
    let mut command = cargo(&["run", "--quiet", "--release"]);
    command.args(package);
    command
}
