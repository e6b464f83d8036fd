//! Which store is visited, and where before its door the phone believes to be.

use anyhow::Context;
use domain::{Acceptance, Accepted, Position, Store};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// The visit.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The store.
    pub store: Store,
    /// The position the phone's receiver reports.
    pub fix: Position,
    /// The accuracy it reports, metres.
    pub accuracy_m: f64,
}

/// Median error of a phone's fix in a street, metres (walks measured by MobilityNet: 8 to 13 m).
const FIX_ERROR_M: f64 = 10.0;
/// Metres in a degree of latitude.
const METRES_A_DEGREE: f64 = 111_320.0;

/// Chooses a named store by `seed`: among those whose list names something it takes and something
/// it refuses, so that the screen has both to show; else any.
pub fn choose(stores: &[Store], seed: u64) -> anyhow::Result<Spot> {
    let says =
        |accepted: &Accepted, what| accepted.claims().iter().any(|claim| claim.acceptance == what);
    choose_of(stores, seed, |store| {
        !store.name.is_empty()
            && says(&store.accepted, Acceptance::Accepted)
            && says(&store.accepted, Acceptance::Refused)
    })
}

/// Chooses a store with a name by `seed`, whatever is known of it; any where none has one.
pub fn choose_named(stores: &[Store], seed: u64) -> anyhow::Result<Spot> {
    choose_of(stores, seed, |store| !store.name.is_empty())
}

fn choose_of(
    stores: &[Store],
    seed: u64,
    is_wanted: impl Fn(&Store) -> bool,
) -> anyhow::Result<Spot> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let wanted: Vec<&Store> = stores.iter().filter(|store| is_wanted(store)).collect();
    let all: Vec<&Store> = stores.iter().collect();
    let store = wanted
        .choose(&mut random)
        .or_else(|| all.choose(&mut random))
        .context("the extract holds no store; try another one")?;
    Ok(spot(store, &mut random))
}

/// Somewhere before its door.
fn spot(store: &Store, random: &mut ChaCha8Rng) -> Spot {
    let direction = random.random_range(0.0..std::f64::consts::TAU);
    let away = random.random_range(0.5..1.0) * FIX_ERROR_M;
    let north = away * direction.sin() / METRES_A_DEGREE;
    let east = away * direction.cos()
        / METRES_A_DEGREE
        / store.position.lat().to_radians().cos().max(0.01);
    let fix = Position::from_degrees(store.position.lat() + north, store.position.lon() + east)
        .unwrap_or(store.position);
    Spot { store: store.clone(), fix, accuracy_m: 1.5 * FIX_ERROR_M }
}
