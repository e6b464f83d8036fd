//! The harness leaves nothing behind when it is stopped.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read as _, Write as _},
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

/// The status that the page answers a request with, and all of the answer.
fn answered(address: &str, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{request}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[test]
fn the_page_answers_this_machine_and_who_has_the_link_alone() {
    stopped(&[], "token=", |line| {
        let link = &line[line.find("http://").unwrap()..];
        let (address, token) = link["http://".len()..].split_once("/?token=").unwrap();
        let ours = format!("Host: {address}");
        let with = format!("{ours}\r\nX-Tillsight-Token: {token}");
        let status = |request: &str| answered(address, request).0;
        assert_eq!(status(&format!("GET / HTTP/1.1\r\n{ours}")), 200);
        assert_eq!(status(&format!("GET /state HTTP/1.1\r\n{ours}")), 401, "without the token");
        let host = format!("Host: evil.example\r\nX-Tillsight-Token: {token}");
        assert_eq!(status(&format!("GET /state HTTP/1.1\r\n{host}")), 403, "by another name");
        let body = "Content-Type: application/json\r\nContent-Length: 16\r\n";
        let asked = |headers: &str| {
            answered(
                address,
                &format!(
                    "POST /do HTTP/1.1\r\n{headers}\r\n{body}Connection: close\r\n\r\n{{\"do\":\"refresh\"}}"
                ),
            )
        };
        assert_eq!(asked(&format!("{with}\r\nOrigin: http://evil.example")).0, 403);
        let (status, answer) = asked(&format!("{with}\r\nOrigin: http://{address}"));
        assert_eq!(status, 200);
        let screen = &answer[answer.find('{').unwrap()..];
        let told: serde_json::Value = serde_json::from_str(screen).unwrap();
        assert_eq!(told["state"]["screens"]["settlement"]["freshness"]["server"], "live");
    });
}
