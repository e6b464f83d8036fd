//! The real servers the package tests talk to: the desktop harness, left running after its walk.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};

use crate::step::{cargo, root, run, target};

/// What the harness prints before the address of the server that goes on.
const READY: &str = "wallet server http";
/// What it prints after that address.
const ROOT_KEY: &str = "root key ";

/// Running servers; they end when this is dropped.
pub struct Servers {
    harness: Child,
    address: String,
    root_key: String,
}

impl Servers {
    /// Tells `tests` where the wallet server is, and the root key of its register.
    pub fn tell<'a>(&self, tests: &'a mut Command) -> &'a mut Command {
        tests.env("TILLSIGHT_SERVER", &self.address).env("TILLSIGHT_ROOT_KEY", &self.root_key)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // Its data lies in a temporary folder; nothing is lost by not asking it to end.
        let _ = self.harness.kill();
        let _ = self.harness.wait();
    }
}

/// Starts the servers over the harness's own world and member.
///
/// # Errors
/// When the harness does not build, or ends before it serves.
pub fn start() -> Result<Servers> {
    // All packages at once, as the library is built: its dependencies serve again.
    run(&mut cargo(&["build", "--workspace"]))?;
    let mut command = Command::new(target().join("debug").join("desktop"));
    let mut harness = command.current_dir(root()).stdout(Stdio::piped()).spawn()?;
    let lines = harness.stdout.take().context("the harness has no output")?;
    let mut lines = BufReader::new(lines).lines();
    let (mut last, mut root_key) = (None, String::new());
    // The second address: the walk stops the first server in its last act.
    for line in &mut lines {
        let line = line?;
        let Some((_, rest)) = line.split_once(READY) else { continue };
        let address = rest.split_whitespace().next().unwrap_or_default();
        if last.replace(format!("http{address}")).is_some() {
            let key = rest.split_once(ROOT_KEY).map(|(_, key)| key.trim().to_owned());
            root_key = key.context("the harness tells no root key")?;
            break;
        }
    }
    let address = last.context("the harness ended before it served")?;
    // Kept read, so that the harness never waits for its output.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(Servers { harness, address, root_key })
}
