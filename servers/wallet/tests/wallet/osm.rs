//! Import of OpenStreetMap extracts, whole and broken.

use std::fs;

use domain::{Acceptance, Channel, Currency, SchemeId, Source, Timestamp};
use proptest::prelude::*;
use wallet_server::register::{Import, import};

use crate::{
    pbf::{EDITED, Element, Element::*, file, requiring},
    register::Register,
    world::{NOW, rome},
};

/// The corners of a square round (`lat`, `lon`), with ids from `first`.
pub fn corners(first: i64, lat: i64, lon: i64, half: i64) -> Vec<Element> {
    [(-half, -half), (-half, half), (half, half), (half, -half)]
        .into_iter()
        .zip(first..)
        .map(|((north, east), id)| Node(id, vec![], lat + north, lon + east))
        .collect()
}

pub const LAT: i64 = 418_950_000;
pub const LON: i64 = 125_040_000;

/// A bakery in a small building in a large one, a market hall made of two ways, an unclosed shop.
fn town() -> [Vec<Element>; 3] {
    let mut nodes = vec![
        Node(
            1,
            vec![
                ("shop", "bakery"),
                ("name", "Panella"),
                ("addr:street", "Via Merulana"),
                ("addr:housenumber", "54"),
                ("addr:postcode", "00185"),
                ("addr:city", "Roma"),
                ("addr:country", "IT"),
                ("contact:phone", "+39 06 487 2435"),
                ("level", "0"),
                ("payment:visa", "yes"),
                ("payment:mastercard", "no"),
                ("payment:shells", "yes"),
                ("check_date:payment", "2026-05-01"),
            ],
            LAT,
            LON,
        ),
        Node(2, vec![("shop", "vacant")], LAT, LON),
        Node(3, vec![("amenity", "bench")], LAT, LON),
        Node(4, vec![("amenity", "cafe")], 910_000_000, LON),
    ];
    nodes.extend(corners(10, LAT, LON, 1_000));
    nodes.extend(corners(20, LAT, LON, 5_000));
    nodes.extend(corners(30, LAT + 50_000, LON, 2_000));
    let ways = vec![
        Way(100, vec![("building", "yes")], vec![20, 21, 22, 23, 20]),
        Way(101, vec![("building", "retail")], vec![10, 11, 12, 13, 10]),
        Way(102, vec![], vec![30, 31, 32]),
        Way(103, vec![], vec![30, 33, 32]),
        Way(104, vec![("shop", "books")], vec![10, 11, 12, 13]),
    ];
    let hall = vec![("type", "multipolygon"), ("amenity", "marketplace"), ("name", "Mercato")];
    let relations = vec![
        Relation(200, hall, vec![102, 103]),
        Relation(201, vec![("type", "multipolygon"), ("shop", "mall")], vec![102, 999]),
    ];
    [nodes, ways, relations]
}

fn town_file() -> Vec<u8> {
    let [nodes, ways, relations] = town();
    file(&[&nodes, &ways, &relations])
}

#[tokio::test]
async fn a_point_and_an_area_become_stores_with_all_that_the_map_says() {
    let register = Register::new().await;
    let summary = register.extract(&town_file()).await;
    assert!(summary.is_whole(), "{summary}");
    assert_eq!((summary.taken(), summary.added), (2, 2));
    assert_eq!(summary.skipped["its way is not closed"], 1);
    assert_eq!(summary.skipped["a way of its outline is not in this file"], 1);
    assert_eq!(summary.skipped["closed for good, not yet open or vacant"], 1);
    assert_eq!(summary.skipped["its position is not on the earth"], 1);
    assert_eq!(summary.strange["payment:shells"], 1);

    let stores = register.stores().await;
    let bakery = stores.iter().find(|store| store.reference == "osm:node/1").unwrap();
    assert_eq!((bakery.name.as_str(), bakery.industry.as_str()), ("Panella", "shop=bakery"));
    assert_eq!(bakery.address.line(), "Via Merulana 54, 00185 Roma");
    assert_eq!((bakery.phone.as_str(), bakery.level.as_str()), ("+39 06 487 2435", "0"));
    assert_eq!(bakery.currency, Currency::EUR);
    assert_eq!((bakery.licence.as_str(), bakery.footprint.len()), ("ODbL-1.0", 4));
    // The smallest building around it, not the block.
    assert!(bakery.footprint.iter().all(|at| (i64::from(at.lat_e7()) - LAT).abs() == 1_000));
    let claim = |scheme: &str| {
        bakery.accepted.claim(&SchemeId::new(scheme).unwrap(), Channel::Contactless).unwrap()
    };
    assert_eq!(claim("visa").acceptance, Acceptance::Accepted);
    assert_eq!(claim("mastercard").acceptance, Acceptance::Refused);
    assert_eq!(claim("visa").source, Source::OpenStreetMap);
    // 2026-05-01: looked at again after the edit.
    assert_eq!(claim("visa").as_of, Timestamp::from_unix_seconds(1_777_593_600));

    let hall = stores.iter().find(|store| store.reference == "osm:relation/200").unwrap();
    assert_eq!(hall.footprint.len(), 4);
    assert!((i64::from(hall.position.lat_e7()) - LAT - 50_000).abs() < 2_000);
    assert!(hall.accepted.is_unknown());
    assert_ne!(bakery.beacon, hall.beacon);
    assert!(NOW.unix_seconds() > EDITED as i64);
}

