//! The harness as a process whose lines a test reads.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::Value;

use crate::{PATIENCE, bus::Bus};

/// A line of `scan`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    #[serde(rename = "heard_at_ms")]
    _heard_at_ms: i64,
    pub major: u16,
    pub minor: u16,
    pub rssi_dbm: Option<i16>,
    pub power_dbm: Option<i16>,
}

/// The harness as a process, listening on a bus; killed when dropped.
pub struct Scan {
    child: Child,
    lines: Receiver<String>,
    said: Option<JoinHandle<String>>,
}

/// How it ended.
pub struct Ended {
    pub success: bool,
    /// Lines nobody asked for.
    pub lines: Vec<String>,
    /// Standard error.
    pub said: String,
}

impl Scan {
    pub fn start(bus: &Bus, arguments: &[&str]) -> Self {
        // Everything that is heard, or a network's beacons.
        let uuid = testkit::BEACONS.to_string();
        let network = ["--network", &uuid];
        let network = if arguments.contains(&"--all") { &[][..] } else { &network };
        let mut child = Command::new(env!("CARGO_BIN_EXE_desktop"))
            .arg("scan")
            .args(arguments)
            .args(network)
            .env("DBUS_SYSTEM_BUS_ADDRESS", &bus.address)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let said = thread::spawn(move || {
            let mut said = String::new();
            let _ = errors.read_to_string(&mut said);
            said
        });
        Self { child, lines, said: Some(said) }
    }

    /// The next line.
    pub fn line(&mut self) -> Value {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => serde_json::from_str(&line).unwrap(),
            Err(_) => {
                let _ = self.child.kill();
                panic!("no line came; it said: {}", self.said.take().unwrap().join().unwrap())
            }
        }
    }

    /// The next line, a sighting.
    pub fn sighting(&mut self) -> Sighting {
        serde_json::from_value(self.line()).unwrap()
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ended {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "it hangs");
            thread::sleep(Duration::from_millis(20));
        };
        let said = self.said.take().unwrap().join().unwrap();
        Ended { success: status.success(), lines: self.lines.iter().collect(), said }
    }

    /// It ends by itself, as failed, with this on standard error and no panic.
    pub fn fails_saying(self, words: &str) {
        let ended = self.end();
        assert!(!ended.success);
        assert!(ended.said.contains(words), "{}", ended.said);
        assert!(!ended.said.contains("panicked"), "{}", ended.said);
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
