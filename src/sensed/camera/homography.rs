//! The homography from a code to the picture: where each module of a flat code is seen.

use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::{ConcentricPattern, FindConcentricPatternCorners};
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

/// From the middle of an eye to the middle of its outer ring, in modules.
const RING: f32 = 3.0;

/// A point in modules from the code's top left corner, and where it is seen, in pixels.
pub(super) type Seen = ((f32, f32), (f32, f32));

/// Leads from modules to pixels.
#[derive(Clone, Debug)]
pub(super) struct Homography {
    /// Both sides are moved and scaled to about one, lest the equations lose their digits.
    modules: Frame,
    pixels: Frame,
    h: [f32; 8],
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    middle: (f32, f32),
    size: f32,
}

impl Frame {
    fn around(points: impl Iterator<Item = (f32, f32)> + Clone) -> Self {
        let count = points.clone().count().max(1) as f32;
        let sum = points.clone().fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        let middle = (sum.0 / count, sum.1 / count);
        let far = points.map(|p| (p.0 - middle.0).abs().max((p.1 - middle.1).abs()));
        Self { middle, size: far.fold(1.0, f32::max) }
    }

    fn inside(&self, (x, y): (f32, f32)) -> (f32, f32) {
        ((x - self.middle.0) / self.size, (y - self.middle.1) / self.size)
    }
}

impl Homography {
    /// The homography that comes nearest to all points; four lie on it exactly.
    pub(super) fn through(points: &[Seen]) -> Option<Self> {
        let modules = Frame::around(points.iter().map(|p| p.0));
        let pixels = Frame::around(points.iter().map(|p| p.1));
        // x = (au + bv + c) / (gu + hv + 1), y alike: linear in a to h once multiplied out.
        let mut sums = [[0.0f64; 9]; 8];
        for &(module, pixel) in points {
            let ((u, v), (x, y)) = (modules.inside(module), pixels.inside(pixel));
            let [u, v, x, y] = [u, v, x, y].map(f64::from);
            for row in [
                [u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x, x],
                [0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y, y],
            ] {
                for (sums, a) in sums.iter_mut().zip(row) {
                    sums.iter_mut().zip(row).for_each(|(sum, b)| *sum += a * b);
                }
            }
        }
        let h = solve(sums)?.map(|v| v as f32);
        h.iter().all(|v| v.is_finite()).then_some(Self { modules, pixels, h })
    }

    /// Through the eyes' middles and, where they are seen clearly, the corners of their rings:
    /// an eye's own shape tells how the sheet leans.
    pub(super) fn of_eyes(eyes: &Eyes, dimension: i32) -> Option<Self> {
        Self::through(&eyes.points(dimension))
    }

    /// Where a point of the code, in modules, lies in the picture.
    pub(super) fn at(&self, point: (f32, f32)) -> (f32, f32) {
        let (u, v) = self.modules.inside(point);
        let [a, b, c, d, e, f, g, h] = self.h;
        let w = g * u + h * v + 1.0;
        let (x, y) = ((a * u + b * v + c) / w, (d * u + e * v + f) / w);
        (self.pixels.middle.0 + x * self.pixels.size, self.pixels.middle.1 + y * self.pixels.size)
    }
}

/// Three eyes of one code, one of which may be hidden.
#[derive(Clone)]
pub(super) struct Eyes {
    /// Top left, top right, bottom left.
    seen: [Option<Eye>; 3],
}

#[derive(Clone)]
struct Eye {
    middle: (f32, f32),
    /// The corners of its ring, clockwise from the code's top left, where they are clear.
    ring: Option<[(f32, f32); 4]>,
}

impl Eyes {
    pub(super) fn of(bits: &BitMatrix, set: &FinderPatternSet) -> Self {
        let [tl, tr, bl] = [set.tl, set.tr, set.bl].map(|eye| (eye.p.x, eye.p.y));
        let (right, down) = (minus(tr, tl), minus(bl, tl));
        let eye = |eye: ConcentricPattern| {
            Some(Eye { middle: (eye.p.x, eye.p.y), ring: ring(bits, eye, right, down) })
        };
        Self { seen: [set.tl, set.tr, set.bl].map(eye) }
    }

