//! What a method may be called, and where it goes in the member's order; values in and values out.

use crate::register::plain;

/// Longest name, characters: a line of a phone's screen.
const LONGEST_NAME: usize = 64;
/// The shortest card number has so many digits (ISO/IEC 7812-1).
const CARD_NUMBER: usize = 12;

/// The name that `text` gives, without blanks round it.
///
/// # Errors
/// What is wrong with it.
pub fn name(text: &str) -> Result<&str, &'static str> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err("A name has 1 to 64 characters.");
    }
    if plain(name) != name {
        return Err("A name is one line of text.");
    }
    if name.chars().filter(|c| c.is_numeric()).count() >= CARD_NUMBER {
        return Err("A name holds no full number of a card or account: its last four digits do.");
    }
    Ok(name)
}

/// `list` with its `from`th at place `to`, or at the end where that is beyond it.
pub fn moved<T>(mut list: Vec<T>, from: usize, to: usize) -> Vec<T> {
    if from < list.len() {
        let one = list.remove(from);
        list.insert(to.min(list.len()), one);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_plain_text_and_no_card_number() {
        assert_eq!(name("  Rossi Visa ..4242 "), Ok("Rossi Visa ..4242"));
        assert_eq!(name("給料"), Ok("給料"));
        assert!(name(&"é".repeat(64)).is_ok());
        for wrong in [
            "",
            " \u{3000}",
            &"é".repeat(65),
            "a\nb",
            "a\u{1b}[2J",
            "\u{202e}asiV",
            "a\u{2028}b",
            "4111 1111 1111 1111",
            "４１１１１１１１１１１１１１１１",
        ] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn one_is_moved_and_the_others_keep_their_order() {
        for (from, to, expected) in
            [(0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (0, usize::MAX, "bca"), (3, 0, "abc")]
        {
            let list = "abc".chars().collect();
            assert_eq!(moved(list, from, to).into_iter().collect::<String>(), expected);
        }
    }
}
