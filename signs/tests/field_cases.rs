//! Signs and frames of the field that readers got wrong: each value that a case names is right.

use serde_json::Value;
use signs::{
    frame::Mode,
    report::{read_frame_json, read_sign_json},
};

const CASES: &str = include_str!("data/field-cases.json");

#[test]
fn every_case_of_the_field_is_answered_right() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let wrong: Vec<String> = cases.iter().flat_map(faults).collect();
    assert!(cases.len() > 60 && wrong.is_empty(), "{}", wrong.join("\n"));
}

fn faults(case: &Value) -> Vec<String> {
    let input = case["input"].as_str().unwrap();
    let answer = match case["kind"].as_str().unwrap() {
        "sign" => read_sign_json(input),
        "frame" => read_frame_json(input, Mode::Strict),
        other => panic!("no kind of case: {other}"),
    };
    let expected = case["expected"].as_object().unwrap();
    let wrong = expected.iter().filter(|(path, right)| at(&answer, path) != Some(*right));
    // What is absent is null.
    let wrong = wrong.filter(|(path, right)| !(right.is_null() && at(&answer, path).is_none()));
    wrong
        .map(|(path, right)| format!("{} {path}: {right} {:?}", case["id"], at(&answer, path)))
        .collect()
}

fn at<'a>(answer: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(answer, |value, step| match value {
        Value::Array(values) => values.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    })
}
