//! Grey to ink: which pixels are black. Uneven light is the rule at a counter, so every threshold
//! here is local.

use super::gray::Gray;
use rxing::common::{BitArray, BitMatrix};

/// Side of the squares that share one threshold.
const BLOCK: usize = 8;
/// A block whose values span less than this is all paper or all ink, and must not be split.
const FLAT: u8 = 24;
const WORD: usize = usize::BITS as usize;

/// A way to tell ink from paper.
#[derive(Clone, Copy, Debug)]
pub(super) enum Threshold {
    /// By the blocks around: fast, and good on even paper.
    Blocks,
    /// By the square around each pixel, whose side is the longest side over this: slower; holds on
    /// shadows and low contrast.
    Surroundings(usize),
}

impl Threshold {
    pub(super) fn binarize(self, gray: &Gray) -> Option<BitMatrix> {
        match self {
            Self::Blocks => by_blocks(gray),
            Self::Surroundings(share) => by_surroundings(gray, share),
        }
    }
}

/// Bradley and Roth: ink is so many percent darker than what is around it.
const DARKER: u32 = 5;

/// A threshold for each 8 x 8 block from the 5 x 5 blocks around it.
fn by_blocks(gray: &Gray) -> Option<BitMatrix> {
    let across = gray.width.div_ceil(BLOCK);
    let points = block_points(gray, across);
    let point_rows: Vec<&[u8]> = points.chunks_exact(across).collect();
    // The window keeps its five blocks at the edges by moving inwards.
    let window = |block: usize, count: usize| block.saturating_sub(2).min(count.saturating_sub(5));
    let mut bits = Canvas::new(gray)?;
    let mut columns = vec![0u32; across];
    let mut thresholds = Vec::with_capacity(across);
    for (block_row, rows) in gray.data.chunks(gray.width * BLOCK).enumerate() {
        let near = point_rows.iter().skip(window(block_row, point_rows.len())).take(5);
        let deep = near.len();
        columns.fill(0);
        for row in near {
            columns.iter_mut().zip(*row).for_each(|(sum, &v)| *sum += u32::from(v));
        }
        thresholds.clear();
        thresholds.extend((0..across).map(|block| {
            let near = columns.iter().skip(window(block, across)).take(5);
            let count = near.len() * deep;
            (near.sum::<u32>() / count.max(1) as u32) as u8
        }));
        for row in rows.chunks_exact(gray.width) {
            bits.push(row.chunks(WORD).zip(thresholds.chunks(WORD / BLOCK)).map(
                |(pixels, thresholds)| {
                    let blocks = pixels.chunks(BLOCK).zip(thresholds).rev();
                    blocks.fold(0, |word, (block, threshold)| {
                        word << BLOCK | pack(block.iter().map(|v| v <= threshold))
                    })
                },
            ));
        }
    }
    Some(bits.matrix)
}

/// The level that parts ink from paper in each block, judged from the block and, where it is
/// flat, from its neighbours.
fn block_points(gray: &Gray, across: usize) -> Vec<u8> {
    let mut points: Vec<u8> = Vec::with_capacity(across * gray.height.div_ceil(BLOCK));
    let mut stats = Vec::with_capacity(across);
    for rows in gray.data.chunks(gray.width * BLOCK) {
        stats.clear();
        stats.resize(across, (u8::MAX, u8::MIN, 0u32));
        let deep = rows.len() / gray.width;
        for row in rows.chunks_exact(gray.width) {
            let (blocks, rest) = row.as_chunks::<BLOCK>();
            let rest = Some(rest).filter(|rest| !rest.is_empty());
            let blocks = blocks.iter().map(|block| block.as_slice()).chain(rest);
            for (stat, pixels) in stats.iter_mut().zip(blocks) {
                stat.0 = pixels.iter().fold(stat.0, |min, &v| min.min(v));
                stat.1 = pixels.iter().fold(stat.1, |max, &v| max.max(v));
                stat.2 += pixels.iter().map(|&v| u32::from(v)).sum::<u32>();
            }
        }
        let above = points.len().checked_sub(across);
        for (block, &(min, max, sum)) in stats.iter().enumerate() {
            let wide = (gray.width - block * BLOCK).min(BLOCK);
            let point = if max.saturating_sub(min) > FLAT {
                (sum / (wide * deep).max(1) as u32) as u8
            } else {
                // Paper, unless what the neighbours call ink is lighter than this block.
                let neighbours = above.filter(|_| block > 0).and_then(|above| {
                    let up = *points.get(above + block)?;
                    let up_left = *points.get(above + block - 1)?;
                    let left = *points.last()?;
                    Some((u16::from(up) + 2 * u16::from(left) + u16::from(up_left)) / 4)
                });
                match neighbours {
                    Some(level) if u16::from(min) < level => level as u8,
                    _ => min / 2,
                }
            };
            points.push(point);
        }
    }
    points
}

