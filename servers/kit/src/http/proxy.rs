//! Where a server may listen, and whom it believes when a proxy stands before it.

use std::net::{IpAddr, SocketAddr};

use anyhow::ensure;
use axum::http::HeaderMap;

/// The flag of a server that stands behind a proxy.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct ProxyArgs {
    /// The address of the TLS-terminating proxy before this server: it alone is believed when it
    /// says (`Forwarded`) where a request comes from. Needed to listen on anything but loopback,
    /// because this server speaks in clear.
    #[arg(long, env = "TILLSIGHT_BEHIND_PROXY", value_name = "ADDRESS")]
    pub behind_proxy: Option<IpAddr>,
}

impl ProxyArgs {
    /// Whether the server may listen there.
    ///
    /// # Errors
    /// When it would speak in clear to others than this machine.
    pub fn may_listen(self, listen: SocketAddr) -> anyhow::Result<()> {
        ensure!(
            listen.ip().is_loopback() || self.behind_proxy.is_some(),
            "{listen} is not loopback and this server speaks in clear: put a TLS-terminating proxy \
             before it and name the proxy by --behind-proxy ADDRESS"
        );
        if let Some(proxy) = self.behind_proxy {
            tracing::info!(%proxy, "behind a proxy, which alone is believed to say who asks");
        }
        Ok(())
    }

    /// Where a request of `peer` comes from: what the proxy says, when the proxy sent it.
    pub fn source(self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if self.behind_proxy != Some(peer) {
            return peer;
        }
        // The last one was added by the proxy; those before it are what the sender claims.
        let last = headers.get_all("forwarded").iter().next_back();
        let said = last.and_then(|value| value.to_str().ok()).and_then(forwarded_for);
        said.unwrap_or(peer)
    }
}

/// The address in the last element of a `Forwarded` value (RFC 7239, sections 4 and 6).
fn forwarded_for(value: &str) -> Option<IpAddr> {
    let last = value.rsplit(',').next()?;
    let pairs = last.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let node = node.trim().trim_matches('"');
    if let Some(bracketed) = node.strip_prefix('[') {
        return bracketed.split(']').next()?.parse().ok();
    }
    node.parse().ok().or_else(|| node.rsplit_once(':')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::ProxyArgs;

    fn source(proxy: Option<&str>, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("forwarded", value.parse().unwrap());
        }
        let args = ProxyArgs { behind_proxy: proxy.map(|proxy| proxy.parse().unwrap()) };
        args.source(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_the_proxy_is_believed_and_only_its_own_word() {
        let (proxy, client) = (Some("10.0.0.1"), "for=192.0.2.7");
        assert_eq!(source(None, "10.0.0.1", &[client]), "10.0.0.1");
        assert_eq!(source(proxy, "10.0.0.2", &[client]), "10.0.0.2");
        assert_eq!(source(proxy, "10.0.0.1", &[client]), "192.0.2.7");
        assert_eq!(source(proxy, "10.0.0.1", &["for=198.51.100.1, for=192.0.2.7"]), "192.0.2.7");
        assert_eq!(source(proxy, "10.0.0.1", &["for=198.51.100.1", client]), "192.0.2.7");
        assert_eq!(source(proxy, "10.0.0.1", &["for=unknown"]), "10.0.0.1");
        assert_eq!(
            source(proxy, "10.0.0.1", &["proto=https;For=\"[2001:db8::1]:443\""]),
            "2001:db8::1"
        );
        assert_eq!(source(proxy, "10.0.0.1", &["for=\"192.0.2.7:80\""]), "192.0.2.7");
    }

    #[test]
    fn clear_text_is_refused_off_loopback_unless_a_proxy_is_named() {
        let nowhere = ProxyArgs::default();
        assert!(nowhere.may_listen("127.0.0.1:0".parse().unwrap()).is_ok());
        assert!(nowhere.may_listen("[::1]:0".parse().unwrap()).is_ok());
        assert!(nowhere.may_listen("0.0.0.0:0".parse().unwrap()).is_err());
        let behind = ProxyArgs { behind_proxy: Some("10.0.0.1".parse().unwrap()) };
        assert!(behind.may_listen("0.0.0.0:0".parse().unwrap()).is_ok());
    }
}
