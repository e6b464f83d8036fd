//! What follows for a store's schemes, as claims that phones take: from its own claims, and from the stores
//! like it.

use domain::{Acceptance, Accepted, Channel, Claim, SchemeId, Source, Store, Timestamp, scheme};

use super::{brands::is_chain, class::Class, counts::Counts, group::Group};

/// Must be shown with what rests on the counts.
const CREDIT: &str = "© OpenStreetMap contributors";

/// The newest extract that was counted, 2026-02-27.
const COUNTED_AT: Timestamp = Timestamp::from_unix_seconds(1_772_150_400);

/// Networks that are taken together.
const NETWORKS: [&str; 2] = ["visa", "mastercard"];
/// What "debit cards" means where one network is the country's own.
const DEBIT_NETWORK_OF: [(&str, &str); 3] =
    [("CA", "interac"), ("DE", "girocard"), ("IT", "bancomat")];

/// What of a store's record tells what the stores like it are.
#[derive(Clone, Copy, Debug)]
pub struct StoreKind<'a> {
    /// As on its sign.
    pub name: &'a str,
    /// What it sells (`shop=bakery`).
    pub industry: &'a str,
    /// Its chain; where that is empty, the one that its name says.
    pub brand: &'a str,
    /// ISO 3166 alpha-2; empty when unknown.
    pub country: &'a str,
}

/// Adds what follows for a store of the chain `brand` in `country` from its own claims and from the stores like
/// it; and the credit for the counts, where it rests on them.
pub fn infer(store: &mut Store, brand: &str, country: &str) {
    let kind = StoreKind { name: &store.name, industry: &store.industry, brand, country };
    let claims = follow(&store.accepted, &kind);
    if let Some(credited) = credited(&store.attribution, &claims) {
        store.attribution = credited;
    }
    claims.into_iter().for_each(|claim| store.accepted.add(claim));
}

/// What follows for a store of this kind of which `accepted` is said.
pub fn follow(accepted: &Accepted, kind: &StoreKind<'_>) -> Vec<Claim> {
    let StoreKind { name, industry, brand, country } = *kind;
    let is_of_chain = !brand.is_empty() || is_chain(industry, name, country);
    inferred(accepted, country, Class::of(industry, is_of_chain))
}

/// `attribution` with the credit for the counts, where `claims` rest on them and it lacks.
pub fn credited(attribution: &str, claims: &[Claim]) -> Option<String> {
    let is_counted = |claim: &Claim| matches!(claim.source, Source::Chain | Source::Country);
    let lacks = claims.iter().any(is_counted) && !attribution.contains(CREDIT);
    lacks.then(|| format!("{attribution}; counts of stores {CREDIT}"))
}

/// What follows for a store in `country` of which `accepted` is said: of Visa and
/// Mastercard the one from the other, else cards from the stores like it. Nothing is added to what is said, and
/// nothing follows to a refusal from other stores.
fn inferred(accepted: &Accepted, country: &str, class: Class) -> Vec<Claim> {
    let said = |id: &str| accepted.claim(&scheme::find(id)?.id, Channel::Contactless);
    let mut claims: Vec<Claim> = Vec::new();
    let mut add = |id: &str, acceptance, source, as_of| {
        let known = said(id).is_some() || claims.iter().any(|claim| claim.scheme.as_str() == id);
        let Some(scheme) = SchemeId::new(id).ok().filter(|_| !known) else { return };
        claims.push(Claim { scheme, channel: Channel::Contactless, acceptance, source, as_of });
    };
    for (id, sibling) in [(NETWORKS[0], NETWORKS[1]), (NETWORKS[1], NETWORKS[0])] {
        let is_said = |claim: &&Claim| {
            claim.source != Source::Generated
                && !matches!(claim.acceptance, Acceptance::Unknown | Acceptance::Differs)
        };
        if let Some(claim) = said(sibling).filter(is_said) {
            add(id, claim.acceptance, Source::Sibling, claim.as_of);
        }
    }
    let counted = if class == Class::Chain { Source::Chain } else { Source::Country };
    let is_spoken_of = |group| Counts::committed().share(group, country, class).is_some();
    let debit = DEBIT_NETWORK_OF.iter().filter(|(of, _)| *of == country).map(|(_, id)| *id);
    let credit = NETWORKS.into_iter().filter(|_| is_spoken_of(Group::Credit));
    for id in credit.chain(debit.filter(|_| is_spoken_of(Group::Debit))) {
        add(id, Acceptance::Accepted, counted, COUNTED_AT);
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(accepted: &Accepted, country: &str, class: Class) -> Vec<String> {
        let claims = inferred(accepted, country, class);
        let word =
            |claim: &Claim| format!("{} {:?} {:?}", claim.scheme, claim.acceptance, claim.source);
        claims.iter().map(word).collect()
    }

    #[test]
    fn a_chain_likely_takes_cards_and_what_is_said_of_a_store_is_left_as_it_is() {
        let silent = Accepted::default();
        assert_eq!(
            shown(&silent, "DE", Class::Chain),
            ["visa Accepted Chain", "mastercard Accepted Chain", "girocard Accepted Chain"]
        );
        assert_eq!(
            shown(&silent, "FR", Class::Chain),
            ["visa Accepted Chain", "mastercard Accepted Chain"]
        );
        assert!(shown(&silent, "DE", Class::Eat).is_empty());
        let refuses = Accepted::from_iter([Claim {
            scheme: SchemeId::new("visa").unwrap(),
            channel: Channel::Contactless,
            acceptance: Acceptance::Refused,
            source: Source::OpenStreetMap,
            as_of: Timestamp(7),
        }]);
        assert_eq!(shown(&refuses, "FR", Class::Chain), ["mastercard Refused Sibling"]);
    }
}
