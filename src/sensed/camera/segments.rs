//! A symbol's data codewords to its segments (ISO/IEC 18004:2015, 7.4). rxing reads the same bit
//! stream, but does not tell its segments apart and fails on `%%` where FNC1 makes it one percent
//! sign.

use super::charset::Charset;
use super::codewords::Codewords;

/// The alphanumeric mode's characters, by their value.
const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// Separates the fields of a GS1 message.
const GROUP_SEPARATOR: u8 = 0x1d;

/// Bytes in one character set, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub charset: Charset,
    pub bytes: Vec<u8>,
}

/// What the bit stream of one symbol says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Segments {
    pub list: Vec<Segment>,
    /// Index, count and parity of structured append.
    pub append: Option<(u8, u8, u8)>,
}

impl Segments {
    /// `None` for a stream that breaks off, or whose modes mean nothing.
    pub(super) fn of(codewords: &Codewords) -> Option<Self> {
        Stream::new(&codewords.data, codewords.version).read()
    }

    fn push(&mut self, charset: Charset, bytes: impl IntoIterator<Item = u8>) {
        match self.list.last_mut() {
            Some(last) if last.charset == charset => last.bytes.extend(bytes),
            _ => self.list.push(Segment { charset, bytes: bytes.into_iter().collect() }),
        }
    }
}

/// The data codewords while they are read.
struct Stream<'d> {
    data: &'d [u8],
    at: usize,
    version: u32,
    /// After FNC1 a percent sign is a separator, and two are one.
    fnc1: bool,
    bytes_are: Charset,
}

impl<'d> Stream<'d> {
    fn new(data: &'d [u8], version: u32) -> Self {
        Self { data, at: 0, version, fnc1: false, bytes_are: Charset::Undeclared }
    }

    fn read(mut self) -> Option<Segments> {
        let mut segments = Segments::default();
        while !self.is_over() {
            self.segment(&mut segments)?;
        }
        Some(segments)
    }

    /// At the terminator of four zeros, or what of it still fits.
    fn is_over(&self) -> bool {
        let left = self.data.len() * 8 - self.at;
        (0..left.min(4)).all(|ahead| !self.bit(self.at + ahead))
    }

