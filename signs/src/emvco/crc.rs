//! The checksum of data object 63: CRC-16, polynomial 0x1021, initial value 0xFFFF, over the UTF-8
//! bytes of all that stands before its value, `6304` included. It finds damage; it proves nothing,
//! since whoever changes a code can compute it again.

/// Id and length of the checksum object, which end what is summed.
pub(super) const HEADER: &str = "6304";

const TABLE: [u16; 256] = table();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

/// The CRC of these bytes.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        let [high, low] = crc.to_be_bytes();
        let step = TABLE.get(usize::from(high ^ byte)).copied().unwrap_or_default();
        u16::from_be_bytes([low, 0]) ^ step
    })
}

/// What the end of a text says of its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Crc<'a> {
    /// The last four characters, if `6304` stands before them.
    pub stated: Option<&'a str>,
    /// What they should be.
    pub computed: Option<u16>,
}

impl<'a> Crc<'a> {
    /// Looks at the end of a text, which need not be well formed otherwise.
    pub fn of(text: &'a str) -> Self {
        let ends = || {
            let (fourth_last, _) = text.char_indices().rev().nth(3)?;
            let (summed, stated) = text.split_at_checked(fourth_last)?;
            summed.ends_with(HEADER).then_some((summed, stated))
        };
        ends().map_or_else(Self::default, |(summed, stated)| Self {
            stated: Some(stated),
            computed: Some(crc16(summed.as_bytes())),
        })
    }

    /// Whether the stated checksum is right. Small letters, which some issuers write, count.
    pub fn is_valid(&self) -> bool {
        let (Some(stated), Some(computed)) = (self.stated, self.computed) else { return false };
        stated.bytes().all(|digit| digit.is_ascii_hexdigit())
            && u16::from_str_radix(stated, 16) == Ok(computed)
    }

    /// Whether it is written with small letters.
    pub fn is_lowercase(&self) -> bool {
        self.stated.is_some_and(|stated| stated.bytes().any(|digit| digit.is_ascii_lowercase()))
    }
}
