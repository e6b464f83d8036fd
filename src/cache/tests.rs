//! The cache's file over storage that fails it.

use std::{fs, path::Path};

use domain::{
    Acceptance, Position, Source, Store, Timestamp,
    wire::{Cell, KeyUse, Tile, TileId},
};
use rusqlite::{Connection, TransactionBehavior};

use super::{
    Cache, Lost, NOTED_FOR_MS, Vouched, Written, file::cut_short, keys::use_number, opening::Writer,
};
use crate::{
    entry::Nearby,
    phone::{StorageTrouble, database_files},
};

const ROOT: [u8; 32] = [7; 32];

fn connection(writer: &mut Writer) -> &mut Connection {
    match writer {
        Writer::File(file) => file,
        Writer::Nobody | Writer::Memory => panic!("there is no file to write"),
    }
}

/// A store of its own a tile, so that many take room.
fn store(number: u32) -> Store {
    let position = Position::from_degrees(f64::from(number) / 20.0, 12.5).unwrap();
    store_at(number, position, format!("{number:0900}"))
}

/// A store of which no more is known.
pub(super) fn store_at(number: u32, position: Position, name: String) -> Store {
    Store {
        id: domain::StoreId(uuid::Uuid::from_u128(number.into())),
        reference: String::new(),
        name,
        industry: String::new(),
        address: Default::default(),
        phone: String::new(),
        position,
        footprint: Vec::new(),
        level: String::new(),
        currency: domain::Currency::EUR,
        accepted: Default::default(),
        beacon: None,
        access_points: Vec::new(),
        attribution: String::new(),
        licence: String::new(),
    }
}

fn put(cache: &Cache, number: u32) -> Result<Written, super::CacheError> {
    put_at(cache, number, 1)
}

fn put_at(cache: &Cache, number: u32, at: i64) -> Result<Written, super::CacheError> {
    let store = store(number);
    let tile = one(Cell::of(store.position));
    cache.put_tile(tile, &whole(vec![store]), &vouched(1, 1), None, Timestamp(at))
}

fn one(cell: Cell) -> TileId {
    TileId::new(cell.number(), cell.number() + 1).unwrap()
}

fn whole(stores: Vec<Store>) -> Tile {
    Tile { stores, ..Tile::default() }
}

fn vouched(revision: i64, key: u8) -> Vouched {
    Vouched { revision, valid_until: Timestamp(9), key: [key; 32] }
}

fn has(cache: &Cache, number: u32) -> bool {
    cache.by_id(store(number).id).is_some()
}

/// Records of phones that have not been updated since: a word that moved would be read as another.
#[test]
fn the_words_of_a_kept_claim_stay_where_they_are() {
    let sources = [
        Source::Store,
        Source::Register,
        Source::OpenStreetMap,
        Source::Code,
        Source::Sibling,
        Source::Chain,
        Source::Country,
        Source::Generated,
        Source::Settlement,
        Source::Members,
        Source::Own,
    ];
    let sayings = [
        Acceptance::Accepted,
        Acceptance::Refused,
        Acceptance::Unknown,
        Acceptance::Likely,
        Acceptance::LikelyNot,
        Acceptance::Differs,
    ];
    let kept = |at: usize| vec![u8::try_from(at).unwrap()];
    for (at, source) in sources.into_iter().enumerate() {
        assert_eq!(postcard::to_stdvec(&source).unwrap(), kept(at), "{source:?}");
    }
    for (at, said) in sayings.into_iter().enumerate() {
        assert_eq!(postcard::to_stdvec(&said).unwrap(), kept(at), "{said:?}");
    }
}

#[test]
fn a_reader_finds_what_was_written_before_while_a_writer_is_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = Cache::open(&folder.path().join("stores.sqlite"), &[7; 32]).unwrap();
    let put = |writer: &Connection, signs: KeyUse| {
        let row = "INSERT INTO register_key (ed25519, signs, revoked) VALUES (?1, ?2, 0)";
        writer.execute(row, (vec![1; 32], use_number(signs))).unwrap();
    };
    let mut writer = cache.writer();
    let writer = connection(&mut writer);
    put(writer, KeyUse::Tiles);
    let begun = writer.transaction_with_behavior(TransactionBehavior::Exclusive).unwrap();
    begun.execute("DELETE FROM register_key", []).unwrap();
    put(&begun, KeyUse::Receipts);
    // The writer is held open all the time: whoever waited for it here would wait for ever.
    assert_eq!(cache.register_keys(KeyUse::Tiles).len(), 1);
    assert!(cache.register_keys(KeyUse::Receipts).is_empty());
    begun.commit().unwrap();
    assert!(cache.register_keys(KeyUse::Tiles).is_empty());
    assert_eq!(cache.register_keys(KeyUse::Receipts).len(), 1);
}

