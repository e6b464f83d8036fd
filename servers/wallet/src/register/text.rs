//! Text from outside, made safe to show on a terminal and on a screen.

/// `text` with a blank for each control character and line end, and without the characters that
/// turn the direction of writing (Unicode's property `Bidi_Control`) and byte order marks: they
/// could move a cursor, or show one name as another.
pub fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{061c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => Some(' '),
        c => Some(c),
    };
    text.chars().filter_map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_cursor_or_turns_the_writing_is_left() {
        assert_eq!(plain("a\u{1b}[2Jb\r\nc\u{9b}d"), "a [2Jb  c d");
        assert_eq!(plain("\u{202e}evil\u{202c}\u{2067}x\u{200f}"), "evilx");
        // Joiners are letters' own: Persian and emoji need them.
        assert_eq!(plain("می\u{200c}خواهم 👨\u{200d}👩"), "می\u{200c}خواهم 👨\u{200d}👩");
    }
}
