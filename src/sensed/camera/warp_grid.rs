//! A warped grid over a code: a homography, and at each knot how far the real code is off it. The
//! knots are moved until the middles of the modules lie away from their edges.

use super::content::Content;
use super::gray::Gray;
use super::homography::{Eyes, Homography, Seen};
use rxing::common::BitMatrix;
use std::time::Instant;

/// Weight of modules whose colour is known beforehand (eyes, timing) against the others.
const KNOWN: i8 = 3;
/// By how much a module is moved away from its four neighbours before it is judged: blur is their
/// colour seeping in.
const SHARPEN: [f32; 3] = [0.0, 0.6, 1.3];
/// Modules around one whose darkest and lightest part ink from paper.
const WINDOW: usize = 4;

/// How much darker each pixel is than its surroundings.
pub(super) struct Contrast {
    values: Vec<i8>,
    width: usize,
    height: usize,
}

impl Contrast {
    pub(super) fn of(gray: &Gray, module: f32) -> Self {
        let means = gray.blurred((module * 5.0).ceil() as usize);
        let soft = gray.blurred((module / 4.0) as usize);
        let darker =
            |(&mean, v): (&u8, u8)| (i16::from(mean) - i16::from(v)).clamp(-127, 127) as i8;
        let values = means.iter().zip(soft).map(darker).collect();
        Self { values, width: gray.width, height: gray.height }
    }

    /// 0 outside the picture: neither paper nor ink.
    fn at(&self, (x, y): (f32, f32)) -> i32 {
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f32 && y < self.height as f32;
        let value = inside.then(|| self.values.get(y as usize * self.width + x as usize));
        i32::from(value.flatten().copied().unwrap_or(0))
    }

    /// Between the pixels.
    fn between(&self, (x, y): (f32, f32)) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (a, b) = (x - left, y - top);
        let pixel = |dx: f32, dy: f32| self.at((left + dx, top + dy)) as f32;
        (pixel(0.0, 0.0) * (1.0 - a) + pixel(1.0, 0.0) * a) * (1.0 - b)
            + (pixel(0.0, 1.0) * (1.0 - a) + pixel(1.0, 1.0) * a) * b
    }
}

pub(super) struct WarpGrid<'c> {
    contrast: &'c Contrast,
    pub dimension: i32,
    homography: Homography,
    /// Whether one of the three eyes is hidden: top left, top right, bottom left.
    hidden: [bool; 3],
    knots: Vec<(f32, f32)>,
    /// The weight of each module's ink; 0 where it differs from code to code.
    known: Vec<i8>,
    /// Cells between knots along a side.
    meshes: usize,
}

impl<'c> WarpGrid<'c> {
    pub(super) fn flat(contrast: &'c Contrast, eyes: &Eyes, dimension: i32) -> Option<Self> {
        let homography = Homography::of_eyes(eyes, dimension)?;
        let meshes = (dimension as usize).div_ceil(8);
        let knots = vec![(0.0, 0.0); (meshes + 1) * (meshes + 1)];
        let weight = |(x, y)| match known(dimension, x, y) {
            Some(true) => KNOWN,
            Some(false) => -KNOWN,
            None => 0,
        };
        let modules = (0..dimension).flat_map(|y| (0..dimension).map(move |x| (x, y)));
        let known = modules.map(weight).collect();
        let hidden = eyes.middles().map(|middle| middle.is_none());
        let mut grid = Self { known, contrast, dimension, homography, hidden, knots, meshes };
        if let [Some(tl), Some(tr), Some(bl)] = eyes.middles() {
            // The homography lies nearest to all that is seen of the eyes; on a round one their lean
            // misleads, and the middles alone are the better start.
            let fourth = (tr.0 - tl.0 + bl.0, tr.1 - tl.1 + bl.1);
            let level = Homography::through(&grid.places([tl, tr, bl, fourth]))?;
            if grid.score_flat(&level) > grid.score_flat(&grid.homography) {
                grid.homography = level;
            }
        }
        Some(grid)
    }