    fn bit(&self, at: usize) -> bool {
        self.data.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0)
    }

    fn take(&mut self, count: usize) -> Option<u32> {
        let end = self.at + count;
        if end > self.data.len() * 8 {
            return None;
        }
        let value = (self.at..end).fold(0, |value, at| value << 1 | u32::from(self.bit(at)));
        self.at = end;
        Some(value)
    }

    /// Reads a count whose length depends on the version (Table 3).
    fn count(&mut self, [small, medium, large]: [usize; 3]) -> Option<u32> {
        self.take(match self.version {
            ..10 => small,
            10..27 => medium,
            _ => large,
        })
    }

    /// One mode indicator and what follows it (Table 2).
    fn segment(&mut self, to: &mut Segments) -> Option<()> {
        match self.take(4)? {
            0b0001 => to.push(Charset::Ascii, self.numeric()?),
            0b0010 => to.push(Charset::Ascii, self.alphanumeric()?),
            0b0100 => to.push(self.bytes_are, self.bytes()?),
            0b1000 => {
                let count = self.count([8, 10, 12])?;
                to.push(Charset::Kanji, self.pairs(count, kanji)?);
            }
            0b1101 => {
                // The only subset there is: GB 2312.
                (self.take(4)? == 1).then_some(())?;
                let count = self.count([8, 10, 12])?;
                to.push(Charset::Hanzi, self.pairs(count, hanzi)?);
            }
            0b0111 => self.bytes_are = Charset::Declared(self.eci()?),
            0b0011 => {
                let (index, last) = (self.take(4)? as u8, self.take(4)? as u8);
                to.append = Some((index, last + 1, self.take(8)? as u8));
            }
            0b0101 => self.fnc1 = true,
            0b1001 => {
                self.fnc1 = true;
                to.push(Charset::Ascii, self.application()?);
            }
            _ => return None,
        }
        Some(())
    }

    fn numeric(&mut self) -> Option<Vec<u8>> {
        let mut left = self.count([10, 12, 14])?;
        let mut digits = Vec::new();
        while left > 0 {
            let (bits, width) = match left {
                1 => (4, 1),
                2 => (7, 2),
                _ => (10, 3),
            };
            let group = format!("{:0width$}", self.take(bits)?);
            (group.len() == width).then(|| digits.extend_from_slice(group.as_bytes()))?;
            left -= width as u32;
        }
        Some(digits)
    }

    fn alphanumeric(&mut self) -> Option<Vec<u8>> {
        let count = self.count([9, 11, 13])?;
        let character = |value: u32| ALPHANUMERIC.get(value as usize).copied();
        let mut characters = Vec::new();
        for _ in 0..count / 2 {
            let pair = self.take(11)?;
            characters.extend([character(pair / 45)?, character(pair % 45)?]);
        }
        if count % 2 == 1 {
            characters.push(character(self.take(6)?)?);
        }
        Some(if self.fnc1 { unescaped(&characters) } else { characters })
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let count = self.count([8, 16, 16])?;
        (0..count).map(|_| Some(self.take(8)? as u8)).collect()
    }

    /// Characters of 13 bits, each two bytes of its set.
    fn pairs(&mut self, count: u32, character: fn(u32) -> u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for _ in 0..count {
            let pair = character(self.take(13)?);
            bytes.extend([(pair >> 8) as u8, pair as u8]);
        }
        Some(bytes)
    }

    /// An assignment number of one, two or three bytes (7.4.2).
    fn eci(&mut self) -> Option<u32> {
        let first = self.take(8)?;
        match first {
            0..0x80 => Some(first),
            0x80..0xc0 => Some((first & 0x3f) << 8 | self.take(8)?),
            0xc0..0xe0 => Some((first & 0x1f) << 16 | self.take(16)?),
            _ => None,
        }
    }

    /// The application indicator after FNC1 in second position: two digits, or a letter.
    fn application(&mut self) -> Option<Vec<u8>> {
        match self.take(8)? {
            number @ 0..100 => Some(format!("{number:02}").into_bytes()),
            letter @ (165..=190 | 197..=222) => Some(vec![(letter - 100) as u8]),
            _ => None,
        }
    }
}

fn kanji(packed: u32) -> u32 {
    let pair = ((packed / 0xc0) << 8) | (packed % 0xc0);
    pair + if pair < 0x1f00 { 0x8140 } else { 0xc140 }
}

fn hanzi(packed: u32) -> u32 {
    let pair = ((packed / 0x60) << 8) | (packed % 0x60);
    pair + if pair < 0x0a00 { 0xa1a1 } else { 0xa6a1 }
}

/// `%%` is a percent sign and `%` a separator (7.4.8.3).
fn unescaped(characters: &[u8]) -> Vec<u8> {
    let mut rest = characters.iter().copied().peekable();
    std::iter::from_fn(|| match rest.next()? {
        b'%' => Some(rest.next_if_eq(&b'%').unwrap_or(GROUP_SEPARATOR)),
        other => Some(other),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_doubled_percent_sign_is_one_and_a_single_one_separates() {
        assert_eq!(unescaped(b"9112%%%2012"), b"9112%\x1d2012");
        assert_eq!(unescaped(b"%%%%%"), b"%%\x1d");
        assert_eq!(unescaped(b"AB%"), b"AB\x1d");
    }

    #[test]
    fn a_stream_that_breaks_off_is_refused() {
        // Byte mode, four bytes announced, one there.
        assert_eq!(Stream::new(&[0x40, 0x46, 0x10], 1).read(), None);
        let whole = Stream::new(&[0x40, 0x16, 0x10, 0xec], 1).read().unwrap();
        assert_eq!(whole.list, [Segment { charset: Charset::Undeclared, bytes: b"a".to_vec() }]);
    }

    proptest! {
        #[test]
        fn any_codewords_are_survived(data: Vec<u8>, version in 1u32..=40) {
            if let Some(segments) = Stream::new(&data, version).read() {
                let length: usize = segments.list.iter().map(|segment| segment.bytes.len()).sum();
                prop_assert!(length <= data.len() * 3);
            }
        }
    }
}
