//! What a link code is.

use server_kit::hex;
use sha2::{Digest, Sha256};

/// Longest code and longest name of a holder taken, bytes.
pub const MAX_TEXT: usize = 128;
/// Letters and digits of a link code: with 36 of them 12 make 62 bits, which nobody guesses.
pub const MIN_CODE: usize = 12;

/// A code as it is kept: people write codes with blanks and hyphens and in small letters.
pub fn digest(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = plain.map(|letter| letter.to_ascii_uppercase()).collect();
    hex(&Sha256::digest(plain))
}

/// Whether a code has enough letters and digits.
pub fn is_long_enough(code: &str) -> bool {
    code.chars().filter(char::is_ascii_alphanumeric).count() >= MIN_CODE
}
