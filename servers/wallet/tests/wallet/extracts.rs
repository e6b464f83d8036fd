//! What OpenStreetMap extracts of many makers say: dates, outlines, older files, losses.

use std::sync::{Arc, Mutex};

use domain::{Acceptance, Channel, SchemeId};
use wallet_server::register::{CurrencyBasis, Import, import};

use crate::{
    osm::{LAT, LON, corners},
    pbf::{Element::*, INNER, dated, file, located, lz4},
    register::{Register, faults},
    world::{NOW, rome},
};

const BAKERY: [(&str, &str); 3] =
    [("shop", "bakery"), ("name", "Panella"), ("payment:visa", "yes")];

async fn visa(register: &Register) -> (Acceptance, i64) {
    let store = register.store("Panella").await;
    let scheme = SchemeId::new("visa").unwrap();
    let claim = store.accepted.claim(&scheme, Channel::Contactless).unwrap();
    (claim.acceptance, claim.as_of.unix_seconds())
}

#[tokio::test]
async fn a_node_keeps_its_own_date_when_other_metadata_are_missing() {
    let register = Register::new().await;
    register.extract(&dated(1, &BAKERY, (LAT, LON), 1_500_000_000, 1_750_000_000)).await;
    assert_eq!(visa(&register).await, (Acceptance::Accepted, 1_500_000_000));
}

#[tokio::test]
async fn a_store_without_a_date_is_not_dated_by_another_edit() {
    let register = Register::new().await;
    let summary = register.extract(&dated(1, &BAKERY, (LAT, LON), 0, 1_750_000_000)).await;
    assert_eq!(visa(&register).await, (Acceptance::Accepted, 0));
    assert!(summary.to_string().contains("bear no date"), "{summary}");
}

#[tokio::test]
async fn an_older_extract_changes_nothing_and_a_newer_one_does() {
    let register = Register::new().await;
    let no = [BAKERY[0], BAKERY[1], ("payment:visa", "no")];
    let old = dated(1, &BAKERY, (LAT, LON), 1_500_000_000, 0);
    register.extract(&dated(1, &no, (LAT + 100, LON), 1_750_000_000, 0)).await;
    let before = register.stores().await;
    let summary = register.extract(&old).await;
    assert_eq!((summary.older, summary.taken()), (1, 1), "{summary}");
    assert!(summary.to_string().contains("the register has later ones"), "{summary}");
    assert_eq!(register.stores().await, before);
    let summary = register.extract(&dated(1, &BAKERY, (LAT, LON), 1_760_000_000, 0)).await;
    assert_eq!(summary.updated, 1);
    assert_eq!(visa(&register).await, (Acceptance::Accepted, 1_760_000_000));
}

#[tokio::test]
async fn a_way_that_brings_its_corners_needs_no_nodes() {
    let register = Register::new().await;
    let square = [(LAT, LON), (LAT, LON + 900), (LAT + 900, LON + 900), (LAT + 900, LON)];
    let tags = [("building", "yes"), ("shop", "supermarket"), ("name", "Way")];
    let summary = register.extract(&located(&tags, &square)).await;
    assert!(summary.is_whole(), "{summary}");
    assert_eq!(register.store("Way").await.footprint.len(), 4);
}

#[tokio::test]
async fn a_courtyard_is_outside_the_building_around_it() {
    let mut nodes = corners(10, LAT, LON, 5_000);
    nodes.extend(corners(20, LAT, LON, 4_000));
    nodes.push(Node(1, vec![("shop", "kiosk"), ("name", "Kiosk")], LAT, LON));
    let ways = vec![
        Way(100, vec![], vec![10, 11, 12, 13, 10]),
        Way(101, vec![], vec![20, 21, 22, 23, 20]),
    ];
    let mall =
        vec![("type", "multipolygon"), ("building", "yes"), ("shop", "mall"), ("name", "Mall")];
    // Its outer way is a member twice.
    let relations = vec![Relation(200, mall, vec![100, 101 + INNER, 100])];
    let register = Register::new().await;
    let summary = register.extract(&file(&[&nodes, &ways, &relations])).await;
    assert!(summary.is_whole(), "{summary}");
    assert!(register.store("Kiosk").await.footprint.is_empty());
    let mall = register.store("Mall").await;
    let off = (i64::from(mall.position.lat_e7()) - LAT)
        .abs()
        .max((i64::from(mall.position.lon_e7()) - LON).abs());
    assert!((4_000..=5_000).contains(&off), "{off}");
}

#[tokio::test]
async fn what_is_lost_is_told_as_what_it_is() {
    let nodes = vec![
        Node(1, vec![("shop", "kiosk")], 0, 0),
        Node(2, vec![("shop", "Vacant")], LAT, LON),
        Node(3, vec![("amenity", "bank"), ("name", "Bank")], LAT, LON),
    ];
    let ways = vec![
        Way(100, vec![("shop", "x"), ("building", "yes")], vec![90, 91, 92, 90]),
        Way(101, vec![("shop", "x")], vec![1, 2, 3]),
    ];
    let area = |id, way| Relation(id, vec![("type", "multipolygon"), ("shop", "x")], vec![way]);
    let register = Register::new().await;
    let summary =
        register.extract(&file(&[&nodes, &ways, &[area(200, 999), area(201, 101)]])).await;
    for reason in [
        "its position is 0, 0, which stands for an unknown one",
        "closed for good, not yet open or vacant",
        "a corner of its outline is not in this file",
        "its way is not closed",
        "a way of its outline is not in this file",
        "the ways of its outline do not close",
    ] {
        assert_eq!(summary.skipped.get(reason), Some(&1), "{reason}\n{summary}");
    }
    assert_eq!(summary.left_out["amenity=bank"], 1);
    let note = "buildings are not drawn: a corner of its outline is not in this file";
    assert_eq!(summary.notes[note], 1, "{summary}");
}

#[tokio::test]
async fn a_blob_packed_in_another_way_is_named() {
    let register = Register::new().await;
    let summary = register.extract(&lz4()).await;
    assert!(faults(&summary).concat().contains("packed with lz4"), "{summary}");
}

#[tokio::test]
async fn the_currency_is_told_with_its_reason() {
    let register = Register::new().await;
    let nodes = vec![
        Node(1, vec![("shop", "x"), ("addr:country", "United States")], LAT, LON),
        Node(2, vec![("shop", "x")], LAT, LON),
        Node(3, vec![("shop", "x")], -489_000_000, -1_234_000_000),
    ];
    let summary = register.extract(&file(&[&nodes])).await;
    let used: Vec<_> = summary
        .currencies
        .iter()
        .map(|used| (used.currency.code(), used.why, used.stores))
        .collect();
    assert_eq!(
        used,
        [
            ("USD", CurrencyBasis::Record, 1),
            ("EUR", CurrencyBasis::Position, 1),
            ("EUR", CurrencyBasis::Flag, 1),
        ]
    );
    assert!(summary.to_string().contains("USD for 1 stores, by the country they name"));
}

#[tokio::test]
async fn progress_goes_on_while_the_stores_are_saved() {
    let register = Register::new().await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let order = Import::of(rome(), NOW);
    import(&register.database, &order, move |done| hears.lock().unwrap().push(done)).await.unwrap();
    let heard = heard.lock().unwrap().clone();
    assert!(heard.is_sorted(), "{heard:?}");
    assert_eq!(heard.iter().filter(|done| **done == 1_000).count(), 1);
    assert!(heard.iter().any(|done| (400..1_000).contains(done)), "{heard:?}");
}