    /// Share of the timing between the eyes that is seen: a wrong dimension sees half of it.
    pub(super) fn timing(&self) -> f32 {
        let seen = (8..self.dimension - 8).flat_map(|i| [(i, 6), (6, i)]);
        let (count, right) =
            seen.fold((0, 0), |(n, right), m| (n + 1, right + i32::from(self.score(m) > 0)));
        right as f32 / count.max(1) as f32
    }

    /// Finds the corner without an eye, and the one whose eye is hidden: the grid may be tilted
    /// by several modules there.
    pub(super) fn tilt(&mut self, until: Instant) {
        let far = self.dimension as f32 - 3.5;
        let mut corners =
            [(3.5, 3.5), (far, 3.5), (3.5, far), (far, far)].map(|p| self.homography.at(p));
        let beside = self.homography.at((far - 1.0, far));
        let [.., fourth] = corners;
        let module = (fourth.0 - beside.0).hypot(fourth.1 - beside.1).clamp(0.5, 64.0);
        let mut best = self.score_flat(&self.homography);
        let hidden = self.hidden.iter().position(|hidden| *hidden);
        let wide = (self.dimension / 5).clamp(4, 12);
        for (reach, step) in [(wide, module), (2, module / 2.5), (2, module / 6.0)] {
            for corner in hidden.into_iter().chain([3]) {
                let Some(middle) = corners.get(corner).copied() else { continue };
                // A hidden eye's place is told by the other two to within a few modules.
                let reach = if corner == 3 { reach } else { reach.min(4) };
                for (i, j) in (-reach..=reach).flat_map(|j| (-reach..=reach).map(move |i| (i, j))) {
                    if i == -reach && Instant::now() >= until {
                        return;
                    }
                    let mut moved = corners;
                    let Some(place) = moved.get_mut(corner) else { continue };
                    *place = (middle.0 + i as f32 * step, middle.1 + j as f32 * step);
                    let Some(homography) = Homography::through(&self.places(moved)) else {
                        continue;
                    };
                    let score = self.score_flat(&homography);
                    if score > best {
                        best = score;
                        (corners, self.homography) = (moved, homography);
                    }
                }
            }
        }
    }

    fn places(&self, [tl, tr, bl, fourth]: [(f32, f32); 4]) -> [Seen; 4] {
        let far = self.dimension as f32 - 3.5;
        [((3.5, 3.5), tl), ((far, 3.5), tr), ((3.5, far), bl), ((far, far), fourth)]
    }

