//! Load over loopback: HTTP/1.1 on connections that stay, one request under way on each.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::wire::Session;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Longest head or body taken, bytes.
const MOST: usize = 1024 * 1024;

/// A request as it goes over the wire.
pub struct Request(Vec<u8>);

impl Request {
    /// A GET of `path`.
    pub fn get(path: &str, token: Option<&str>) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{}\r\n", bearer(token)).into_bytes())
    }

    /// A POST of `body` to `path`.
    pub fn post(path: &str, body: &Value, token: Option<&str>) -> Self {
        let (body, bearer) = (body.to_string(), bearer(token));
        let kind = "content-type: application/json";
        let head = format!("POST {path} HTTP/1.1\r\nhost: bench\r\n{kind}\r\n{bearer}");
        Self(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
    }
}

fn bearer(token: Option<&str>) -> String {
    token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default()
}

/// The token of the town's one member.
pub async fn log_in(server: SocketAddr) -> String {
    let who = json!({"user_id": super::town::USER, "password": super::town::PASSWORD});
    let mut connection = Connection::open(server).await;
    let body = connection.ask(&Request::post("/v1/sessions", &who, None)).await;
    serde_json::from_slice::<Session>(body).expect("a session").token
}

/// How many of `asked`, in turn, `server` answers a second over `lasts`.
pub async fn answers_a_second(
    server: SocketAddr,
    asked: Arc<[Request]>,
    connections: usize,
    lasts: Duration,
) -> f64 {
    let begun = Instant::now();
    let clients: Vec<_> = (0..connections)
        .map(|nth| {
            // Each begins at another place of the round.
            let (asked, from) = (Arc::clone(&asked), nth * asked.len() / connections);
            tokio::spawn(ask_until(server, asked, from, begun + lasts))
        })
        .collect();
    let mut answers = 0;
    for client in clients {
        answers += client.await.expect("no answer is refused");
    }
    f64::from(answers) / begun.elapsed().as_secs_f64()
}

async fn ask_until(server: SocketAddr, asked: Arc<[Request]>, from: usize, end: Instant) -> u32 {
    let mut connection = Connection::open(server).await;
    let mut answers = 0;
    for request in asked.iter().cycle().skip(from) {
        if Instant::now() >= end {
            break;
        }
        connection.ask(request).await;
        answers += 1;
    }
    answers
}

struct Connection {
    stream: TcpStream,
    /// What was received of the answer under way.
    received: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, received: Vec::with_capacity(64 * 1024) }
    }

    /// The body of the answer, which is a good one.
    async fn ask(&mut self, request: &Request) -> &[u8] {
        self.stream.write_all(&request.0).await.expect("the server listens");
        self.received.clear();
        let head = loop {
            if let Some(at) = self.received.windows(4).position(|end| end == b"\r\n\r\n") {
                break at + 4;
            }
            self.receive().await;
        };
        let whole = head + length(&self.received[..head]);
        while self.received.len() < whole {
            self.receive().await;
        }
        &self.received[head..whole]
    }

    async fn receive(&mut self) {
        let got = self.stream.read_buf(&mut self.received).await.expect("an answer");
        assert!(got > 0 && self.received.len() <= MOST, "the answer broke off or has no end");
    }
}

fn length(head: &[u8]) -> usize {
    let head = str::from_utf8(head).expect("a head in ASCII");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let named = |line: &str| line.strip_prefix("content-length: ")?.parse().ok();
    head.lines().find_map(named).expect("a length")
}
