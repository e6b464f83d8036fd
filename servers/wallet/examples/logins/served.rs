//! The wallet server as the program it is; ended with whoever started it.

use std::{
    io::{BufRead, BufReader},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    sync::mpsc::{Sender, channel},
    thread::{JoinHandle, spawn},
};

use anyhow::Context;
use serde_json::Value;

/// The key that its operator gave.
pub const KEY: &str = "0123456789abcdef0123456789abcdef";
/// The proximity UUID of its beacons.
pub const BEACONS: &str = "00000000-0000-0000-0000-000000112233";

/// A server that answers at `url`.
pub struct Served {
    child: Child,
    /// Where it answers.
    pub url: String,
    log: Option<JoinHandle<String>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    /// Starts `program` over the folder `wallet` of `folder`, on a free port and with everything
    /// logged; `flags` are more flags of `serve`.
    pub fn start(program: &Path, folder: &Path, key: &str, flags: &[&str]) -> anyhow::Result<Self> {
        let mut child = serve(program, folder, key, flags)?.spawn()?;
        let lines = child.stderr.take().context("its log")?;
        let (told, listens) = channel();
        let log = spawn(move || read(lines, &told));
        match listens.recv() {
            Ok(url) => Ok(Self { child, url, log: Some(log) }),
            Err(_) => {
                child.wait()?;
                anyhow::bail!("the server ended: {}", log.join().unwrap_or_default());
            }
        }
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end as an operating system does, and gives its exit and its whole log.
    pub fn stop(mut self) -> anyhow::Result<(ExitStatus, String)> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status()?;
        anyhow::ensure!(asked.success(), "the server was gone");
        let ended = self.child.wait()?;
        let log = self.log.take().and_then(|log| log.join().ok());
        Ok((ended, log.context("its log")?))
    }
}

fn serve(program: &Path, folder: &Path, key: &str, flags: &[&str]) -> anyhow::Result<Command> {
    let key_file = folder.join("operator.key");
    let mut owner_alone = std::fs::OpenOptions::new();
    owner_alone.write(true).create(true).truncate(true).mode(0o600);
    std::io::Write::write_all(&mut owner_alone.open(&key_file)?, key.as_bytes())?;
    let mut command = Command::new(program);
    command
        .env("TILLSIGHT_WALLET_DATA", folder.join("wallet"))
        .args(["--log-level", "trace", "--log-format", "json", "serve", "--listen", "127.0.0.1:0"])
        .args(["--beacon-uuid", BEACONS])
        .args(["--network-name", "Flood", "--link-host", "pay.example"])
        .args(["--operator-key-file", &format!("operator={}", key_file.display())])
        .args(flags)
        .stderr(Stdio::piped());
    Ok(command)
}

/// The whole log, once it ends; tells where the server listens as soon as that is known.
fn read(lines: ChildStderr, told: &Sender<String>) -> String {
    let mut log = String::new();
    for line in BufReader::new(lines).lines().map_while(Result::ok) {
        let read: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(addr) = read["fields"]["addr"].as_str() {
            let _ = told.send(format!("http://{addr}"));
        }
        log.push_str(&line);
        log.push('\n');
    }
    log
}
