//! What only reads writes nothing: the database is as it was before.

use std::time::Duration;

use domain::{
    Store,
    wire::{Cell, Sign, TileId},
};
use reqwest::Method;
use serde_json::json;
use server_kit::{Connection, Database};
use wallet_server::open_database;

use crate::world::World;

/// Grows when another connection has changed the database (SQLite, `PRAGMA data_version`).
async fn changes(connection: &mut Connection) -> i64 {
    let (changes,): (i64,) =
        sqlx::query_as("PRAGMA data_version").fetch_one(connection).await.unwrap();
    changes
}

/// Asks everything that only reads, by every sign of a store.
async fn read_all(world: &World, token: &str) {
    let place = [418_950_000, 125_040_000];
    let near = world.near(place[0], place[1]).await;
    let store = near.json::<Vec<Store>>().await.unwrap().remove(0);
    let cell = Cell::of(store.position).number();
    let tile = TileId::new(cell, cell + 1).unwrap();
    let sign = world.get(&format!("/v1/stores/{}/sign", store.id)).await;
    let Sign { beacon: (major, minor), network, code, .. } = sign.json().await.unwrap();
    for ask in [
        json!({"by": "position", "position": place, "accuracy_m": 60}),
        json!({"by": "beacon", "uuid": network.beacon_uuid(), "major": major, "minor": minor}),
        json!({"by": "store_code", "text": code}),
        json!({"by": "store", "id": store.id}),
    ] {
        assert!(world.enter(token, ask).await.status().is_success());
    }
    for path in [
        "/v1/methods".to_owned(),
        "/v1/history".to_owned(),
        "/v1/deposits".to_owned(),
        "/v1/devices".to_owned(),
        "/v1/members/me".to_owned(),
        "/v1/members/me/export".to_owned(),
        "/v1/keys".to_owned(),
        format!("/v1/stores/{}", store.id),
        "/v1/tiles".to_owned(),
        tile.to_string(),
        format!("{tile}?since=1"),
        "/v1/rotating".to_owned(),
        "/v1/rotating/0/0".to_owned(),
    ] {
        let answer = world.call(Method::GET, &path, token).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }
}

/// Until what an operator said first is kept beside its answer.
async fn until_kept(database: &Database) {
    for _ in 0..500 {
        let (unkept,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM method WHERE balance_as_of IS NULL")
                .fetch_one(database.reads())
                .await
                .unwrap();
        if unkept == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no balance was kept");
}

#[tokio::test]
async fn no_read_writes_unless_an_operator_says_something_new() {
    let world = World::in_rome().await;
    let token = world.token().await;
    read_all(&world, &token).await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    until_kept(&database).await;
    let mut watching = database.reads().acquire().await.unwrap();
    let before = changes(&mut watching).await;
    for _ in 0..5 {
        // Long enough for the operator to be asked anew each time.
        world.wait(10_000);
        read_all(&world, &token).await;
    }
    assert_eq!(changes(&mut watching).await, before);
    world.token().await;
    assert_ne!(changes(&mut watching).await, before, "what the server writes is not seen");
    drop(watching);
    database.close().await;
    world.stop().await;
}
