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

/// Different letters and digits of a link code: fewer are a pattern, which somebody guesses.
pub const MIN_DIFFERENT: usize = 6;

/// Whether a code has enough letters and digits, enough different ones, and is no run such as
/// `ABCDEFGHIJKL` or `123123123123`.
pub fn is_hard_to_guess(code: &str) -> bool {
    let plain: Vec<u8> = code
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    let different: std::collections::BTreeSet<u8> = plain.iter().copied().collect();
    let steps: Vec<i16> =
        plain.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
    let is_run = steps.iter().filter(|step| step.abs() <= 1).count() * 2 > steps.len();
    plain.len() >= MIN_CODE && different.len() >= MIN_DIFFERENT && !is_run
}

#[cfg(test)]
mod tests {
    use super::is_hard_to_guess;

    #[test]
    fn patterns_are_no_codes() {
        for code in ["AAAA-AAAA-AAAA", "ABCD-EFGH-IJKL", "1231-2312-3123", "SHORT-7733", ""] {
            assert!(!is_hard_to_guess(code), "{code}");
        }
        for code in ["TRY-7733-CARD-2604", "K7QM-2XPD-94RT", "k7qm 2xpd 94rt"] {
            assert!(is_hard_to_guess(code), "{code}");
        }
    }
}
