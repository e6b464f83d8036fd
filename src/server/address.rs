//! Whether an address names the phone itself.

use std::net::IpAddr;

/// Whether an address (without its scheme) names the phone itself.
pub(super) fn is_loopback(address: &str) -> bool {
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    // Before an `@` stands a name, not the host.
    !authority.contains('@')
        && (host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()))
}
