//! What columns hold that is more than text and numbers: currencies, and words of the wire.

use domain::Currency;
use serde::{Serialize, de::DeserializeOwned};

use super::error::{DatabaseError, damaged};

/// The currency of an ISO 4217 code in the column `currency`.
///
/// # Errors
/// When it is no such code.
pub fn currency(code: &str) -> Result<Currency, DatabaseError> {
    Currency::from_code(code).ok_or_else(|| damaged("currency"))
}

/// The wire's word for a value of a plain enum.
///
/// # Errors
/// When the value is more than a word.
pub fn word<T: Serialize>(value: T) -> Result<String, DatabaseError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(DatabaseError::Encode("a value that is more than a word".into())),
    }
}

/// The value of a word of the wire in `column`.
///
/// # Errors
/// When it is no word for such a value.
pub fn from_word<T: DeserializeOwned>(word: &str, column: &str) -> Result<T, DatabaseError> {
    serde_json::from_value(word.into()).map_err(|_| damaged(column))
}
