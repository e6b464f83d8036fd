//! A symbol's modules to its data codewords (ISO/IEC 18004:2015, 7.7.3 and 12). rxing has these
//! steps too, but only in one piece with tables for Model 1, Micro and rMQR codes, which no finder
//! here looks for: 48 KB more on a phone.

use rxing::common::BitMatrix;
use rxing::qrcode::common::{FormatInformation, Version};
use rxing::qrcode::cpp_port::decoder::CorrectErrors;
use rxing::qrcode::decoder::{DataBlock, DataMask};

/// What one symbol's error correction vouches for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Codewords {
    /// In the order in which they are read.
    pub data: Vec<u8>,
    /// From 1 to 40, by the symbol's size: its version information need not be legible.
    pub version: u32,
}

impl Codewords {
    /// `None` for a symbol whose errors cannot be corrected.
    pub(super) fn of(modules: &BitMatrix) -> Option<Self> {
        let side = modules.height();
        let version = Version::getProvisionalVersionForDimension(side).ok()?;
        let format = format(modules);
        let mask = DataMask::try_from(format.data_mask).ok()?;
        let reserved = version.buildFunctionPattern().ok()?;
        let dark = |x, y| module(modules, (x, y), format.isMirrored) != mask.isMasked(y, x);
        let bits = places(side).filter(|&(x, y)| !reserved.get(x, y)).map(|(x, y)| dark(x, y));
        let bits: Vec<bool> = bits.collect();
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        // At the end up to seven bits belong to no codeword.
        let codewords: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
        let level = format.error_correction_level;
        let mut data = Vec::with_capacity(codewords.len());
        for block in DataBlock::getDataBlocks(&codewords, version, level).ok()? {
            let mut bytes = block.getCodewords().to_vec();
            let count = block.getNumDataCodewords();
            CorrectErrors(&mut bytes, count).ok()?.then_some(())?;
            data.extend_from_slice(bytes.get(..count as usize)?);
        }
        Some(Self { data, version: version.getVersionNumber() })
    }
}

/// In a mirrored symbol columns and rows have changed places.
fn module(modules: &BitMatrix, (x, y): (u32, u32), mirrored: bool) -> bool {
    if mirrored { modules.get(y, x) } else { modules.get(x, y) }
}

/// Level of correction, mask, and whether the symbol is mirrored, from the two copies of the format
/// information (7.9.1, Figure 25), whose bits may be wrong in part.
fn format(modules: &BitMatrix) -> FormatInformation {
    let last = modules.height() - 1;
    let number = |places: &mut dyn Iterator<Item = (u32, u32)>| {
        places.fold(0, |bits, (x, y)| bits << 1 | u32::from(modules.get(x, y)))
    };
    // Round the top left eye, past the timing patterns.
    let row = (0..6).chain([7]).map(|x| (x, 8));
    let first = number(&mut row.chain([(8, 8), (8, 7)]).chain((0..6).rev().map(|y| (8, y))));
    // Up from the bottom, beginning with the module that is always dark, and on at the right.
    let column = (last - 7..=last).rev().map(|y| (8, y));
    let second = number(&mut column.chain((last - 7..=last).map(|x| (x, 8))));
    FormatInformation::DecodeQR(first, second)
}

/// The modules in the order of the codewords' bits: pairs of columns from the right, upwards and
/// downwards in turn, the timing pattern's column left out.
fn places(side: u32) -> impl Iterator<Item = (u32, u32)> {
    let rights = (0..side / 2).map(move |pair| side - 1 - 2 * pair).map(|x| x - u32::from(x < 7));
    rights.enumerate().flat_map(move |(pair, right)| {
        let row = move |step| if pair % 2 == 0 { side - 1 - step } else { step };
        (0..side).flat_map(move |step| [(right, row(step)), (right - 1, row(step))])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::{Color, EcLevel, QrCode, Version as Drawn};

    fn drawn(version: i16, level: EcLevel) -> BitMatrix {
        let code = QrCode::with_version(b"9", Drawn::Normal(version), level).unwrap();
        let side = code.width() as u32;
        let mut modules = BitMatrix::with_single_dimension(side).unwrap();
        for (at, _) in code.to_colors().iter().enumerate().filter(|(_, is)| **is == Color::Dark) {
            modules.set(at as u32 % side, at as u32 / side);
        }
        modules
    }

    fn mirrored(modules: &BitMatrix) -> BitMatrix {
        let side = modules.height();
        let mut turned = BitMatrix::with_single_dimension(side).unwrap();
        for (x, y) in places(side).filter(|&(x, y)| modules.get(x, y)) {
            turned.set(y, x);
        }
        for at in (0..side).filter(|&at| modules.get(6, at)) {
            turned.set(at, 6);
        }
        turned
    }

    #[test]
    fn every_version_is_read_mirrored_too() {
        let levels = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
        for (version, level) in (1..=40).zip(levels.into_iter().cycle()) {
            let modules = drawn(version, level);
            let upright = Codewords::of(&modules).unwrap();
            assert_eq!(upright.version, version as u32);
            // Numeric mode.
            assert_eq!(upright.data[0] >> 4, 0b0001, "version {version}");
            assert_eq!(Codewords::of(&mirrored(&modules)), Some(upright));
        }
    }

    #[test]
    fn a_symbol_whose_version_information_is_illegible_is_read_by_its_size() {
        let mut modules = drawn(7, EcLevel::M);
        let whole = Codewords::of(&modules);
        let side = modules.height();
        for (x, y) in (0..6).flat_map(|y| (side - 11..side - 8).map(move |x| (x, y))) {
            modules.flip_coords(x, y);
            modules.flip_coords(y, x);
        }
        assert!(whole.is_some());
        assert_eq!(Codewords::of(&modules), whole);
    }

    #[test]
    fn three_wrong_bits_in_each_copy_of_the_format_are_overlooked() {
        let mut modules = drawn(2, EcLevel::L);
        let whole = Codewords::of(&modules);
        let last = modules.height() - 1;
        for at in [0, 2, 4] {
            modules.flip_coords(at, 8);
            modules.flip_coords(last - at, 8);
        }
        assert!(whole.is_some());
        assert_eq!(Codewords::of(&modules), whole);
    }

    #[test]
    fn no_size_or_picture_is_a_panic() {
        for side in 1..=180 {
            let mut modules = BitMatrix::with_single_dimension(side).unwrap();
            assert_eq!(Codewords::of(&modules).filter(|_| side % 4 != 1 || side < 21), None);
            modules.flip_self();
            assert_eq!(Codewords::of(&modules).filter(|_| side % 4 != 1 || side < 21), None);
        }
    }
}
