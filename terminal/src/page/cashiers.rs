//! Who may give back: each cashier's own code.

use std::{
    fmt, fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use subtle::ConstantTimeEq as _;

/// Shorter codes are guessed.
const SHORTEST: usize = 4;
/// So many wrong codes in a row, and nobody may try for [`WAIT`].
const MOST_WRONG: u32 = 5;
const WAIT: Duration = Duration::from_secs(60);

/// The cashiers of a counter.
#[derive(Default)]
pub struct Cashiers {
    /// Each with name and code.
    list: Vec<(String, String)>,
    wrong: u32,
    wait_until: Option<Instant>,
}

/// Without the codes.
impl fmt::Debug for Cashiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cashiers").field("count", &self.list.len()).finish_non_exhaustive()
    }
}

impl Cashiers {
    /// Reads a file with one cashier a line: a name and a code, with a space between.
    ///
    /// # Errors
    /// When it cannot be read, a line has no code, or a code is short or somebody else's, too.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::of(&text).with_context(|| file.display().to_string())
    }

    fn of(text: &str) -> anyhow::Result<Self> {
        let mut list: Vec<(String, String)> = Vec::new();
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            let parts = line.trim().rsplit_once(' ');
            let (name, code) = parts.with_context(|| format!("line {number} has no code"))?;
            ensure!(code.len() >= SHORTEST, "the code in line {number} is shorter than {SHORTEST}");
            ensure!(
                list.iter().all(|(_, known)| known != code),
                "the code in line {number} is another cashier's, too"
            );
            list.push((name.trim().to_owned(), code.to_owned()));
        }
        Ok(Self { list, wrong: 0, wait_until: None })
    }

    /// Whether anybody may give back.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whose code it is.
    ///
    /// # Errors
    /// When it is nobody's, and for a minute after five wrong ones in a row.
    pub fn with_code(&mut self, code: &str, now: Instant) -> anyhow::Result<String> {
        if self.wait_until.is_some_and(|until| now < until) {
            bail!("too many wrong codes: wait a minute");
        }
        let known = self.list.iter().fold(None, |found, (name, known)| {
            if known.as_bytes().ct_eq(code.as_bytes()).into() { Some(name) } else { found }
        });
        if let Some(name) = known {
            self.wrong = 0;
            return Ok(name.clone());
        }
        self.wrong += 1;
        if self.wrong >= MOST_WRONG {
            (self.wrong, self.wait_until) = (0, Some(now + WAIT));
        }
        bail!("this is no cashier's code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_its_cashier_and_five_wrong_ones_shut_the_drawer_for_a_minute() {
        let mut cashiers = Cashiers::of("Marta Rossi 4711\n\nJo 8214\n").unwrap();
        let now = Instant::now();
        assert_eq!(cashiers.with_code("4711", now).unwrap(), "Marta Rossi");
        for _ in 0..MOST_WRONG {
            assert!(cashiers.with_code("0000", now).is_err());
        }
        assert!(cashiers.with_code("8214", now + WAIT / 2).is_err());
        assert_eq!(cashiers.with_code("8214", now + WAIT).unwrap(), "Jo");
    }

    #[test]
    fn a_short_code_and_one_of_two_cashiers_are_refused() {
        for bad in ["Jo 821", "Jo", "Jo 8214\nMarta 8214"] {
            assert!(Cashiers::of(bad).is_err(), "{bad}");
        }
    }
}
