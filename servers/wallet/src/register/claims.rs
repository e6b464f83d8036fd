//! What the tags `payment:*` say of each scheme.

use std::collections::BTreeMap;

use domain::{
    Acceptance, Accepted, Channel, Claim, SchemeId, Source, Timestamp,
    scheme::{self, Scheme},
};

/// Keys that are understood though they name no scheme.
const NO_SCHEME: [&str; 5] =
    ["payment:cash", "payment:coins", "payment:notes", CONTACTLESS, "payment:others"];

/// The groups of cards that `payment:contactless` speaks of.
const CARDS: [&str; 3] = ["payment:cards", "payment:credit_cards", DEBIT_CARDS];

/// Words about the channel and not about a scheme.
const CONTACTLESS: &str = "payment:contactless";
const CODES: [&str; 2] = ["payment:qr", "payment:qr_code"];
/// Wallets of phones, which any card may be in; they speak of the contactless channel.
const WALLETS: [&str; 3] = ["payment:apple_pay", "payment:google_pay", "payment:samsung_pay"];

const DEBIT_CARDS: &str = "payment:debit_cards";
/// What "debit cards" means where one network is the country's own.
const DEBIT_CARD_OF: [(&str, &str); 3] =
    [("CA", "interac"), ("DE", "girocard"), ("IT", "bancomat")];
/// Schemes known for credit cards whose cards are also debit cards.
const ALSO_DEBIT: [&str; 4] = ["mastercard", "rupay", "unionpay", "visa"];
/// The group of money kept on a card, and its schemes.
const PURSES: &str = "payment:electronic_purses";
const PURSE_SCHEMES: [&str; 7] = ["edy", "ezlink", "nanaco", "nets", "octopus", "suica", "waon"];

/// What was said by each key: yes, no, or something that is neither.
type Said<'a> = BTreeMap<&'a str, Option<bool>>;

/// What the tags `payment:*` of a store in `country` (ISO 3166 alpha-2, empty when unknown) say of
/// each scheme.
///
/// - A key of the scheme itself beats a key of its group; the nearer group beats the wider one.
/// - A group speaks of cards held to the till, not of a code with the same scheme's name on it.
/// - `only` and `payment:others=no` refuse what lies outside everything that is accepted. What lies
///   within an accepted group, but is not surely meant by it, stays unknown.
/// - A key with more after the scheme's name (`payment:visa_electron`) speaks of that product alone;
///   `_contactless` speaks of the scheme on that channel.
/// - `payment:contactless=no` refuses cards, since a phone has no other way to be one.
/// - What no key speaks of stays unknown.
///
/// `strange` counts keys that are in no registry and values other than yes, no and only.
pub fn claims<'a>(
    tags: impl Iterator<Item = (&'a str, &'a str)>,
    country: &str,
    source: Source,
    as_of: Timestamp,
    strange: &mut BTreeMap<String, u64>,
) -> Accepted {
    let mut said = Said::new();
    let mut exclusive = false;
    for (key, value) in tags.filter(|(key, _)| key.starts_with("payment:")) {
        if !is_known(key) {
            *strange.entry(key.to_owned()).or_default() += 1;
            continue;
        }
        let value = value.trim();
        let yes = match value.to_ascii_lowercase().as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            "only" => {
                exclusive = true;
                Some(true)
            }
            _ => {
                *strange.entry(format!("{key}={value}")).or_default() += 1;
                None
            }
        };
        said.insert(key, yes);
    }
    // Without anything that is taken nothing tells what the others are.
    exclusive |= said.get("payment:others") == Some(&Some(false))
        && said.values().any(|yes| *yes == Some(true));
    let mut accepted = Accepted::default();
    for scheme in scheme::all() {
        for &channel in &scheme.channels {
            let outside = || {
                (exclusive
                    && !said
                        .iter()
                        .any(|(key, yes)| *yes != Some(false) && covers(key, scheme, channel)))
                .then_some(false)
            };
            let Some(yes) = of_channel(scheme, channel, country, &said).or_else(outside) else {
                continue;
            };
            let acceptance = if yes { Acceptance::Accepted } else { Acceptance::Refused };
            accepted.add(Claim { scheme: scheme.id.clone(), channel, acceptance, source, as_of });
        }
    }
    accepted
}

