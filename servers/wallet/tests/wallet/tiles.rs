//! Store tiles: the same bytes for everyone, and no more of them than needed.

use std::{collections::BTreeSet, io::Read};

use domain::{
    Position, StoreId,
    wire::{Tile, TileId},
};
use reqwest::{StatusCode, header};
use wallet_server::register::Import;

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
