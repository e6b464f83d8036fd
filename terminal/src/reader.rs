//! A till's contactless reader, as a byte stream: each APDU behind its length, two bytes, big endian, to the
//! phone and back.

use std::{
    io::{ErrorKind, Read, Result as IoResult, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use domain::wire::{LONGEST_COMMAND, NotAnswered, ReaderCommand, StatusWord, read_answer};

/// How long a person may take to hold the phone there.
const PATIENCE: Duration = Duration::from_secs(60);

/// APDUs over a byte stream: the reader's end and the phone's are the same.
pub struct Apdus<S>(S);

impl<S: Read + Write> Apdus<S> {
    /// Over `stream`.
    pub fn over(stream: S) -> Self {
        Self(stream)
    }

    /// Sends one.
    ///
    /// # Errors
    /// When the stream cannot be written, or `apdu` is longer than any.
    pub fn send(&mut self, apdu: &[u8]) -> IoResult<()> {
        let length = u16::try_from(apdu.len()).map_err(|_| ErrorKind::InvalidInput)?;
        self.0.write_all(&[&length.to_be_bytes(), apdu].concat())?;
        self.0.flush()
    }

    /// The next one; `None` when the other end has left.
    ///
    /// # Errors
    /// When the stream cannot be read, ends within one, or has one that is longer than any.
    pub fn receive(&mut self) -> IoResult<Option<Vec<u8>>> {
        let mut length = [0; 2];
        match self.0.read_exact(&mut length) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let length = usize::from(u16::from_be_bytes(length));
        if length > LONGEST_COMMAND {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut apdu = vec![0; length];
        self.0.read_exact(&mut apdu)?;
        Ok(Some(apdu))
    }
}

/// The token of the phone that is held to the reader at `address`, a host and a port of this machine: a token
/// is not to be read on a network.
///
/// # Errors
/// When the reader cannot be reached, no phone comes, or the phone refuses; the message says what to do.
pub fn read_token(address: &str) -> anyhow::Result<String> {
    let reached = || format!("cannot reach the reader at {address}");
    let mut found = address.to_socket_addrs().with_context(reached)?;
    let at = found.next().with_context(reached)?;
    ensure!(at.ip().is_loopback(), "the reader {address} is not on this machine");
    let stream = TcpStream::connect(at).with_context(reached)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    token_over(&mut Apdus::over(stream))
}

/// The token of the phone at the other end.
///
/// # Errors
/// As [`read_token`].
pub fn token_over<S: Read + Write>(phone: &mut Apdus<S>) -> anyhow::Result<String> {
    ask(phone, ReaderCommand::Select)?;
    ask(phone, ReaderCommand::Token)
}

fn ask<S: Read + Write>(phone: &mut Apdus<S>, command: ReaderCommand) -> anyhow::Result<String> {
    phone.send(&command.bytes()).context("the phone was taken away; hold it there again")?;
    let answer = phone.receive().context("no phone answers; hold it to the reader")?;
    let answer = answer.context("the phone was taken away; hold it there again")?;
    match read_answer(command, &answer) {
        Ok(told) => Ok(told.to_owned()),
        Err(NotAnswered::Refused(StatusWord::Locked)) => {
            bail!("the phone is locked: ask the member to unlock it")
        }
        Err(NotAnswered::Refused(StatusWord::NotOpen)) => {
            bail!("no payment is open: ask the member to open it on the phone, or to begin it anew")
        }
        Err(other) => Err(other.into()),
    }
}
