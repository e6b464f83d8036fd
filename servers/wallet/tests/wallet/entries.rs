//! Entries on the stores of Rome: by position, beacon, store code and choice.

use crate::world::{LOOKS_AGAIN_AFTER, World, problem};
use domain::{
    Bssid, Reason, Standing, Store,
    rule::State,
    wire::{EntryAnswer, Sign},
};
use reqwest::StatusCode;
use serde_json::json;
use wallet_server::{
    open_database,
    register::{all, give_access_points},
};

/// Round Piazza Vittorio Emanuele.
const PIAZZA: [i64; 2] = [418_950_000, 125_040_000];

async fn stores(world: &World) -> Vec<Store> {
    world.near(418_950_000, 125_040_000).await.json().await.unwrap()
}

#[tokio::test]
async fn every_sign_of_a_store_leads_to_the_same_store() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let store = stores(&world).await.remove(0);
    let sign: Sign =
        world.get(&format!("/v1/stores/{}/sign", store.id)).await.json().await.unwrap();
    assert_eq!(sign.store, store);
    let (major, minor) = sign.beacon;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let point = Bssid([2, 0, 0, 0, 0, 9]);
    give_access_points(&database, &[(store.id, point)]).await.unwrap();
    database.close().await;
    tokio::time::sleep(LOOKS_AGAIN_AFTER).await;
    let store = domain::Store { access_points: vec![point], ..store };
    for sensed in [
        json!({"by": "access_point", "bssid": point}),
        json!({"by": "store", "id": store.id}),
        json!({"by": "beacon", "uuid": sign.network.beacon_uuid(), "major": major, "minor": minor}),
        json!({"by": "store_code", "text": sign.code}),
        json!({"by": "store_code", "text": sign.url}),
    ] {
        let response = world.enter(&token, sensed.clone()).await;
        assert_eq!(response.status(), StatusCode::OK, "{sensed}");
        let answer: EntryAnswer = response.json().await.unwrap();
        assert_eq!(answer.candidates.len(), 1, "{sensed}");
        assert_eq!(answer.candidates[0].store, store, "{sensed}");
        assert_eq!(answer.methods.len(), 3);
        assert_eq!(answer.answer.standings.len(), 3);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_position_gives_the_stores_around_it_the_nearest_first() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let ask = json!({"by": "position", "position": PIAZZA, "accuracy_m": 60.0});
    let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
    let distances: Vec<f64> =
        answer.candidates.iter().map(|candidate| candidate.distance_m.unwrap()).collect();
    assert!(distances.len() > 1 && distances.len() <= 20, "{distances:?}");
    assert!(distances.is_sorted());
    assert!(distances.iter().all(|distance| *distance <= 120.0));
    world.stop().await;
}

#[tokio::test]
async fn a_candidate_read_with_others_is_the_store_that_its_id_alone_gives() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let claims = |store: &Store| store.accepted.claims().len();
    let most = all(&database).await.unwrap().into_iter().max_by_key(claims).unwrap();
    database.close().await;
    assert!(claims(&most) > 2, "{most:?}");
    let place = most.position;
    let ask = json!({"by": "position", "position": place, "accuracy_m": 250.0});
    let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
    assert!(answer.candidates.len() > 1);
    assert!(answer.candidates.iter().any(|at| at.store == most));
    for candidate in &answer.candidates {
        let path = format!("/v1/stores/{}", candidate.store.id);
        let alone: Store = world.get(&path).await.json().await.unwrap();
        assert_eq!(candidate.store, alone);
    }
    world.stop().await;
}

#[tokio::test]
async fn one_damaged_row_hides_no_other_candidate() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let ask = json!({"by": "position", "position": PIAZZA, "accuracy_m": 60.0});
    let before: EntryAnswer = world.enter(&token, ask.clone()).await.json().await.unwrap();
    let id = before.candidates[1].store.id.to_string();
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let damage = sqlx::query("UPDATE store SET footprint = '[' WHERE id = $1").bind(id);
    damage.execute(database.reads()).await.unwrap();
    // The server reads the register again when its revision has grown, which it soon finds.
    let told = sqlx::query("UPDATE register_revision SET revision = revision + 1");
    told.execute(database.reads()).await.unwrap();
    database.close().await;
    tokio::time::sleep(LOOKS_AGAIN_AFTER).await;
    let after: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
    let mut left = before.candidates;
    left.remove(1);
    // The next one takes the place that became free.
    assert!(after.candidates.len() >= left.len());
    assert_eq!(after.candidates[..left.len()], left);
    world.stop().await;
}

#[tokio::test]
async fn a_store_whose_list_is_unknown_refuses_nothing() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let silent = stores(&world).await.into_iter().find(|store| store.accepted.is_unknown());
    let ask = json!({"by": "store", "id": silent.unwrap().id});
    let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
    assert!(answer.answer.list_unknown);
    let refused =
        |one: &Standing| one.state != State::Unsure || one.reason != Some(Reason::StoreListUnknown);
    assert!(!answer.answer.standings.iter().any(refused), "{:?}", answer.answer);
    world.stop().await;
}

#[tokio::test]
async fn a_sign_of_no_store_is_refused_by_its_kind() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let store = stores(&world).await.remove(0);
    let sign: Sign =
        world.get(&format!("/v1/stores/{}/sign", store.id)).await.json().await.unwrap();
    let mut forged = signs::store_code::SignedStoreCode::read(&sign.code).unwrap().to_bytes();
    forged[30] ^= 1;
    let forged = signs::store_code::SignedStoreCode::from_bytes(&forged).unwrap().to_text();
    for (ask, status, code) in [
        (json!({"by": "store_code", "text": "HTTPS://EXAMPLE.COM"}), 422, "not_a_store_code"),
        (json!({"by": "store_code", "text": "x".repeat(5000)}), 422, "not_a_store_code"),
        (json!({"by": "store_code", "text": forged}), 422, "store_code_not_genuine"),
        (json!({"by": "store", "id": uuid::Uuid::nil()}), 404, "store_unknown"),
        (
            json!({"by": "beacon", "uuid": sign.network.beacon_uuid(), "major": 9, "minor": 9}),
            404,
            "store_unknown",
        ),
        (
            json!({"by": "beacon", "uuid": uuid::Uuid::nil(), "major": 1, "minor": 0}),
            404,
            "store_unknown",
        ),
        (json!({"by": "position", "position": PIAZZA, "accuracy_m": -1.0}), 422, "invalid_value"),
        (
            json!({"by": "position", "position": [0, 2_000_000_000], "accuracy_m": 1}),
            422,
            "wrong_shape",
        ),
        (json!({"by": "smell"}), 422, "wrong_shape"),
    ] {
        let problem = problem(world.enter(&token, ask.clone()).await).await;
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{ask}");
    }
    world.wait(366 * 86_400_000);
    let token = world.token().await;
    let ask = json!({"by": "store_code", "text": sign.code});
    assert_eq!(problem(world.enter(&token, ask).await).await.code, "store_code_out_of_date");
    world.stop().await;
}
