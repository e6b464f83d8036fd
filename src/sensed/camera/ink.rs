//! Grey to ink: which pixels are black. Uneven light is the rule at a counter, so every threshold
//! here is local.

use super::gray::Gray;
use rxing::common::{BitArray, BitMatrix};

/// Side of the squares that share one threshold.
const BLOCK: usize = 8;
/// A block whose values span less than this is all paper or all ink, and must not be split.
const FLAT: u8 = 24;
const WORD: usize = usize::BITS as usize;

/// A threshold for each 8 x 8 block from the blocks around it: fast, and good on even paper.
pub(super) fn by_blocks(gray: &Gray) -> Option<BitMatrix> {
    let (across, down) = (gray.width.div_ceil(BLOCK), gray.height.div_ceil(BLOCK));
    let points = block_points(gray, across);
    // Running sums over 5 x 5 blocks; at the edges the window is what is there.
    let mut ink = Canvas::new(gray)?;
    let mut thresholds = Vec::with_capacity(across);
    let point_rows: Vec<&[u8]> = points.chunks_exact(across).collect();
    let mut columns = vec![0u32; across];
    for (block_row, rows) in gray.data.chunks(gray.width * BLOCK).enumerate() {
        let top = block_row.min(down.saturating_sub(3)).max(2).saturating_sub(2);
        let near = point_rows.iter().skip(top).take(5);
        let deep = near.len() as u32;
        columns.fill(0);
        for row in near {
            columns.iter_mut().zip(*row).for_each(|(sum, &v)| *sum += u32::from(v));
        }
        thresholds.clear();
        for block in 0..across {
            let left = block.min(across.saturating_sub(3)).max(2).saturating_sub(2);
            let near = columns.iter().skip(left).take(5);
            let count = near.len() as u32 * deep;
            thresholds.push((near.sum::<u32>() / count.max(1)) as u8);
        }
        for row in rows.chunks_exact(gray.width) {
            ink.push(
                row.chunks(BLOCK)
                    .zip(&thresholds)
                    .flat_map(|(pixels, &threshold)| pixels.iter().map(move |&v| v <= threshold)),
            );
        }
    }
    Some(ink.matrix)
}

/// The level that parts ink from paper in each block, judged from the block and, where it is
/// flat, from its neighbours.
fn block_points(gray: &Gray, across: usize) -> Vec<u8> {
    let mut points: Vec<u8> = Vec::with_capacity(across * gray.height.div_ceil(BLOCK));
    let mut stats = Vec::with_capacity(across);
    for rows in gray.data.chunks(gray.width * BLOCK) {
        stats.clear();
        stats.resize(across, (u8::MAX, u8::MIN, 0u32, 0u32));
        for row in rows.chunks_exact(gray.width) {
            for (stat, pixels) in stats.iter_mut().zip(row.chunks(BLOCK)) {
                for &v in pixels {
                    stat.0 = stat.0.min(v);
                    stat.1 = stat.1.max(v);
                    stat.2 += u32::from(v);
                }
                stat.3 += pixels.len() as u32;
            }
        }
        let above = points.len().checked_sub(across);
        for (block, &(min, max, sum, count)) in stats.iter().enumerate() {
            let point = if max.saturating_sub(min) > FLAT {
                (sum / count.max(1)) as u8
            } else {
                // Paper, unless what the neighbours call ink is lighter than this block.
                let paper = min / 2;
                let neighbours = above.filter(|_| block > 0).and_then(|above| {
                    let up = *points.get(above + block)?;
                    let up_left = *points.get(above + block - 1)?;
                    let left = *points.last()?;
                    Some((u16::from(up) + 2 * u16::from(left) + u16::from(up_left)) / 4)
                });
                match neighbours {
                    Some(level) if u16::from(min) < level => level as u8,
                    _ => paper,
                }
            };
            points.push(point);
        }
    }
    points
}

/// Bradley and Roth's threshold: ink is `percent` darker than the mean of the square around it,
/// whose side is the longest side over `share`. Slower; holds on steep shadows and low contrast.
pub(super) fn by_surroundings(gray: &Gray, share: usize, percent: u32) -> Option<BitMatrix> {
    let radius = (gray.width.max(gray.height) / share.max(1) / 2).max(4);
    let mut ink = Canvas::new(gray)?;
    let rows: Vec<&[u8]> = gray.data.chunks_exact(gray.width).collect();
    let mut columns = vec![0u32; gray.width];
    let mut deep = 0u64;
    for row in rows.iter().take(radius) {
        columns.iter_mut().zip(*row).for_each(|(sum, &v)| *sum += u32::from(v));
        deep += 1;
    }
    let mut means = Vec::with_capacity(gray.width);
    for (y, row) in rows.iter().enumerate() {
        if let Some(next) = rows.get(y + radius) {
            columns.iter_mut().zip(*next).for_each(|(sum, &v)| *sum += u32::from(v));
            deep += 1;
        }
        if let Some(gone) = y.checked_sub(radius + 1).and_then(|gone| rows.get(gone)) {
            columns.iter_mut().zip(*gone).for_each(|(sum, &v)| *sum -= u32::from(v));
            deep -= 1;
        }
        means.clear();
        let mut sum: u64 = columns.iter().take(radius).map(|&v| u64::from(v)).sum();
        let mut wide = radius.min(gray.width) as u64;
        for x in 0..gray.width {
            if let Some(&v) = columns.get(x + radius) {
                sum += u64::from(v);
                wide += 1;
            }
            if let Some(&v) = x.checked_sub(radius + 1).and_then(|gone| columns.get(gone)) {
                sum -= u64::from(v);
                wide -= 1;
            }
            let percent = u64::from(100u32.saturating_sub(percent));
            means.push((sum * percent / (100 * deep * wide).max(1)) as u8);
        }
        ink.push(row.iter().zip(&means).map(|(v, mean)| v < mean));
    }
    Some(ink.matrix)
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

    /// Takes one bit a pixel, exactly as many as the picture is wide.
    fn push(&mut self, pixels: impl Iterator<Item = bool>) {
        if self.y >= self.matrix.height() {
            return;
        }
        let (mut word, mut at) = (0usize, 0usize);
        for black in pixels.take(self.row.get_size()) {
            word |= usize::from(black) << (at % WORD);
            at += 1;
            if at % WORD == 0 {
                self.row.setBulk(at - WORD, word);
                word = 0;
            }
        }
        if at % WORD > 0 {
            self.row.setBulk(at - at % WORD, word);
        }
        self.matrix.setRow(self.y, &self.row);
        self.y += 1;
    }
}
