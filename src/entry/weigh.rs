//! From weights to probabilities: pure functions over the stores around.

use super::{
    judgement::{Candidate, Evidence, IN_QUESTION_FROM, MAX_CANDIDATES, MAX_OFFERED},
    position::TAIL,
    side::SideWeight,
    signal::Motion,
    surroundings::Store,
};

/// Less likely than this, a store is not even offered.
const OFFERED_FROM: f64 = 1e-6;

/// "None" has at least this share of position weight to compete with: when no store lies within
/// about one and a half standard deviations, being at none is likelier than at the nearest.
const USUAL_NEARNESS: f64 = 0.25;

/// What is probable at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Posterior {
    /// Turns a store's weight into its probability.
    pub scale: f64,
    /// Of being at no store.
    pub none: f64,
}

/// Puts into `weights` that of each store, by its squared distance (metres) to a phone whose
/// position has this variance (square metres; `None` without a position) and by its side weight;
/// and compares them with being at none, whose odds before any sign are `none_odds`.
pub fn weigh(
    stores: &[Store],
    away: &[f64],
    variance: Option<f64>,
    side: &[SideWeight],
    none_odds: f64,
    weights: &mut Vec<f64>,
) -> Posterior {
    weights.clear();
    let (mut sum_near, mut total, mut sum_outside) = (0.0, 0.0, 0.0);
    let mut add = |near: f64, side: &SideWeight| {
        let weight = near * side.inside;
        sum_near += near;
        total += weight;
        sum_outside += near * side.outside;
        weights.push(weight);
    };
    match variance {
        Some(variance) => {
            for ((store, &away), side) in stores.iter().zip(away).zip(side) {
                add(nearness(away, store.area_m2, variance), side);
            }
        }
        None => side.iter().for_each(|side| add(1.0, side)),
    }
    let remote = if sum_near > 0.0 { (USUAL_NEARNESS / sum_near).max(1.0) } else { 1.0 };
    let none = none_odds * sum_outside * remote;
    let all = total + none;
    if all > 0.0 && all.is_finite() {
        Posterior { scale: 1.0 / all, none: none / all }
    } else {
        Posterior { scale: 0.0, none: 1.0 }
    }
}

/// Weight of a store by position, 1 = exactly where the phone is thought to be: the bivariate t
/// density with four degrees of freedom, without its constant, spread evenly over the ground the
/// store covers.
fn nearness(away: f64, area_m2: f64, variance: f64) -> f64 {
    let bare = 1.0 + away / (TAIL * variance);
    let spread = 1.0 + area_m2 / (std::f64::consts::TAU * variance);
    1.0 / (bare * bare * bare * spread)
}

/// Odds of being at no store before any sign: a person who opens the settlement screen is at a
/// till; who walks is mostly not.
pub fn none_odds(screen_open: bool, motion: Option<Motion>) -> f64 {
    match (screen_open, motion) {
        (_, Some(Motion::Riding)) => 20.0,
        (true, _) => 0.05,
        (false, Some(Motion::Walking)) => 4.0,
        (false, _) => 1.0,
    }
}

/// The likeliest stores, in the memory of an older list.
pub fn likeliest(
    stores: &[Store],
    weights: &[f64],
    scale: f64,
    mut list: Vec<Candidate>,
) -> Vec<Candidate> {
    list.clear();
    let mut least = OFFERED_FROM;
    for (store, weight) in stores.iter().zip(weights) {
        let probability = weight * scale;
        if probability < least {
            continue;
        }
        let at = list.partition_point(|c| {
            c.probability > probability || (c.probability == probability && c.key < store.key)
        });
        if at >= MAX_CANDIDATES {
            continue;
        }
        list.truncate(MAX_CANDIDATES - 1);
        let evidence = Evidence::default();
        list.insert(at, Candidate { key: store.key, probability, distance_m: None, evidence });
        if list.len() == MAX_CANDIDATES {
            least = list.last().map_or(least, |last| last.probability);
        }
    }
    let in_question = list.iter().filter(|c| c.probability >= IN_QUESTION_FROM).count();
    list.truncate(in_question.max(MAX_OFFERED));
    list
}
