//! A proxy of TCP that delays and cuts, where no packets can be had.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::link::Link;

/// How soon a cut is noticed by a connection that is silent.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// Passes connections on to `there`; where it listens.
///
/// # Errors
/// When it cannot listen.
pub fn start(there: SocketAddr, link: &Link) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (address, link) = (listener.local_addr()?, link.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten().filter(|_| !link.weather().is_cut) {
            let link = link.clone();
            // A connection that cannot be passed on is closed.
            thread::spawn(move || carry(&stream, there, &link));
        }
    });
    Ok(address)
}

fn carry(phone: &TcpStream, there: SocketAddr, link: &Link) -> Result<()> {
    // As long as a packet there and one back would take.
    thread::sleep(link.weather().delay * 2);
    let server = TcpStream::connect(there)?;
    for (from, to) in [(phone, &server), (&server, phone)] {
        to.set_nodelay(true)?;
        from.set_read_timeout(Some(LOOKS_EVERY))?;
        let (from, to, link) = (from.try_clone()?, to.try_clone()?, link.clone());
        thread::spawn(move || pump(from, to, &link));
    }
    Ok(())
}

fn pump(mut from: TcpStream, to: TcpStream, link: &Link) {
    let (later, due) = channel::<(Instant, Vec<u8>)>();
    let writing = to.try_clone().map(|mut to| {
        thread::spawn(move || {
            while let Ok((at, bytes)) = due.recv() {
                thread::sleep(at.saturating_duration_since(Instant::now()));
                if to.write_all(&bytes).is_err() {
                    return;
                }
            }
        })
    });
    let mut buffer = [0; 16 << 10];
    while !link.weather().is_cut {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                let bytes = buffer.get(..length).unwrap_or_default().to_vec();
                if later.send((Instant::now() + link.weather().delay, bytes)).is_err() {
                    break;
                }
            }
            Err(error) if is_only_silent(&error) => {}
            Err(_) => break,
        }
    }
    drop(later);
    if let Ok(writing) = writing {
        let _ = writing.join();
    }
    let _ = to.shutdown(Shutdown::Both);
}

fn is_only_silent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}
