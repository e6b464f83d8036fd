//! A phone's folder with 100,000 stores in its cache and a member's methods in its vault, from which
//! all three languages start.

use std::{path::Path, sync::Arc};

use domain::{Position, Store};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use testkit::towns::{self, Towns};

/// Towns of equal size, a degree apart; the first lies where the benches stand.
const TOWNS: usize = 20;
const STORES_OF_A_TOWN: usize = 5_000;
/// Half the width of a town in degrees: within the tiles of one prefetch.
const REACH: f64 = 0.01;

/// A file beside the cache, with the root key it is opened with.
pub const ROOT_KEY: &str = "root-key";

/// Fills `folder`, which holds nothing yet, with towns from `place` on.
pub fn fill(folder: &Path, place: (f64, f64)) {
    let towns = Towns {
        middles: (0..TOWNS).map(|number| middle(place, number)).collect(),
        stores_of: Box::new(move |number| stores_of(place, number)),
        methods: towns::methods(),
    };
    let root_key = testkit::root_key();
    std::fs::write(folder.join(ROOT_KEY), &root_key).expect("the folder can be written");
    let wallet = testkit::open(folder, Towns::SERVER, &root_key, None, Some(Arc::new(towns)))
        .expect("a wallet");
    wallet.log_in("bench".to_owned(), "bench".to_owned()).expect("log-in");
    for number in 0..TOWNS {
        let middle = middle(place, number);
        wallet.prefetch(middle.lat(), middle.lon()).expect("the stores");
    }
}

fn middle(place: (f64, f64), number: usize) -> Position {
    Position::from_degrees(place.0, place.1 + number as f64).expect("on the earth")
}

fn stores_of(place: (f64, f64), number: usize) -> Vec<Store> {
    let mut random = ChaCha8Rng::seed_from_u64(number as u64);
    let middle = middle(place, number);
    let store = |nth| {
        let accepted = towns::accepted(&mut random);
        let mut off = || random.random_range(-REACH..REACH);
        let position = Position::from_degrees(middle.lat() + off(), middle.lon() + off());
        towns::store(number, nth, position.expect("on the earth"), accepted)
    };
    (0..STORES_OF_A_TOWN).map(store).collect()
}
