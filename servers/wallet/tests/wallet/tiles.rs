//! Store tiles: the same bytes for everyone, and no more of them than needed.

use std::{collections::BTreeSet, io::Read};

use domain::{
    Position, StoreId,
    wire::{EntryAnswer, Tile, TileId},
};
use reqwest::{StatusCode, header};
use serde_json::json;
use wallet_server::{open_database, register::Import};

use crate::world::{NOW, World, problem};

/// The tile of Piazza Vittorio Emanuele.
fn piazza() -> String {
    let TileId { x, y } = TileId::of(Position::from_degrees(41.895, 12.504).unwrap());
    format!("/v1/tiles/{x}/{y}")
}

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = world.http.get(format!("{}{path}", world.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_tiles_of_a_town_hold_each_of_its_stores_once() {
    let world = World::in_rome().await;
    let mut ids: Vec<StoreId> = Vec::new();
    let middle = TileId::of(Position::from_degrees(41.895, 12.504).unwrap());
    let tiles: BTreeSet<TileId> = middle.block().into_iter().flat_map(TileId::block).collect();
    for TileId { x, y } in tiles {
        let response = get(&world, &format!("/v1/tiles/{x}/{y}"), &[]).await;
        let tile: Tile = response.json().await.unwrap();
        assert!(tile.stores.is_sorted_by_key(|store| store.id));
        assert!(tile.stores.iter().all(|store| {
            TileId::of(store.position) == TileId { x, y }
                && store.attribution == "© OpenStreetMap contributors"
                && store.licence == "ODbL-1.0"
                && store.beacon.is_some()
        }));
        ids.extend(tile.stores.iter().map(|store| store.id));
    }
    assert_eq!(ids.len(), 639);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 639);
    world.stop().await;
}

#[tokio::test]
async fn a_tile_already_held_is_not_sent_again_until_it_changes() {
    let world = World::in_rome().await;
    let first = get(&world, &piazza(), &[]).await;
    assert!(
        first.headers()[header::CACHE_CONTROL].to_str().unwrap().starts_with("public, max-age=")
    );
    let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert!(etag.starts_with('"'), "{etag} is weak");
    let body = first.bytes().await.unwrap();
    for known in [etag.as_str(), "*", &format!("\"other\", {etag}"), &format!("W/{etag}")] {
        let again = get(&world, &piazza(), &[("if-none-match", known)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(again.headers()[header::ETAG], etag.as_str());
        assert!(again.bytes().await.unwrap().is_empty());
    }
    let other = get(&world, &piazza(), &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.bytes().await.unwrap(), body);

    let list = world.folder.path().join("new.csv");
    std::fs::write(&list, "name,lat,lon,shop\nNuovo,41.895,12.504,bakery\n").unwrap();
    let licence = Some("CC0-1.0".to_owned());
    world.import(Import { licence, ..Import::of(&list, NOW) }).await;
    let changed = get(&world, &piazza(), &[("if-none-match", &etag)]).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_ne!(changed.headers()[header::ETAG], etag.as_str());
    world.stop().await;
}

#[tokio::test]
async fn gzip_is_sent_to_those_who_take_it_under_a_tag_of_its_own() {
    let world = World::in_rome().await;
    let plain = get(&world, &piazza(), &[]).await;
    let plain_tag = plain.headers()[header::ETAG].clone();
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    let plain = plain.bytes().await.unwrap();
    let packed = get(&world, &piazza(), &[("accept-encoding", "br, gzip;q=0.5")]).await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(packed.headers()[header::VARY], "accept-encoding");
    assert_ne!(packed.headers()[header::ETAG], plain_tag);
    let packed = packed.bytes().await.unwrap();
    assert!(packed.len() * 2 < plain.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let refused = get(&world, &piazza(), &[("accept-encoding", "gzip;q=0")]).await;
    assert!(!refused.headers().contains_key(header::CONTENT_ENCODING));
    world.stop().await;
}

#[tokio::test]
async fn an_empty_tile_is_a_tile_and_one_off_the_grid_is_not() {
    let world = World::start().await;
    let empty: Tile = get(&world, "/v1/tiles/0/0", &[]).await.json().await.unwrap();
    assert!(empty.stores.is_empty());
    for path in ["/v1/tiles/32768/0", "/v1/tiles/0/-1", "/v1/tiles/x/y", "/v1/tiles/4294967296/0"] {
        assert_eq!(problem(get(&world, path, &[]).await).await.status, 404, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_damaged_row_is_left_out_and_never_fails_its_tile_or_its_neighbours() {
    let world = World::in_rome().await;
    let here = Position::from_degrees(41.895, 12.504).unwrap();
    let (x, y) = (TileId::of(here).x, TileId::of(here).y);
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let in_tile = "tile_x = $1 AND tile_y = $2 ORDER BY id LIMIT 1 OFFSET";
    for damage in [
        format!(
            "UPDATE store SET footprint = 'nonsense' WHERE id = (SELECT id FROM store WHERE {in_tile} 0)"
        ),
        format!(
            "UPDATE store SET currency = '???' WHERE id = (SELECT id FROM store WHERE {in_tile} 1)"
        ),
        // No UTF-8.
        format!(
            "UPDATE store SET name = CAST(X'ff' AS TEXT) WHERE id = (SELECT id FROM store WHERE {in_tile} 2)"
        ),
        "UPDATE store SET claims = 'visa nonsense,' || claims WHERE id = (SELECT id FROM store
                WHERE tile_x = $1 AND tile_y = $2 AND claims <> '' ORDER BY id DESC LIMIT 1)"
            .to_owned(),
    ] {
        let damage = sqlx::query(sqlx::AssertSqlSafe(damage)).bind(i64::from(x)).bind(i64::from(y));
        assert!(damage.execute(database.reads()).await.unwrap().rows_affected() > 0);
    }
    let (all,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM store WHERE tile_x = $1 AND tile_y = $2")
            .bind(i64::from(x))
            .bind(i64::from(y))
            .fetch_one(database.reads())
            .await
            .unwrap();
    let tile: Tile = get(&world, &piazza(), &[]).await.json().await.unwrap();
    assert_eq!(tile.stores.len() as i64, all - 3);
    let token = world.token().await;
    for damaged in ["'nonsense'", "'[]', name = CAST(X'ff' AS TEXT)"] {
        let all = format!("UPDATE store SET footprint = {damaged} WHERE rowid % 2 = 0");
        sqlx::query(sqlx::AssertSqlSafe(all)).execute(database.reads()).await.unwrap();
        let near = world.near(here.lat_e7(), here.lon_e7()).await;
        assert!(!near.json::<Vec<domain::Store>>().await.unwrap().is_empty(), "{damaged}");
        let ask = json!({"by": "position", "position": here, "accuracy_m": 100});
        let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
        assert!(!answer.candidates.is_empty(), "{damaged}");
    }
    database.close().await;
    world.stop().await;
}
