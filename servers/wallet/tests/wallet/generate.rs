//! Made-up lists for trials.

use domain::{Acceptance, Source, Store};
use wallet_server::{
    open_database,
    register::{Import, all, generate_missing, give_access_points, give_own_list, import},
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

#[tokio::test]
async fn a_member_of_the_network_says_itself_what_it_takes_and_no_other_store_is_touched() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = open_database(folder.path()).await.unwrap();
    import(&database, &Import::of(rome(), NOW), |_| ()).await.unwrap();
    let before = all(&database).await.unwrap();
    let member = before.iter().find(|store| store.accepted.claims().is_empty()).unwrap();
    give_own_list(&database, member, 3, NOW).await.unwrap();
    let after = all(&database).await.unwrap();
    let changed: Vec<&Store> =
        after.iter().zip(&before).filter(|(one, other)| one != other).map(|(one, _)| one).collect();
    assert_eq!(changed.len(), 1);
    let claims = changed[0].accepted.claims();
    assert_eq!(changed[0].id, member.id);
    assert!(claims.iter().all(|claim| claim.source == Source::Store));
    assert!(claims.iter().any(|claim| claim.acceptance == Acceptance::Refused));
    assert!(claims.iter().any(|claim| claim.scheme.as_str() == "tillsight"));
    database.close().await;
}

#[tokio::test]
async fn a_chains_store_likely_takes_cards_by_a_claim_that_says_so_and_shows_whose_counts_it_rests_on()
 {
    let folder = tempfile::TempDir::new().unwrap();
    let list = folder.path().join("list.csv");
    std::fs::write(&list, "id,name,shop,lat,lon\n1,Conad City,supermarket,41.9,12.5\n2,Da Mario,supermarket,41.9,12.5\n")
        .unwrap();
    let database = open_database(&folder.path().join("data")).await.unwrap();
    let order = Import { licence: Some("CC0-1.0".to_owned()), ..Import::of(&list, NOW) };
    import(&database, &order, |_| ()).await.unwrap();
    let stores = all(&database).await.unwrap();
    let named = |name: &str| stores.iter().find(|store| store.name == name).unwrap();
    let chain = named("Conad City");
    assert!(!chain.accepted.claims().is_empty());
    assert!(chain.accepted.claims().iter().all(|claim| claim.source == Source::Chain));
    assert!(chain.attribution.contains("© OpenStreetMap contributors"), "{}", chain.attribution);
    assert!(named("Da Mario").accepted.claims().is_empty());
    assert_eq!(named("Da Mario").attribution, "list");
    database.close().await;
}

#[tokio::test]
async fn a_store_that_is_given_an_access_point_has_it_in_the_register_and_no_other_store_has_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = open_database(folder.path()).await.unwrap();
    import(&database, &Import::of(rome(), NOW), |_| ()).await.unwrap();
    let store = all(&database).await.unwrap()[3].id;
    let point = domain::Bssid([2, 1, 2, 3, 4, 5]);
    give_access_points(&database, &[(store, point)]).await.unwrap();
    for known in all(&database).await.unwrap() {
        let given = if known.id == store { vec![point] } else { Vec::new() };
        assert_eq!(known.access_points, given);
    }
    database.close().await;
}