#[test]
fn a_phone_that_dies_while_the_log_is_copied_into_the_file_keeps_its_stores() {
    let folder = tempfile::tempdir().unwrap();
    let [path, log, index] = database_files(&folder.path().join("stores.sqlite"));
    let root = [7; 32];
    let (cache, _) = Cache::open(&path, &root).unwrap();
    let mut held = cache.writer();
    let writer = connection(&mut held);
    let copy = || writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    copy();
    let short = fs::read(&path).unwrap().len();
    let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO register_key (ed25519, signs, revoked) SELECT randomblob(32), 1, 0 FROM n";
    writer.execute_batch(rows).unwrap();
    let logged = fs::read(&log).unwrap();
    copy();
    let copied = fs::read(&path).unwrap();
    drop(held);
    drop(cache);
    // The first pages were copied, the last were not.
    fs::write(&path, &copied[..short]).unwrap();
    fs::write(&log, logged).unwrap();
    let _ = fs::remove_file(index);
    assert!(cut_short(&path).unwrap());
    let (cache, lost) = Cache::open(&path, &root).unwrap();
    let mut held = cache.writer();
    let writer = connection(&mut held);
    let kept: i64 =
        writer.query_row("SELECT count(*) FROM register_key", [], |row| row.get(0)).unwrap();
    assert_eq!((lost, kept), (None, 2_000));
}

#[test]
fn a_damaged_or_foreign_file_is_put_aside_told_of_and_filled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stores.sqlite");
    let (cache, _) = Cache::open(&path, &ROOT).unwrap();
    put(&cache, 1).unwrap();
    drop(cache);
    let whole = fs::read(&path).unwrap();
    let foreign = || {
        let _ = fs::remove_file(&path);
        let foreign = Connection::open(&path).unwrap();
        foreign.execute_batch("CREATE TABLE note (text TEXT);").unwrap();
        drop(foreign);
        fs::read(&path).unwrap()
    };
    for bytes in [vec![7; 5_000], whole[..whole.len() - 4096].to_vec(), foreign()] {
        fs::write(&path, &bytes).unwrap();
        let (cache, lost) = Cache::open(&path, &ROOT).unwrap();
        assert_eq!(lost, Some(Lost::PutAside));
        assert!(cache.has_put_aside() && !has(&cache, 1));
        put(&cache, 2).unwrap();
        assert!(!cache.has_put_aside() && has(&cache, 2));
        drop(cache);
        let aside = fs::read(path.with_extension("damaged")).unwrap();
        assert_eq!(aside.len(), bytes.len(), "what was put aside is kept");
        assert_eq!(Cache::open(&path, &ROOT).unwrap().1, None);
    }
}

#[test]
fn damage_that_shows_only_while_it_is_read_costs_no_store_of_the_next_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stores.sqlite");
    let (cache, _) = Cache::open(&path, &ROOT).unwrap();
    for number in 1..60 {
        put(&cache, number).unwrap();
    }
    drop(cache);
    let mut bytes = fs::read(&path).unwrap();
    let name = store(40).name.into_bytes();
    let at = bytes.windows(name.len()).position(|bytes| bytes == name).unwrap();
    bytes[at / 4096 * 4096..][..4096].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let (cache, lost) = Cache::open(&path, &ROOT).unwrap();
    assert_eq!(lost, None, "nothing shows yet");
    let read = |number| {
        let known = cache.by_id(store(number).id).unwrap();
        cache.stores([known.key]).len()
    };
    assert_eq!((read(1), cache.mend()), (1, None));
    assert_eq!(read(40), 0);
    assert_eq!(cache.mend(), Some(Lost::PutAside));
    assert!(cache.take_changed() && !cache.take_changed());
    put(&cache, 1).unwrap();
    assert!(has(&cache, 1));
    assert_eq!(cache.mend(), None);
    drop(cache);
    let (cache, lost) = Cache::open(&path, &ROOT).unwrap();
    assert!(lost.is_none() && has(&cache, 1), "the next file is whole");
}

#[test]
fn a_full_disk_costs_no_store_and_new_ones_are_kept_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = Cache::open(&folder.path().join("stores.sqlite"), &ROOT).unwrap();
    put(&cache, 1).unwrap();
    let room = |pages: &str| {
        let mut writer = cache.writer();
        let limit = format!("PRAGMA max_page_count = {pages}");
        connection(&mut writer).query_row(&limit, [], |_| Ok(())).unwrap();
    };
    room("1");
    let full = (2..60).find(|number| put(&cache, *number).is_err()).expect("it is full");
    assert_eq!(cache.trouble(), Some(StorageTrouble::Full));
    assert!((1..full).all(|number| has(&cache, number)) && !has(&cache, full));
    room("1000000");
    put(&cache, full).unwrap();
    assert!(cache.trouble().is_none() && has(&cache, full));
}

