//! Payment links whose host names the scheme. Only the form is known: what stands behind such a
//! link is the scheme's secret.

use super::address::Address;

/// Host, and scheme id.
const HOSTS: [(&str, &str); 3] =
    [("qr.alipay.com", "alipay"), ("qr.95516.com", "unionpay"), ("qr.paypay.ne.jp", "paypay")];

/// Schemes of addresses that only one app opens.
const APPS: [(&str, &str); 2] = [("wxp://", "wechat_pay"), ("weixin://wxpay/", "wechat_pay")];

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
    let app = APPS.into_iter().find_map(|(prefix, scheme)| {
        let (start, _) = text.split_at_checked(prefix.len())?;
        let (host, _) = text.split_once("://")?;
        start.eq_ignore_ascii_case(prefix).then_some(KnownLink { scheme, host })
    });
    app.or_else(|| {
        let address = Address::read(text).ok()?;
        if !address.scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (_, scheme) = HOSTS.into_iter().find(|(host, _)| address.is_host(host))?;
        Some(KnownLink { scheme, host: address.host })
    })
}
