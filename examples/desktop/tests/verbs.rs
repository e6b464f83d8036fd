//! The harness's verbs as a shell and a script see them.

use std::process::{Command, Output};

use serde_json::Value;

const VERBS: [&str; 10] = [
    "serve",
    "decode",
    "read-sign",
    "read-frame",
    "import",
    "doctor",
    "calibration",
    "decided",
    "knowledge",
    "replay",
];

fn desktop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_desktop")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_completions_of_a_shell_name_every_verb() {
    let script = text(&desktop(&["completions", "bash"]).stdout);
    for verb in VERBS {
        assert!(script.contains(verb), "{verb} is missing");
    }
}

#[test]
fn every_verb_explains_itself_and_takes_json() {
    for verb in VERBS {
        let said = desktop(&[verb, "--help"]);
        assert_eq!(said.status.code(), Some(0), "{verb}");
        assert!(text(&said.stdout).contains("--json"), "{verb} takes no --json");
    }
}

#[test]
fn a_script_tells_a_wrong_question_from_one_that_could_not_be_answered() {
    assert_eq!(desktop(&["read-sign", "--json", "https://example.com"]).status.code(), Some(0));
    assert_eq!(desktop(&["decided", "--colour", "green"]).status.code(), Some(2));
    let said = desktop(&["import", "nowhere.geojson", "--licence", "CC0-1.0"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said.stderr).contains("nowhere.geojson"), "{said:?}");
}

#[test]
fn an_import_says_what_was_taken_and_what_was_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stores.geojson");
    let store = |name: &str, longitude: f64| {
        serde_json::json!({"type": "Feature", "id": name,
            "geometry": {"type": "Point", "coordinates": [longitude, 41.9]},
            "properties": {"name": name, "shop": "bakery"}})
    };
    let list = serde_json::json!({"type": "FeatureCollection",
        "features": [store("One", 12.5), store("Nowhere", 512.5)]});
    std::fs::write(&file, list.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let said = desktop(&["import", file, "--licence", "CC0-1.0", "--json"]);
    let summary: Value = serde_json::from_str(text(&said.stdout).trim()).unwrap();
    assert_eq!((&summary["read"], &summary["added"]), (&2.into(), &1.into()), "{summary}");
}
