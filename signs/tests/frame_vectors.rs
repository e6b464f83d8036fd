//! Every vector of `ble-vectors.json` and `ble-more-vectors.json`, strict and lenient.

use serde_json::Value;
use signs::frame::Mode;
use signs::report::read_frame_json;

fn vectors() -> Vec<Value> {
    let files = [include_str!("data/ble-vectors.json"), include_str!("data/ble-more-vectors.json")];
    let read = |file| serde_json::from_str::<Value>(file).unwrap();
    files.into_iter().flat_map(|file| read(file)["vectors"].as_array().unwrap().clone()).collect()
}

#[test]
fn every_frame_vector_reads_as_expected_in_the_strict_mode() {
    let mut checked = 0;
    for vector in vectors().iter().filter(|vector| vector.get("expect_strict").is_some()) {
        let answer = read_frame_json(&vector["input"].to_string(), Mode::Strict);
        for (key, expected) in vector["expect_strict"].as_object().unwrap() {
            assert_eq!(&answer[key], expected, "{}: {key}", vector["id"]);
        }
        assert_eq!(
            answer.get("ad_error").is_some(),
            vector["expect_strict"].get("ad_error").is_some(),
            "{}: overrun",
            vector["id"]
        );
        if let Some(types) = vector.get("expect_ad_types") {
            assert_eq!(&answer["ad_types"], types, "{}: structures", vector["id"]);
        }
        checked += 1;
    }
    assert_eq!(checked, 88 + 89);
}

#[test]
fn the_lenient_mode_forgives_only_what_its_vectors_say() {
    let mut forgiven = 0;
    for vector in vectors().iter().filter(|vector| vector.get("expect_strict").is_some()) {
        let answer = read_frame_json(&vector["input"].to_string(), Mode::Lenient);
        let expected = match vector.get("expect_lenient") {
            Some(lenient) => {
                forgiven += 1;
                lenient
            }
            None => &vector["expect_strict"],
        };
        for (key, expected) in expected.as_object().unwrap() {
            assert_eq!(&answer[key], expected, "{}: {key}", vector["id"]);
        }
    }
    assert_eq!(forgiven, 2 + 3);
}

#[test]
fn a_bare_line_of_hex_is_an_advertisement() {
    for vector in vectors().iter().filter(|vector| vector["input"]["form"] == "advert") {
        let bare = read_frame_json(vector["input"]["hex"].as_str().unwrap(), Mode::Strict);
        assert_eq!(bare, read_frame_json(&vector["input"].to_string(), Mode::Strict));
    }
    for line in ["0g", "020", "{}", "{\"form\":\"advert\"}", "{"] {
        assert_eq!(read_frame_json(line, Mode::Strict)["result"], "error", "{line}");
    }
}

#[test]
fn every_rotating_id_key_agreement_and_encrypted_telemetry_is_computed_as_published() {
    let mut checked = 0;
    for vector in vectors() {
        let kind = vector["kind"].as_str().unwrap();
        // What exposure notification derives from a key is no store beacon's business.
        if vector.get("expect").is_none() || kind == "exposure-rpi" {
            continue;
        }
        let answer = read_frame_json(&vector["input"].to_string(), Mode::Strict);
        for (key, expected) in vector["expect"].as_object().unwrap() {
            if !["shared_secret", "nonce"].contains(&key.as_str()) {
                assert_eq!(&answer[key], expected, "{}: {key}", vector["id"]);
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 13);
}
