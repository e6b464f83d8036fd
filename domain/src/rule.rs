//! The rule: which of the registered methods work in a store, and why the others do not.
//!
//! One pure function, [`judge`], called by the phone and by the wallet server.
//!
//! 1. Which store is given by what was sensed; while several are in question the rule is asked
//!    over all of them.
//! 2. A method is **active** when a store takes one of the (scheme, channel) pairs it rides on and
//!    nothing of its own stands against it. When only some of the stores take it, it *depends on
//!    the store*. Where nothing is known of its pairs it is *unknown*, which is no refusal.
//!    Every other one is **inactive**, with one [`Reason`].
//! 3. When nothing is active, what the stores take is told, so that it can be registered.

use serde::{Deserialize, Serialize};

use crate::{
    Acceptance, Accepted, Balance, Channel, Claim, Method, MethodKind, Money, Registered, Ride,
    SchemeId, Source, Timestamp,
};

/// Which of the usable methods the member wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// All of them, the most used first.
    #[default]
    All,
    /// Only the one used most often.
    MostUsed,
    /// Only the one with the largest balance in the currency asked for; when none is known in that
    /// currency, the most used.
    LargestBalance,
}

/// What the rule is asked, beside the stores and the methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Now.
    pub now: Timestamp,
    /// The amount to be paid, when it is known.
    pub amount: Option<Money>,
    /// Whether the phone can do contactless.
    pub phone_has_nfc: bool,
    /// Which of the usable methods are wanted.
    pub choice: Choice,
    /// The currency of the till, by which balances are compared; `None` compares none.
    pub currency: Option<crate::Currency>,
}

impl Ask {
    /// No amount, a phone with NFC, all usable methods.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, amount: None, phone_has_nfc: true, choice: Choice::All, currency: None }
    }
}

/// Why a method does not work here: a closed list, so that a screen can act on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The store takes none of the method's schemes.
    StoreDoesNotTake,
    /// The store takes its scheme, but not in a way this method can be used.
    ChannelNotOffered,
    /// The method is past its validity.
    Expired,
    /// The member or the operator blocked it.
    Blocked,
    /// What is left does not cover the amount (or nothing is left).
    BalanceTooLow,
    /// The amount is below the method's minimum.
    BelowMinimum,
    /// What is left of a card's limit does not cover the amount (or nothing is left).
    LimitReached,
    /// It would work contactless, which this phone cannot do.
    PhoneLacksNfc,
    /// The method's operator cannot be reached.
    OperatorDown,
    /// Nothing is known of whether the store takes it.
    StoreListUnknown,
}

impl Reason {
    /// Every reason, in the order of the definition.
    pub const ALL: [Self; 10] = [
        Self::StoreDoesNotTake,
        Self::ChannelNotOffered,
        Self::Expired,
        Self::Blocked,
        Self::BalanceTooLow,
        Self::BelowMinimum,
        Self::LimitReached,
        Self::PhoneLacksNfc,
        Self::OperatorDown,
        Self::StoreListUnknown,
    ];
}

/// How a method stands in the stores asked about.
///
/// On the wire tagged by `state`: `{"state": "inactive", "reason": "expired"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// It works, by the first of its rides that the store takes.
    Active(Taken),
    /// It works in some of the stores still in question and not in others.
    DependsOnStore(Taken),
    /// It may work: the store's list does not say ([`Reason::StoreListUnknown`]).
    Unknown,
    /// It does not work, for this reason.
    Inactive {
        /// Why not.
        reason: Reason,
    },
}

/// The ride a store takes, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The scheme it rides on here.
    pub scheme: SchemeId,
    /// How it is done at the till.
    pub channel: Channel,
    /// Who said that the store takes it: over several stores, the least trustworthy.
    pub source: Source,
    /// When that was true: over several stores, the oldest.
    pub as_of: Timestamp,
}

/// A scheme the store takes that the member could register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The scheme.
    pub scheme: SchemeId,
    /// The channels the store takes it on.
    pub channels: Vec<Channel>,
    /// Who said so.
    pub source: Source,
}

/// The rule's answer. Indices point into the registered methods it was asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How each registered method stands, in the order they were given.
    pub standings: Vec<Standing>,
    /// The usable methods to show, best first: what [`Choice`] left of them.
    pub active: Vec<usize>,
    /// Usable methods that [`Choice`] left out.
    pub active_not_chosen: Vec<usize>,
    /// What could be registered; filled only when nothing is usable.
    pub suggestions: Vec<Suggestion>,
    /// Whether nothing at all is known of what any of the stores takes.
    pub list_unknown: bool,
}

/// Asks which of `registered` work in the store, or in every one of the stores still in question.
///
/// With no store at all every method is unknown.
pub fn judge(stores: &[&Accepted], registered: &[Registered], ask: &Ask) -> Verdict {
    let standings: Vec<Standing> =
        registered.iter().map(|held| standing(stores, held, ask)).collect();
    let mut active: Vec<usize> = standings
        .iter()
        .enumerate()
        .filter(|(_, standing)| matches!(standing, Standing::Active(_)))
        .map(|(index, _)| index)
        .collect();
    active.sort_by_key(|&index| {
        std::cmp::Reverse(registered.get(index).map_or(0, |held| held.times_used))
    });
    if ask.choice == Choice::LargestBalance {
        // Stable: equal or unknown balances stay in the order of use.
        active.sort_by_key(|&index| {
            std::cmp::Reverse(registered.get(index).and_then(|held| comparable(held, ask)))
        });
    }
    let shown = if ask.choice == Choice::All { active.len() } else { 1.min(active.len()) };
    let active_not_chosen = active.split_off(shown);
    let none_usable = active.is_empty()
        && !standings.iter().any(|standing| matches!(standing, Standing::DependsOnStore(_)));
    Verdict {
        suggestions: if none_usable { suggestions(stores) } else { Vec::new() },
        list_unknown: stores.iter().all(|accepted| accepted.is_unknown()),
        standings,
        active,
        active_not_chosen,
    }
}

