//! Grey pictures of our own: copies of a plane, whole or cut, shrunk, sharpened or inverted.

use super::plane::Plane;

/// A picture whose greys, but for the outermost hundredths, span less than this is of poor contrast.
const POOR_SPAN: usize = 128;

/// A rectangle of a plane, in its pixels; `x + width` and `y + height` are inside the plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Region {
    pub(super) fn of(plane: &Plane<'_>) -> Self {
        Self { x: 0, y: 0, width: plane.width(), height: plane.height() }
    }

    pub(super) fn longest(&self) -> u32 {
        self.width.max(self.height)
    }
}

/// Leads from a picture's points back to the plane's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crop {
    region: Region,
    width: usize,
    height: usize,
}

impl Crop {
    /// A point of the picture as a point of the plane.
    pub(super) fn on_plane(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let across = self.region.width as f32 / self.width as f32;
        let down = self.region.height as f32 / self.height as f32;
        (self.region.x as f32 + x * across, self.region.y as f32 + y * down)
    }

    /// A point of the plane as a point of the picture.
    pub(super) fn on_picture(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let across = self.width as f32 / self.region.width.max(1) as f32;
        let down = self.height as f32 / self.region.height.max(1) as f32;
        ((x - self.region.x as f32) * across, (y - self.region.y as f32) * down)
    }

    /// Pixels of the plane for one of the picture.
    pub(super) fn scale(&self) -> f32 {
        self.region.width as f32 / self.width as f32
    }
}

/// Rows without padding, and where they lie in the plane they were copied from.
#[derive(Clone, Debug)]
pub(super) struct Gray {
    pub data: Vec<u8>,
    pub width: usize,
    pub height: usize,
    region: Region,
}

impl Gray {
    /// Copies a region, shrunk so that its longest side is at most `side` pixels. Shrinking
    /// averages the area below each new pixel, so no module is skipped; nothing is enlarged.
    pub(super) fn cut(plane: &Plane<'_>, region: Region, side: u32) -> Self {
        let longest = region.longest().max(1);
        let fit = |length: u32| {
            if longest <= side {
                length as usize
            } else {
                (length as u64 * side as u64).div_ceil(longest as u64) as usize
            }
        };
        let (width, height) = (fit(region.width).max(1), fit(region.height).max(1));
        let columns = region.x as usize..(region.x + region.width) as usize;
        let rows = plane
            .rows()
            .skip(region.y as usize)
            .take(region.height as usize)
            .filter_map(|row| row.get(columns.clone()));
        let data = if width == region.width as usize {
            let mut data = Vec::with_capacity(width * height);
            rows.for_each(|row| data.extend_from_slice(row));
            data
        } else {
            shrink(rows, (region.width as usize, region.height as usize), (width, height))
        };
        let height = data.len() / width;
        Self { data, width, height, region }
    }

    /// The same picture, its longest side at most `side`.
    pub(super) fn shrunk(&self, side: usize) -> Self {
        let longest = self.width.max(self.height).max(1);
        if longest <= side {
            return self.clone();
        }
        let fit = |length: usize| (length * side).div_ceil(longest).max(1);
        let (width, height) = (fit(self.width), fit(self.height));
        let data =
            shrink(self.data.chunks_exact(self.width), (self.width, self.height), (width, height));
        Self { height: data.len() / width, data, width, region: self.region }
    }

    /// The same with its few greys spread over all of them; `None` when it has contrast enough.
    pub(super) fn stretched(&self) -> Option<Self> {
        let mut counts = [0usize; 256];
        for v in &self.data {
            if let Some(count) = counts.get_mut(usize::from(*v)) {
                *count += 1;
            }
        }
        let few = self.data.len() / 100;
        let most = |seen: &mut usize, count: &usize| {
            *seen += count;
            Some(*seen <= few)
        };
        let low = counts.iter().scan(0, most).take_while(|few| *few).count();
        let high = 255usize
            .saturating_sub(counts.iter().rev().scan(0, most).take_while(|few| *few).count());
        let span = high.checked_sub(low).filter(|span| (4..POOR_SPAN).contains(span))?;
        let spread = |v: &u8| (usize::from(*v).saturating_sub(low) * 255 / span).min(255) as u8;
        Some(Self { data: self.data.iter().map(spread).collect(), ..self.empty() })
    }

    /// Black for white.
    pub(super) fn inverted(&self) -> Self {
        Self { data: self.data.iter().map(|v| !v).collect(), ..self.empty() }
    }

