//! Why a text is no store code, or a record cannot be signed.

/// Why a text is no store code, or a record cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreCodeError {
    /// Neither does [`TEXT_PREFIX`](super::TEXT_PREFIX) begin the text nor has it the form of a link.
    #[error("not a store code")]
    Prefix,
    /// What follows the prefix is not base45 or base32 of the right alphabet.
    #[error("the text after the prefix is not well encoded")]
    Encoding,
    /// The first byte names a version or type this reader does not know.
    #[error("unknown version or type {0:#04x}")]
    Version(u8),
    /// The record is longer or shorter than its type.
    #[error("the record has {0} bytes, which is not the length of its type")]
    Length(usize),
    /// Latitude or longitude lies outside the globe.
    #[error("the position is outside the globe")]
    Place,
    /// The days run backwards or last longer than [`MAX_VALID_DAYS`](super::MAX_VALID_DAYS).
    #[error("the days of validity run backwards or too long")]
    Days,
    /// The amount is not above zero, or the currency is not a three-digit ISO 4217 number.
    #[error("the amount is not above zero or the currency is no ISO 4217 number")]
    Amount,
    /// The life is zero or longer than [`MAX_LIFE_S`](super::MAX_LIFE_S).
    #[error("the seconds of life are zero or too many")]
    Life,
}
