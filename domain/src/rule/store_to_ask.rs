//! Which store to ask the member about: the one whose yes or no settles most methods.

use super::{
    answer::StoreToAsk,
    chance::{Chance, State},
    reason::InStore,
    stores::Weighed,
};

/// What the stores say of one method, in the order of the lists.
pub(super) type Row<'a> = Vec<InStore<'a>>;

/// The store whose answer can be expected to leave most of `rows` settled, the likeliest of equals;
/// `None` when no yes would settle a row that is open now.
pub(super) fn store_to_ask(lists: &[Weighed<'_>], rows: &[&Row<'_>]) -> Option<StoreToAsk> {
    let open: Vec<(&Row<'_>, f64, f64)> = rows
        .iter()
        .map(|row| {
            let (low, high) = sums(lists, row);
            (*row, low, high)
        })
        .collect();
    let is_open = |(_, low, high): &&(&Row<'_>, f64, f64)| !is_settled(*low, *high);
    let settled = open.len() - open.iter().filter(is_open).count();
    let mut best: Option<(f64, StoreToAsk)> = None;
    for (nth, list) in lists.iter().enumerate() {
        let Some(store) = list.store.filter(|_| list.share > 0.0 && list.share < 1.0) else {
            continue;
        };
        let by_yes = |(row, ..): &&(&Row<'_>, f64, f64)| {
            row.get(nth).is_some_and(|said| is_settled(said.known.low, said.known.high))
        };
        let by_no = |(row, low, high): &&(&Row<'_>, f64, f64)| {
            let left = |all: f64, here: f64| (all - list.share * here) / (1.0 - list.share);
            row.get(nth).is_some_and(|said| {
                is_settled(left(*low, said.known.low), left(*high, said.known.high))
            })
        };
        let settles = open.iter().filter(is_open).filter(by_yes).count();
        let expected = list.share * open.iter().filter(by_yes).count() as f64
            + (1.0 - list.share) * open.iter().filter(by_no).count() as f64;
        let beats = best.as_ref().map_or(settled as f64, |(most, _)| *most);
        if settles > 0 && expected > beats {
            let settles = u32::try_from(settles).unwrap_or(u32::MAX);
            best = Some((expected, StoreToAsk { store, settles }));
        }
    }
    best.map(|(_, asked)| asked)
}

/// The ends of the chance that a row comes to, not rounded.
pub(super) fn sums(lists: &[Weighed<'_>], row: &Row<'_>) -> (f64, f64) {
    lists.iter().zip(row).fold((0.0, 0.0), |(low, high), (list, said)| {
        (low + list.share * said.known.low, high + list.share * said.known.high)
    })
}

fn is_settled(low: f64, high: f64) -> bool {
    Chance::of(low, high).state() != State::Unsure
}