    /// Unsharp mask: each pixel moves away from the mean of its 5 x 5 neighbourhood by one and a
    /// half times its distance from it. Undoes a mild blur.
    pub(super) fn sharpened(&self) -> Self {
        let blurred = self.blurred(2);
        let data = self
            .data
            .iter()
            .zip(&blurred)
            .map(|(&v, &mean)| {
                let (v, mean) = (i32::from(v), i32::from(mean));
                (v + (v - mean) * 3 / 2).clamp(0, 255) as u8
            })
            .collect();
        Self { data, ..self.empty() }
    }

    /// Each pixel the mean of its 3 x 3 neighbourhood, against noise.
    pub(super) fn softened(&self) -> Self {
        Self { data: self.blurred(1), ..self.empty() }
    }

    /// Lays paper over a code, whose corners are given in pixels of the plane.
    pub(super) fn cover(&mut self, corners: &[(f32, f32); 4]) {
        let crop = self.crop();
        let [a, b, c, d] = corners.map(|corner| crop.on_picture(corner));
        let sides = [(a, b), (b, c), (c, d), (d, a)];
        let inside = |x: f32, y: f32| {
            let side = |(p, q): ((f32, f32), (f32, f32))| {
                (q.0 - p.0) * (y - p.1) - (q.1 - p.1) * (x - p.0)
            };
            let sides = sides.map(side);
            sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
        };
        let ys = [a.1, b.1, c.1, d.1];
        let top = ys.iter().copied().fold(f32::INFINITY, f32::min).max(0.0) as usize;
        let bottom = ys.iter().copied().fold(0.0, f32::max) as usize;
        let rows = self.data.chunks_exact_mut(self.width.max(1)).enumerate();
        for (y, row) in rows.skip(top).take((bottom + 1).saturating_sub(top)) {
            let pixels = row.iter_mut().enumerate();
            pixels
                .filter(|(x, _)| inside(*x as f32 + 0.5, y as f32 + 0.5))
                .for_each(|(_, pixel)| *pixel = u8::MAX);
        }
    }

    /// Without the light lines and gaps that are at most `2 * radius` pixels wide: each pixel as
    /// dark as the darkest around it, and then as light as the lightest of those.
    pub(super) fn closed(&self, radius: usize) -> Self {
        let darker = extremes(&self.data, self.width, radius, u8::min);
        Self { data: extremes(&darker, self.width, radius, u8::max), ..self.empty() }
    }

    /// Without the dark lines that are at most `2 * radius` pixels wide.
    pub(super) fn opened(&self, radius: usize) -> Self {
        let lighter = extremes(&self.data, self.width, radius, u8::max);
        Self { data: extremes(&lighter, self.width, radius, u8::min), ..self.empty() }
    }

    /// The mean of the square of `2 * radius + 1` around each pixel.
    pub(super) fn blurred(&self, radius: usize) -> Vec<u8> {
        box_blur(&self.data, self.width, radius)
    }

    /// Where this picture lies in the plane.
    pub(super) fn crop(&self) -> Crop {
        Crop { region: self.region, width: self.width.max(1), height: self.height.max(1) }
    }

    fn empty(&self) -> Self {
        Self { data: Vec::new(), width: self.width, height: self.height, region: self.region }
    }
}

/// Area averaging in fixed point: first down the columns, which runs over whole rows, then across.
fn shrink<'r>(
    rows: impl Iterator<Item = &'r [u8]>,
    (from_width, from_height): (usize, usize),
    (to_width, to_height): (usize, usize),
) -> Vec<u8> {
    let mut out = Vec::with_capacity(to_width * to_height);
    let mut sums = vec![0u32; from_width];
    // Lengths are counted in parts of a source pixel: a source row is `to_height` parts long, a
    // new row `from_height` parts.
    let mut missing = from_height as u32;
    for row in rows {
        let mut parts = to_height as u32;
        while parts > 0 {
            let taken = parts.min(missing);
            for (sum, &v) in sums.iter_mut().zip(row) {
                *sum += u32::from(v) * taken;
            }
            parts -= taken;
            missing -= taken;
            if missing == 0 {
                squeeze(&sums, from_height as u32, to_width, &mut out);
                sums.fill(0);
                missing = from_height as u32;
            }
        }
    }
    out
}

fn squeeze(sums: &[u32], depth: u32, to_width: usize, out: &mut Vec<u8>) {
    let from_width = sums.len() as u64;
    let area = u64::from(depth) * from_width;
    let (mut total, mut missing) = (0u64, from_width);
    for &sum in sums {
        let mut parts = to_width as u64;
        while parts > 0 {
            let taken = parts.min(missing);
            total += u64::from(sum) * taken;
            parts -= taken;
            missing -= taken;
            if missing == 0 {
                out.push((total / area) as u8);
                (total, missing) = (0, from_width);
            }
        }
    }
}

