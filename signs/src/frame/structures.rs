//! The length-type-value structures of an advertisement (Bluetooth Core, Vol. 3 Part C, 11).

/// AD type of manufacturer specific data: a little-endian company id, then the maker's bytes.
pub(super) const MANUFACTURER_DATA: u8 = 0xff;
/// AD type of service data: a little-endian 16-bit service UUID, then the service's bytes.
pub(super) const SERVICE_DATA_16: u8 = 0x16;

/// Bytes of an advertisement that is padded in Android's scan record.
const PADDED_ADVERT_LEN: usize = 31;

/// The parts of Android's scan record whose structures are walked one after the other. Most phones
/// append the scan response to the advertisement without padding, so the record is one part; some
/// pad the advertisement to 31 bytes, and padding ends a walk.
pub fn android_record_parts(record: &[u8]) -> [&[u8]; 2] {
    let Some((advert, response)) = record.split_at_checked(PADDED_ADVERT_LEN) else {
        return [record, &[]];
    };
    let mut alone = Structures::of(advert);
    alone.by_ref().for_each(drop);
    let mut whole = Structures::of(record);
    // No AD type is zero: such a structure is padding behind a length that is wrong.
    let is_whole = whole.by_ref().all(|structure| structure.ad_type != 0);
    // A structure across the 31st byte is a fault of a padded advertisement, and none of a record
    // without padding, which then ends well.
    let has_no_padding = alone.overran && is_whole && !whole.overran;
    if has_no_padding { [record, &[]] } else { [advert, response] }
}

/// One structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure<'a> {
    /// The AD type, see Bluetooth's assigned numbers.
    pub ad_type: u8,
    /// The bytes after the type.
    pub data: &'a [u8],
    /// What follows the structure; only the lenient mode looks there.
    pub(super) after: &'a [u8],
}

/// Walks an advertisement. A zero length ends the walk, since what follows is padding; so does a
/// length that runs past the end.
#[derive(Debug, Clone)]
pub struct Structures<'a> {
    rest: &'a [u8],
    overran: bool,
}

impl<'a> Structures<'a> {
    /// The structures of these bytes.
    pub fn of(advert: &'a [u8]) -> Self {
        Self { rest: advert, overran: false }
    }

    /// Whether the walk has met a length that runs past the end.
    pub fn overran(&self) -> bool {
        self.overran
    }
}

impl<'a> Iterator for Structures<'a> {
    type Item = Structure<'a>;

    fn next(&mut self) -> Option<Structure<'a>> {
        let (&length, rest) = std::mem::take(&mut self.rest).split_first()?;
        if length == 0 {
            return None;
        }
        let Some((structure, after)) = rest.split_at_checked(usize::from(length)) else {
            self.overran = true;
            return None;
        };
        self.rest = after;
        let (&ad_type, data) = structure.split_first()?;
        Some(Structure { ad_type, data, after })
    }
}
