//! The rule: which of the registered methods work in a store, and why the others do not.
//!
//! One pure function, [`judge`], called by the phone and by the wallet server. It decides the
//! currency of the till and weighs what a scanned code says against the stores' own lists, so that
//! both sides decide them alike.
//!
//! 1. Which stores are in question, each with its probability, is given by what was sensed; the
//!    rule is asked over all of them. What they leave of the whole is stores of which nothing is known.
//! 2. A method has a [`Chance`]: the sum over the stores of their probability times that of their
//!    taking one of the (scheme, channel) pairs it rides on ([`Verdict`]). Silence is
//!    no refusal: it counts as no for the low end and as yes for the high end. By that, or by what
//!    stands against the method itself, it is **active**, **likely**, **unsure**, **likely not** or
//!    **inactive** ([`State`]), with its [`Basis`] and, where it does not work, one [`Reason`].
//! 3. When nothing is likelier than not to work, what the stores take is told, so that it can be
//!    registered.

mod answer;
mod chance;
mod question;
mod reason;
mod store_to_ask;
mod stores;
mod terms;

use std::cmp::Reverse;

use crate::{Claim, Known, Registered, Verdict, order};
use reason::{InStore, in_store, own_reason};
use store_to_ask::{Row, Summed, store_to_ask};
use stores::{Weighed, sums, weighed};
use terms::Terms;

pub use answer::{Answer, Basis, Standing, StoreToAsk, Suggestion, Taken};
pub use chance::{Chance, State};
pub use question::{Ask, Choice, CodeSays, Question, StoreInQuestion};
pub use reason::Reason;

/// While a registered method works with at least this chance, per mille, nothing is suggested.
const SUGGESTS_BELOW: u16 = 500;

/// Asks which of the registered methods work in the store, or over the stores still in question.
/// Where stores differ, the reason told and the order of the suggestions are the likeliest store's.
///
/// A code speaks for whichever store it is; where none is known it speaks alone. With neither
/// every method is unsure.
pub fn judge(question: &Question<'_>) -> Answer {
    let lists = weighed(question);
    let terms = Terms::of(question);
    let registered = question.registered;
    let said = |method: &Registered| -> Row<'_> {
        lists.iter().map(|list| in_store(&list.accepted, &method.method, &terms)).collect()
    };
    let rows: Vec<Row<'_>> = registered.iter().map(said).collect();
    let summed = rows.iter().map(|row| {
        let (low, high) = sums(&lists, row.iter().map(|said| said.known));
        (row, low, high)
    });
    let summed: Vec<Summed<'_, '_>> = summed.collect();
    let own: Vec<Option<Reason>> =
        registered.iter().map(|method| own_reason(method, &terms)).collect();
    let standings: Vec<Standing> =
        summed.iter().zip(&own).map(|(summed, own)| standing(&lists, *summed, *own)).collect();
    let open: Vec<Summed<'_, '_>> =
        summed.into_iter().zip(&own).filter(|(_, own)| own.is_none()).map(|(row, _)| row).collect();
    let mut usable = usable(&standings, registered, &terms);
    let shown = if terms.choice == Choice::All { usable.len() } else { 1.min(usable.len()) };
    let active_not_chosen = usable.split_off(shown);
    let (active, likely) = usable
        .into_iter()
        .partition(|&index| standings.get(index).is_some_and(|one| one.state == State::Active));
    let none_works = standings.iter().all(|standing| standing.chance.low < SUGGESTS_BELOW);
    Answer {
        suggestions: if none_works { suggestions(&lists, &terms) } else { Vec::new() },
        store_to_ask: store_to_ask(&lists, &open),
        list_unknown: lists.iter().all(|list| list.accepted.is_unknown()),
        standings,
        active,
        likely,
        active_not_chosen,
    }
}

/// The methods that are active, then those that are likely, each best first: the most used active
/// ones, the likeliest likely ones.
fn usable(standings: &[Standing], registered: &[Registered], terms: &Terms) -> Vec<usize> {
    let mut usable: Vec<(usize, &Standing, &Registered)> = standings
        .iter()
        .zip(registered)
        .enumerate()
        .map(|(index, (standing, method))| (index, standing, method))
        .filter(|(_, standing, _)| standing.state <= State::Likely)
        .collect();
    let by_chance =
        |standing: &Standing| (standing.state == State::Likely).then_some(standing.chance.low);
    order::sort_by_key(&mut usable, |(_, standing, method)| {
        (Reverse(by_chance(standing)), Reverse(method.times_used))
    });
    if terms.choice == Choice::LargestBalance {
        // Stable: equal or unknown balances stay in the order before.
        order::sort_by_key(&mut usable, |(_, _, method)| Reverse(comparable(method, terms)));
    }
    order::sort_by_key(&mut usable, |(_, standing, _)| standing.state);
    usable.into_iter().map(|(index, ..)| index).collect()
}

