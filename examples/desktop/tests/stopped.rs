//! The harness leaves nothing behind when it is stopped.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
};

/// Runs the harness until it says a line with these words, looks at it, and stops it.
fn stopped(arguments: &[&str], wanted: &str, up: impl FnOnce(&str)) {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = Command::new(env!("CARGO_BIN_EXE_desktop"))
        .args(arguments)
        .env("TMPDIR", folder.path())
        // In a run that leaves its data they stay.
        .env_remove("TILLSIGHT_RUN")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(harness.stdout.take().unwrap()).lines();
    // The servers are up and their folders are made.
    let line = said.by_ref().map(Result::unwrap).find(|line| line.contains(wanted));
    assert!(line.is_some() && folder.path().read_dir().unwrap().count() > 0);
    up(&line.unwrap());
    let pid = harness.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    said.for_each(drop);
    let status = harness.wait().unwrap();
    assert_eq!(status.signal(), None, "the signal ended it before it could tidy up");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_stopped_harness_removes_its_folders() {
    stopped(&[], "wallet server http", |_| ());
}

#[test]
fn the_servers_for_an_app_are_where_they_say_until_they_are_stopped() {
    stopped(&["serve", "--json"], "wallet_server", |line| {
        let served: serde_json::Value = serde_json::from_str(line).unwrap();
        let of = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let address = of(&served["wallet_server"]);
        TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        let key = of(&served["store"]["terminal_key_file"]);
        assert!(Path::new(&key).metadata().unwrap().len() > 0, "no terminal could charge");
    });
}
