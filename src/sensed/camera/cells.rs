//! quircs finds the code and fits its grid; the cells it saw are decoded by rxing, because quircs
//! itself reports success with cut text for modes it does not know, and reads no mirrored codes.

use super::content::Content;
use super::gray::Gray;
use super::reader::{Found, Pass};
use quircs::Quirc;
use rxing::common::BitMatrix;
use rxing::qrcode::cpp_port::decoder::Decode;

/// `pixels` as many as `gray` has.
pub(super) fn read(pixels: &[u8], gray: &Gray) -> Pass {
    if pixels.len() != gray.width * gray.height {
        return Pass::default();
    }
    let mut quirc = Quirc::new();
    let codes = quirc.identify(gray.width, gray.height, pixels);
    let found = codes.flatten().filter_map(|code| read_code(&code)).collect();
    Pass { found, finders: Vec::new() }
}

fn read_code(code: &quircs::Code) -> Option<Found> {
    let size = u32::try_from(code.size).ok().filter(|size| (21..=177).contains(size))?;
    let mut bits = BitMatrix::with_single_dimension(size).ok()?;
    for y in 0..size {
        for x in 0..size {
            let i = (y * size + x) as usize;
            if code.cell_bitmap.get(i >> 3)? & (1 << (i & 7)) != 0 {
                bits.set(x, y);
            }
        }
    }
    let content = Content::of(&Decode(&bits).ok()?)?;
    Some(Found { content, corners: code.corners.map(|p| (p.x as f32, p.y as f32)) })
}
