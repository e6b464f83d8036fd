//! What columns hold that is more than text and numbers: currencies, words of the wire, and JSON.

use domain::Currency;
use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer},
};

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
    let word: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    T::deserialize(word).map_err(|_| damaged(column))
}

/// The JSON text of a value.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, DatabaseError> {
    serde_json::to_string(value).map_err(|error| DatabaseError::Encode(error.into()))
}

/// The value of a JSON text in `column`.
///
/// # Errors
/// When it is no such value.
pub fn from_json<T: DeserializeOwned>(text: &str, column: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|_| damaged(column))
}
