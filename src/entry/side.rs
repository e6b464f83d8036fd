//! The weight of each store by everything but position: what was heard, codes, choices, habits.

use super::{nearby::StoreKey, signs::Habit, surroundings::Store};

/// What is this far behind the best by radio (natural logarithm) has no weight: one in 10^13.
const HOPELESS: f64 = -30.0;

/// How much the member's no speaks against a store, as a natural logarithm: as much as a choice speaks
/// for one.
const DENIAL_SPEAKS: f64 = -7.0;

/// A sign that names one store, and how much likelier it makes it, natural logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Support {
    pub key: StoreKey,
    pub speaks: f64,
}

/// The weights of one store.
#[derive(Clone, Copy, Debug)]
pub struct SideWeight {
    pub inside: f64,
    /// For a phone just outside it.
    pub outside: f64,
}

/// Weighs each store by the log likelihood `heard` in it, what `supports` it, the habits, what is
/// `denied`, and the steps outside: the index of a store and how much likelier what was heard of it is just outside
/// it, natural logarithm.
pub fn side_weights(
    stores: &[Store],
    heard: &[f64],
    supports: &[Option<Support>],
    habits: &[Habit],
    denied: impl Iterator<Item = StoreKey> + Clone,
    steps_outside: impl Iterator<Item = (usize, f64)>,
    weights: &mut Vec<SideWeight>,
) {
    weights.clear();
    let best = heard.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    weights.extend(stores.iter().zip(heard).map(|(store, &heard)| {
        // Relative to the best, so that no number of tracks underflows.
        let log = heard - best;
        let base = if log < HOPELESS { 0.0 } else { exp(log) };
        let named = supports.iter().flatten().filter(|support| support.key == store.key);
        let habit = habits.iter().find(|habit| habit.key == store.key);
        let no = denied.clone().any(|key| key == store.key).then_some(DENIAL_SPEAKS);
        let log = named.map(|support| support.speaks).chain(habit.map(|habit| habit.speaks));
        let log = log.chain(no);
        // On the pavement before the store everything is as in it, but for its own radio.
        SideWeight { inside: base * exp(log.sum()), outside: base }
    }));
    for (index, step) in steps_outside {
        if let Some(weight) = weights.get_mut(index) {
            weight.outside *= exp(step);
        }
    }
}

/// Most stores have nothing but their position: saves their exponential.
fn exp(log: f64) -> f64 {
    if log == 0.0 { 1.0 } else { libm::exp(log) }
}