    /// What two eyes may be when the third is hidden by glare, dirt or a thumb: their own shape
    /// tells whether they lie side by side or across, and which way the code may lie.
    pub(super) fn of_two(
        bits: &BitMatrix,
        one: ConcentricPattern,
        other: ConcentricPattern,
    ) -> Vec<Self> {
        let (a, b) = ((one.p.x, one.p.y), (other.p.x, other.p.y));
        let way = minus(b, a);
        let aside = (-way.1, way.0);
        let Some(corners) = ring(bits, one, way, aside) else { return Vec::new() };
        let [p, q, _, s] = corners;
        let along = |side: (f32, f32)| {
            let (x, y) = (side.0 * way.0 + side.1 * way.1, side.0 * aside.0 + side.1 * aside.1);
            (x / side.0.hypot(side.1).max(1e-6), y / side.0.hypot(side.1).max(1e-6))
        };
        let length = way.0.hypot(way.1).max(1e-6);
        // Cosine between the way to the other eye and the ring's nearest side.
        let straight = along(minus(q, p)).0.abs().max(along(minus(s, p)).0.abs()) / length;
        // Top left, top right, bottom left; `None` is the hidden one.
        let places: &[[Option<bool>; 3]] = if straight > 0.88 {
            &[
                [Some(true), Some(false), None],
                [Some(false), Some(true), None],
                [Some(true), None, Some(false)],
                [Some(false), None, Some(true)],
            ]
        } else {
            &[[None, Some(true), Some(false)], [None, Some(false), Some(true)]]
        };
        let assemble = |place: &[Option<bool>; 3]| {
            let at = |which: bool| if which { a } else { b };
            let (right, down) = match place.map(|which| which.map(at)) {
                [Some(tl), Some(tr), _] => (minus(tr, tl), turned(minus(tr, tl))),
                [Some(tl), _, Some(bl)] => {
                    let down = minus(bl, tl);
                    ((down.1, -down.0), down)
                }
                [_, Some(tr), Some(bl)] => {
                    // The diagonal from bottom left to top right, turned by an eighth.
                    let (x, y) = minus(tr, bl);
                    ((x - y, x + y), (-x - y, x - y))
                }
                _ => return None,
            };
            let eye = |which: bool| {
                let eye = if which { one } else { other };
                let ring = ring(bits, eye, right, down)?;
                Some(Eye { middle: at(which), ring: Some(ring) })
            };
            let seen = place.map(|which| which.and_then(eye));
            (seen.iter().flatten().count() == 2).then_some(Self { seen })
        };
        places.iter().filter_map(assemble).collect()
    }

    /// Which corners of a code of this size are seen, and where: those of the eyes alone.
    pub(super) fn middles(&self) -> [Option<(f32, f32)>; 3] {
        [0, 1, 2].map(|i| self.seen.get(i).and_then(|eye| Some(eye.as_ref()?.middle)))
    }

    fn points(&self, dimension: i32) -> Vec<Seen> {
        let far = dimension as f32 - 3.5;
        let places = [(3.5, 3.5), (far, 3.5), (3.5, far)];
        let mut points = Vec::with_capacity(16);
        for (place, eye) in places.iter().zip(&self.seen) {
            let Some(eye) = eye else { continue };
            points.push((*place, eye.middle));
            let corners = [(-RING, -RING), (RING, -RING), (RING, RING), (-RING, RING)];
            for (corner, seen) in corners.iter().zip(eye.ring.iter().flatten()) {
                points.push(((place.0 + corner.0, place.1 + corner.1), *seen));
            }
        }
        if let ([Some(tl), Some(tr), Some(bl)], 3) = (self.middles(), points.len()) {
            // No ring was clear: as if seen from straight above.
            points.push(((far, far), (tr.0 - tl.0 + bl.0, tr.1 - tl.1 + bl.1)));
        }
        points
    }
}

