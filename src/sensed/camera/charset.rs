//! Character sets: which one undeclared bytes are in, and bytes to text.

use rxing::common::{CharacterSet, Eci};

/// How the bytes of a segment are to be read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// Digits and the 45 characters of the alphanumeric mode.
    Ascii,
    /// Bytes without an ECI.
    Undeclared,
    /// Bytes under this ECI assignment number.
    Declared(u32),
    /// Kanji mode: Shift_JIS.
    Kanji,
    /// Hanzi mode (GB/T 18284): GB 2312.
    Hanzi,
}

impl Charset {
    /// Text of `bytes`; `guessed` is the set of all undeclared bytes of the symbol.
    pub(super) fn text(self, bytes: &[u8], guessed: CharacterSet) -> String {
        let set = match self {
            Self::Ascii => CharacterSet::ISO8859_1,
            Self::Undeclared => guessed,
            Self::Declared(eci) => declared(eci).unwrap_or(guessed),
            Self::Kanji => CharacterSet::Shift_JIS,
            Self::Hanzi => CharacterSet::GB18030,
        };
        // A set that contradicts the bytes yields nothing: better the bytes than a hole.
        set.decode(bytes).unwrap_or_else(|_| match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        })
    }
}

/// The set of an ECI assignment number (AIM ECI Part 3); `None` when it names none.
fn declared(eci: u32) -> Option<CharacterSet> {
    // GBK, which GB 18030 contains and rxing does not list.
    const GBK: u32 = 31;
    match Eci::from(eci) {
        _ if eci == GBK => Some(CharacterSet::GB18030),
        Eci::Unknown => None,
        known => Some(known.into()),
    }
}

/// The one set that all undeclared bytes of a symbol are in. UTF-8 is next to never valid by
/// chance. `kanji`: the symbol has segments in Kanji mode, so its maker wrote Shift_JIS.
pub(super) fn guess(bytes: &[u8], kanji: bool) -> CharacterSet {
    if bytes.starts_with(&[0xfe, 0xff]) {
        CharacterSet::UTF16BE
    } else if bytes.starts_with(&[0xff, 0xfe]) {
        CharacterSet::UTF16LE
    } else if std::str::from_utf8(bytes).is_ok() {
        CharacterSet::UTF8
    } else if ShiftJis::of(bytes).is_some_and(|seen| kanji || seen.is_japanese()) {
        CharacterSet::Shift_JIS
    } else if bytes.iter().any(|byte| (0x80..0xa0).contains(byte)) {
        // Control characters in Latin-1, letters and signs in its superset.
        CharacterSet::Cp1252
    } else {
        CharacterSet::ISO8859_1
    }
}

/// What bytes that are valid Shift_JIS look like.
#[derive(Default)]
struct ShiftJis {
    /// Characters of two bytes in the longest run of characters that are not ASCII.
    doubles: usize,
    /// Half-width kana, without their punctuation, in the longest run of such.
    kana: usize,
    /// A lone character of two bytes that Latin-1 cannot be: `500円`.
    alone: bool,
}

impl ShiftJis {
    /// `None` when the bytes are not valid Shift_JIS.
    fn of(bytes: &[u8]) -> Option<Self> {
        CharacterSet::Shift_JIS.decode(bytes).ok()?;
        let mut seen = Self::default();
        let (mut run, mut doubles, mut kana) = (0, 0, 0);
        let mut before = 0u8;
        let mut rest = bytes.iter().copied().peekable();
        while let Some(byte) = rest.next() {
            match byte {
                0x81..=0x9f | 0xe0..=0xfc => {
                    let trail = rest.next()?;
                    (run, doubles, kana) = (run + 1, doubles + 1, 0);
                    // In Windows-1252 an apostrophe or a dash inside a word.
                    let in_word = before.is_ascii_alphabetic() && trail.is_ascii_alphabetic();
                    seen.alone |= byte < 0xa0 && !in_word;
                }
                // The punctuation is also `£` and its neighbours in Latin-1.
                0xa1..=0xa5 => (run, kana) = (run + 1, 0),
                0xa6..=0xdf => (run, kana) = (run + 1, kana + 1),
                _ => (run, doubles, kana) = (0, 0, 0),
            }
            seen.doubles = seen.doubles.max(if run > 1 { doubles } else { 0 });
            seen.kana = seen.kana.max(kana);
            before = byte;
        }
        Some(seen)
    }

    /// Two characters side by side, three kana, or one that nothing else can be.
    fn is_japanese(&self) -> bool {
        self.doubles > 0 || self.kana > 2 || self.alone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        Charset::Undeclared.text(bytes, guess(bytes, false))
    }

    #[test]
    fn undeclared_bytes_are_read_in_the_set_they_are_in() {
        for (bytes, wanted) in [
            ("£5 支払い".as_bytes(), "£5 支払い"),
            (b"\xa35.00", "£5.00"),
            (b"Pay \xa3 12 or \xa5 9", "Pay £ 12 or ¥ 9"),
            (b"Caf\xe9 F\xeate M\xfcller", "Café Fête Müller"),
            (b"it\x92s \x80 5", "it’s € 5"),
            (b"\x8ex\x95\xa5\x82\xa2\x93X", "支払い店"),
            (b"500\x89~", "500円"),
            (b"\xb6\xcc\xaa", "ｶﾌｪ"),
            (b"\xfe\xff\x30\x42", "\u{feff}あ"),
        ] {
            assert_eq!(
                text(bytes).trim_start_matches('\u{feff}'),
                wanted.trim_start_matches('\u{feff}')
            );
        }
    }

    #[test]
    fn kanji_in_the_symbol_make_its_other_bytes_japanese() {
        assert_eq!(guess(b"\xb1", true), CharacterSet::Shift_JIS);
        assert_eq!(guess(b"\xb1", false), CharacterSet::ISO8859_1);
    }

    #[test]
    fn a_declared_set_is_followed_gbk_too() {
        let guessed = CharacterSet::ISO8859_1;
        assert_eq!(Charset::Declared(31).text(b"\xd6\xd0\x87\x40", guessed), "中嘆");
        assert_eq!(Charset::Declared(7).text(b"\xbc\xd8\xe0", guessed), "Мир");
        assert_eq!(Charset::Declared(999_999).text(b"\xa3", guessed), "£");
    }
}
