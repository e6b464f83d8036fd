//! The real servers the package tests talk to: the desktop harness's own, without its walk.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::step::{cargo, root, run, target};

/// Running servers; they end when this is dropped.
pub struct Servers {
    harness: Child,
    served: Served,
}

/// What the harness says of them, of which tests need this.
#[derive(Deserialize)]
struct Served {
    wallet_server: String,
    root_key: String,
    messages: String,
}

impl Servers {
    /// Tells `tests` where the wallet server is, the root key of its register, and the file with the
    /// codes that it mailed.
    pub fn tell<'a>(&self, tests: &'a mut Command) -> &'a mut Command {
        let Served { wallet_server, root_key, messages } = &self.served;
        tests.env("TILLSIGHT_SERVER", wallet_server).env("TILLSIGHT_ROOT_KEY", root_key);
        tests.env("TILLSIGHT_MESSAGES", messages)
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
    // Swift's tests may see another root, and of this one no more than the target folder.
    let folder = target().join("servers");
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new(target().join("debug").join("desktop"));
    command.args(["serve", "--json"]).env("TMPDIR", &folder).current_dir(root());
    let mut harness = command.stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    let output = harness.stdout.take().context("the harness has no output")?;
    BufReader::new(output).read_line(&mut line)?;
    let served = serde_json::from_str(&line).context("the harness ended before it served")?;
    Ok(Servers { harness, served })
}