fn minus(a: (f32, f32), b: (f32, f32)) -> (f32, f32) {
    (a.0 - b.0, a.1 - b.1)
}

/// A quarter clockwise, as the code's left side is from its top.
fn turned((x, y): (f32, f32)) -> (f32, f32) {
    (-y, x)
}

/// The ring's corners, turned so that the first is the code's top left.
fn ring(
    bits: &BitMatrix,
    eye: ConcentricPattern,
    right: (f32, f32),
    down: (f32, f32),
) -> Option<[(f32, f32); 4]> {
    let quad = FindConcentricPatternCorners(bits, eye.p, eye.size, 2)?;
    let corners = quad.0.map(|p| (p.x, p.y));
    let unit = |(x, y): (f32, f32)| (x / x.hypot(y).max(1e-6), y / x.hypot(y).max(1e-6));
    let (right, down) = (unit(right), unit(down));
    let wanted = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
        .map(|(i, j)| (i * right.0 + j * down.0, i * right.1 + j * down.1));
    let fits = |order: &[(f32, f32); 4]| -> f32 {
        let along =
            |(p, w): (&(f32, f32), &(f32, f32))| (p.0 - eye.p.x) * w.0 + (p.1 - eye.p.y) * w.1;
        order.iter().zip(&wanted).map(along).sum()
    };
    let [a, b, c, d] = corners;
    let orders = [
        [a, b, c, d],
        [b, c, d, a],
        [c, d, a, b],
        [d, a, b, c],
        [d, c, b, a],
        [c, b, a, d],
        [b, a, d, c],
        [a, d, c, b],
    ];
    orders.into_iter().max_by(|a, b| fits(a).total_cmp(&fits(b)))
}

/// Gauss, with the largest pivot.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let size = |row: &[f64; 9]| row.get(column).map_or(0.0, |v| v.abs());
        let rest = rows.iter().enumerate().skip(column);
        let (pivot, _) = rest.max_by(|a, b| size(a.1).total_cmp(&size(b.1)))?;
        rows.swap(column, pivot);
        let pivot = *rows.get(column)?;
        let head = *pivot.get(column)?;
        if head.abs() < 1e-12 {
            return None;
        }
        for (i, row) in rows.iter_mut().enumerate() {
            let share = row.get(column).copied()? / head;
            if i != column {
                row.iter_mut().zip(pivot).for_each(|(v, p)| *v -= share * p);
            }
        }
    }
    let mut answer = [0.0; 8];
    for (i, (value, row)) in answer.iter_mut().zip(&rows).enumerate() {
        *value = row.get(8)? / row.get(i)?;
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_leaning_away_is_followed_beyond_the_points_it_was_laid_through() {
        let truth = |(u, v): (f32, f32)| {
            let w = 0.011 * u + 0.004 * v + 1.0;
            ((9.0 * u + 1.5 * v + 40.0) / w, (0.8 * u + 7.0 * v + 30.0) / w)
        };
        let eyes = [(3.5, 3.5), (25.5, 3.5), (3.5, 25.5)];
        let corners = [(-3.0, -3.0), (3.0, -3.0), (3.0, 3.0), (-3.0, 3.0)];
        let points: Vec<Seen> = eyes
            .iter()
            .flat_map(|eye| corners.map(|corner| (eye.0 + corner.0, eye.1 + corner.1)))
            .map(|p| (p, truth(p)))
            .collect();
        let homography = Homography::through(&points).unwrap();
        let (x, y) = homography.at((29.0, 29.0));
        let (wx, wy) = truth((29.0, 29.0));
        assert!((x - wx).hypot(y - wy) < 0.05, "({x}, {y}) for ({wx}, {wy})");
    }

    #[test]
    fn points_on_one_line_are_no_sheet() {
        let line: Vec<Seen> = (0..4).map(|i| ((i as f32, 0.0), (i as f32, i as f32))).collect();
        assert!(Homography::through(&line).is_none());
    }
}
