//! Store tiles: the same bytes for everyone, and no more of them than needed.

use std::{collections::BTreeSet, io::Read};

use domain::{
    Position, StoreId,
    wire::{Cell, EntryAnswer, Tile, TileId, TileList},
};
use reqwest::{StatusCode, header};
use serde_json::json;
use wallet_server::{open_database, register::Import};

use crate::world::{NOW, World, problem};

/// The cell of Piazza Vittorio Emanuele as a tile.
fn piazza() -> String {
    let first = Cell::of(Position::from_degrees(41.895, 12.504).unwrap()).number();
    TileId::new(first, first + 1).unwrap().to_string()
}

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = world.http.get(format!("{}{path}", world.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

async fn list(world: &World) -> TileList {
    get(world, "/v1/tiles", &[]).await.json().await.unwrap()
}

#[tokio::test]
async fn the_tiles_of_the_list_hold_each_store_once_and_each_has_as_many_as_share_it() {
    let world = World::in_rome().await;
    let mut ids: Vec<StoreId> = Vec::new();
    let list = list(&world).await;
    assert!(list.tiles().count() > 1);
    for (id, at_most) in list.tiles() {
        let tile: Tile = get(&world, &id.to_string(), &[]).await.json().await.unwrap();
        assert!(tile.since.is_none() && tile.gone.is_empty());
        assert!(tile.stores.is_sorted_by_key(|store| Cell::of(store.position)));
        assert!(
            tile.stores.len() >= list.shared_by() as usize && tile.stores.len() <= at_most as usize
        );
        assert!(tile.stores.iter().all(|store| {
            id.has(Cell::of(store.position))
                && store.attribution == "© OpenStreetMap contributors"
                && store.licence == "ODbL-1.0"
                && store.beacon.is_some()
        }));
        ids.extend(tile.stores.iter().map(|store| store.id));
    }
    assert_eq!(ids.len(), 639);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 639);
    // A whole town at once.
    let all: Tile = get(&world, &TileId::ALL.to_string(), &[]).await.json().await.unwrap();
    assert_eq!(all.stores.len(), 639);
    world.stop().await;
}

/// Imports a list of bakeries: name, latitude, longitude; and those it lacks are closed.
async fn bakeries(world: &World, rows: &[(&str, f64, f64)]) {
    let row = |(name, lat, lon): &(&str, f64, f64)| format!("{name},{lat},{lon},bakery,{name}\n");
    let file = world.folder.path().join("bakeries.csv");
    let rows: String = rows.iter().map(row).collect();
    std::fs::write(&file, format!("name,lat,lon,shop,id\n{rows}")).unwrap();
    let licence = Some("CC0-1.0".to_owned());
    let as_of = Some(NOW);
    world.import(Import { licence, as_of, complete: true, ..Import::of(&file, NOW) }).await;
}

/// The revision that an answer is of.
fn revision(response: &reqwest::Response) -> i64 {
    let field = response.headers()["tillsight-signature"].to_str().unwrap();
    domain::wire::Signature::parse(field).unwrap().revision
}

#[tokio::test]
async fn what_has_changed_since_a_revision_is_told_with_what_is_gone() {
    let world = World::start().await;
    let (here, there) = ((41.895, 12.504), (41.895, 12.604));
    let at = |name: &'static str, (lat, lon): (f64, f64)| (name, lat, lon);
    let corner = at("corner", (41.0, 12.0));
    let other = at("other", (42.0, 13.0));
    bakeries(&world, &[corner, other, at("stays", here), at("closes", here), at("moves", here)])
        .await;
    let first = get(&world, &piazza(), &[]).await;
    let before = revision(&first);
    let whole: Tile = first.json().await.unwrap();
    let named = |tile: &Tile| {
        let mut names: Vec<_> = tile.stores.iter().map(|store| store.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(named(&whole), ["closes", "moves", "stays"]);
    let id = |name: &str| whole.stores.iter().find(|store| store.name == name).unwrap().id;

    bakeries(&world, &[corner, other, at("stays", here), at("opens", here), at("moves", there)])
        .await;
    let since = |path: String, since: i64| {
        let world = &world;
        async move {
            let response = get(world, &format!("{path}?since={since}"), &[]).await;
            let now = revision(&response);
            (response.json::<Tile>().await.unwrap(), now)
        }
    };
    let (changed, now) = since(piazza(), before).await;
    assert_eq!((changed.since, named(&changed)), (Some(before), vec!["opens".to_owned()]));
    let gone: BTreeSet<_> = changed.gone.iter().copied().collect();
    assert_eq!(gone, BTreeSet::from([id("closes"), id("moves")]));
    // In a tile that has both places it is not gone.
    let (wide, _) = since(TileId::ALL.to_string(), before).await;
    assert_eq!(
        (named(&wide), wide.gone),
        (vec!["moves".to_owned(), "opens".to_owned()], vec![id("closes")])
    );
    assert!(now > before);
    let (nothing, same) = since(piazza(), now).await;
    assert_eq!(
        (nothing.since, nothing.stores.len(), nothing.gone.len(), same),
        (Some(now), 0, 0, now)
    );
    // A revision that the register never had: a backup was put back over it, or it is long ago.
    let (all, _) = since(piazza(), now - 1).await;
    assert_eq!((all.since, named(&all)), (None, vec!["opens".to_owned(), "stays".to_owned()]));

    let closed = get(&world, &format!("/v1/stores/{}", id("closes").0), &[]).await;
    assert_eq!(closed.status(), StatusCode::NOT_FOUND);
    bakeries(&world, &[corner, other, at("stays", here), at("closes", here), at("moves", here)])
        .await;
    let (back, _) = since(piazza(), now).await;
    assert_eq!(named(&back), ["closes", "moves"]);
    assert_eq!(back.gone.len(), 1, "the one that had opened");
    assert_eq!(id("closes"), back.stores.iter().find(|store| store.name == "closes").unwrap().id);
    world.stop().await;
}

#[tokio::test]
async fn more_than_is_told_together_is_told_for_a_tile_of_the_list_alone() {
    let world = World::start().await;
    let row = |nth: u32| format!("{nth},{},12.504,bakery\n", 41.895 + f64::from(nth % 2) / 100.0);
    let rows: String = (0..5_000).map(row).collect();
    let file = world.folder.path().join("bakeries.csv");
    std::fs::write(&file, format!("name,lat,lon,shop\n{rows}")).unwrap();
    let licence = Some("CC0-1.0".to_owned());
    world.import(Import { licence, ..Import::of(&file, NOW) }).await;
    let tiles: Vec<_> = list(&world).await.tiles().map(|(tile, _)| tile).collect();
    assert_eq!(tiles.len(), 2);
    for tile in tiles {
        assert_eq!(get(&world, &tile.to_string(), &[]).await.status(), StatusCode::OK);
    }
    let all = get(&world, &TileId::ALL.to_string(), &[]).await;
    assert_eq!(problem(all).await.status, 404);
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
    let empty: Tile = get(&world, "/v1/tiles/0/1", &[]).await.json().await.unwrap();
    assert!(empty.stores.is_empty());
    for path in [
        "/v1/tiles/0/0",
        "/v1/tiles/0/-1",
        "/v1/tiles/x/y",
        "/v1/tiles/0/1073741825",
        "/v1/tiles/0/4294967297",
        "/v1/tiles/0/1?since=x",
    ] {
        assert_eq!(problem(get(&world, path, &[]).await).await.status, 404, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_damaged_row_is_left_out_and_never_fails_its_tile_or_its_neighbours() {
    let world = World::in_rome().await;
    let here = Position::from_degrees(41.895, 12.504).unwrap();
    let cell = i64::from(Cell::of(here).number());
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let in_tile = "cell = $1 ORDER BY id LIMIT 1 OFFSET";
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
                WHERE cell = $1 AND claims <> '' ORDER BY id DESC LIMIT 1)"
            .to_owned(),
    ] {
        let damage = sqlx::query(sqlx::AssertSqlSafe(damage)).bind(cell);
        assert!(damage.execute(database.reads()).await.unwrap().rows_affected() > 0);
    }
    let (all,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM store WHERE cell = $1")
        .bind(cell)
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
