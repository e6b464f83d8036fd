//! What reads the harness's lines may leave.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

#[test]
fn who_has_read_enough_and_leaves_is_no_failure_of_the_harness() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_desktop"));
    command.arg("knowledge").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut harness = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(harness.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut said = String::new();
    harness.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(line.starts_with('{'), "{line}");
    assert!(harness.wait().unwrap().success() && !said.contains("panicked"), "{said}");
}
