//! Whether a case is right, and what came instead of words.

use serde_json::Value;

/// One case, judged.
pub struct Judgement {
    /// `None` when its words say nothing that a machine decides.
    pub right: Option<bool>,
    /// What the program said, as far as it matters here.
    pub got: Value,
}

/// Both must hold; one that is wrong decides, also when the other cannot be told.
pub fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// One of them is enough.
pub fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    both(one.map(|one| !one), other.map(|other| !other)).map(|neither| !neither)
}
