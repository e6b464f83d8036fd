//! The harness leaves nothing behind when it is stopped.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
};

use tillsight::{
    BuiltInClient,
    phone::{HttpRequest, HttpTransport as _},
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

#[test]
fn a_phone_on_the_network_reaches_the_servers_encrypted_and_by_secrets_of_this_run() {
    let arguments = ["serve", "--json", "--listen", "127.0.0.1:0"];
    let mut passwords = Vec::new();
    for _ in 0..2 {
        stopped(&arguments, "wallet_server", |line| {
            let served: serde_json::Value = serde_json::from_str(line).unwrap();
            let of = |name: &str| served[name].as_str().unwrap().to_owned();
            let server = of("wallet_server");
            let authority = std::fs::read_to_string(of("certificate")).unwrap();
            let asks = || HttpRequest {
                method: "GET".to_owned(),
                url: format!("{server}/v1/keys"),
                headers: Vec::new(),
                body: Vec::new(),
                answer_within_ms: 8_000,
            };
            let phone = BuiltInClient::default().trusting(der(&authority));
            assert_eq!(phone.send(asks()).unwrap().status, 200);
            assert!(BuiltInClient::default().send(asks()).is_err(), "who vouches for it?");
            let mut clear = TcpStream::connect(server.strip_prefix("https://").unwrap()).unwrap();
            write!(clear, "GET /v1/keys HTTP/1.1\r\nHost: it\r\n\r\n").unwrap();
            let mut told = Vec::new();
            let _ = clear.read_to_end(&mut told);
            assert!(!told.starts_with(b"HTTP"), "it speaks in clear");
            passwords.push([of("password"), of("settlement_code")]);
        });
    }
    let [first, second] = passwords.try_into().unwrap();
    assert!(first.iter().zip(&second).all(|(first, second)| first != second));
}

/// The DER of a certificate in PEM.
fn der(pem: &str) -> Vec<u8> {
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    data_encoding::BASE64.decode(text.as_bytes()).unwrap()
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
