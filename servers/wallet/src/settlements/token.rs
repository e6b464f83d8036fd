//! What a payment token looks like, and by what it is found.

use data_encoding::BASE32_NOPAD;
use server_kit::hex;
use sha2::{Digest, Sha256};

/// Bytes of a token: nobody guesses 128 bits in a minute.
const BYTES: usize = 16;
/// Characters of its text.
const CHARACTERS: usize = 26;

/// The text of the token that is made of `secret`.
pub fn text(secret: &[u8; 32]) -> String {
    BASE32_NOPAD.encode(&secret[..BYTES])
}

/// By what the token with this text is found, as a scanner or a cashier gives it: blanks, hyphens and
/// small letters do not count. `None` for what can be no token.
pub fn digest(text: &str) -> Option<String> {
    let is_blank = |c: &char| c.is_whitespace() || *c == '-';
    let text: String = text.chars().filter(|c| !is_blank(c)).take(CHARACTERS + 1).collect();
    let text = text.to_ascii_uppercase();
    BASE32_NOPAD.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == BYTES)?;
    Some(hex(&Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::{digest, text};

    #[test]
    fn a_token_is_read_however_it_was_typed_and_nothing_else_is() {
        let shown = text(&[0xA5; 32]);
        let found = digest(&shown).expect("its own text");
        assert_eq!(shown.len(), 26);
        let typed = format!(" {}-{}\n", shown[..13].to_lowercase(), &shown[13..]);
        assert_eq!(digest(&typed), Some(found.clone()));
        for wrong in ["", "A", "TS1:A", &shown[1..], &format!("{shown}A"), &shown.replace('U', "1")]
        {
            assert_eq!(digest(wrong), None, "{wrong}");
        }
        assert_ne!(digest(&text(&[0xA6; 32])), Some(found));
    }
}
