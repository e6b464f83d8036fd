use std::collections::BTreeMap;

use domain::{
    Acceptance, Accepted, Claim, Source, Timestamp,
    scheme::{self, Scheme},
};

/// Keys that are understood though they name no scheme.
const NO_SCHEME: [&str; 5] =
    ["payment:cash", "payment:coins", "payment:contactless", "payment:notes", "payment:others"];

/// The groups of cards that `payment:contactless` speaks of.
const CARDS: [&str; 3] = ["payment:cards", "payment:credit_cards", "payment:debit_cards"];

/// What the tags `payment:*` say of each scheme.
///
/// - A key of the scheme itself beats a key of its group; the nearer group beats the wider one.
/// - `only` says yes of its own scheme or group and no of all others; so does `payment:others=no`.
/// - `payment:contactless=no` refuses cards, since a phone has no other way to be one.
/// - What no key speaks of stays unknown.
///
/// `strange` counts keys that are in no registry and values other than yes, no and only.
pub fn claims<'a>(
    tags: impl Iterator<Item = (&'a str, &'a str)>,
    source: Source,
    as_of: Timestamp,
    strange: &mut BTreeMap<String, u64>,
) -> Accepted {
    let mut said: BTreeMap<&str, bool> = BTreeMap::new();
    let mut exclusive = false;
    for (key, value) in tags.filter(|(key, _)| key.starts_with("payment:")) {
        if !is_known(key) {
            *strange.entry(key.to_owned()).or_default() += 1;
            continue;
        }
        match value.trim() {
            "yes" => _ = said.insert(key, true),
            "no" => _ = said.insert(key, false),
            "only" => {
                exclusive = true;
                said.insert(key, true);
            }
            other => *strange.entry(format!("{key}={other}")).or_default() += 1,
        }
    }
    exclusive |= said.get("payment:others") == Some(&false);
    let no_contactless = said.get("payment:contactless") == Some(&false);
    let mut accepted = Accepted::default();
    for scheme in scheme::all() {
        let is_card = scheme.osm_no.iter().any(|group| CARDS.contains(&group.as_str()));
        let by_tags = of_scheme(scheme, &said).or(exclusive.then_some(false));
        for &channel in &scheme.channels {
            let refused = no_contactless && is_card && channel == domain::Channel::Contactless;
            let said = if refused { Some(false) } else { by_tags };
            let Some(yes) = said else { continue };
            let acceptance = if yes { Acceptance::Accepted } else { Acceptance::Refused };
            accepted.add(Claim { scheme: scheme.id.clone(), channel, acceptance, source, as_of });
        }
    }
    accepted
}

fn of_scheme(scheme: &Scheme, said: &BTreeMap<&str, bool>) -> Option<bool> {
    let own: Vec<bool> =
        scheme.osm.iter().filter_map(|key| said.get(key.as_str()).copied()).collect();
    if !own.is_empty() {
        // Of several brands of one scheme, one that is taken is enough.
        return Some(own.contains(&true));
    }
    // The registry lists groups from the nearest to the widest.
    let groups = scheme.osm_yes.iter().chain(&scheme.osm_no);
    groups.into_iter().find_map(|group| match said.get(group.as_str()) {
        Some(true) if scheme.osm_yes.contains(group) => Some(true),
        Some(false) if scheme.osm_no.contains(group) => Some(false),
        _ => None,
    })
}

fn is_known(key: &str) -> bool {
    NO_SCHEME.contains(&key)
        || CARDS.contains(&key)
        || scheme::all().iter().any(|scheme| {
            [&scheme.osm, &scheme.osm_yes, &scheme.osm_no]
                .into_iter()
                .any(|keys| keys.iter().any(|known| known == key))
        })
}

#[cfg(test)]
mod tests {
    use domain::{Channel, SchemeId};

    use super::*;

    fn said(tags: &[(&str, &str)]) -> (Accepted, BTreeMap<String, u64>) {
        let mut strange = BTreeMap::new();
        let accepted =
            claims(tags.iter().copied(), Source::OpenStreetMap, Timestamp(1), &mut strange);
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
}