/// What a store refuses that takes cash alone.
pub fn cash_alone() -> Vec<(SchemeId, Channel)> {
    let said = [("payment:cash", "only")];
    let accepted =
        claims(said.into_iter(), "", Source::Members, Timestamp(0), &mut BTreeMap::new());
    accepted.claims().iter().map(|claim| (claim.scheme.clone(), claim.channel)).collect()
}

/// What is said of a scheme on a channel, by the key that speaks of it most narrowly.
fn of_channel(scheme: &Scheme, channel: Channel, country: &str, said: &Said<'_>) -> Option<bool> {
    let answer = |key: &str| said.get(key).copied().flatten();
    let contactless = channel == Channel::Contactless;
    if contactless {
        let own = scheme.osm.iter().find_map(|key| answer(&format!("{key}_contactless")));
        let is_card = scheme.osm_no.iter().any(|group| CARDS.contains(&group.as_str()));
        let tap = if is_card && answer(CONTACTLESS) == Some(false) { Some(false) } else { None };
        if let Some(yes) = own.or(tap) {
            return Some(yes);
        }
    }
    let own: Vec<bool> = scheme.osm.iter().filter_map(|key| answer(key)).collect();
    if !own.is_empty() {
        // Of several names of one scheme, one that is taken is enough.
        return Some(own.contains(&true));
    }
    if DEBIT_CARD_OF.contains(&(country, scheme.id.as_str())) && answer(DEBIT_CARDS) == Some(true) {
        return Some(true);
    }
    // The registry lists groups from the nearest to the widest.
    let groups = scheme.osm_yes.iter().chain(&scheme.osm_no);
    let groups = groups.filter(|group| contactless || !is_of_cards(group));
    groups.into_iter().find_map(|group| match answer(group) {
        Some(true) if scheme.osm_yes.contains(group) => Some(true),
        Some(false) if scheme.osm_no.contains(group) => Some(false),
        _ => None,
    })
}

/// Whether a group is one of cards, which says nothing of codes.
fn is_of_cards(group: &str) -> bool {
    CARDS.contains(&group) || WALLETS.contains(&group)
}

/// Whether a key that is accepted may mean this scheme on this channel too.
fn covers(key: &str, scheme: &Scheme, channel: Channel) -> bool {
    let contactless = channel == Channel::Contactless;
    let id = scheme.id.as_str();
    let in_group = || {
        let groups = scheme.osm_yes.iter().chain(&scheme.osm_no);
        groups.into_iter().any(|group| group == key) && (contactless || !is_of_cards(key))
    };
    match key {
        CONTACTLESS => contactless,
        _ if WALLETS.contains(&key) => contactless,
        _ if CODES.contains(&key) => !contactless,
        PURSES if PURSE_SCHEMES.contains(&id) => contactless,
        DEBIT_CARDS if ALSO_DEBIT.contains(&id) => contactless,
        _ => is_own(key, scheme) || is_product(key, scheme) || in_group(),
    }
}

fn is_own(key: &str, scheme: &Scheme) -> bool {
    scheme.osm.iter().any(|own| own == key)
}

/// Whether a key speaks of a product of the scheme: `payment:visa_electron`.
fn is_product(key: &str, scheme: &Scheme) -> bool {
    let product =
        |own: &String| key.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('_'));
    scheme.osm.iter().any(product)
}

fn is_known(key: &str) -> bool {
    let in_registry = |scheme: &Scheme| {
        let groups = scheme.osm_yes.iter().chain(&scheme.osm_no);
        is_own(key, scheme)
            || is_product(key, scheme)
            || groups.into_iter().any(|known| known == key)
    };
    NO_SCHEME.contains(&key)
        || CARDS.contains(&key)
        || WALLETS.contains(&key)
        || CODES.contains(&key)
        || key == PURSES
        || scheme::all().iter().any(in_registry)
}

#[cfg(test)]
mod tests {
    use domain::SchemeId;

    use super::*;

    fn said(tags: &[(&str, &str)]) -> (Accepted, BTreeMap<String, u64>) {
        said_in("", tags)
    }

