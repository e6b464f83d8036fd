//! What each store in question takes, with its share of all that is in question.

use std::borrow::Cow;

use super::question::{Question, StoreInQuestion};
use crate::{Accepted, Claim, Known, order};

/// One list and its share. The last is that of the stores not asked about: nothing is known of them
/// but what a scanned code says, which holds wherever the phone is.
pub(super) struct Weighed<'a> {
    pub share: f64,
    pub accepted: Cow<'a, Accepted>,
    /// Its place among the stores asked about; `None` of the last.
    pub store: Option<usize>,
}

/// The lists, the likeliest store first, with what the code adds. The shares add up to 1.
pub(super) fn weighed<'a>(question: &Question<'a>) -> Vec<Weighed<'a>> {
    let said = question.code.map(|code| &code.accepted).filter(|said| !said.claims().is_empty());
    let mut stores: Vec<(usize, &StoreInQuestion<'a>)> =
        question.stores.iter().enumerate().collect();
    order::sort_by(&mut stores, |(_, one), (_, other)| share(other).total_cmp(&share(one)));
    let all: f64 = stores.iter().map(|(_, store)| share(store)).sum();
    let scale = if all > 1.0 { all.recip() } else { 1.0 };
    let with_code = |accepted: &'a Accepted| match said {
        None => Cow::Borrowed(accepted),
        Some(said) => Cow::Owned(both(accepted, said)),
    };
    let mut lists: Vec<Weighed<'a>> = stores
        .into_iter()
        .map(|(index, store)| Weighed {
            share: share(store) * scale,
            accepted: with_code(store.accepted),
            store: Some(index),
        })
        .collect();
    lists.push(Weighed {
        share: (1.0 - all * scale).max(0.0),
        accepted: said.map_or_else(Cow::default, Cow::Borrowed),
        store: None,
    });
    lists
}

/// The ends of the chance that `known`, what each of `lists` says, comes to; not rounded.
pub(super) fn sums(lists: &[Weighed<'_>], known: impl Iterator<Item = Known>) -> (f64, f64) {
    lists.iter().zip(known).fold((0.0, 0.0), |(low, high), (list, known)| {
        (low + list.share * known.low, high + list.share * known.high)
    })
}

fn both(store: &Accepted, said: &Accepted) -> Accepted {
    let claims: [&[Claim]; 2] = [store.claims(), said.claims()];
    claims.into_iter().flatten().cloned().collect()
}

/// A probability of outside data: what is none counts as 0.
fn share(store: &StoreInQuestion<'_>) -> f64 {
    if store.probability.is_nan() { 0.0 } else { store.probability.clamp(0.0, 1.0) }
}
