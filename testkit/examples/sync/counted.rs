//! A proxy of TCP that counts what goes through it, both ways.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use anyhow::Result;

/// What went through.
#[derive(Clone, Default)]
pub struct Counted(Arc<AtomicU64>);

impl Counted {
    /// The bytes since this was asked last.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }

    /// Passes connections on to `there`; where it listens.
    ///
    /// # Errors
    /// When it cannot listen.
    pub fn start(&self, there: SocketAddr) -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, counted) = (listener.local_addr()?, self.clone());
        thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                // A connection that cannot be passed on is closed.
                let _ = counted.carry(&phone, there);
            }
        });
        Ok(address)
    }

    fn carry(&self, phone: &TcpStream, there: SocketAddr) -> Result<()> {
        let server = TcpStream::connect(there)?;
        for (from, to) in [(phone, &server), (&server, phone)] {
            to.set_nodelay(true)?;
            let (from, to, counted) = (from.try_clone()?, to.try_clone()?, self.clone());
            thread::spawn(move || counted.pump(from, to));
        }
        Ok(())
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 << 10];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let Some(bytes) = buffer.get(..length) else { break };
            self.0.fetch_add(length as u64, Ordering::Relaxed);
            if to.write_all(bytes).is_err() {
                break;
            }
        }
        for end in [&from, &to] {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}
