//! The clients: each keeps one connection and asks for the next transfer when the last was answered.

use std::{net::SocketAddr, time::Instant};

use anyhow::{Context, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};
use uuid::Uuid;

/// Clients at once.
pub const CLIENTS: u64 = 64;

/// Transfers a second over `transfers` of them by the call `path`, numbered from `first` on, to
/// `stores` stores.
pub async fn transfers_a_second(
    server: SocketAddr,
    path: &'static str,
    transfers: u64,
    first: u64,
    stores: u64,
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let numbers = (first + client..first + transfers).step_by(CLIENTS as usize);
        clients.spawn(async move {
            let mut stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            for number in numbers {
                ask(&mut stream, path, number, stores).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    Ok(transfers as f64 / begun.elapsed().as_secs_f64())
}

async fn ask(stream: &mut TcpStream, path: &str, number: u64, stores: u64) -> anyhow::Result<()> {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (id, member, store) = (Uuid::from_u64_pair(mixed, number), mixed >> 32, mixed % stores);
    let body = format!("{{\"id\":\"{id}\",\"member\":{member},\"store\":{store}}}");
    let head = format!("POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json");
    let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let mut part = [0; 1024];
    // The call answers without a body.
    while !answer.ends_with(b"\r\n\r\n") {
        let count = stream.read(&mut part).await?;
        ensure!(count > 0, "the server closed the connection");
        answer.extend_from_slice(part.get(..count).context("more than asked for")?);
    }
    ensure!(answer.starts_with(b"HTTP/1.1 201"), "{}", String::from_utf8_lossy(&answer));
    Ok(())
}
