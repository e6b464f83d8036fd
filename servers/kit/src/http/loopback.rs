//! Which hosts are this machine.

use std::net::IpAddr;

/// Whether the host of an address is this machine itself: what is said to it in clear, nobody hears.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|host: IpAddr| host.is_loopback())
}