#[tokio::test]
async fn a_second_import_updates_and_never_duplicates_and_keeps_what_vanished() {
    let register = Register::new().await;
    register.extract(&town_file()).await;
    let before = register.stores().await;
    let again = register.extract(&town_file()).await;
    assert_eq!((again.added, again.updated, again.unchanged, again.vanished), (0, 0, 2, 0));
    assert_eq!(register.stores().await, before);

    let [mut nodes, _, _] = town();
    nodes[0] = Node(1, vec![("shop", "bakery"), ("name", "Nuova Panella")], LAT, LON);
    nodes.push(Node(5, vec![("shop", "toys")], LAT + 60_000, LON));
    let changed = register.extract(&file(&[&nodes])).await;
    assert_eq!((changed.added, changed.updated, changed.unchanged, changed.vanished), (1, 1, 0, 1));
    let after = register.stores().await;
    assert_eq!(after.len(), 3);
    let bakery = after.iter().find(|store| store.reference == "osm:node/1").unwrap();
    assert_eq!(bakery.name, "Nuova Panella");
    assert!(bakery.accepted.claims().is_empty(), "claims the map withdrew stay");
    let old = before.iter().find(|store| store.id == bakery.id).unwrap();
    assert_eq!(bakery.beacon, old.beacon, "a store's beacon hangs on its wall and cannot change");
}

#[tokio::test]
async fn the_stores_of_rome_are_those_that_were_counted() {
    let register = Register::new().await;
    let summary = register.extract(&fs::read(rome()).unwrap()).await;
    assert!(summary.is_whole(), "{summary}");
    assert_eq!((summary.taken(), summary.with_claims), (639, 16));
    assert_eq!(summary.with_footprint, 627);
}

#[tokio::test]
async fn a_broken_blob_is_named_and_costs_only_itself() {
    let [nodes, ways, relations] = town();
    let whole = file(&[&nodes, &ways, &relations]);
    let first = file(&[&nodes]).len();
    let mut broken = whole.clone();
    // The content of the second blob begins some bytes after its header.
    broken[first + 30..first + 60].fill(0xff);
    let register = Register::new().await;
    let summary = register.extract(&broken).await;
    assert_eq!(summary.faults.len(), 1, "{summary}");
    assert_eq!(summary.faults[0].places, [format!("byte {first}")]);
    assert!(register.stores().await.iter().any(|store| store.name == "Panella"));
}

#[tokio::test]
async fn a_member_of_an_unknown_kind_costs_its_area_and_no_other() {
    let [nodes, ways, mut relations] = town();
    relations.push(Relation(300, vec![("type", "multipolygon"), ("shop", "mall")], vec![-1]));
    let register = Register::new().await;
    let summary = register.extract(&file(&[&nodes, &ways, &relations])).await;
    assert!(summary.is_whole(), "{summary}");
    assert_eq!(summary.skipped["the ways of its outline do not close"], 1);
    assert_eq!(summary.taken(), 2);
}

#[tokio::test]
async fn a_file_cut_short_is_named_and_what_came_before_stays() {
    let whole = town_file();
    let register = Register::new().await;
    register.extract(&whole).await;
    let before = register.stores().await;
    for length in [0, 1, 3, 10, 100, whole.len() / 2, whole.len() - 1] {
        let summary = register.extract(&whole[..length]).await;
        assert!(!summary.is_whole(), "cut to {length}");
        assert!(summary.faults[0].places[0].starts_with("byte "), "{summary}");
        assert_eq!(summary.vanished, 0);
        assert_eq!(register.stores().await, before, "cut to {length}");
    }
    let nodes = &town()[0];
    let empty = Register::new().await;
    let summary = empty.extract(&whole[..file(&[nodes]).len() + 7]).await;
    assert_eq!((summary.taken(), summary.is_whole()), (1, false));
}

#[tokio::test]
async fn a_file_that_requires_what_is_not_understood_is_refused_by_name() {
    let register = Register::new().await;
    let summary = register.extract(&requiring("HistoricalInformation")).await;
    assert!(summary.faults[0].what.contains("HistoricalInformation"), "{summary}");
}

#[tokio::test]
async fn a_missing_file_and_one_that_is_no_map_are_told() {
    let register = Register::new().await;
    let missing = Import::of(register.folder.path().join("none.osm.pbf"), NOW);
    let summary = import(&register.database, &missing, |_| ()).await.unwrap();
    assert!(summary.to_string().contains("cannot be opened"), "{summary}");
    let summary = register.extract(b"<?xml version=\"1.0\"?><osm></osm>").await;
    assert!(!summary.is_whole());
    let unknown = Import::of(register.folder.path().join("world.xlsx"), NOW);
    assert!(import(&register.database, &unknown, |_| ()).await.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_damage_to_a_file_ends_the_program_or_loses_what_was_there(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let register = Register::new().await;
            let mut bytes = town_file();
            register.extract(&bytes).await;
            for (at, value) in &damage {
                *at.get_mut(&mut bytes) = *value;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            register.extract(&bytes).await;
            let stores = register.stores().await;
            assert!(stores.len() >= 2, "{} stores are left", stores.len());
        });
    }
}
