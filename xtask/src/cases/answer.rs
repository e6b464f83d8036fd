//! Compares a program's answer with the values that a case expects at paths in it.

use serde_json::{Map, Value};

use super::judgement::Judgement;

/// Right when every path holds its value; of `texts` the order does not matter.
pub fn compare(answer: &Value, expected: &Map<String, Value>) -> Judgement {
    let mut got = Map::new();
    let mut right = true;
    for (path, value) in expected {
        let found = at(answer, path).clone();
        right &= sorted(path, &found) == sorted(path, value);
        got.insert(path.clone(), found);
    }
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        got.insert("error".to_owned(), error.clone());
    }
    Judgement { right: Some(right), got: Value::Object(got) }
}

/// The value at `a.0.b`: members of objects and places in lists. A member's own name may hold dots.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    if let Some(found) = value.get(path) {
        return found;
    }
    let ends = path.match_indices('.').map(|(end, _)| end).chain([path.len()]);
    for end in ends {
        let (first, rest) = (&path[..end], path.get(end + 1..));
        let inside = first.parse().ok().and_then(|place: usize| value.as_array()?.get(place));
        match (inside.or_else(|| value.get(first)), rest) {
            (Some(found), Some(rest)) => return at(found, rest),
            (Some(found), None) => return found,
            (None, _) => {}
        }
    }
    &Value::Null
}

fn sorted(path: &str, value: &Value) -> Value {
    let Value::Array(list) = value else { return number(value) };
    let mut list: Vec<Value> = list.iter().map(number).collect();
    if path == "texts" {
        list.sort_by_key(Value::to_string);
    }
    Value::Array(list)
}

/// `-16` and `-16.0` are the same number.
fn number(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), Value::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::compare;

    fn right(answer: &serde_json::Value, expected: serde_json::Value) -> bool {
        compare(answer, expected.as_object().unwrap()).right.unwrap()
    }

    #[test]
    fn a_path_leads_through_members_and_places_and_what_is_missing_is_null() {
        let answer = json!({"accounts": [{"sub": {"01": "x"}}], "amount": -16.0, "a.b": 1});
        assert!(right(&answer, json!({"accounts.0.sub.01": "x", "amount": -16, "a.b": 1})));
        assert!(right(&answer, json!({"store.name": null})));
        assert!(!right(&answer, json!({"accounts.1.sub.01": "x"})));
    }

    #[test]
    fn texts_come_in_any_order_and_none_too_many() {
        let answer = json!({"texts": ["b", "a"], "networks": ["b", "a"]});
        assert!(right(&answer, json!({"texts": ["a", "b"]})));
        assert!(!right(&answer, json!({"texts": ["a"]})));
        assert!(!right(&answer, json!({"networks": ["a", "b"]})));
    }
}
