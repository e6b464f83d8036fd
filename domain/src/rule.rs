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
mod reason;
mod terms;
mod verdict;

use std::{borrow::Cow, cmp::Reverse};

use crate::{Acceptance, Accepted, Claim, Registered};
use reason::{InStore, in_store, own_reason};
use terms::Terms;

pub use question::{Ask, Choice, CodeSays, Question, StoreInQuestion};
pub use reason::Reason;
pub use verdict::{Standing, Suggestion, Taken, Verdict};

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
