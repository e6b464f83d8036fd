//! Whether a secret that a member chose is soon guessed, by the lists of `zxcvbn`.

use zxcvbn::{Score, zxcvbn};

/// By the scale of `zxcvbn` at least 100 million guesses.
const LEAST_SCORE: Score = Score::Three;

/// Guesses that a code must take, as a power of ten: above all dates of a lifetime, which take 20,000, and
/// below four of five random codes of six digits.
const LEAST_GUESSES_OF_CODE_LOG10: f64 = 4.5;

/// What is soon guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// The password.
    Password,
    /// The settlement code.
    SettlementCode,
}

/// # Errors
/// [`Weak`], where somebody who knows what is in `known` of the member guesses the password soon.
pub fn weigh_password(password: &str, known: &[&str]) -> Result<(), Weak> {
    if is_weak_password(password, known) { Err(Weak::Password) } else { Ok(()) }
}

/// # Errors
/// [`Weak`], where the code is guessed sooner than others, or is part of the member's telephone number
/// or password.
pub fn weigh_code(code: &str, phone: &str, password: &str) -> Result<(), Weak> {
    if is_weak_code(code, phone, password) { Err(Weak::SettlementCode) } else { Ok(()) }
}

/// Whether a password is soon guessed, by somebody who knows what is in `known` of the member.
fn is_weak_password(password: &str, known: &[&str]) -> bool {
    zxcvbn(password, known).score() < LEAST_SCORE
}

/// Whether digits are guessed sooner than any others: rows, repeats, dates, often chosen ones, and
/// what is part of the member's telephone number or password.
fn is_weak_code(code: &str, phone: &str, password: &str) -> bool {
    let phone: String = phone.chars().filter(char::is_ascii_digit).collect();
    phone.contains(code)
        || password.contains(code)
        || zxcvbn(code, &[]).guesses_log10() < LEAST_GUESSES_OF_CODE_LOG10
}

#[cfg(test)]
mod tests {
    use super::{is_weak_code, is_weak_password};

    #[test]
    fn passwords_of_lists_and_of_the_members_own_data_are_weak() {
        let known = ["giulia.rossi", "Giulia Rossi", "giulia@example.org"];
        for weak in ["password1234", "Passw0rd!", "qwertyuiop", "11111111", "giulia.rossi1"] {
            assert!(is_weak_password(weak, &known), "{weak}");
        }
        for strong in ["correct horse battery", "vT7#qm2Lx9", "りんごとみかんとぶどう"] {
            assert!(!is_weak_password(strong, &known), "{strong}");
        }
    }

    #[test]
    fn rows_repeats_dates_and_ones_own_numbers_are_weak_codes() {
        let weak = |code| is_weak_code(code, "+39 06 482917 35", "house 730592 garden");
        for code in ["123456", "654321", "000000", "121212", "19800101", "482917", "730592"] {
            assert!(weak(code), "{code}");
        }
        for code in ["739158", "940573", "60581739"] {
            assert!(!weak(code), "{code}");
        }
    }

    #[test]
    fn seven_of_ten_random_codes_are_not_weak() {
        let codes =
            (0..100_u64).map(|nth| format!("{:06}", nth * 7_368_787 % 1_000_003 % 1_000_000));
        let weak = codes.filter(|code| is_weak_code(code, "", "")).count();
        assert!(weak < 30, "{weak} of 100");
    }
}
