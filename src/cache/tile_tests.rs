//! What becomes of tiles that overlap, of what has changed, and of files of the format before.

use std::path::Path;

use domain::{
    Position, Store, StoreId, Timestamp,
    wire::{Cell, Tile, TileId},
};

use super::{Cache, Vouched, Written, tests::store_at};
use crate::entry::Nearby;

const ROOT: [u8; 32] = [7; 32];
const NOW: Timestamp = Timestamp(5_000_000);

/// A store in the cell of that number, called so.
fn store(id: u32, cell: u32, name: &str) -> Store {
    let (x, y) = Cell::numbered(cell).unwrap().column_and_row();
    let side = 32_768.0;
    let lon = (f64::from(x) + 0.5) / side * 360.0 - 180.0;
    let north = std::f64::consts::PI * (1.0 - 2.0 * (f64::from(y) + 0.5) / side);
    let position = Position::from_degrees(north.sinh().atan().to_degrees(), lon).unwrap();
    assert_eq!(Cell::of(position).number(), cell);
    store_at(id, position, name.to_owned())
}

fn cells(first: u32, past: u32) -> TileId {
    TileId::new(first, past).unwrap()
}

fn opened(folder: &Path) -> Cache {
    Cache::open(&folder.join("stores.sqlite"), &ROOT).unwrap().0
}

fn put(cache: &Cache, tile: TileId, revision: i64, said: Tile) -> Written {
    put_by(cache, tile, (revision, 1), said)
}

fn put_by(cache: &Cache, tile: TileId, (revision, key): (i64, u8), said: Tile) -> Written {
    let vouched = Vouched { revision, valid_until: Timestamp(9), key: [key; 32] };
    cache.put_tile(tile, &said, &vouched, None, NOW).unwrap()
}

fn whole(stores: &[Store]) -> Tile {
    Tile { stores: stores.to_vec(), ..Tile::default() }
}

fn since(since: i64, stores: &[Store], gone: &[u32]) -> Tile {
    let gone = gone.iter().map(|id| StoreId(uuid::Uuid::from_u128((*id).into()))).collect();
    Tile { since: Some(since), stores: stores.to_vec(), gone }
}

fn name(cache: &Cache, id: u32) -> Option<String> {
    let key = cache.by_id(StoreId(uuid::Uuid::from_u128(id.into())))?.key;
    Some(cache.stores([key]).pop()?.store.name.clone())
}

#[test]
fn a_wide_tile_is_held_wherever_it_lies_and_a_part_may_be_newer() {
    let folder = tempfile::tempdir().unwrap();
    let cache = opened(folder.path());
    let stores = [store(1, 100, "one"), store(2, 150, "two"), store(3, 199, "three")];
    assert_eq!(put(&cache, cells(100, 200), 10, whole(&stores)), Written::Kept);
    let revision = |first, past| cache.held_tile(cells(first, past)).map(|held| held.since);
    assert_eq!(revision(100, 200), Some(Some(10)));
    assert_eq!(revision(120, 121), Some(Some(10)));
    assert_eq!((revision(99, 101), revision(199, 201), revision(0, 5)), (None, None, None));

    let newer = [store(2, 150, "two, renamed")];
    assert_eq!(put(&cache, cells(140, 160), 12, whole(&newer)), Written::Kept);
    assert_eq!(revision(140, 160), Some(Some(12)));
    assert_eq!(revision(100, 200), Some(Some(10)), "the oldest of its parts");
    // The whole as it was before that: the newer part stays.
    let older = [store(1, 100, "one, renamed"), store(2, 150, "two")];
    assert_eq!(put(&cache, cells(100, 200), 11, whole(&older)), Written::Kept);
    assert_eq!(name(&cache, 1).as_deref(), Some("one, renamed"));
    assert_eq!(name(&cache, 2).as_deref(), Some("two, renamed"));
    assert_eq!(name(&cache, 3), None, "it closed");
    assert_eq!((revision(100, 200), revision(145, 150)), (Some(Some(11)), Some(Some(12))));
    assert_eq!(put(&cache, cells(141, 159), 11, whole(&[])), Written::RolledBack);
    // Beyond what is held, on both sides.
    assert_eq!(put(&cache, cells(90, 300), 13, whole(&stores)), Written::Kept);
    assert_eq!(revision(90, 300), Some(Some(13)));
    assert_eq!(name(&cache, 2).as_deref(), Some("two"));
}