    /// Moves the knots one by one, by `step` modules, where that makes the picture agree better.
    pub(super) fn bend(&mut self, step: f32) {
        for knot in 0..self.knots.len() {
            let mut best = self.score_near(knot);
            for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                let Some(old) = self.knots.get(knot).copied() else {
                    return;
                };
                self.put(knot, (old.0 + dx, old.1 + dy));
                let score = self.score_near(knot);
                if score > best {
                    best = score;
                } else {
                    self.put(knot, old);
                }
            }
        }
    }

    fn put(&mut self, knot: usize, off: (f32, f32)) {
        if let Some(place) = self.knots.get_mut(knot) {
            *place = off;
        }
    }

    /// Every second module, and all on the timing: that says as much as all, in a quarter of the
    /// time.
    fn score_flat(&self, homography: &Homography) -> i64 {
        let at = |(x, y): (i32, i32)| {
            let on_picture = homography.at((x as f32 + 0.5, y as f32 + 0.5));
            self.weigh((x, y), self.contrast.at(on_picture))
        };
        let all = 0..self.dimension;
        let half = all.clone().step_by(2);
        let lattice: i64 =
            half.clone().flat_map(|y| half.clone().map(move |x| (x, y))).map(at).sum();
        let timing: i64 = all.map(|i| at((i, 6)) + at((6, i))).sum();
        lattice + timing
    }

    /// Share of the modules of known colour that are seen in it.
    pub(super) fn agreement(&self) -> f32 {
        let all = (0..self.dimension).flat_map(|y| (0..self.dimension).map(move |x| (x, y)));
        let seen = all.filter(|&m| self.known_weight(m) != 0).map(|m| self.score(m) > 0);
        let (count, right) = seen.fold((0, 0), |(n, right), ok| (n + 1, right + i32::from(ok)));
        right as f32 / count.max(1) as f32
    }

    /// The modules around a knot, less what the knot strays from its neighbours: a grid that
    /// stretches by a whole module reads the wrong ones.
    fn score_near(&self, knot: usize) -> i64 {
        let row = self.meshes + 1;
        let (kx, ky) = (knot % row, knot / row);
        let mesh = self.dimension as f32 / self.meshes as f32;
        let span = |k: usize| {
            let from = ((k as f32 - 1.0) * mesh).floor().max(0.0) as i32;
            let to = ((k as f32 + 1.0) * mesh).ceil() as i32;
            from..to.min(self.dimension)
        };
        let modules = span(ky).flat_map(|y| span(kx).map(move |x| (x, y)));
        let agreement: i64 = modules.map(|m| self.score(m)).sum();
        let here = self.knot(kx, ky);
        let neighbours = [
            (kx.checked_sub(1), Some(ky)),
            (Some(kx + 1).filter(|x| *x < row), Some(ky)),
            (Some(kx), ky.checked_sub(1)),
            (Some(kx), Some(ky + 1).filter(|y| *y < row)),
        ];
        let strain: f32 = neighbours
            .iter()
            .filter_map(|&(x, y)| Some(self.knot(x?, y?)))
            .map(|(x, y)| (x - here.0).powi(2) + (y - here.1).powi(2))
            .sum();
        agreement - (strain * mesh * mesh * 4.0) as i64
    }

    /// How clearly a module is ink or paper at its middle; how right, where its colour is known.
    fn score(&self, (x, y): (i32, i32)) -> i64 {
        self.weigh((x, y), self.contrast.at(self.on_picture((x as f32 + 0.5, y as f32 + 0.5))))
    }

    fn weigh(&self, module: (i32, i32), seen: i32) -> i64 {
        match self.known_weight(module) {
            0 => i64::from(seen.abs()),
            weight => i64::from(seen * i32::from(weight)),
        }
    }

    fn known_weight(&self, (x, y): (i32, i32)) -> i8 {
        self.known.get((y * self.dimension + x) as usize).copied().unwrap_or(0)
    }

    fn knot(&self, x: usize, y: usize) -> (f32, f32) {
        self.knots.get(y * (self.meshes + 1) + x).copied().unwrap_or_default()
    }

    /// Where a point of the code, in modules, lies on the picture.
    pub(super) fn on_picture(&self, (u, v): (f32, f32)) -> (f32, f32) {
        let mesh = self.dimension as f32 / self.meshes as f32;
        let (fx, fy) = (u / mesh, v / mesh);
        let limit = self.meshes.saturating_sub(1);
        let (kx, ky) = ((fx as usize).min(limit), (fy as usize).min(limit));
        let (a, b) = (fx - kx as f32, fy - ky as f32);
        let (p, q) = (self.knot(kx, ky), self.knot(kx + 1, ky));
        let (r, s) = (self.knot(kx, ky + 1), self.knot(kx + 1, ky + 1));
        let mix = |p: f32, q: f32, r: f32, s: f32| {
            (p * (1.0 - a) + q * a) * (1.0 - b) + (r * (1.0 - a) + s * a) * b
        };
        let off = (mix(p.0, q.0, r.0, s.0), mix(p.1, q.1, r.1, s.1));
        self.homography.at((u + off.0, v + off.1))
    }

    /// What the code says, in the first of the ways to judge its modules that reads.
    pub(super) fn content(&self, thorough: bool) -> Option<Content> {
        let modules = (0..self.dimension).flat_map(|y| (0..self.dimension).map(move |x| (x, y)));
        let middles = modules
            .map(|(x, y)| self.contrast.between(self.on_picture((x as f32 + 0.5, y as f32 + 0.5))));
        let middles: Vec<f32> = middles.collect();
        let side = self.dimension as usize;
        let read = |dark: Vec<f32>| Content::of(&bits(&dark, side)?);
        if !thorough {
            return read(middles);
        }
        SHARPEN.iter().find_map(|&by| {
            let sharp = sharpened(&middles, side, by);
            let even = above_middle(&sharp, side);
            read(sharp).or_else(|| read(even))
        })
    }
}

