//! Finds secrets in bytes, as they are and in the forms in which programs write bytes as text.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, Match};
use anyhow::{Result, ensure};

/// A shorter one would be found by chance.
const SHORTEST: usize = 8;

/// One secret and what it is.
#[derive(Clone, Debug)]
pub struct Secret {
    /// For instance `password`.
    pub what: String,
    /// The secret.
    pub text: String,
}

/// Looks for all secrets at once.
pub struct Search {
    automaton: AhoCorasick,
    /// Of each pattern, what was found and whether it is of digits alone.
    patterns: Vec<(String, bool)>,
}

impl Search {
    /// Prepares the search.
    ///
    /// # Errors
    /// When a secret is so short that it would be found by chance.
    pub fn of(secrets: &[Secret]) -> Result<Self> {
        let (mut forms, mut patterns) = (Vec::new(), Vec::new());
        for Secret { what, text } in secrets {
            ensure!(text.len() >= SHORTEST, "a {what} is shorter than {SHORTEST} bytes");
            for form in forms_of(text) {
                patterns.push((what.clone(), form.bytes().all(|byte| byte.is_ascii_digit())));
                forms.push(form);
            }
        }
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(&forms)?;
        Ok(Self { automaton, patterns })
    }

    /// What of the secrets is in `content`.
    pub fn found_in(&self, content: &[u8]) -> impl Iterator<Item = &str> {
        let mut found = BTreeSet::new();
        for hit in self.automaton.find_overlapping_iter(content) {
            let Some((what, digits)) = self.patterns.get(hit.pattern().as_usize()) else {
                continue;
            };
            if !digits || is_whole(content, hit) {
                found.insert(what.as_str());
            }
        }
        found.into_iter()
    }
}

/// Itself, as people type a code, in hexadecimal and in base64 with either alphabet.
fn forms_of(text: &str) -> BTreeSet<String> {
    let base64 = data_encoding::BASE64_NOPAD.encode(text.as_bytes());
    let url = data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let hex = data_encoding::HEXLOWER.encode(text.as_bytes());
    let plain: String = text.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
    let forms = [text.to_owned(), plain, hex, base64, url];
    forms.into_iter().filter(|form| form.len() >= SHORTEST).collect()
}

/// Whether digits stand alone and are no part of a longer number or name.
fn is_whole(content: &[u8], hit: Match) -> bool {
    let is_part = |at: Option<usize>| {
        let byte = at.and_then(|at| content.get(at));
        byte.is_some_and(u8::is_ascii_alphanumeric)
    };
    !is_part(hit.start().checked_sub(1)) && !is_part(Some(hit.end()))
}
