//! Which store to ask the member about: the one whose yes or no settles most methods.

use super::{
    answer::StoreToAsk,
    chance::{Chance, State},
    reason::InStore,
    stores::Weighed,
};

/// What the stores say of one method, in the order of the lists.
pub(super) type Row<'a> = Vec<InStore<'a>>;

/// A row with the ends of the chance that it comes to, not rounded.
pub(super) type Summed<'r, 'a> = (&'r Row<'a>, f64, f64);

/// The store whose answer can be expected to leave most of `rows` settled, the likeliest of equals;
/// `None` when no yes would settle a row that is open now.
pub(super) fn store_to_ask(lists: &[Weighed<'_>], rows: &[Summed<'_, '_>]) -> Option<StoreToAsk> {
    let is_open = |(_, low, high): &&Summed<'_, '_>| !is_settled(*low, *high);
    let settled = rows.len() - rows.iter().filter(is_open).count();
    let mut best: Option<(f64, StoreToAsk)> = None;
    for (nth, list) in lists.iter().enumerate() {
        let Some(store) = list.store.filter(|_| list.share > 0.0 && list.share < 1.0) else {
            continue;
        };
        let by_yes = |(row, ..): &&Summed<'_, '_>| {
            row.get(nth).is_some_and(|said| is_settled(said.known.low, said.known.high))
        };
        let by_no = |(row, low, high): &&Summed<'_, '_>| {
            let left = |all: f64, here: f64| (all - list.share * here) / (1.0 - list.share);
            row.get(nth).is_some_and(|said| {
                is_settled(left(*low, said.known.low), left(*high, said.known.high))
            })
        };
        let settles = rows.iter().filter(is_open).filter(by_yes).count();
        let expected = list.share * rows.iter().filter(by_yes).count() as f64
            + (1.0 - list.share) * rows.iter().filter(by_no).count() as f64;
        let beats = best.as_ref().map_or(settled as f64, |(most, _)| *most);
        if settles > 0 && expected > beats {
            let settles = u32::try_from(settles).unwrap_or(u32::MAX);
            best = Some((expected, StoreToAsk { store, settles }));
        }
    }
    best.map(|(_, asked)| asked)
}

fn is_settled(low: f64, high: f64) -> bool {
    Chance::of(low, high).state() != State::Unsure
}
