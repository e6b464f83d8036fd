//! What follows for a group from what a store's own record says of others. One step only.

use super::{
    group::Group,
    said::{Hint, Said},
};

/// What follows for `group`, of which itself nothing is said. Counted in the extracts: Visa and
/// Mastercard agree in 296 of 296 stores that speak of both, credit and debit cards in 519 of 521, a credit
/// or debit network and its family in more than 95 of 100.
pub fn follows(said: &Said, group: Group) -> Option<bool> {
    let hint = |hint: Hint| said.hints.get(&hint).copied();
    let first = |groups: &[Group]| groups.iter().find_map(|group| said.of(*group));
    let taken =
        |groups: &[Group]| groups.iter().any(|group| said.of(*group) == Some(true)).then_some(true);
    match group {
        Group::Visa => first(&[Group::Mastercard, Group::Credit]),
        Group::Mastercard => first(&[Group::Visa, Group::Credit]),
        Group::Credit => first(&[Group::Debit])
            .or_else(|| taken(&[Group::Visa, Group::Mastercard]))
            .or_else(|| hint(Hint::CreditNetwork).filter(|taken| *taken)),
        Group::Debit => hint(Hint::DebitNetwork)
            .filter(|taken| *taken)
            .or_else(|| first(&[Group::Credit]))
            .or_else(|| taken(&[Group::Visa, Group::Mastercard])),
        // Who refuses one of the two takes the other.
        Group::Card => said.of(Group::Cash).filter(|cash| !cash).map(|_| true),
        Group::Cash => {
            hint(Hint::Coins).or_else(|| said.of(Group::Card).filter(|card| !card).map(|_| true))
        }
        Group::Contactless => hint(Hint::PhoneWallet).filter(|taken| *taken),
        Group::Wallet | Group::Snap => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_one_step_away_and_never_leads_from_debit_to_a_network() {
        for (tags, group, expected) in [
            (&[("visa", "yes")][..], Group::Mastercard, Some(true)),
            (&[("credit_cards", "no")], Group::Visa, Some(false)),
            (&[("debit_cards", "yes")], Group::Credit, Some(true)),
            (&[("debit_cards", "yes")], Group::Visa, None),
            (&[("girocard", "yes")], Group::Debit, Some(true)),
            (&[("girocard", "yes")], Group::Credit, None),
            (&[("cash", "no")], Group::Card, Some(true)),
            (&[("cash", "yes")], Group::Card, None),
            (&[("cards", "no")], Group::Cash, Some(true)),
            (&[("cards", "yes")], Group::Cash, None),
            (&[("visa", "yes")], Group::Cash, None),
            (&[("apple_pay", "yes")], Group::Contactless, Some(true)),
            (&[("twint", "yes")], Group::Card, None),
        ] {
            let said = Said::of_tags(tags.iter().copied());
            assert_eq!(follows(&said, group), expected, "{tags:?} {group:?}");
        }
    }
}
