//! One case of a file, as it is written down.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One case of a file.
#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    /// Of signs: `sign`, `frame` or `image`; cases of store data have none.
    pub kind: Option<String>,
    /// Of store data: `position` for recorded fixes; all else is imported.
    #[serde(default)]
    pub area: String,
    #[serde(default)]
    pub input: String,
    /// The picture, beside the case file.
    pub file: Option<String>,
    #[serde(default)]
    pub files: Vec<String>,
    /// Paths in the answer, each with its value.
    #[serde(default)]
    pub expected: Map<String, Value>,
    /// What an import or a replay must come to, in words.
    #[serde(default)]
    pub right: String,
    /// The command, where it matters.
    #[serde(default)]
    pub how: String,
    /// `FAIL`, `PASS` or `ARGUABLE`.
    pub today: String,
}
