//! The wallet server's address: clear text goes to this machine alone.

use anyhow::{Context, bail};
use ureq::http::Uri;

/// Whether calls to `server_url` are encrypted.
///
/// # Errors
/// When it is no web address, or would carry the terminal's key and its amounts in clear text over
/// a network.
pub fn is_encrypted(server_url: &str) -> anyhow::Result<bool> {
    let address: Uri = server_url
        .parse()
        .with_context(|| format!("{server_url:?} is no address; use https://host"))?;
    let host = address.host().unwrap_or_default();
    match address.scheme_str() {
        Some("https") => Ok(true),
        Some("http") if is_loopback(host) => Ok(false),
        Some("http") => bail!(
            "{server_url} is another machine, and http would send the terminal's key in clear \
             text; use https://{host}"
        ),
        _ => bail!("{server_url:?} is no web address; use https://host"),
    }
}

/// Whether a host is this machine: its name, or a loopback address of either version.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_encrypted;

    #[test]
    fn clear_text_never_leaves_this_machine() {
        for here in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080/"] {
            assert!(!is_encrypted(here).unwrap(), "{here}");
        }
        for away in [
            "http://wallet.example",
            "http://10.0.0.7:8080",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://localhost@wallet.example",
            "http://0.0.0.0:8080",
            "ftp://localhost",
            "wallet.example",
            "",
        ] {
            assert!(is_encrypted(away).is_err(), "{away}");
        }
        assert!(is_encrypted("https://wallet.example").unwrap());
    }
}
