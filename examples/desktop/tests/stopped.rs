//! The harness leaves nothing behind when it is stopped.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject as _},
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
            let address = of("wallet_server").trim_start_matches("https://").to_owned();
            let authority = std::fs::read_to_string(of("certificate")).unwrap();
            let answer = encrypted(&address, &authority, "GET /v1/keys HTTP/1.1\r\nHost: it");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            let mut clear = TcpStream::connect(&address).unwrap();
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

/// The answer to a request by TLS, from a server under this authority (PEM).
fn encrypted(address: &str, authority: &str, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = address.rsplit_once(':').unwrap().0.to_owned().try_into().unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address).unwrap());
    write!(stream, "{request}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // The front may end the connection without a word of TLS.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
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
