//! Which network an account belongs to: by the table of tags and GUIDs, and by the rules of countries
//! whose codes have no GUID of their own.

use super::Tag;
use crate::registry::REGISTRY;

/// The network of a primitive account object. India gives objects that EMVCo reserves a meaning of
/// its own: RuPay, and a bank code (IFSC) with an account.
pub(super) fn of_tag(tag: Tag, country: Option<&str>) -> Option<&'static str> {
    match (tag.0, country) {
        (6 | 7, Some("IN")) => Some("rupay"),
        (8, Some("IN")) => Some("in-account-ifsc"),
        (number, _) => REGISTRY
            .by_tag
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&number))
            .map(|(_, _, network)| *network),
    }
}

/// The network of an account template, and the national system that its GUID belongs to.
pub(super) fn of_guid(
    tag: Tag,
    guid: &str,
    country: Option<&str>,
) -> (Option<&'static str>, Option<&'static str>) {
    match REGISTRY.network_of(guid) {
        Some(network) => (network, None),
        None => (of_country(tag, guid, country), system(guid)),
    }
}

/// The network of a template by the rules of its country.
fn of_country(tag: Tag, guid: &str, country: Option<&str>) -> Option<&'static str> {
    match country {
        // Bakong puts the account itself, `name@bank`, where the GUID belongs.
        _ if matches!(tag.0, 29 | 30) && guid.contains('@') => Some("khqr"),
        // Each acquirer writes its own domain, and every wallet of QRIS can pay.
        Some("ID") => Some("qris"),
        Some("LK") if begins_ignoring_case(guid, "LK.") => Some("lankaqr"),
        _ => None,
    }
}

fn system(guid: &str) -> Option<&'static str> {
    let is = |known: &str| match known.strip_suffix('*') {
        Some(beginning) => begins_ignoring_case(guid, beginning),
        None => known.eq_ignore_ascii_case(guid),
    };
    REGISTRY.systems.iter().find(|(known, _)| is(known)).map(|(_, system)| *system)
}

fn begins_ignoring_case(text: &str, beginning: &str) -> bool {
    text.split_at_checked(beginning.len())
        .is_some_and(|(start, _)| start.eq_ignore_ascii_case(beginning))
}

/// The scheme id of a network, by which payment methods are matched; `None` for networks that are
/// no scheme of their own (Argentina's interoperable QR, a bank account, LankaQR, RemoPay). JPQR
/// is one, but which services its store takes stands in a register, not in the code.
pub fn scheme(network: &str) -> Option<&'static str> {
    REGISTRY.schemes.iter().find(|(known, _)| *known == network)?.1
}
