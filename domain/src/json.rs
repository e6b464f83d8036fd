//! JSON out of a text.

use serde::de::DeserializeOwned;

/// What `text` says. By the reader of bytes, which every answer of a server is read with: the reader
/// that `serde_json::from_str` makes of each type is 20 KB more in a phone's library.
///
/// # Errors
/// When it is no JSON of this form.
pub fn from_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_slice(text.as_bytes())
}
