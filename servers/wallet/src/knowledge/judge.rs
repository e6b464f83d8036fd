//! What is known of each group at one store, and what that rests on.

use std::collections::BTreeMap;

use domain::{Belief, Known, Timestamp};
use serde::Serialize;

use super::{
    class::Class,
    counts::Counts,
    group::Group,
    markets::{Market, Markets},
    said::Said,
    siblings::follows,
};

/// What is said of a store.
#[derive(Clone, Debug)]
pub struct StoreRecord<'a> {
    /// ISO 3166 alpha-2; empty when unknown.
    pub country: &'a str,
    /// What kind of store it is.
    pub class: Class,
    /// What its record says.
    pub said: Said,
    /// When that was true.
    pub as_of: Timestamp,
    /// Its record in the directory of farmers' markets, where it is one.
    pub market: Option<Market<'a>>,
}

/// What a verdict rests on, the most trustworthy first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// What is said of it.
    Said,
    /// What is said of its siblings.
    Sibling,
    /// What the directory of farmers' markets says of the others.
    Directory,
    /// What stores of chains take.
    Chain,
    /// What stores of its class in its country take.
    Country,
}

/// What is known of a group at a store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// In a word, with its chance.
    pub known: Known,
    /// How likely it is, also where that is too little to speak of it.
    pub chance: Option<f64>,
    /// What it rests on; `None` when nothing is known.
    pub basis: Option<Basis>,
}

/// What is said holds: finding the store that a record means errs in about one of a hundred.
const SAID: f64 = 0.99;
/// Visa and Mastercard are taken where credit cards are. Counted is the reverse alone: 156 of 160 stores that take
/// one of the two say that they take credit cards; hardly any says that it refuses one.
const OF_CREDIT: f64 = 0.98;

/// What is known of `group` at a store at `now`: by its own record, else by its siblings, else by the
/// stores like it.
pub fn find(
    store: &StoreRecord<'_>,
    group: Group,
    counts: &Counts,
    markets: &Markets,
    now: Timestamp,
) -> Found {
    let share = share(store, group, counts);
    let belief = |taken: bool, inferred| Belief {
        chance: if taken { SAID } else { 1.0 - SAID },
        as_of: store.as_of,
        rate: share,
        inferred,
    };
    let like_it = if store.class == Class::Chain { Basis::Chain } else { Basis::Country };
    let statements = [
        (store.said.of(group).map(|taken| belief(taken, false)), Basis::Said),
        (follows(&store.said, group).map(|taken| belief(taken, true)), Basis::Sibling),
    ];
    for (belief, basis) in statements {
        let Some(belief) = belief else { continue };
        let known = belief.known(group.reach(), now);
        // A statement that says nothing any more by itself rests on the stores like it.
        let alone = Belief { rate: None, ..belief }.known(group.reach(), now);
        let basis = if alone == Known::NOTHING { like_it } else { basis };
        let chance = (known != Known::NOTHING).then_some(known.low);
        return Found { known, chance, basis: chance.map(|_| basis) };
    }
    let directory = store.market.as_ref().and_then(|market| markets.chance(group, market));
    // It says of credit cards what it says of cards.
    let directory =
        directory.filter(|_| group != Group::Card || store.said.of(Group::Credit).is_none());
    let (chance, basis) = match (directory, share) {
        (Some(chance), _) => (chance, Basis::Directory),
        (None, Some(share)) => (share, like_it),
        (None, None) => return Found { known: Known::NOTHING, chance: None, basis: None },
    };
    let belief = Belief { chance, as_of: now, rate: None, inferred: true };
    let known = belief.known(group.reach(), now);
    // What the directory says is counted, so that its chance is told as it is.
    let chance = if basis == Basis::Directory { chance } else { known.low };
    Found { known, chance: Some(chance), basis: Some(basis) }
}

/// Every group's.
pub fn find_all(
    store: &StoreRecord<'_>,
    counts: &Counts,
    markets: &Markets,
    now: Timestamp,
) -> BTreeMap<Group, Found> {
    Group::ALL.into_iter().map(|group| (group, find(store, group, counts, markets, now))).collect()
}

/// The share of the stores like it, of groups that may borrow.
fn share(store: &StoreRecord<'_>, group: Group, counts: &Counts) -> Option<f64> {
    match group {
        Group::Card | Group::Credit | Group::Debit => {
            counts.share(group, store.country, store.class)
        }
        Group::Visa | Group::Mastercard => {
            let credit = counts.share(Group::Credit, store.country, store.class)?;
            Some(credit * OF_CREDIT)
        }
        Group::Cash | Group::Contactless | Group::Wallet | Group::Snap => None,
    }
}
