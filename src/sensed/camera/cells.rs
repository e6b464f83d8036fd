//! quircs finds the code and fits its grid; the cells it saw are decoded by rxing, because quircs
//! itself reports success with cut text for modes it does not know, and reads no mirrored codes.

use super::content::Content;
use super::reader::{Found, Pass};
use quircs::Quirc;
use rxing::common::BitMatrix;
use rxing::qrcode::cpp_port::decoder::Decode;

pub(super) fn read(ink: &BitMatrix) -> Pass {
    let (width, height) = (ink.width(), ink.height());
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| if ink.get(x, y) { 0 } else { 255 }))
        .collect();
    let mut quirc = Quirc::new();
    let codes = quirc.identify(width as usize, height as usize, &pixels);
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
