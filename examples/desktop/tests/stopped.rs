//! The harness leaves nothing behind when it is stopped.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
    process::{Command, Stdio},
};

#[test]
fn a_stopped_harness_removes_its_folders() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = Command::new(env!("CARGO_BIN_EXE_desktop"))
        .env("TMPDIR", folder.path())
        // In a run that leaves its data they stay.
        .env_remove("TILLSIGHT_RUN")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(harness.stdout.take().unwrap()).lines();
    // The servers are up and their folders are made.
    let is_up = said.by_ref().any(|line| line.unwrap().contains("wallet server http"));
    assert!(is_up && folder.path().read_dir().unwrap().count() > 0);
    let pid = harness.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    said.for_each(drop);
    let status = harness.wait().unwrap();
    assert_eq!(status.signal(), None, "the signal ended it before it could tidy up");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
