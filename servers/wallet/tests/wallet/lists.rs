//! Import of GeoJSON and CSV, whole and broken.

use domain::{Acceptance, Currency, Source};
use proptest::prelude::*;
use wallet_server::register::{Import, all, import};

use crate::{
    register::{Register, faults},
    world::NOW,
};

const RESTAURANTS: &str = include_str!("../data/restaurants.csv");
const COLUMNS: &str = "lon=lng,industry=genre,addr:postcode=zip,addr:city=city,\
    addr:street=street,payment:credit_cards=credit";

#[tokio::test]
async fn a_list_with_other_column_names_is_read_by_the_mapping() {
    let register = Register::new().await;
    let summary = register.list("restaurants.csv", RESTAURANTS.as_bytes(), COLUMNS).await;
    assert!(summary.is_whole(), "{summary}");
    let rows = RESTAURANTS.lines().count() as u64 - 1;
    assert_eq!((summary.read, summary.taken()), (rows, rows));
    let stores = all(&register.database).await.unwrap();
    for store in &stores {
        assert_eq!(store.currency, Currency::JPY);
        assert_eq!(
            (store.licence.as_str(), store.attribution.as_str()),
            ("CC-BY-4.0", "A List, Inc.")
        );
        assert!(store.reference.starts_with("restaurants:"));
        assert!(!store.industry.is_empty() && !store.address.city.is_empty());
        let claims = store.accepted.claims();
        // `false` also stands for "not stated" in this list.
        assert!(claims.iter().all(|claim| claim.acceptance == Acceptance::Accepted));
        assert!(claims.iter().all(|claim| claim.source == Source::Register));
    }
    assert!(stores.iter().any(|store| !store.accepted.is_unknown()));
    assert!(stores.iter().any(|store| store.accepted.is_unknown()));
    let again = register.list("restaurants.csv", RESTAURANTS.as_bytes(), COLUMNS).await;
    assert_eq!((again.unchanged, again.taken()), (rows, rows));
}

#[tokio::test]
async fn a_broken_row_is_named_by_line_and_column_and_the_others_are_taken() {
    let register = Register::new().await;
    let list = "name,lat,lon\n\
        One,41.1,12.1\n\
        Two,north,12.2\n\
        Three,41.3\n\
        Four,41.4,190\n\
        \"Fi\nve\",41.5,12.5\n\
        ,41.6,12.6\n\
        Seven,41.7,12.7\n";
    let summary = register.list("list.csv", list.as_bytes(), "").await;
    assert_eq!(
        faults(&summary),
        [
            "line 3, column lat: not a number of degrees",
            "line 4, 2 fields instead of 3: not as many fields as columns",
            "line 5: the position is not on the earth",
        ]
    );
    assert_eq!((summary.read, summary.taken()), (7, 3));
    assert_eq!(summary.skipped["neither a name nor a kind of store"], 1);
    register.store("Seven").await;
}

#[tokio::test]
async fn a_list_without_a_needed_column_is_told_which() {
    let register = Register::new().await;
    for (columns, message) in [
        ("", "no column is lat; name one by --columns lat=COLUMN: the columns are name, y, x"),
        ("lat=y,lon=z", "there is no column z for lon: the columns are name, y, x"),
    ] {
        let summary = register.list("list.csv", b"name,y,x\nOne,1,2\n", columns).await;
        assert_eq!(faults(&summary), [format!("line 1: {message}")]);
    }
}

#[tokio::test]
async fn a_list_of_unsaid_licence_is_refused() {
    let register = Register::new().await;
    let path = register.folder.path().join("list.csv");
    std::fs::write(&path, "name,lat,lon\nOne,1,2\n").unwrap();
    let error = import(&register.database, &Import::of(path, NOW), |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("licence"), "{error}");
}

const FEATURES: &str = r#"{"type": "FeatureCollection", "name": "x", "features": [
    {"type": "Feature", "id": 7, "geometry": {"type": "Point", "coordinates": [139.76, 35.68, 3]},
     "properties": {"name": "Soba", "amenity": "restaurant", "addr:country": "jp",
        "payment:suica": "yes", "payment:credit_cards": "no", "seats": 40}},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates":
        [[[139.0, 35.0], [139.001, 35.0], [139.001, 35.001], [139.0, 35.001], [139.0, 35.0]]]},
     "properties": {"id": "hall", "name": "Hall", "industry": "market"}},
    {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
     "properties": {"name": "Road"}},
    {"type": "Feature", "geometry": null, "properties": {"name": "Nowhere"}},
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": null}
]}"#;

#[tokio::test]
async fn features_become_stores_and_broken_ones_are_named_by_their_number() {
    let register = Register::new().await;
    let summary = register.list("places.geojson", FEATURES.as_bytes(), "").await;
    assert_eq!(
        faults(&summary),
        [
            "feature 3: the feature has neither a point nor an area",
            "feature 4: the feature has no geometry"
        ]
    );
    assert_eq!((summary.read, summary.taken()), (5, 2));
    let soba = register.store("Soba").await;
    assert_eq!((soba.reference.as_str(), soba.currency), ("places:7", Currency::JPY));
    assert_eq!(soba.position.lat_e7(), 356_800_000);
    assert_eq!(
        (soba.industry.as_str(), soba.address.country.as_str()),
        ("amenity=restaurant", "JP")
    );
    assert!(soba.accepted.claims().iter().any(|claim| claim.acceptance == Acceptance::Accepted));
    assert!(soba.accepted.claims().iter().any(|claim| claim.acceptance == Acceptance::Refused));
    let hall = register.store("Hall").await;
    assert_eq!((hall.reference.as_str(), hall.footprint.len()), ("places:hall", 4));
}

#[tokio::test]
async fn geojson_cut_short_is_named_by_line_and_what_came_before_stays() {
    let register = Register::new().await;
    let cut = FEATURES.find("\"hall\"").unwrap();
    let summary = register.list("places.geojson", &FEATURES.as_bytes()[..cut], "").await;
    assert_eq!(summary.taken(), 1);
    let message = faults(&summary).concat();
    assert!(message.starts_with("line 7, column ") && message.ends_with("cut short"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_damage_to_a_list_ends_the_program(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<proptest::sample::Index>(),
        is_csv: bool,
    ) {
        let (name, list) = if is_csv { ("l.csv", RESTAURANTS) } else { ("l.geojson", FEATURES) };
        let mut bytes = list.as_bytes().to_vec();
        for (at, value) in &damage {
            *at.get_mut(&mut bytes) = *value;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let register = Register::new().await;
            let summary = register.list(name, &bytes, COLUMNS).await;
            assert_eq!(all(&register.database).await.unwrap().len() as u64, summary.taken());
        });
    }
}
