//! The programs that the cases are run against, and one call of each.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::step::{self, cargo, run};

/// An unoptimised build reads a picture some twenty times slower than the product does; with this
/// much time, in milliseconds, it gets as far: each way of looking has a share of it.
const UNOPTIMISED_BUDGET_MS: &str = "20000";

/// Where the built programs are.
pub struct Programs {
    folder: PathBuf,
    release: bool,
}

impl Programs {
    /// Builds them.
    ///
    /// # Errors
    /// When they do not build.
    pub fn build(release: bool) -> Result<Self> {
        let mut build = cargo(&["build", "--quiet", "-p", "desktop", "-p", "wallet-server"]);
        if release {
            build.arg("--release");
        }
        run(&mut build)?;
        let folder = step::target().join(if release { "release" } else { "debug" });
        Ok(Self { folder, release })
    }

    /// What `text`, scanned, is said to be.
    pub fn read_sign(&self, text: &str) -> Result<Value> {
        line(&self.desktop(&["read-sign", "--", text]).output()?)
    }

    /// What an advertisement is said to be.
    pub fn read_frame(&self, frame: &str) -> Result<Value> {
        let mut child = self
            .desktop(&["read-frame", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        child.stdin.take().context("no standard input")?.write_all(frame.as_bytes())?;
        line(&child.wait_with_output()?)
    }

    /// The texts in a picture.
    pub fn decode(&self, picture: &Path) -> Result<Value> {
        let mut decode = self.desktop(&["decode"]);
        if !self.release {
            decode.args(["--budget-ms", UNOPTIMISED_BUDGET_MS]);
        }
        line(&decode.arg(picture).output()?)
    }

    /// The harness.
    pub fn desktop(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.folder.join("desktop"));
        command.args(arguments);
        command
    }

    /// The wallet server, with its data in `data`.
    pub fn wallet_server(&self, data: &Path) -> Command {
        let mut command = Command::new(self.folder.join("wallet-server"));
        command.arg("--data").arg(data).env_remove("RUST_BACKTRACE");
        command
    }
}

fn line(output: &Output) -> Result<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(!text.is_empty(), "no answer: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).with_context(|| format!("no line of JSON: {text}"))
}