/// The darkest or the lightest of the square of `2 * radius + 1` around each pixel.
fn extremes(data: &[u8], width: usize, radius: usize, of: fn(u8, u8) -> u8) -> Vec<u8> {
    let width = width.max(1);
    let across: Vec<u8> = data
        .chunks_exact(width)
        .flat_map(|row| {
            (0..width).map(move |x| {
                let near =
                    row.iter().skip(x.saturating_sub(radius)).take(radius + 1 + radius.min(x));
                near.copied().reduce(of).unwrap_or_default()
            })
        })
        .collect();
    let rows: Vec<&[u8]> = across.chunks_exact(width).collect();
    let mut out = Vec::with_capacity(data.len());
    for y in 0..rows.len() {
        let mut near = rows.iter().skip(y.saturating_sub(radius)).take(radius + 1 + radius.min(y));
        let mut best = near.next().map_or_else(Vec::new, |row| row.to_vec());
        near.for_each(|row| best.iter_mut().zip(*row).for_each(|(best, v)| *best = of(*best, *v)));
        out.extend(best);
    }
    out
}

/// Mean over a square of `2 * radius + 1`, edges repeated by taking the mean of what is there.
fn box_blur(data: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let height = data.len() / width.max(1);
    let rows: Vec<&[u8]> = data.chunks_exact(width.max(1)).collect();
    let mut out = Vec::with_capacity(data.len());
    let mut columns = vec![0u32; width];
    let mut deep = 0u32;
    let add = |columns: &mut [u32], row: &[u8]| {
        columns.iter_mut().zip(row).for_each(|(sum, &v)| *sum += u32::from(v));
    };
    for row in rows.iter().take(radius) {
        add(&mut columns, row);
        deep += 1;
    }
    for y in 0..height {
        if let Some(row) = rows.get(y + radius) {
            add(&mut columns, row);
            deep += 1;
        }
        if let Some(row) = y.checked_sub(radius + 1).and_then(|gone| rows.get(gone)) {
            columns.iter_mut().zip(*row).for_each(|(sum, &v)| *sum -= u32::from(v));
            deep -= 1;
        }
        let mut sum: u32 = columns.iter().take(radius).sum();
        let mut wide = radius.min(width) as u32;
        for x in 0..width {
            if let Some(&v) = columns.get(x + radius) {
                sum += v;
                wide += 1;
            }
            if let Some(&v) = x.checked_sub(radius + 1).and_then(|gone| columns.get(gone)) {
                sum -= v;
                wide -= 1;
            }
            out.push((sum / (deep * wide).max(1)) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::plane::Turn;
    use super::*;

    fn checker(width: u32, height: u32) -> Vec<u8> {
        (0..height).flat_map(|y| (0..width).map(move |x| ((x + y) % 2 * 255) as u8)).collect()
    }

    #[test]
    fn shrinking_averages_and_never_samples() {
        let bytes = checker(1000, 400);
        let plane = Plane::new(&bytes, 1000, 400, 1000, Turn::None).unwrap();
        let gray = Gray::cut(&plane, Region::of(&plane), 300);
        assert_eq!((gray.width, gray.height), (300, 120));
        assert!(gray.data.iter().all(|v| (90..=165).contains(v)), "a checker shrinks to grey");
        let again = gray.shrunk(100);
        assert_eq!((again.width, again.height), (100, 40));
        assert!(again.data.iter().all(|v| (110..=145).contains(v)));
    }

    #[test]
    fn a_cut_keeps_its_place_on_the_plane() {
        let mut bytes = vec![0u8; 200 * 100];
        bytes[50 * 200 + 120] = 255;
        let plane = Plane::new(&bytes, 200, 100, 200, Turn::None).unwrap();
        let region = Region { x: 100, y: 40, width: 60, height: 30 };
        let gray = Gray::cut(&plane, region, 640);
        assert_eq!(gray.data.iter().position(|v| *v == 255), Some(10 * 60 + 20));
        assert_eq!(gray.crop().on_plane((20.0, 10.0)), (120.0, 50.0));
    }

    #[test]
    fn a_blur_of_one_grey_is_that_grey_up_to_the_edges() {
        assert!(box_blur(&[77u8; 30 * 20], 30, 2).iter().all(|v| *v == 77));
        assert!(box_blur(&[9u8; 3], 1, 2).iter().all(|v| *v == 9));
    }
}