fn by_surroundings(gray: &Gray, share: usize) -> Option<BitMatrix> {
    let radius = (gray.width.max(gray.height) / share.max(1) / 2).max(4);
    let means = gray.blurred(radius);
    let mut bits = Canvas::new(gray)?;
    let part = 100 - DARKER;
    for (row, means) in gray.data.chunks_exact(gray.width).zip(means.chunks_exact(gray.width)) {
        bits.push(row.chunks(WORD).zip(means.chunks(WORD)).map(|(pixels, means)| {
            let dark = |(&v, &mean)| u32::from(v) * 100 < u32::from(mean) * part;
            pack(pixels.iter().zip(means).map(dark))
        }));
    }
    Some(bits.matrix)
}

/// Up to a word of pixels, the first in the lowest bit.
fn pack(pixels: impl DoubleEndedIterator<Item = bool>) -> usize {
    pixels.rev().fold(0, |word, black| word << 1 | usize::from(black))
}

/// A bit matrix filled row by row, a machine word at a time: setting single bits is what makes
/// thresholds slow.
struct Canvas {
    matrix: BitMatrix,
    row: BitArray,
    y: u32,
}

impl Canvas {
    fn new(gray: &Gray) -> Option<Self> {
        let matrix = BitMatrix::new(gray.width as u32, gray.height as u32).ok()?;
        Some(Self { matrix, row: BitArray::with_size(gray.width), y: 0 })
    }

    /// Takes the words of one row, from the left.
    fn push(&mut self, words: impl Iterator<Item = usize>) {
        if self.y >= self.matrix.height() {
            return;
        }
        let size = self.row.get_size();
        for (at, word) in (0..size).step_by(WORD).zip(words) {
            self.row.setBulk(at, word);
        }
        self.matrix.setRow(self.y, &self.row);
        self.y += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::gray::Region;
    use super::super::plane::{Plane, Turn};
    use super::*;

    fn is_line(x: u32) -> bool {
        (x / 10).is_multiple_of(2)
    }

    /// Ink of 10 pixels' pitch under light that falls off from left to right.
    fn lines(width: u32, height: u32) -> Gray {
        let pixel = |x: u32| {
            let light = 250 - x * 100 / width.max(200);
            (if is_line(x) { light / 3 } else { light }) as u8
        };
        let bytes: Vec<u8> = (0..height).flat_map(|_| (0..width).map(pixel)).collect();
        let plane = Plane::new(&bytes, width, height, width, Turn::None).unwrap();
        Gray::cut(&plane, Region::of(&plane), 4096)
    }

    #[test]
    fn lines_stay_lines_under_falling_light_at_every_width() {
        for (width, threshold) in [
            (40, Threshold::Blocks),
            (64, Threshold::Blocks),
            (97, Threshold::Blocks),
            (203, Threshold::Blocks),
            (640, Threshold::Blocks),
            (640, Threshold::Surroundings(8)),
            (331, Threshold::Surroundings(8)),
        ] {
            let gray = lines(width, 61);
            let bits = threshold.binarize(&gray).unwrap();
            {
                assert_eq!((bits.width(), bits.height()), (width, 61));
                let wrong = (0..61)
                    .flat_map(|y| (0..width).map(move |x| (x, y)))
                    .filter(|&(x, y)| bits.get(x, y) != is_line(x))
                    .count();
                assert!(wrong * 20 < (width * 61) as usize, "{wrong} wrong at width {width}");
            }
        }
    }
}
