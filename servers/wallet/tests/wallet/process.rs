//! The program as it is started from a shell: its files, its memory, and what it refuses.

use std::{os::unix::fs::PermissionsExt, path::Path};

use tempfile::TempDir;

use crate::{
    logins,
    served::{KEY, Served},
};

const OPERATOR: [&str; 2] = ["--operator", "operator=http://127.0.0.1:9"];

pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_wallet-server"))
}

fn refused(key: &str, flags: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let started = Served::start(program(), folder.path(), key, flags);
    started.err().expect("it started").to_string()
}

#[test]
fn all_that_it_makes_is_its_owners_alone() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(program(), folder.path(), KEY, &OPERATOR).unwrap();
    let data = folder.path().join("wallet");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others may open {}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    for made in ["wallet.db", "wallet.db-wal", "wallet.db.lock", "root.key", "grants.key"] {
        assert!(names.iter().any(|name| name == made), "{made} of {names:?}");
    }
    assert_eq!(data.metadata().unwrap().permissions().mode() & 0o077, 0);
    served.stop().unwrap();
}

#[test]
fn an_empty_key_of_the_operator_is_refused() {
    for empty in ["", " \n"] {
        let refused = refused(empty, &OPERATOR);
        assert!(refused.contains("operator.key is empty"), "{refused}");
    }
}

#[test]
fn an_operator_is_never_spoken_to_in_clear_off_this_machine() {
    for away in ["http://10.0.0.7:8081", "http://operator.example", "http://127.0.0.1.example"] {
        let refused = refused(KEY, &["--operator", &format!("operator={away}")]);
        assert!(refused.contains("use https"), "{refused}");
    }
}

#[test]
fn operators_without_a_key_twice_or_of_no_name_are_refused_by_name() {
    let b = ["--operator", "b=http://127.0.0.1:9"];
    for (flags, said) in [
        (b.to_vec(), "add --operator operator=URL"),
        ([OPERATOR, b].concat(), "add --operator-key-file b=FILE"),
        ([OPERATOR, OPERATOR].concat(), "operator is named twice"),
        (vec!["--operator", "http://127.0.0.1:9"], "with `=` between them"),
    ] {
        let refused = refused(KEY, &flags);
        assert!(refused.contains(said), "{flags:?}: {refused}");
    }
}

#[test]
fn a_proxy_that_is_believed_is_named_in_the_log() {
    let folder = TempDir::new().unwrap();
    let flags = [&OPERATOR[..], &["--behind-proxy", "192.0.2.9"]].concat();
    let served = Served::start(program(), folder.path(), KEY, &flags).unwrap();
    let (exit, log) = served.stop().unwrap();
    assert!(exit.success());
    let said = log.lines().find(|line| line.contains("behind a proxy")).expect("nothing was said");
    assert!(said.contains("192.0.2.9"), "{said}");
}

#[tokio::test]
async fn many_log_ins_at_once_and_a_flood_of_wrong_ones_take_little_memory() {
    let report = logins::run(program(), 60).await.unwrap();
    assert!(report.answered > 0 && report.peak_mb < 150.0, "{report:?}");
}
