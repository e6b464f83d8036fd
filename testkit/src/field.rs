//! A phone in the field of a till's reader, over a byte stream.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
};

use terminal::Apdus;
use tillsight::Wallet;

/// Holds a phone to a reader: where a terminal finds it. It is taken away when the terminal leaves.
///
/// # Errors
/// When the system gives no port.
pub fn hold(wallet: &Arc<Wallet>, unlocked: bool) -> io::Result<SocketAddr> {
    let reader = TcpListener::bind("127.0.0.1:0")?;
    let (at, wallet) = (reader.local_addr()?, Arc::clone(wallet));
    thread::spawn(move || -> io::Result<()> {
        let mut till = Apdus::over(reader.accept()?.0);
        while let Some(command) = till.receive()? {
            till.send(&wallet.answer_reader(command, unlocked))?;
        }
        wallet.reader_left();
        Ok(())
    });
    Ok(at)
}
