//! What a store's own record says of each group.

use std::{collections::BTreeMap, sync::LazyLock};

use domain::{
    Acceptance, Accepted, Channel, SchemeId,
    scheme::{self, Reach, Scheme},
};

use super::group::Group;

/// What is said of each group; what nothing is said of is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    groups: BTreeMap<Group, bool>,
    /// What a card network's or a debit network's name says of the other groups, less directly.
    pub(super) hints: BTreeMap<Hint, bool>,
}

/// What is said in other words than a group's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hint {
    /// A network of credit cards other than the two.
    CreditNetwork,
    /// A network of debit cards.
    DebitNetwork,
    /// A phone's wallet, which any card may be in.
    PhoneWallet,
    /// Coins or notes.
    Coins,
}

const CREDIT_NETWORKS: [&str; 8] = [
    "american_express",
    "diners_club",
    "discover_card",
    "jcb",
    "unionpay",
    "union_pay",
    "visa_electron",
    "mastercard_contactless",
];
const DEBIT_NETWORKS: [&str; 11] = [
    "bancomat",
    "ec",
    "ec_cards",
    "electronic_cash",
    "girocard",
    "girocard_contactless",
    "interac",
    "maestro",
    "v_pay",
    "visa_debit",
    "vpay",
];
const PHONE_WALLETS: [&str; 3] = ["apple_pay", "google_pay", "samsung_pay"];
/// Wallets of a country that the registry of schemes does not have.
const OTHER_WALLETS: [&str; 7] =
    ["bluecode", "lyf_pay", "mobilepay", "payconiq", "paylib", "vipps", "wero"];

/// Keys of the registry's national schemes that are paid by a code.
static WALLETS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let is_code = |channel: &Channel| *channel != Channel::Contactless;
    let national =
        |scheme: &&Scheme| scheme.reach == Reach::National && scheme.channels.iter().any(is_code);
    let keys = scheme::all().iter().filter(national).flat_map(|scheme| &scheme.osm);
    keys.filter_map(|key| key.strip_prefix("payment:")).chain(OTHER_WALLETS).collect()
});

