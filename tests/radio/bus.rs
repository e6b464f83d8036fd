//! A message bus of its own for one test.

use std::{
    io::{BufRead, BufReader, ErrorKind},
    path::Path,
    process::{Child, Command, Stdio},
};

use dbus::{Message, channel::Channel};
use tempfile::TempDir;

use crate::PATIENCE;

/// A D-Bus bus that nobody else is on; gone when dropped.
pub struct Bus {
    daemon: Option<Child>,
    pub address: String,
    _folder: Option<TempDir>,
}

/// Anybody may own any name and send anything: the bus is private.
fn config(folder: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:dir={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/>
    <allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>"#,
        folder.display()
    )
}

impl Bus {
    /// `None`, with a word on standard error, where no `dbus-daemon` is installed; in CI that is a
    /// failure.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bus.conf");
        std::fs::write(&file, config(folder.path())).unwrap();
        let daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", file.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut daemon = match daemon {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let missing = "dbus-daemon is not installed: apt-get install dbus";
                assert!(std::env::var_os("CI").is_none(), "{missing}");
                eprintln!("NOT TESTED: {missing}");
                return None;
            }
            daemon => daemon.unwrap(),
        };
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        Some(Self { daemon: Some(daemon), address, _folder: Some(folder) })
    }

    /// The bus at this address, which another process started.
    #[allow(dead_code, reason = "not every test that has a bus needs it")]
    pub fn at(address: String) -> Self {
        Self { daemon: None, address, _folder: None }
    }

    /// How many others have a connection to it.
    #[allow(dead_code, reason = "not every test that has a bus needs it")]
    pub fn connections(&self) -> usize {
        let mut own = Channel::open_private(&self.address).unwrap();
        own.register().unwrap();
        let bus = "org.freedesktop.DBus";
        let names =
            Message::new_method_call(bus, "/org/freedesktop/DBus", bus, "ListNames").unwrap();
        let names: Vec<String> =
            own.send_with_reply_and_block(names, PATIENCE).unwrap().read1().unwrap();
        names.iter().filter(|name| name.starts_with(':')).count() - 1
    }

    /// An address where no bus is.
    pub fn nowhere() -> Self {
        Self { daemon: None, address: "unix:path=/nonexistent/bus".to_owned(), _folder: None }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        if let Some(daemon) = &mut self.daemon {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}