/// Each module away from the mean of its four neighbours.
fn sharpened(modules: &[f32], side: usize, by: f32) -> Vec<f32> {
    let value = |i: Option<usize>| i.and_then(|i| modules.get(i).copied());
    let sharp = modules.iter().enumerate().map(|(i, &here)| {
        let (x, around) = (i % side.max(1), side);
        let left = if x > 0 { value(i.checked_sub(1)) } else { None };
        let right = if x + 1 < side { value(Some(i + 1)) } else { None };
        let beside = [left, right, value(i.checked_sub(around)), value(Some(i + around))];
        // Beyond the edge is paper, whose level is not known: as if it were like the module.
        let mean = beside.iter().map(|v| v.unwrap_or(here)).sum::<f32>() / 4.0;
        here + (here - mean) * by
    });
    sharp.collect()
}

/// Against the middle between the darkest and the lightest module near by: right where most
/// modules around are of one colour.
fn above_middle(modules: &[f32], side: usize) -> Vec<f32> {
    let rows: Vec<&[f32]> = modules.chunks_exact(side.max(1)).collect();
    let near = |at: usize| at.saturating_sub(WINDOW)..(at + WINDOW + 1).min(side);
    // Down the columns first, then across: a square's extremes are its columns' extremes'.
    let wide = (f32::INFINITY, f32::NEG_INFINITY);
    let extremes = |(low, high): (f32, f32), v: (f32, f32)| (low.min(v.0), high.max(v.1));
    let mut out = Vec::with_capacity(modules.len());
    for (y, row) in rows.iter().enumerate() {
        let columns: Vec<(f32, f32)> = (0..side)
            .map(|x| {
                let tall = rows.get(near(y)).into_iter().flatten();
                tall.filter_map(|row| row.get(x)).fold(wide, |e, &v| extremes(e, (v, v)))
            })
            .collect();
        out.extend(row.iter().enumerate().map(|(x, v)| {
            let broad = columns.get(near(x)).into_iter().flatten();
            let (low, high) = broad.fold(wide, |e, &v| extremes(e, v));
            v - (low + high) / 2.0
        }));
    }
    out
}

/// Ink where the value is positive.
fn bits(modules: &[f32], side: usize) -> Option<BitMatrix> {
    let mut bits = BitMatrix::with_single_dimension(side as u32).ok()?;
    for (y, row) in modules.chunks_exact(side.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, v)| **v > 0.0) {
            bits.set(x as u32, y as u32);
        }
    }
    Some(bits)
}

/// The colour of modules that are alike in all codes of this size: `true` is ink.
fn known(dimension: i32, x: i32, y: i32) -> Option<bool> {
    let last = dimension - 1;
    // Seen from the nearest eye's outer corner; the corner without an eye has none.
    let (ex, ey) = (x.min(last - x), y.min(last - y));
    let eye = ex <= 7 && ey <= 7 && (x <= 7 || y <= 7);
    if eye {
        let ring = (ex - 3).abs().max((ey - 3).abs());
        return Some(ring != 2 && ring != 4);
    }
    if x == 6 || y == 6 {
        return Some((x + y) % 2 == 0);
    }
    // The alignment pattern nearest to the fourth corner, from version 2 up.
    let ring = (x - (last - 6)).abs().max((y - (last - 6)).abs());
    (dimension > 21 && ring <= 2).then_some(ring != 1)
}
