//! Made-up lists for trials.

use domain::{Source, Store};
use wallet_server::{
    open_database,
    register::{Import, all, generate_missing, import},
};

use crate::world::{NOW, rome};

async fn rome_with(seed: u64) -> Vec<Store> {
    let folder = tempfile::TempDir::new().unwrap();
    let database = open_database(folder.path()).await.unwrap();
    import(&database, &Import::of(rome(), NOW), |_| ()).await.unwrap();
    generate_missing(&database, seed, NOW).await.unwrap();
    let stores = all(&database).await.unwrap();
    // Asking again changes nothing.
    generate_missing(&database, seed, NOW).await.unwrap();
    assert_eq!(all(&database).await.unwrap(), stores);
    // Nor does another import of the same file.
    import(&database, &Import::of(rome(), NOW), |_| ()).await.unwrap();
    assert_eq!(all(&database).await.unwrap(), stores);
    database.close().await;
    stores
}

#[tokio::test]
async fn silent_stores_get_a_list_that_says_it_is_made_up_and_real_lists_stay() {
    let stores = rome_with(7).await;
    let is_made_up = |store: &&Store| {
        store.accepted.claims().iter().any(|claim| claim.source == Source::Generated)
    };
    let real = |store: &&Store| {
        store.accepted.claims().iter().any(|claim| claim.source == Source::OpenStreetMap)
    };
    assert_eq!(stores.iter().filter(real).filter(is_made_up).count(), 0);
    assert_eq!(stores.iter().filter(real).count(), 16);
    let silent = stores.iter().filter(|store| store.accepted.claims().is_empty()).count();
    assert!((30..=100).contains(&silent), "{silent} of 639 stayed silent");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_lists_and_another_seed_others() {
    let first = rome_with(1).await;
    let claims =
        |stores: Vec<Store>| -> Vec<_> { stores.into_iter().map(|store| store.accepted).collect() };
    let first = claims(first);
    assert_eq!(first, claims(rome_with(1).await));
    assert_ne!(first, claims(rome_with(2).await));
}
