//! Which stores have an access point, for trials: extracts of a map say none.

use domain::{Bssid, Store, StoreId};

/// One store in so many has one.
const WITH_ACCESS_POINT: u8 = 4;

/// The access points of `stores`: the same store always has or has not, and always the same.
pub fn access_points(stores: &[Store]) -> Vec<(StoreId, Bssid)> {
    let has = |store: &&Store| store.id.0.as_bytes()[1].is_multiple_of(WITH_ACCESS_POINT);
    stores.iter().filter(has).map(|store| (store.id, address(store.id))).collect()
}

/// Of the addresses that nobody's maker owns: the second bit of the first byte is set.
fn address(StoreId(store): StoreId) -> Bssid {
    let [_, _, a, b, c, d, e, ..] = *store.as_bytes();
    Bssid([0x02, a, b, c, d, e])
}
