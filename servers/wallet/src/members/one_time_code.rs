//! Codes that are sent to a member's contact: what they look like, how long and for how many tries
//! they are good.

use domain::Timestamp;
use server_kit::random_bytes;
use subtle::ConstantTimeEq;

/// How long a code is good, ms: a mail takes minutes at worst.
const LASTS_MS: i64 = 15 * 60 * 1000;
/// Wrong tries at one code: one in twenty million guesses it.
pub const TRIES: i64 = 5;
/// Most codes of one kind that wait at once, the latest: a flood must not fill the disk.
pub const MOST_WAITING: i64 = 10_000;
/// Digits of a code.
const DIGITS: usize = 8;

/// A new code.
///
/// # Errors
/// When the system gives no random numbers.
pub fn new_code() -> anyhow::Result<String> {
    let number = u64::from_le_bytes(random_bytes()?) % 10_u64.pow(DIGITS as u32);
    Ok(format!("{number:0DIGITS$}"))
}

/// Until when a code sent `now` is good.
pub fn expires_at(now: Timestamp) -> Timestamp {
    Timestamp(now.0.saturating_add(LASTS_MS))
}

/// What is compared when somebody sends a code: blanks that a mail or a keyboard adds do not count.
pub fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).take(DIGITS + 1).collect()
}

/// Whether two MACs of codes are the same, in a time that does not tell where they differ.
pub fn is_same(mac: &str, other: &str) -> bool {
    mac.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{digits, new_code};

    #[test]
    fn a_code_is_eight_digits_and_another_each_time() {
        let codes: Vec<String> = (0..4).map(|_| new_code().unwrap()).collect();
        for code in &codes {
            assert!(code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
        assert!(codes.windows(2).all(|two| two[0] != two[1]));
    }

    #[test]
    fn blanks_do_not_count_and_further_digits_do() {
        assert_eq!(digits(" 1234 5678\n"), "12345678");
        assert_ne!(digits("123456789"), "12345678");
    }
}