#[test]
fn what_has_changed_since_a_revision_is_only_put_on_what_is_at_least_as_new() {
    let folder = tempfile::tempdir().unwrap();
    let cache = opened(folder.path());
    let stores = [store(1, 100, "one"), store(2, 150, "two")];
    assert_eq!(put(&cache, cells(100, 200), 11, since(10, &stores, &[])), Written::Lapsed);
    assert_eq!(name(&cache, 1), None);
    put(&cache, cells(100, 200), 10, whole(&stores));
    let key = cache.by_id(stores[0].id).map(|found| found.key);
    let opens = store(3, 120, "three");
    assert_eq!(
        put(&cache, cells(100, 201), 11, since(10, &[], &[])),
        Written::Lapsed,
        "one is missing"
    );
    assert_eq!(put(&cache, cells(100, 200), 11, since(10, &[opens], &[2])), Written::Kept);
    assert_eq!((name(&cache, 1), name(&cache, 2)), (Some("one".to_owned()), None));
    assert_eq!(name(&cache, 3).as_deref(), Some("three"));
    assert_eq!(cache.by_id(stores[0].id).map(|found| found.key), key, "what did not change stays");
    assert_eq!(put(&cache, cells(100, 200), 13, since(12, &[], &[1])), Written::Lapsed);
    assert_eq!(put_by(&cache, cells(100, 200), (12, 2), since(11, &[], &[1])), Written::Lapsed);
    assert_eq!(name(&cache, 1).as_deref(), Some("one"));
    // Gone from here, for it moved: where it is now it stays.
    put(&cache, cells(300, 400), 12, whole(&[store(1, 333, "moved")]));
    assert_eq!(put(&cache, cells(100, 200), 13, since(11, &[], &[1])), Written::Kept);
    assert_eq!(name(&cache, 1).as_deref(), Some("moved"));
}

#[test]
fn parts_of_several_keys_are_asked_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    let cache = opened(folder.path());
    put(&cache, cells(0, 10), 10, whole(&[]));
    put_by(&cache, cells(10, 20), (11, 2), whole(&[]));
    let held = |first, past| cache.held_tile(cells(first, past)).unwrap().since;
    assert_eq!((held(0, 10), held(10, 20), held(5, 15)), (Some(10), Some(11), None));
}

#[test]
fn what_was_visited_lately_does_not_go_for_what_is_fetched_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let cache = opened(folder.path()).within(300_000);
    let tile = |number: u32| cells(number, number + 1);
    let stores = |number| [store(number, number, &"x".repeat(3_000))];
    let vouched = Vouched { revision: 1, valid_until: Timestamp(9), key: [1; 32] };
    put(&cache, tile(1), 1, whole(&stores(1)));
    let later = Timestamp(NOW.0 + 1);
    let kept = |number| {
        let said = whole(&stores(number));
        cache.put_tile(tile(number), &said, &vouched, Some(later), later).unwrap()
    };
    let full = (2..500).find(|number| kept(*number) == Written::NoRoom).expect("it is full");
    assert!(full > 20 && name(&cache, 1).is_none(), "what is older went");
    assert!((2..full).all(|number| name(&cache, number).is_some()) && name(&cache, full).is_none());
    assert_eq!(cache.held_tile(tile(full)), None);
    assert!(cache.held_tile(tile(full - 1)).is_some());
}

#[test]
fn the_list_of_tiles_is_kept_and_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let cache = opened(folder.path());
    assert!(cache.tile_list().is_none());
    let vouched = |revision| Vouched { revision, valid_until: Timestamp(9), key: [1; 32] };
    let put = |body: &[u8], revision| {
        cache.put_tile_list(Some("tag"), body, &vouched(revision), NOW).unwrap()
    };
    assert_eq!((put(b"one", 10), put(b"two", 9)), (Written::Kept, Written::RolledBack));
    let later = Timestamp(NOW.0 + 1);
    assert_eq!(cache.confirm_tile_list(&vouched(9), later).unwrap(), Written::RolledBack);
    assert_eq!(cache.confirm_tile_list(&vouched(11), later).unwrap(), Written::Kept);
    let held = cache.tile_list().unwrap();
    assert_eq!(
        (&*held.body, held.etag.as_deref(), held.fetched_at),
        (&b"one"[..], Some("tag"), later)
    );
}
