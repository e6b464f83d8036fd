//! Lists in the forms in which spreadsheets, maps and cities write them.

use domain::{Acceptance, Channel, SchemeId};

use crate::register::{Register, faults};

fn point(name: &str, lon: f64, more: &str) -> String {
    format!(
        r#"{{"type": "Feature", "geometry": {{"type": "Point", "coordinates": [{lon}, 35.68]}}, "properties": {{"name": "{name}"{more}}}}}"#
    )
}

fn collection(features: &[String], more: &str) -> String {
    format!(r#"{{"type": "FeatureCollection", "features": [{}]{more}}}"#, features.join(", "))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[tokio::test]
async fn every_form_of_geojson_is_read() {
    let three = [point("A", 139.1, ""), point("B", 139.2, ""), point("C", 139.3, "")];
    let whole = collection(&three, "");
    let marked = format!("\u{feff}{whole}");
    for (name, text, taken) in [
        ("one.geojson", three[0].clone().into_bytes(), 1),
        ("mark.geojson", marked.clone().into_bytes(), 3),
        ("wide.geojson", utf16(&marked), 3),
        ("lines.geojson", three.join("\n").into_bytes(), 3),
        ("lines.geojsonl", three.join("\r\n").into_bytes(), 3),
        ("sequence.geojsonseq", format!("\u{1e}{}\n", three.join("\n\u{1e}")).into_bytes(), 3),
    ] {
        let register = Register::new().await;
        let summary = register.list(name, &text, "").await;
        assert!(summary.is_whole(), "{name}: {summary}");
        assert_eq!(summary.taken(), taken, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_geojson_is_an_error() {
    for text in
        [r#"{"stores": [1, 2]}"#, "[]", "", "name,lat,lon\nA,1,2\n", r#"{"type": "Topology"}"#]
    {
        let register = Register::new().await;
        let summary = register.list("x.geojson", text.as_bytes(), "").await;
        assert!(!summary.is_whole(), "{text}");
        assert_eq!(summary.taken(), 0);
    }
}

#[tokio::test]
async fn one_odd_token_costs_its_feature_alone() {
    let features =
        [point("A", 139.1, r#", "phone": NaN"#), point("B", 139.2, ""), point("C", 139.3, "")];
    let register = Register::new().await;
    let summary = register.list("x.geojson", collection(&features, "").as_bytes(), "").await;
    assert_eq!(faults(&summary), ["feature 1: not JSON"]);
    assert_eq!(summary.taken(), 2);
}

#[tokio::test]
async fn another_reference_system_is_refused_by_name_wherever_it_stands() {
    let crs = r#", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4301"}}"#;
    let register = Register::new().await;
    let text = collection(&[point("A", 139.1, "")], crs);
    let summary = register.list("x.geojson", text.as_bytes(), "").await;
    assert!(faults(&summary).concat().contains("EPSG::4301"), "{summary}");
    assert_eq!(summary.taken(), 0);
    let text = text.replace("4301", "4326");
    assert_eq!(register.list("x.geojson", text.as_bytes(), "").await.taken(), 1);
}

#[tokio::test]
async fn a_store_without_an_id_keeps_its_beacon_when_another_is_put_before_it() {
    let register = Register::new().await;
    let (a, b) = (point("A", 139.1, ""), point("B", 139.2, ""));
    let first = collection(&[a.clone(), b.clone()], "");
    register.list("l_20260101.geojson", first.as_bytes(), "").await;
    let before = register.store("B").await;
    let next = collection(&[a, point("New", 139.15, ""), b], "");
    let summary = register.list("l_20260201.geojson", next.as_bytes(), "").await;
    assert_eq!((summary.source.as_str(), summary.added, summary.unchanged), ("l", 1, 2));
    let after = register.store("B").await;
    assert_eq!((after.id, after.beacon), (before.id, before.beacon));
}

#[tokio::test]
async fn one_clear_place_is_a_place_and_null_island_is_none() {
    let of = |geometry: &str| {
        format!(r#"{{"type": "Feature", "geometry": {geometry}, "properties": {{"name": "A"}}}}"#)
    };
    let point = r#"{"type": "Point", "coordinates": [139.76, 35.68]}"#;
    let two = r#"{"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}"#;
    for (geometry, taken, skipped) in [
        (r#"{"type": "MultiPoint", "coordinates": [[139.76, 35.68]]}"#.to_owned(), 1, 0),
        (format!(r#"{{"type": "GeometryCollection", "geometries": [{point}]}}"#), 1, 0),
        (two.to_owned(), 0, 0),
        (r#"{"type": "Point", "coordinates": [0, 0]}"#.to_owned(), 0, 1),
    ] {
        let register = Register::new().await;
        let summary = register.list("x.geojson", of(&geometry).as_bytes(), "").await;
        let left_out: u64 = summary.skipped.values().sum();
        assert_eq!((summary.taken(), left_out), (taken, skipped), "{geometry}: {summary}");
    }
}

#[tokio::test]
async fn a_payment_flag_means_the_same_in_every_list() {
    let more = r#", "payment:mastercard": false, "payment:visa": 1, "payment:jcb": "True",
        "payment:amex": "no", "payment:id": "Yes""#;
    let csv = "name,lat,lon,payment:mastercard,payment:visa,payment:jcb,payment:amex,payment:id\n\
        A,35.68,139.1,false,1,True,no,Yes\n";
    for (name, text) in [("x.geojson", point("A", 139.1, more)), ("x.csv", csv.to_owned())] {
        let register = Register::new().await;
        register.list(name, text.as_bytes(), "").await;
        let store = register.store("A").await;
        let of = |scheme: &str| {
            let claim = store.accepted.claim(&SchemeId::new(scheme).unwrap(), Channel::Contactless);
            claim.filter(|claim| !claim.source.is_inferred()).map(|claim| claim.acceptance)
        };
        assert_eq!(of("mastercard"), None, "{name}");
        assert_eq!(of("amex"), Some(Acceptance::Refused), "{name}");
        for scheme in ["visa", "jcb", "id"] {
            assert_eq!(of(scheme), Some(Acceptance::Accepted), "{name} {scheme}");
        }
    }
}

#[tokio::test]
async fn every_form_of_a_table_is_read() {
    let shift_jis = b"name,lat,lon\n\x82\xbb\x82\xce,35.6,139.7\n".to_vec();
    for (form, text) in [
        ("blanks", b"name, lat, lon\n\"A\", 41.9, 12.5\n".to_vec()),
        ("letters", b"Name,Latitude,LNG\nA,41.9,12.5\n".to_vec()),
        ("semicolons", b"name;lat;lon\nA;41,9;12,5\n".to_vec()),
        ("tabs", b"name\tlat\tlon\nA\t41.9\t12.5\n".to_vec()),
        ("sep", b"sep=;\r\nname;lat;lon\r\nA;41,9;12,5\r\n".to_vec()),
        ("mark", "\u{feff}name,lat,lon\nA,41.9,12.5\n".as_bytes().to_vec()),
        ("wide", utf16("\u{feff}name\tlat\tlon\r\nA\t41.9\t12.5\r\n")),
        ("Shift_JIS", shift_jis),
        ("Japanese", "名称,緯度,経度\nそば,35.6,139.7\n".as_bytes().to_vec()),
    ] {
        let register = Register::new().await;
        let summary = register.list("x.csv", &text, "").await;
        assert!(summary.is_whole(), "{form}: {summary}");
        assert_eq!(summary.taken(), 1, "{form}");
        let stores = register.stores().await;
        assert!(["A", "そば"].contains(&stores[0].name.as_str()), "{form}: {}", stores[0].name);
        assert!(stores[0].position.lat() > 35.0, "{form}");
    }
    let register = Register::new().await;
    let summary = register.list("x.csv", b"name,lat,lon\n\x82\xbb\x82\xce,35.6,139.7\n", "").await;
    assert_eq!(summary.notes["the file is read as Shift_JIS"], 1);
}

#[tokio::test]
async fn a_line_is_named_as_an_editor_counts_it() {
    for (text, line) in [
        ("name,lat,lon\r\nA,1,1\r\nB,north,2\r\n", 3),
        ("name,lat,lon\n\nA,1,1\n\nB,north,2\n", 5),
        ("name,lat,lon\rA,1,1\rB,north,2\r", 3),
    ] {
        let register = Register::new().await;
        let summary = register.list("x.csv", text.as_bytes(), "").await;
        let message = format!("line {line}, column lat: not a number of degrees");
        assert_eq!(faults(&summary), [message]);
    }
}

#[tokio::test]
async fn faults_of_one_kind_are_one_line_with_their_count() {
    let mut text = "name,lat,lon\n".to_owned();
    (0..50).for_each(|nth| text.push_str(&format!("S{nth},north,2\n")));
    text.push_str("T,\"1,2\nU,1.5,2\n");
    let register = Register::new().await;
    let summary = register.list("x.csv", text.as_bytes(), "").await;
    assert_eq!(
        faults(&summary),
        [
            "line 2, column lat; line 3, column lat; line 4, column lat: \
             not a number of degrees (50 times)",
            "line 52: a quote is opened and not closed",
        ]
    );
    assert_eq!(summary.taken(), 1);
    let json = summary.to_json();
    assert!(!json.contains('\n'));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["faults"][0]["count"], 50);
}

#[tokio::test]
async fn what_could_move_a_cursor_or_turn_the_writing_is_not_kept_and_not_printed() {
    let register = Register::new().await;
    let csv = "name,lat,l\u{1b}[2Jon,payment:\u{202e}x\u{7}\nA\u{202e}\u{1b}[31mB,1,2,yes\nC,\u{1b},2,yes\n";
    let summary = register.list("x.csv", csv.as_bytes(), "lon=l\u{1b}[2Jon").await;
    assert_eq!(summary.taken(), 1, "{summary}");
    let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!summary.to_string().contains(hostile), "{:?}", summary.to_string());
    assert_eq!(register.stores().await[0].name, "A [31mB");
}
