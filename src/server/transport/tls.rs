//! TLS as the built-in client speaks it.

use std::sync::Arc;

use rustls::{
    ClientConfig, Error, RootCertStore,
    crypto::{CryptoProvider, KeyProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer},
    sign::SigningKey,
};

/// rustls with ring: Mozilla's roots and `more` are believed, and the phone shows no certificate.
pub(super) fn config(more: &[CertificateDer<'static>]) -> Option<ClientConfig> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    for root in more {
        roots.add(root.clone()).ok()?;
    }
    let provider = CryptoProvider { key_provider: &NoKeys, ..ring::default_provider() };
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Some(config)
}

/// In place of ring's own, which brings the making of RSA and ECDSA signatures for certificates that
/// a phone does not have.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("the phone shows no certificate".to_owned()))
    }
}
