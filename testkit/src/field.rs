//! A phone in the field of a till's reader, over a byte stream.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
};

use terminal::Apdus;
use tillsight::Wallet;

/// A phone in the field.
pub struct Held {
    /// Where a terminal finds it.
    pub at: SocketAddr,
    answering: JoinHandle<io::Result<()>>,
}

impl Held {
    /// Waits until the terminal has left and the phone was taken away, so that whoever is held there next is
    /// not taken for this one.
    ///
    /// # Errors
    /// When the stream broke in between.
    pub fn taken_away(self) -> io::Result<()> {
        self.answering.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
    }
}

/// Holds a phone to a reader, for one terminal.
///
/// # Errors
/// When the system gives no port.
pub fn hold(wallet: &Arc<Wallet>, unlocked: bool) -> io::Result<Held> {
    let reader = TcpListener::bind("127.0.0.1:0")?;
    let (at, wallet) = (reader.local_addr()?, Arc::clone(wallet));
    let answering = thread::spawn(move || -> io::Result<()> {
        let mut till = Apdus::over(reader.accept()?.0);
        while let Some(command) = till.receive()? {
            till.send(&wallet.answer_reader(command, unlocked))?;
        }
        wallet.reader_left();
        Ok(())
    });
    Ok(Held { at, answering })
}