#[test]
fn without_room_for_a_file_stores_are_known_until_the_app_ends_and_kept_once_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stores.sqlite");
    // Where a folder is no file can be.
    fs::create_dir(&path).unwrap();
    let (cache, lost) = Cache::open(&path, &ROOT).unwrap();
    assert_eq!((lost, cache.trouble()), (None, Some(StorageTrouble::Failing)));
    put(&cache, 1).unwrap();
    assert!(has(&cache, 1) && cache.trouble().is_some());
    assert_eq!(cache.mend(), None);
    assert!(has(&cache, 1), "what is in memory stays while there is no file");
    fs::remove_dir(&path).unwrap();
    assert_eq!(cache.mend(), None);
    assert!(cache.take_changed() && !has(&cache, 1) && cache.trouble().is_none());
    put(&cache, 1).unwrap();
    drop(cache);
    assert!(has(&Cache::open(&path, &ROOT).unwrap().0, 1));
}

#[test]
fn the_places_visited_longest_ago_are_forgotten_for_new_ones_and_the_file_stays_within_its_bytes() {
    const MOST: u64 = 400_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stores.sqlite");
    let (cache, _) = Cache::open(&path, &ROOT).unwrap();
    let cache = cache.within(MOST);
    for number in 1..=100 {
        put_at(&cache, number, i64::from(number)).unwrap();
    }
    assert!((1..=100).all(|number| has(&cache, number)), "there was room");
    let cell = Cell::of(store(1).position);
    let visited = one(cell);
    // Was noted a moment ago, then after an hour.
    cache.visit_tiles(&[visited], Timestamp(3_000_000)).unwrap();
    assert_eq!(cache.visited_at(cell), Some(Timestamp(1)));
    cache.visit_tiles(&[visited], Timestamp(3_600_001)).unwrap();
    for number in 101..=1_000 {
        put_at(&cache, number, 3_600_001 + i64::from(number)).unwrap();
    }
    let kept: Vec<_> = (1..=1_000).filter(|number| has(&cache, *number)).collect();
    assert!(kept.len() > 150 && kept.is_sorted() && kept.last() == Some(&1_000), "{kept:?}");
    assert_eq!(kept, Vec::from_iter(1_001 - kept.len() as u32..=1_000), "the latest are");
    drop(cache);
    let (cache, lost) = Cache::open(&path, &ROOT).unwrap();
    assert!(lost.is_none() && has(&cache, 1_000) && !has(&cache, 2));
    let bytes = fs::metadata(&path).unwrap().len();
    // A tile comes before the oldest goes.
    assert!(bytes <= MOST + 40_000, "{bytes}");
}

#[test]
fn a_place_visited_again_outlives_those_that_were_not() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = Cache::open(&folder.path().join("stores.sqlite"), &ROOT).unwrap();
    let cache = cache.within(300_000);
    put_at(&cache, 1, 0).unwrap();
    put_at(&cache, 2, 1).unwrap();
    cache.visit_tiles(&[one(Cell::of(store(1).position))], Timestamp(i64::MAX / 2)).unwrap();
    for number in 3..400 {
        put_at(&cache, number, 2).unwrap();
    }
    assert!(has(&cache, 1) && !has(&cache, 2));
}

#[test]
fn a_journey_writes_where_it_went_once_an_hour_and_before_anything_is_forgotten_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = Cache::open(&folder.path().join("stores.sqlite"), &ROOT).unwrap();
    let cache = cache.within(300_000);
    for number in 1..=4 {
        put_at(&cache, number, i64::from(number)).unwrap();
    }
    let cell = |number| Cell::of(store(number).position);
    let visit = |number, at| cache.visit_tiles(&[one(cell(number))], Timestamp(at)).unwrap();
    let written = || [1, 2, 3, 4].map(|number| cache.visited_at(cell(number)).unwrap().0);
    let start = 10 * NOTED_FOR_MS;
    visit(1, start);
    visit(2, start + 1);
    visit(2, start + 2);
    assert_eq!(written(), [start, 2, 3, 4]);
    visit(3, start + NOTED_FOR_MS);
    assert_eq!(written(), [start, start + 2, start + NOTED_FOR_MS, 4]);
    visit(4, start + NOTED_FOR_MS + 1);
    for number in 5..1_000 {
        put_at(&cache, number, 5).unwrap();
    }
    let kept = Vec::from_iter((1..1_000).filter(|number| has(&cache, *number)));
    assert!(kept.len() < 500 && kept.starts_with(&[1, 2, 3, 4]), "{kept:?}");
}

#[test]
fn there_is_no_cache_without_a_folder() {
    assert!(Cache::open(Path::new("/nowhere/at/all/stores.sqlite"), &ROOT).is_err());
}