impl Said {
    /// What tags say, by their keys without `payment:` before them. Values other than `yes`, `no` and
    /// `only` say nothing.
    pub fn of_tags<'a>(tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let tags: BTreeMap<&str, &str> = tags.into_iter().collect();
        let one = |key: &str| match tags.get(key).map(|value| value.trim()) {
            Some("yes" | "only") => Some(true),
            Some("no") => Some(false),
            _ => None,
        };
        let any = |keys: &[&str]| any(keys.iter().filter_map(|key| one(key)));
        let mut said = Self::default();
        said.set(Group::Credit, any(&["credit_cards", "credit_card"]));
        said.set(Group::Debit, any(&["debit_cards", "debit_card"]));
        said.set(Group::Visa, one("visa"));
        said.set(Group::Mastercard, one("mastercard"));
        said.set(Group::Cash, one("cash"));
        said.set(Group::Contactless, any(&["contactless", "nfc"]));
        said.set(Group::Wallet, any(&WALLETS));
        said.set(Group::Snap, one("snap"));
        said.hint(Hint::CreditNetwork, any(&CREDIT_NETWORKS));
        said.hint(Hint::DebitNetwork, any(&DEBIT_NETWORKS));
        said.hint(Hint::PhoneWallet, any(&PHONE_WALLETS));
        said.hint(Hint::Coins, any(&["coins", "notes"]).filter(|taken| *taken));
        let only_cash = ["cash", "coins", "notes"]
            .iter()
            .any(|key| tags.get(key).is_some_and(|value| value.trim() == "only"));
        said.set_cards(any(&["cards", "card"]), only_cash);
        said
    }

    /// What the register's claims on a store say, those that are inferred left out.
    pub fn of_claims(accepted: &Accepted) -> Self {
        let says = |scheme: &SchemeId, channel| {
            let claim = accepted.claim(scheme, channel).filter(|claim| !claim.source.is_inferred());
            match claim?.acceptance {
                Acceptance::Accepted | Acceptance::Likely => Some(true),
                Acceptance::Refused | Acceptance::LikelyNot => Some(false),
                Acceptance::Unknown | Acceptance::Differs => None,
            }
        };
        let contactless = |id: &str| says(&scheme::find(id)?.id, Channel::Contactless);
        let of = |wanted: &dyn Fn(&Scheme) -> bool, code: bool| {
            let schemes = scheme::all().iter().filter(|scheme| wanted(scheme));
            any(schemes.flat_map(|scheme| {
                let channels = scheme.channels.iter();
                let channels = channels.filter(move |one| (**one != Channel::Contactless) == code);
                channels.filter_map(|channel| says(&scheme.id, *channel))
            }))
        };
        let in_group =
            |scheme: &Scheme, group: &str| scheme.osm_no.iter().any(|known| known == group);
        let mut said = Self::default();
        said.set(Group::Visa, contactless("visa"));
        said.set(Group::Mastercard, contactless("mastercard"));
        said.set(Group::Wallet, of(&|scheme| scheme.reach == Reach::National, true));
        let credit = of(&|scheme| in_group(scheme, "payment:credit_cards"), false);
        said.hint(Hint::CreditNetwork, credit);
        said.hint(Hint::DebitNetwork, of(&|scheme| in_group(scheme, "payment:debit_cards"), false));
        said.set_cards(None, false);
        said
    }

    /// What is said of this group.
    pub fn of(&self, group: Group) -> Option<bool> {
        self.groups.get(&group).copied()
    }

    fn set(&mut self, group: Group, taken: Option<bool>) {
        if let Some(taken) = taken {
            self.groups.insert(group, taken);
        }
    }

    fn hint(&mut self, hint: Hint, taken: Option<bool>) {
        if let Some(taken) = taken {
            self.hints.insert(hint, taken);
        }
    }

    /// Any card that is taken is a card; cards that are refused are each refused, unless one is named.
    fn set_cards(&mut self, cards: Option<bool>, only_cash: bool) {
        let families = [Group::Credit, Group::Debit];
        let networks = [Group::Visa, Group::Mastercard];
        let hints = [Hint::CreditNetwork, Hint::DebitNetwork];
        let named = families.into_iter().chain(networks).filter_map(|group| self.of(group));
        let named = named.chain(hints.iter().filter_map(|hint| self.hints.get(hint).copied()));
        let named: Vec<bool> = named.collect();
        let families_refused = families.iter().all(|family| self.of(*family) == Some(false));
        let card = match cards {
            _ if named.contains(&true) => Some(true),
            Some(taken) => Some(taken),
            None if only_cash || families_refused => Some(false),
            None => None,
        };
        self.set(Group::Card, card);
        if card == Some(false) {
            for group in families.into_iter().chain(networks) {
                self.groups.entry(group).or_insert(false);
            }
        }
    }
}

/// Whether any is taken, where anything is said.
fn any(said: impl Iterator<Item = bool>) -> Option<bool> {
    said.fold(None, |so_far, taken| Some(so_far == Some(true) || taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_that_are_refused_are_each_refused_and_one_that_is_taken_is_a_card() {
        for (tags, group, expected) in [
            (&[("cards", "no")][..], Group::Visa, Some(false)),
            (&[("cards", "no"), ("visa", "yes")], Group::Card, Some(true)),
            (&[("girocard", "yes")], Group::Card, Some(true)),
            (&[("girocard", "yes")], Group::Credit, None),
            (&[("credit_cards", "no")], Group::Card, None),
            (&[("credit_cards", "no"), ("debit_cards", "no")], Group::Card, Some(false)),
            (&[("cash", "only")], Group::Card, Some(false)),
            (&[("cash", "only")], Group::Cash, Some(true)),
            (&[("twint", "yes"), ("swish", "no")], Group::Wallet, Some(true)),
            (&[("visa", "perhaps")], Group::Visa, None),
            (&[], Group::Card, None),
        ] {
            assert_eq!(
                Said::of_tags(tags.iter().copied()).of(group),
                expected,
                "{tags:?} {group:?}"
            );
        }
    }
}
