//! The wallet server for phones on the same network: TLS by a certificate of this run, and nothing in clear.

use std::net::SocketAddr;

use anyhow::Context as _;
use data_encoding::BASE64;
use terminal::tls::{self, Certificate};
use tokio::net::TcpListener;

/// How many characters PEM has on a line.
const PEM_LINE: usize = 64;

/// A place on the network, with the certificate made for it.
pub struct OnNetwork {
    listener: TcpListener,
    name: String,
    certificate: Certificate,
    authority: Vec<u8>,
}

impl OnNetwork {
    /// Takes `listen` and makes a certificate for it.
    ///
    /// # Errors
    /// When the address is taken, not of this machine, or stands for all of its addresses.
    pub async fn bind(listen: SocketAddr) -> anyhow::Result<Self> {
        let name = tls::named(listen.ip())?;
        let (certificate, authority) =
            Certificate::made_with_authority(vec![listen.ip().to_string()])?;
        let listener = TcpListener::bind(listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {listen}"))?;
        Ok(Self { listener, name, certificate, authority })
    }

    /// Where phones find the server.
    pub fn url(&self) -> String {
        let port = self.listener.local_addr().map_or(0, |address| address.port());
        format!("https://{}:{port}", self.name)
    }

    /// What a phone is told to trust, as the text file that phones take.
    pub fn authority_pem(&self) -> String {
        let text = BASE64.encode(&self.authority);
        let lines: Vec<&str> = (0..text.len())
            .step_by(PEM_LINE)
            .filter_map(|at| text.get(at..text.len().min(at + PEM_LINE)))
            .collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// By which a person sees that a phone got the right one.
    pub fn fingerprint(&self) -> String {
        tls::fingerprint(&self.authority)
    }

    /// Hands on what comes to the server at `behind`, until it is dropped.
    ///
    /// # Errors
    /// When nothing can be accepted any more.
    pub async fn serve(self, behind: SocketAddr) -> anyhow::Result<()> {
        match tls::front(self.listener, &self.certificate, behind).await? {}
    }
}