    fn said_in(country: &str, tags: &[(&str, &str)]) -> (Accepted, BTreeMap<String, u64>) {
        let mut strange = BTreeMap::new();
        let tags = tags.iter().copied();
        let accepted = claims(tags, country, Source::OpenStreetMap, Timestamp(1), &mut strange);
        (accepted, strange)
    }

    fn of(accepted: &Accepted, scheme: &str, channel: Channel) -> Option<Acceptance> {
        Some(accepted.claim(&SchemeId::new(scheme).unwrap(), channel)?.acceptance)
    }

    #[test]
    fn each_tag_says_what_the_map_means_by_it_and_no_more() {
        use Acceptance::{Accepted as Yes, Refused as No};
        let contactless = Channel::Contactless;
        for (tags, scheme, expected) in [
            (&[("payment:visa", "yes")][..], "visa", Some(Yes)),
            (&[("payment:visa", "yes")], "mastercard", None),
            (&[("payment:visa", "only")], "visa", Some(Yes)),
            (&[("payment:visa", "only")], "mastercard", Some(No)),
            (&[("payment:credit_cards", "yes")], "visa", Some(Yes)),
            (&[("payment:credit_cards", "no")], "jcb", Some(No)),
            // A group's yes is not every card's yes.
            (&[("payment:credit_cards", "yes")], "jcb", None),
            (&[("payment:credit_cards", "no"), ("payment:visa", "yes")], "visa", Some(Yes)),
            (&[("payment:credit_cards", "yes"), ("payment:visa", "no")], "visa", Some(No)),
            (&[("payment:credit_cards", "no"), ("payment:cards", "yes")], "visa", Some(No)),
            (&[("payment:cash", "yes")], "visa", None),
            (&[("payment:cash", "no")], "visa", None),
            (&[("payment:cash", "only")], "visa", Some(No)),
            (&[("payment:cash", "only")], "suica", Some(No)),
            (&[("payment:cash", "only"), ("payment:visa", "yes")], "visa", Some(Yes)),
            (&[("payment:suica", "yes"), ("payment:others", "no")], "visa", Some(No)),
            (&[("payment:visa", "yes"), ("payment:contactless", "no")], "visa", Some(No)),
            (&[("payment:suica", "yes"), ("payment:contactless", "no")], "suica", Some(Yes)),
            (&[("payment:contactless", "yes")], "visa", None),
            (&[("payment:pasmo", "yes"), ("payment:icoca", "no")], "suica", Some(Yes)),
            (&[("payment:visa", "perhaps")], "visa", None),
            (&[("payment", "visa")], "visa", None),
        ] {
            let (accepted, _) = said(tags);
            assert_eq!(of(&accepted, scheme, contactless), expected, "{tags:?} {scheme}");
        }
        let (accepted, _) = said(&[("payment:cash", "only")]);
        assert_eq!(of(&accepted, "paypay", Channel::Scan), Some(No));
        assert_eq!(of(&accepted, "paypay", Channel::Code), Some(No));
    }

    #[test]
    fn what_is_not_understood_is_counted_and_not_guessed() {
        let (accepted, strange) = said(&[
            ("payment:shells", "yes"),
            ("payment:visa", "perhaps"),
            ("payment:notes", "yes"),
            ("opening_hours", "24/7"),
        ]);
        assert!(accepted.claims().is_empty());
        let keys: Vec<&str> = strange.keys().map(String::as_str).collect();
        assert_eq!(keys, ["payment:shells", "payment:visa=perhaps"]);
    }

