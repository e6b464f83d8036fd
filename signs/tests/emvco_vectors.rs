//! Every EMVCo vector of `emvco-vectors.json` and `emvco-more-vectors.json`: each key that a vector
//! states, and no other finding.

use serde_json::Value;
use signs::report::emvco_json;

fn vectors() -> Vec<Value> {
    let files =
        [include_str!("data/emvco-vectors.json"), include_str!("data/emvco-more-vectors.json")];
    let read = |file| serde_json::from_str::<Value>(file).unwrap();
    files.into_iter().flat_map(|file| read(file)["emvco"].as_array().unwrap().clone()).collect()
}

#[test]
fn every_vector_reads_as_expected() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 156 + 58);
    let mut wrong = Vec::new();
    for vector in &vectors {
        let answer = emvco_json(&signs::emvco::read(vector["payload"].as_str().unwrap()));
        let expected = vector["expected"].as_object().unwrap();
        for key in expected.keys().chain(answer.keys()) {
            if expected.get(key) != answer.get(key) {
                wrong.push(format!(
                    "{} {key}:\n  expected {:?}\n  answered {:?}",
                    vector["id"],
                    expected.get(key),
                    answer.get(key)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
