//! Payment links whose host names the scheme. Only the form is known: what stands behind such a
//! link is the scheme's secret.

use super::address::Address;
use crate::registry::REGISTRY;

/// A payment link of a known scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownLink<'a> {
    /// The scheme id.
    pub scheme: &'static str,
    /// The host, or the app's scheme.
    pub host: &'a str,
}

/// Whether a text is a payment link of a known scheme. Only `https` counts for hosts.
pub fn known_link(text: &str) -> Option<KnownLink<'_>> {
    let app = REGISTRY.apps.iter().find_map(|&(prefix, scheme)| {
        let (start, _) = text.split_at_checked(prefix.len())?;
        let (host, _) = text.split_once("://")?;
        start.eq_ignore_ascii_case(prefix).then_some(KnownLink { scheme, host })
    });
    app.or_else(|| {
        let address = Address::read(text).ok()?;
        if !address.scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (_, scheme) = REGISTRY.hosts.iter().copied().find(|(host, _)| address.is_host(host))?;
        Some(KnownLink { scheme, host: address.host })
    })
}
