//! TLS before something that speaks in clear on this machine: what goes over a network goes encrypted.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// How long a certificate holds that is made for a run. Apple's phones take none that holds for longer than 825
/// days.
const MADE_FOR: Duration = Duration::from_hours(30 * 24);
/// How far behind this machine's clock another's may be.
const CLOCK_BEHIND: Duration = Duration::from_hours(24);

/// A handshake takes two round trips; who needs longer wants something else.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(10);

/// A certificate with its key.
pub struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Certificate {
    /// These certificates, the server's own first, and its key.
    pub fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Self {
        Self { chain, key }
    }

    /// Reads PEM files, the server's own certificate first.
    ///
    /// # Errors
    /// When one cannot be read, or holds none.
    pub fn read(chain: &Path, key: &Path) -> anyhow::Result<Self> {
        let file = || format!("no certificate in {}", chain.display());
        let chain: Vec<_> =
            CertificateDer::pem_file_iter(chain).with_context(file)?.collect::<Result<_, _>>()?;
        let none = || format!("no private key in {}", key.display());
        Ok(Self { chain, key: PrivateKeyDer::from_pem_file(key).with_context(none)? })
    }

    /// Makes one that signs itself, for this run and these names or addresses.
    ///
    /// # Errors
    /// When a name is none.
    pub fn made(names: Vec<String>) -> anyhow::Result<Self> {
        let made = rcgen::generate_simple_self_signed(names).context("no certificate was made")?;
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der());
        let key = key.map_err(|_| anyhow::anyhow!("the key that was made is none"))?;
        Ok(Self { chain: vec![made.cert.der().clone()], key })
    }

    /// Makes one for this run and these names or addresses, and the authority it is signed by, whose
    /// certificate (DER) a phone is told to trust: phones take no server that signs for itself. The authority's
    /// key is forgotten at once, so that it signs nothing else.
    ///
    /// # Errors
    /// When a name is none.
    pub fn made_with_authority(names: Vec<String>) -> anyhow::Result<(Self, Vec<u8>)> {
        let now = SystemTime::now();
        let lasting = |mut params: CertificateParams, name: &str| {
            params.distinguished_name.push(DnType::CommonName, name);
            params.not_before = (now - CLOCK_BEHIND).into();
            params.not_after = (now + MADE_FOR).into();
            params
        };
        let mut authority = lasting(CertificateParams::default(), "Tillsight, for one run");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        let mut server = lasting(CertificateParams::new(names)?, "Tillsight");
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let own = KeyPair::generate()?;
        let certificate = server.signed_by(&own, &authority)?;
        let key = PrivateKeyDer::try_from(own.serialize_der());
        let key = key.map_err(|_| anyhow::anyhow!("the key that was made is none"))?;
        Ok((Self { chain: vec![certificate.der().clone()], key }, authority.der().to_vec()))
    }

    /// The SHA-256 of the server's certificate, as browsers show it: two digits a byte with `:` between.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.der())
    }

    /// The server's certificate, DER.
    pub fn der(&self) -> &[u8] {
        self.chain.first().map_or(&[], |it| it)
    }

    /// What takes the handshakes.
    ///
    /// # Errors
    /// When the certificate and the key do not belong together.
    pub fn acceptor(&self) -> anyhow::Result<TlsAcceptor> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// The SHA-256 of a certificate (DER), as browsers and phones show it: two digits a byte with `:` between.
pub fn fingerprint(certificate: &[u8]) -> String {
    let digest = Sha256::digest(certificate);
    digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// The address that others reach this machine under: that of `listen`.
///
/// # Errors
/// When it is every address at once, which no certificate names.
pub fn named(listen: IpAddr) -> anyhow::Result<String> {
    anyhow::ensure!(
        !listen.is_unspecified(),
        "name the address that others reach this machine under, not {listen}"
    );
    Ok(match listen {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    })
}

/// Hands on what comes encrypted to `listener` to what listens `behind`, until it is dropped.
///
/// # Errors
/// When the certificate and the key do not belong together, or nothing can be accepted any more.
pub async fn front(
    listener: TcpListener,
    certificate: &Certificate,
    behind: SocketAddr,
) -> anyhow::Result<Infallible> {
    let acceptor = certificate.acceptor()?;
    loop {
        let (stream, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // Who fails at it has left, or never meant it; there is nobody to tell.
            let Ok(Ok(mut outside)) = timeout(LONGEST_HANDSHAKE, acceptor.accept(stream)).await
            else {
                return;
            };
            if let Ok(mut inside) = TcpStream::connect(behind).await {
                let _ = copy_bidirectional(&mut outside, &mut inside).await;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_rustls::TlsConnector;

    use super::*;

    /// A client that trusts this certificate alone.
    fn trusting(certificate: Vec<u8>) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.into()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(client))
    }

    /// Whether a handshake with a server of this certificate succeeds.
    async fn greets(certificate: Certificate, connector: &TlsConnector, name: &str) -> bool {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move { front(listener, &certificate, at).await });
        let stream = TcpStream::connect(at).await.unwrap();
        connector.connect(name.to_owned().try_into().unwrap(), stream).await.is_ok()
    }

    #[tokio::test]
    async fn who_trusts_the_authority_of_one_run_trusts_its_server_and_no_other() {
        let made = || Certificate::made_with_authority(vec!["10.0.0.5".to_owned()]).unwrap();
        let (certificate, authority) = made();
        let connector = trusting(authority);
        assert!(greets(certificate, &connector, "10.0.0.5").await);
        assert!(!greets(made().0, &connector, "10.0.0.5").await, "the server of another run");
        let (certificate, authority) = made();
        assert!(!greets(certificate, &trusting(authority), "10.0.0.6").await, "another address");
    }

    #[tokio::test]
    async fn what_is_behind_is_reached_encrypted_and_by_nobody_in_clear() {
        let behind = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = behind.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = behind.accept().await {
                let mut asked = [0; 4];
                stream.read_exact(&mut asked).await.unwrap();
                stream.write_all(&asked).await.unwrap();
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let outside = listener.local_addr().unwrap();
        let certificate = Certificate::made(vec!["localhost".to_owned()]).unwrap();
        assert_eq!(certificate.fingerprint().len(), 95);
        let trusted = certificate.der().to_vec();
        tokio::spawn(async move { front(listener, &certificate, at).await });

        let stream = TcpStream::connect(outside).await.unwrap();
        let name = "localhost".try_into().unwrap();
        let mut encrypted = trusting(trusted).connect(name, stream).await.unwrap();
        encrypted.write_all(b"tea?").await.unwrap();
        let mut answer = [0; 4];
        encrypted.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"tea?");

        let mut clear = TcpStream::connect(outside).await.unwrap();
        clear.write_all(b"tea?tea?").await.unwrap();
        let mut told = Vec::new();
        let _ = clear.read_to_end(&mut told).await;
        assert!(!told.windows(4).any(|part| part == b"tea?"), "{told:?}");
    }

    #[test]
    fn an_address_that_names_every_address_is_refused() {
        assert!(named("0.0.0.0".parse().unwrap()).is_err());
        assert_eq!(named("10.0.0.5".parse().unwrap()).unwrap(), "10.0.0.5");
    }
}