fn comparable(held: &Registered, ask: &Ask) -> Option<i64> {
    let left = held.balance?.left;
    (Some(left.currency) == ask.currency).then_some(left.amount)
}

fn standing(stores: &[&Accepted], held: &Registered, ask: &Ask) -> Standing {
    let own = own_reason(held, ask);
    let mut taken: Option<Taken> = None;
    let mut refused: Option<Reason> = None;
    let mut unknown = stores.is_empty();
    for accepted in stores {
        match in_store(accepted, &held.method, ask) {
            InStore::Takes(claim) => taken = Some(weaker(taken, claim)),
            InStore::Unknown => unknown = true,
            InStore::Refuses(reason) => refused = Some(refused.unwrap_or(reason)),
        }
    }
    match (taken, refused, unknown, own) {
        // A method that no store in question takes is not helped by mending the method.
        (None, Some(reason), false, _) => Standing::Inactive { reason },
        (_, _, _, Some(reason)) => Standing::Inactive { reason },
        (Some(taken), None, false, None) => Standing::Active(taken),
        (Some(taken), _, _, None) => Standing::DependsOnStore(taken),
        (None, _, true, None) | (None, None, false, None) => Standing::Unknown,
    }
}

/// What stands against the method itself, whatever the store.
fn own_reason(held: &Registered, ask: &Ask) -> Option<Reason> {
    let Registered { method, balance, operator_down, .. } = held;
    if method.expires_at.is_some_and(|end| end <= ask.now) {
        return Some(Reason::Expired);
    }
    if method.blocked {
        return Some(Reason::Blocked);
    }
    if let (Some(amount), Some(minimum)) = (ask.amount, method.minimum)
        && amount.covers(minimum) == Some(false)
    {
        return Some(Reason::BelowMinimum);
    }
    let too_little = if method.kind == MethodKind::CreditCard {
        Reason::LimitReached
    } else {
        Reason::BalanceTooLow
    };
    if let Some(Balance { left, .. }) = balance {
        // Amounts in another currency are converted by the operator: not for us to refuse.
        let enough = match ask.amount {
            Some(amount) => left.covers(amount).unwrap_or(true),
            None => left.amount > 0,
        };
        if !enough {
            return Some(too_little);
        }
    }
    operator_down.then_some(Reason::OperatorDown)
}

enum InStore<'a> {
    Takes(&'a Claim),
    Unknown,
    Refuses(Reason),
}

/// What one store says of one method: the first ride it takes, else unknown if it is silent on any
/// ride the phone could do, else the most telling refusal.
fn in_store<'a>(accepted: &'a Accepted, method: &Method, ask: &Ask) -> InStore<'a> {
    let mut silent = false;
    let mut lacks_nfc = false;
    for Ride { scheme, channel } in &method.rides {
        let possible = ask.phone_has_nfc || *channel != Channel::Contactless;
        match accepted.claim(scheme, *channel) {
            Some(claim) if claim.acceptance == Acceptance::Accepted => {
                if possible {
                    return InStore::Takes(claim);
                }
                lacks_nfc = true;
            }
            Some(claim) if claim.acceptance == Acceptance::Refused => {}
            // Whatever the store would say, this phone cannot do it: no refusal of the store's.
            _ if !possible => lacks_nfc = true,
            _ => silent = true,
        }
    }
    let takes_scheme = |ride: &Ride| {
        let on = |channel| accepted.claim(&ride.scheme, channel);
        let taken = |claim: &Claim| claim.acceptance == Acceptance::Accepted;
        Channel::ALL.into_iter().filter_map(on).any(taken)
    };
    if silent {
        InStore::Unknown
    } else if lacks_nfc {
        InStore::Refuses(Reason::PhoneLacksNfc)
    } else if method.rides.iter().any(takes_scheme) {
        InStore::Refuses(Reason::ChannelNotOffered)
    } else {
        InStore::Refuses(Reason::StoreDoesNotTake)
    }
}

/// Over several stores the screen may rely only on the weakest of the claims.
fn weaker(so_far: Option<Taken>, claim: &Claim) -> Taken {
    match so_far {
        None => Taken {
            scheme: claim.scheme.clone(),
            channel: claim.channel,
            source: claim.source,
            as_of: claim.as_of,
        },
        Some(taken) => Taken {
            source: taken.source.max(claim.source),
            as_of: taken.as_of.min(claim.as_of),
            ..taken
        },
    }
}

/// What every store in question takes, in the order of the first one's list.
fn suggestions(stores: &[&Accepted]) -> Vec<Suggestion> {
    let takes = |accepted: &Accepted, claim: &Claim| {
        accepted
            .claim(&claim.scheme, claim.channel)
            .is_some_and(|found| found.acceptance == Acceptance::Accepted)
    };
    let Some((first, others)) = stores.split_first() else { return Vec::new() };
    let mut found: Vec<Suggestion> = Vec::new();
    for claim in first.claims() {
        if claim.acceptance != Acceptance::Accepted
            || !others.iter().all(|accepted| takes(accepted, claim))
        {
            continue;
        }
        match found.iter_mut().find(|suggestion| suggestion.scheme == claim.scheme) {
            Some(suggestion) => {
                suggestion.channels.push(claim.channel);
                suggestion.source = suggestion.source.max(claim.source);
            }
            None => found.push(Suggestion {
                scheme: claim.scheme.clone(),
                channels: vec![claim.channel],
                source: claim.source,
            }),
        }
    }
    found
}