fn comparable(method: &Registered, terms: &Terms) -> Option<i64> {
    let left = method.balance?.left;
    (Some(left.currency) == terms.currency).then_some(left.amount)
}

fn standing(
    lists: &[Weighed<'_>],
    (row, low, high): Summed<'_, '_>,
    own: Option<Reason>,
) -> Standing {
    let mut tally = Tally::default();
    for (list, said) in lists.iter().zip(row).filter(|(list, _)| list.share > 0.0) {
        tally.add(list, said);
    }
    let chance = Chance::of(low, high);
    let (state, basis) = (chance.state(), tally.basis());
    // A method that no store in question takes is not helped by mending the method.
    let own = own.filter(|_| state != State::Inactive);
    if own.is_some() {
        let (state, chance) = (State::Inactive, Chance::default());
        let basis = Basis { source: None, as_of: None, ..basis };
        return Standing { state, chance, reason: own, by: None, basis };
    }
    let reason = tally.reason(state);
    let by = tally.taken.filter(|_| state != State::Inactive);
    Standing { state, chance, reason, by, basis }
}

/// What the stores come to, one after the other.
#[derive(Default)]
struct Tally {
    stores: u32,
    take: u32,
    refuse: u32,
    taken: Option<Taken>,
    /// The weakest of the claims that refuse it.
    refused: Option<Taken>,
    /// The likeliest store's.
    reason: Option<Reason>,
    /// Whether members differ on one of those of which nothing is known.
    differ: bool,
}

impl Tally {
    fn add(&mut self, list: &Weighed<'_>, said: &InStore<'_>) {
        let counts = u32::from(list.store.is_some());
        self.stores += counts;
        if said.known.verdict < Verdict::Unknown {
            self.take += counts;
            self.taken = said.claim.map(|claim| weaker(self.taken.take(), claim));
        } else if said.known.verdict > Verdict::Unknown {
            self.refuse += counts;
            self.reason = self.reason.or(said.reason);
            let refused = self.refused.take();
            self.refused = match said.claim {
                Some(claim) => Some(weaker(refused, claim)),
                None => refused,
            };
        } else {
            self.differ |= said.reason == Some(Reason::ReportsDiffer);
        }
    }

    fn reason(&self, state: State) -> Option<Reason> {
        match state {
            State::Active | State::Likely => None,
            State::Unsure if self.taken.is_some() => None,
            State::Unsure if self.differ => Some(Reason::ReportsDiffer),
            State::Unsure => Some(Reason::StoreListUnknown),
            State::LikelyNot | State::Inactive => self.reason,
        }
    }

    fn basis(&self) -> Basis {
        let said = self.taken.as_ref().or(self.refused.as_ref());
        Basis {
            stores: self.stores,
            take: self.take,
            refuse: self.refuse,
            source: said.map(|said| said.source),
            as_of: said.map(|said| said.as_of),
        }
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

/// What is likely taken here, in the order of the likeliest store's list.
fn suggestions(lists: &[Weighed<'_>], terms: &Terms) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    for claim in widely_spoken_of(lists) {
        let chance = chance_of(lists, claim, terms);
        if chance.state() > State::Likely {
            continue;
        }
        match found.iter_mut().find(|suggestion| suggestion.scheme == claim.scheme) {
            Some(suggestion) => {
                suggestion.channels.push(claim.channel);
                suggestion.source = suggestion.source.max(claim.source);
                if chance.low > suggestion.chance.low {
                    suggestion.chance = chance;
                }
            }
            None => found.push(Suggestion {
                scheme: claim.scheme.clone(),
                channels: vec![claim.channel],
                chance,
                source: claim.source,
            }),
        }
    }
    found
}

/// Every pair of which stores say so much that it can be likely here, by the first claim on it. A city says a lot of
/// which no chance needs to be worked out.
fn widely_spoken_of<'a>(lists: &'a [Weighed<'a>]) -> impl Iterator<Item = &'a Claim> {
    let mut spoken: Vec<(&Claim, f64)> = Vec::new();
    for list in lists.iter().filter(|list| list.share > 0.0) {
        for claim in list.accepted.claims() {
            let same = |(known, _): &&mut (&Claim, f64)| {
                known.channel == claim.channel && known.scheme == claim.scheme
            };
            match spoken.iter_mut().find(same) {
                Some((_, share)) => *share += list.share,
                None => spoken.push((claim, list.share)),
            }
        }
    }
    let can_be_likely = |share: f64| Chance::of(share, 1.0).state() <= State::Likely;
    spoken.into_iter().filter(move |(_, share)| can_be_likely(*share)).map(|(claim, _)| claim)
}

/// The chance of the pair that a claim speaks of.
fn chance_of(lists: &[Weighed<'_>], claim: &Claim, terms: &Terms) -> Chance {
    let known = lists.iter().map(|list| {
        let said = list.accepted.claim(&claim.scheme, claim.channel);
        said.map_or(Known::NOTHING, |said| said.known(terms.now))
    });
    let (low, high) = sums(lists, known);
    Chance::of(low, high)
}