    #[test]
    fn only_and_no_others_spare_the_members_of_what_is_accepted() {
        use Acceptance::{Accepted as Yes, Refused as No};
        let (tap, scan) = (Channel::Contactless, Channel::Scan);
        let cards_only = &[("payment:cards", "only")][..];
        let credit_and_no_others =
            &[("payment:cash", "yes"), ("payment:credit_cards", "yes"), ("payment:others", "no")];
        let tap_only = &[("payment:contactless", "only")];
        let debit_only = &[("payment:debit_cards", "only")];
        for (tags, scheme, channel, expected) in [
            (cards_only, "visa", tap, Some(Yes)),
            (cards_only, "amex", tap, None),
            (cards_only, "jcb", tap, None),
            (cards_only, "girocard", tap, None),
            (cards_only, "maestro", tap, None),
            (cards_only, "suica", tap, Some(No)),
            (cards_only, "paypay", scan, Some(No)),
            (cards_only, "unionpay", scan, Some(No)),
            (credit_and_no_others, "amex", tap, None),
            (credit_and_no_others, "jcb", tap, None),
            (credit_and_no_others, "visa", tap, Some(Yes)),
            (credit_and_no_others, "girocard", tap, Some(No)),
            (credit_and_no_others, "paypay", scan, Some(No)),
            (tap_only, "visa", tap, None),
            (tap_only, "suica", tap, None),
            (tap_only, "paypay", scan, Some(No)),
            (debit_only, "visa", tap, None),
            (debit_only, "girocard", tap, None),
            (debit_only, "amex", tap, Some(No)),
            (&[("payment:apple_pay", "only")], "amex", tap, None),
            (&[("payment:apple_pay", "only")], "paypay", scan, Some(No)),
            (&[("payment:electronic_purses", "only")], "suica", tap, None),
            (&[("payment:qr_code", "only")], "paypay", scan, None),
            (&[("payment:qr_code", "only")], "visa", tap, Some(No)),
            (&[("payment:visa_electron", "only")], "visa", tap, None),
            (&[("payment:visa_electron", "only")], "jcb", tap, Some(No)),
            (
                &[("payment:visa", "limited"), ("payment:cash", "yes"), ("payment:others", "no")],
                "visa",
                tap,
                None,
            ),
            (&[("payment:others", "no")], "visa", tap, None),
            (&[("payment:visa", "no"), ("payment:cash", "only")], "visa", tap, Some(No)),
        ] {
            let (accepted, _) = said(tags);
            assert_eq!(of(&accepted, scheme, channel), expected, "{tags:?} {scheme} {channel:?}");
        }
    }

    #[test]
    fn a_product_is_not_its_scheme_and_a_card_is_not_a_code() {
        use Acceptance::{Accepted as Yes, Refused as No};
        let (tap, scan) = (Channel::Contactless, Channel::Scan);
        for (tags, scheme, channel, expected) in [
            (
                &[("payment:credit_cards", "yes"), ("payment:visa_electron", "no")][..],
                "visa",
                tap,
                Some(Yes),
            ),
            (&[("payment:visa_electron", "yes")], "visa", tap, None),
            (&[("payment:visa_debit", "no")], "visa", tap, None),
            (&[("payment:mastercard_contactless", "yes")], "mastercard", tap, Some(Yes)),
            (
                &[("payment:mastercard", "yes"), ("payment:mastercard_contactless", "no")],
                "mastercard",
                tap,
                Some(No),
            ),
            (
                &[("payment:unionpay", "yes"), ("payment:unionpay_contactless", "no")],
                "unionpay",
                scan,
                Some(Yes),
            ),
            (&[("payment:credit_cards", "no")], "unionpay", tap, Some(No)),
            (&[("payment:credit_cards", "no")], "unionpay", scan, None),
            (&[("payment:cards", "no")], "unionpay", scan, None),
            (&[("payment:icoca", "no")], "suica", tap, None),
            (&[("payment:Visa", "YES")], "visa", tap, None),
            (&[("payment:visa", " YES ")], "visa", tap, Some(Yes)),
        ] {
            let (accepted, _) = said(tags);
            assert_eq!(of(&accepted, scheme, channel), expected, "{tags:?} {scheme} {channel:?}");
        }
    }

    #[test]
    fn debit_cards_are_the_countrys_own_where_it_has_one() {
        use Acceptance::Accepted as Yes;
        for (country, scheme, expected) in [
            ("DE", "girocard", Some(Yes)),
            ("CA", "interac", Some(Yes)),
            ("IT", "bancomat", Some(Yes)),
            ("DE", "maestro", None),
            ("FR", "maestro", None),
            ("FR", "girocard", None),
            ("", "girocard", None),
        ] {
            let (accepted, _) = said_in(country, &[("payment:debit_cards", "yes")]);
            assert_eq!(of(&accepted, scheme, Channel::Contactless), expected, "{country} {scheme}");
        }
    }
}
