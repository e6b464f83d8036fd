//! What the built-in client does with servers that say nothing, too much, or go away.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
};

use flate2::{Compression, write::GzEncoder};

use super::transport::BuiltInClient;
use crate::phone::{HttpFailure, HttpRequest, HttpTransport};

/// A server that hands each connection, its request read, to `serve`; its address.
fn server(mut serve: impl FnMut(usize, TcpStream, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let asked = request(&mut stream);
            serve(number, stream, asked);
        }
    });
    format!("http://{address}")
}

fn request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        read.push(byte[0]);
    }
    String::from_utf8(read).unwrap()
}

fn answer(stream: &mut TcpStream, fields: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 200 OK\r\n{fields}content-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

fn get(url: &str, answer_within_ms: u32) -> HttpRequest {
    let (method, url) = ("GET".to_owned(), url.to_owned());
    HttpRequest { method, url, headers: Vec::new(), body: Vec::new(), answer_within_ms }
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(body).unwrap();
    packing.finish().unwrap()
}

#[test]
fn a_server_that_says_nothing_is_given_up_when_the_request_says_so() {
    let mut held = Vec::new();
    let silent = server(move |_, stream, _| held.push(stream));
    let given_up = BuiltInClient::default().send(get(&silent, 50));
    assert_eq!(given_up.err(), Some(HttpFailure::Timeout));
}

#[test]
fn a_call_under_way_ends_with_the_client_and_none_begins_after_it() {
    let (tell, told) = mpsc::channel();
    let mut held = Vec::new();
    let silent = server(move |_, stream, _| {
        held.push(stream);
        tell.send(()).unwrap();
    });
    let client = Arc::new(BuiltInClient::default());
    let (theirs, url) = (Arc::clone(&client), silent.clone());
    let waiting = thread::spawn(move || theirs.send(get(&url, 600_000)));
    told.recv().unwrap();
    client.end();
    assert_eq!(waiting.join().unwrap().err(), Some(HttpFailure::Unreachable));
    assert_eq!(client.send(get(&silent, 600_000)).err(), Some(HttpFailure::Unreachable));
}

#[test]
fn an_answer_is_unpacked_within_its_bounds() {
    let bomb = packed(&vec![0; 9 << 20]);
    let url = server(move |_, mut stream, asked| {
        assert!(asked.contains("accept-encoding: gzip"), "{asked}");
        let body = match asked.split(' ').nth(1).unwrap() {
            "/bomb" => bomb.clone(),
            "/torn" => packed(b"{\"whole\": true}")[..12].to_vec(),
            _ => packed(b"{}"),
        };
        answer(&mut stream, "content-encoding: gzip\r\n", &body);
    });
    let client = BuiltInClient::default();
    let ask = |path: &str| client.send(get(&format!("{url}{path}"), 600_000));
    assert_eq!(ask("/small").unwrap().body, b"{}");
    assert_eq!(ask("/torn").err(), Some(HttpFailure::Unreachable));
    assert_eq!(ask("/bomb").err(), Some(HttpFailure::TooLarge));
}

#[test]
fn connections_of_before_a_failure_are_not_tried_again() {
    let (mut held, (tell, told)) = (Vec::new(), mpsc::channel());
    let url = server(move |number, mut stream, asked| {
        tell.send((number, asked.split(' ').nth(1).unwrap().to_owned())).unwrap();
        match number {
            // A second call on it is never answered: as after a change of the network.
            0 => answer(&mut stream, "", b"{}"),
            // The one that fails.
            1 => return,
            _ => answer(&mut stream, "", b"{}"),
        }
        held.push(stream);
    });
    let client = BuiltInClient::default();
    let post = |path: &str| HttpRequest {
        method: "POST".to_owned(),
        ..get(&format!("{url}{path}"), 600_000)
    };
    assert!(client.send(get(&format!("{url}/first"), 600_000)).is_ok());
    let on_the_same = client.send(get(&format!("{url}/on-the-same"), 50));
    assert_eq!(on_the_same.err(), Some(HttpFailure::Timeout));
    assert_eq!(client.send(post("/fails")).err(), Some(HttpFailure::Unreachable));
    assert!(client.send(post("/last")).is_ok());
    let asked: Vec<_> = told.try_iter().map(|(_, path)| path).collect();
    assert_eq!(asked, ["/first", "/fails", "/last"], "what may change something is sent once");
}

#[test]
fn a_question_that_meets_a_closed_connection_is_asked_once_more_and_no_oftener() {
    let (tell, told) = mpsc::channel();
    let url = server(move |number, mut stream, asked| {
        tell.send(asked.split(' ').nth(1).unwrap().to_owned()).unwrap();
        if number == 1 {
            answer(&mut stream, "connection: close\r\n", b"{}");
        }
    });
    let client = BuiltInClient::default();
    let ask = |path: &str| client.send(get(&format!("{url}{path}"), 600_000));
    assert!(ask("/closed").is_ok());
    assert_eq!(ask("/gone").err(), Some(HttpFailure::Unreachable));
    let asked: Vec<_> = told.try_iter().collect();
    assert_eq!(asked, ["/closed", "/closed", "/gone", "/gone"]);
}

#[test]
fn calls_go_through_the_proxy_that_the_app_names() {
    let (tell, told) = mpsc::channel();
    let proxy = server(move |_, mut stream, asked| {
        tell.send(asked.lines().next().unwrap_or_default().to_owned()).unwrap();
        answer(&mut stream, "", b"by proxy");
    });
    let client = BuiltInClient::default().through_proxy(&proxy).unwrap();
    let reply = client.send(get("http://wallet.invalid/v1/keys", 600_000)).unwrap();
    assert_eq!(reply.body, b"by proxy");
    assert_eq!(told.recv().unwrap(), "GET http://wallet.invalid/v1/keys HTTP/1.1");
    for refused in ["", "proxy", "ftp://proxy", "http://name:word@proxy", "socks5://proxy"] {
        assert!(BuiltInClient::default().through_proxy(refused).is_none(), "{refused}");
    }
}

#[test]
fn a_thread_that_runs_tasks_may_call_it() {
    let url = server(|_, mut stream, _| answer(&mut stream, "", b"{}"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let reply = runtime.block_on(async { BuiltInClient::default().send(get(&url, 600_000)) });
    assert_eq!(reply.unwrap().body, b"{}");
}
