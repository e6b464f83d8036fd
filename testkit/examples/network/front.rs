//! TLS in front of the wallet server, as a company's load balancer would be, and what it does wrong on
//! purpose.

use std::net::SocketAddr;

use anyhow::Result;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::PrivatePkcs8KeyDer;
use terminal::tls::Certificate;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

/// What the front does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// It resets a connection once something was asked on it.
    Reset,
    /// It sends the head and half of a body, and closes.
    HalfBody,
    /// It says that a body is shorter than it is.
    WrongLength,
    /// It answers everything with a page to log in at.
    Portal,
    /// Its certificate is past its time.
    Expired,
}

impl Fault {
    const NAMED: [(&'static str, Self); 6] = [
        ("none", Self::None),
        ("reset", Self::Reset),
        ("half-body", Self::HalfBody),
        ("wrong-length", Self::WrongLength),
        ("portal", Self::Portal),
        ("expired", Self::Expired),
    ];

    /// The fault of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(its, _)| *its == name).map(|(_, fault)| *fault)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, fault)| *fault == self).map_or("none", |(name, _)| name)
    }
}

/// Which fault the front has now. When it changes, all connections are closed.
pub type Now = watch::Receiver<Fault>;

/// Names and addresses that the certificate is for.
const NAMES: [&str; 5] =
    ["wallet.test", "both.test", "localhost", "127.0.0.1", super::link::SERVERS];

/// A certificate in its time, and one past it.
pub struct Certificates {
    /// In its time.
    pub valid: Certificate,
    /// Past it.
    pub expired: Certificate,
}

impl Certificates {
    /// New ones.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn make() -> Result<Self> {
        let names = NAMES.map(str::to_owned);
        let mut asked = CertificateParams::new(names.clone())?;
        asked.not_after = date_time_ymd(2020, 1, 1);
        let key = KeyPair::generate()?;
        let made = asked.self_signed(&key)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let expired = Certificate::new(vec![made.der().clone()], key.into());
        Ok(Self { valid: Certificate::made(names.into())?, expired })
    }
}

/// Takes connections for the wallet server at `wallet`, until the runtime ends.
///
/// # Errors
/// When it cannot listen, or a certificate is of no use.
pub async fn start(
    listen: SocketAddr,
    wallet: SocketAddr,
    certificates: &Certificates,
    now: Now,
) -> Result<SocketAddr> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let [valid, expired] = [certificates.valid.acceptor()?, certificates.expired.acceptor()?];
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (mut changes, fault) = (now.clone(), *now.borrow());
            let acceptor = if fault == Fault::Expired { &expired } else { &valid }.clone();
            changes.mark_unchanged();
            tokio::spawn(async move {
                // What becomes of a connection is the phone's to notice.
                tokio::select! {
                    _ = carry(stream, acceptor, wallet, fault) => {}
                    _ = changes.changed() => {}
                }
            });
        }
    });
    Ok(address)
}

async fn carry(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    wallet: SocketAddr,
    fault: Fault,
) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut phone = acceptor.accept(stream).await?;
    if matches!(fault, Fault::None | Fault::Expired) {
        let mut server = TcpStream::connect(wallet).await?;
        copy_bidirectional(&mut phone, &mut server).await?;
        return Ok(());
    }
    let mut asked = vec![0; 64 << 10];
    loop {
        let length = phone.read(&mut asked).await?;
        let Some(call) = asked.get(..length).filter(|call| !call.is_empty()) else { return Ok(()) };
        match fault {
            Fault::Portal => portal(&mut phone, call).await?,
            Fault::Reset => {
                // Without a farewell of TLS.
                phone.get_ref().0.set_zero_linger()?;
                return Ok(());
            }
            _ => {
                let answer = answer(wallet, call).await?;
                phone.write_all(&spoilt(&answer, fault)).await?;
                phone.shutdown().await?;
                return Ok(());
            }
        }
    }
}

/// What a portal says: a page, or that one is to log in, in turns by the length of what was asked.
async fn portal(phone: &mut (impl AsyncRead + AsyncWrite + Unpin), call: &[u8]) -> Result<()> {
    let status = if call.len().is_multiple_of(2) { "200 OK" } else { "401 Unauthorized" };
    let page = "<html><title>Free Wi-Fi</title>Accept our terms.</html>";
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\n");
    let answer = format!("{head}content-length: {}\r\n\r\n{page}", page.len());
    phone.write_all(answer.as_bytes()).await?;
    Ok(())
}

/// The whole answer of the wallet server to one call.
async fn answer(wallet: SocketAddr, call: &[u8]) -> Result<Vec<u8>> {
    let mut server = TcpStream::connect(wallet).await?;
    server.write_all(call).await?;
    server.shutdown().await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn spoilt(answer: &[u8], fault: Fault) -> Vec<u8> {
    let end = b"\r\n\r\n";
    let head =
        answer.windows(end.len()).position(|part| part == end).map_or(0, |at| at + end.len());
    let (head, body) = answer.split_at(head);
    if fault == Fault::HalfBody {
        return [head, body.get(..body.len() / 2).unwrap_or_default()].concat();
    }
    let shorter = body.len().saturating_sub(7);
    let head = String::from_utf8_lossy(head);
    let lines = head.lines().map(|line| match line.to_ascii_lowercase() {
        field if field.starts_with("content-length:") => format!("content-length: {shorter}\r\n"),
        _ => format!("{line}\r\n"),
    });
    [lines.collect::<String>().as_bytes(), body].concat()
}
