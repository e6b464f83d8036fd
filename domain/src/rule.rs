//! The rule: which of the registered methods work in a store, and why the others do not.
//!
//! One pure function, [`judge`], called by the phone and by the wallet server. It decides the
//! currency of the till and weighs what a scanned code says against the stores' own lists, so that
//! both sides decide them alike.
//!
//! 1. Which stores are in question, each with its probability, is given by what was sensed; the
//!    rule is asked over all of them.
//! 2. A method is **active** when a store takes one of the (scheme, channel) pairs it rides on and
//!    nothing of its own stands against it. When only some of the stores take it, it *depends on
//!    the store*. Where nothing is known of its pairs it is *unknown*, which is no refusal.
//!    Every other one is **inactive**, with one [`Reason`].
//! 3. When nothing is active, what the stores take is told, so that it can be registered.

mod question;
mod verdict;

use std::{borrow::Cow, cmp::Reverse};

use crate::{
    Acceptance, Accepted, Balance, Channel, Claim, Currency, Method, MethodKind, Money, Registered,
    Ride, Timestamp,
};
pub use question::{Ask, Choice, CodeSays, Question, StoreInQuestion};
pub use verdict::{Reason, Standing, Suggestion, Taken, Verdict};

/// Asks which of the registered methods work in the store, or in every one of the stores still in
/// question. Where stores differ, the reason told and the order of the suggestions are the
/// likeliest store's.
///
/// A code speaks for whichever store it is; where none is known it speaks alone. With neither
/// every method is unknown.
pub fn judge(question: &Question<'_>) -> Verdict {
    let lists = lists(question);
    let terms = Terms::of(question);
    let registered = question.registered;
    let standings: Vec<Standing> =
        registered.iter().map(|method| standing(&lists, method, &terms)).collect();
    let mut active = usable(&standings, registered, &terms);
    let shown = if terms.choice == Choice::All { active.len() } else { 1.min(active.len()) };
    let active_not_chosen = active.split_off(shown);
    let none_usable = active.is_empty()
        && !standings.iter().any(|standing| matches!(standing, Standing::DependsOnStore(_)));
    Verdict {
        suggestions: if none_usable { suggestions(&lists) } else { Vec::new() },
        list_unknown: lists.iter().all(|accepted| accepted.is_unknown()),
        standings,
        active,
        active_not_chosen,
    }
}

/// What each store in question takes, the likeliest store first, with what the code adds.
fn lists<'a>(question: &Question<'a>) -> Vec<Cow<'a, Accepted>> {
    let mut stores: Vec<&StoreInQuestion<'a>> = question.stores.iter().collect();
    stores.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    let said = question.code.map(|code| &code.accepted).filter(|said| !said.claims().is_empty());
    let Some(said) = said else {
        return stores.into_iter().map(|store| Cow::Borrowed(store.accepted)).collect();
    };
    if stores.is_empty() {
        return vec![Cow::Borrowed(said)];
    }
    let with_code = |store: &StoreInQuestion<'a>| {
        let claims = store.accepted.claims().iter().chain(said.claims());
        Cow::Owned(claims.cloned().collect())
    };
    stores.into_iter().map(with_code).collect()
}

/// What is asked of every method alike.
struct Terms {
    now: Timestamp,
    amount: Option<Money>,
    phone_has_nfc: bool,
    choice: Choice,
    /// The currency of the till, by which balances are compared; `None` when the stores in question
    /// have different ones.
    currency: Option<Currency>,
}

impl Terms {
    fn of(question: &Question<'_>) -> Self {
        let Ask { now, amount, phone_has_nfc, choice } = *question.ask;
        let mut currencies = question.stores.iter().map(|store| store.currency);
        let first = currencies.next();
        Self {
            now,
            amount: question.code.and_then(|code| code.amount).or(amount),
            phone_has_nfc,
            choice,
            currency: first.filter(|first| currencies.all(|other| other == *first)),
        }
    }
}

/// The methods that are active, best first.
fn usable(standings: &[Standing], registered: &[Registered], terms: &Terms) -> Vec<usize> {
    let mut active: Vec<(usize, &Registered)> = registered
        .iter()
        .enumerate()
        .zip(standings)
        .filter_map(|(method, standing)| matches!(standing, Standing::Active(_)).then_some(method))
        .collect();
    active.sort_by_key(|(_, method)| Reverse(method.times_used));
    if terms.choice == Choice::LargestBalance {
        // Stable: equal or unknown balances stay in the order of use.
        active.sort_by_key(|(_, method)| Reverse(comparable(method, terms)));
    }
    active.into_iter().map(|(index, _)| index).collect()
}

fn comparable(method: &Registered, terms: &Terms) -> Option<i64> {
    let left = method.balance?.left;
    (Some(left.currency) == terms.currency).then_some(left.amount)
}

fn standing(lists: &[Cow<'_, Accepted>], registered: &Registered, terms: &Terms) -> Standing {
    let own = own_reason(registered, terms);
    let mut taken: Option<Taken> = None;
    let mut refused: Option<Reason> = None;
    let mut unknown = lists.is_empty();
    for accepted in lists {
        match in_store(accepted, &registered.method, terms) {
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
fn own_reason(registered: &Registered, terms: &Terms) -> Option<Reason> {
    let Registered { method, balance, operator_down, .. } = registered;
    if method.expires_at.is_some_and(|end| end <= terms.now) {
        return Some(Reason::Expired);
    }
    if method.blocked {
        return Some(Reason::Blocked);
    }
    if let (Some(amount), Some(minimum)) = (terms.amount, method.minimum)
        && amount.covers(minimum) == Some(false)
    {
        return Some(Reason::BelowMinimum);
    }
    if balance.is_some_and(|balance| !enough(balance, terms.amount)) {
        let card = method.kind == MethodKind::CreditCard;
        return Some(if card { Reason::LimitReached } else { Reason::BalanceTooLow });
    }
    operator_down.then_some(Reason::OperatorDown)
}

/// Amounts in another currency are converted by the operator: not for us to refuse.
fn enough(Balance { left, .. }: Balance, amount: Option<Money>) -> bool {
    match amount {
        Some(amount) => left.covers(amount).unwrap_or(true),
        None => left.amount > 0,
    }
}

enum InStore<'a> {
    Takes(&'a Claim),
    Unknown,
    Refuses(Reason),
}

/// What one store says of one method: the first ride it takes, else unknown if it is silent on any
/// ride the phone could do, else the most telling refusal.
fn in_store<'a>(accepted: &'a Accepted, method: &Method, terms: &Terms) -> InStore<'a> {
    let mut silent = false;
    let mut lacks_nfc = false;
    for Ride { scheme, channel } in &method.rides {
        let possible = terms.phone_has_nfc || *channel != Channel::Contactless;
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
fn suggestions(lists: &[Cow<'_, Accepted>]) -> Vec<Suggestion> {
    let takes = |accepted: &Accepted, claim: &Claim| {
        accepted
            .claim(&claim.scheme, claim.channel)
            .is_some_and(|found| found.acceptance == Acceptance::Accepted)
    };
    let Some((first, others)) = lists.split_first() else { return Vec::new() };
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
