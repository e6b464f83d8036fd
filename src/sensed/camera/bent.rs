//! Codes on cloth, bottles and crumpled paper. The other readers lay a flat grid over a code and
//! fail when the sheet is not flat; here the grid is a net whose knots are moved until the middles
//! of the modules lie away from their edges.

use super::content::Content;
use super::gray::Gray;
use super::reader::{Found, Pass};
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitMatrix, PerspectiveTransform, Quadrilateral};
use rxing::point;
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{
    EstimateModuleSize, FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets,
};
use std::time::Instant;

/// Triples of eyes tried, the most plausible first, and the eyes they are made of.
const MAX_SETS: usize = 4;
const MAX_FINDERS: usize = 12;
/// Version 10. Larger codes carry alignment patterns enough for the flat readers to follow a bend.
const MAX_DIMENSION: i32 = 57;
/// Share of the modules of known colour that must be seen in it before a net is worth its time.
const MIN_AGREEMENT: f32 = 0.7;
/// The same, beyond which no other size is tried.
const SURE_AGREEMENT: f32 = 0.9;
/// Weight of modules whose colour is known beforehand (eyes, timing) against the others.
const KNOWN: i8 = 3;

pub(super) fn read(gray: &Gray, ink: &BitMatrix, until: Instant) -> Pass {
    let mut patterns = FindFinderPatterns(ink, true, 0);
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MAX_FINDERS);
    for set in GenerateFinderPatternSets(&mut patterns).iter().take(MAX_SETS) {
        if let Some(found) = read_set(gray, ink, set, until) {
            return Pass { found: vec![found], finders: Vec::new() };
        }
    }
    Pass::default()
}

fn read_set(gray: &Gray, ink: &BitMatrix, set: &FinderPatternSet, until: Instant) -> Option<Found> {
    let module = module_size(ink, set)?;
    let side = (set.tl.distance(set.tr) + set.tl.distance(set.bl)) / 2.0;
    let guess = ((side / module + 7.0 - 17.0) / 4.0).round() as i32 * 4 + 17;
    let contrast = Contrast::of(gray, module);
    let mut best: Option<Net<'_>> = None;
    for dimension in [guess, guess - 4, guess + 4] {
        if !(21..=MAX_DIMENSION).contains(&dimension) || Instant::now() >= until {
            continue;
        }
        let mut net = Net::flat(&contrast, set, dimension)?;
        net.tilt(module);
        // The timing between the eyes tells the size: a wrong one disagrees with half of it.
        if best.as_ref().is_none_or(|best| best.agreement() < net.agreement()) {
            best = Some(net);
        }
        if best.as_ref().is_some_and(|best| best.agreement() > SURE_AGREEMENT) {
            break;
        }
    }
    let mut net = best.filter(|net| net.agreement() > MIN_AGREEMENT)?;
    let mut content = net.content();
    // Long steps first. Most sheets are read long before their net lies perfectly.
    for step in [0.5, 0.5, 0.35, 0.35, 0.2, 0.1] {
        if content.is_some() || Instant::now() >= until {
            break;
        }
        net.bend(step);
        content = net.content();
    }
    let edge = net.dimension as f32;
    let corners = [(0.0, 0.0), (edge, 0.0), (edge, edge), (0.0, edge)];
    Some(Found { content: content?, corners: corners.map(|(u, v)| net.on_picture(u, v)) })
}

/// Pixels a module, along the two sides of the code.
fn module_size(ink: &BitMatrix, set: &FinderPatternSet) -> Option<f32> {
    let sides = [(set.tl, set.tr), (set.tr, set.tl), (set.tl, set.bl), (set.bl, set.tl)];
    let sizes = sides.map(|(a, b): (ConcentricPattern, _)| EstimateModuleSize(ink, a, b) as f32);
    let known = sizes.iter().filter(|size| **size > 0.5);
    let count = known.clone().count();
    (count >= 2).then(|| known.sum::<f32>() / count as f32)
}

/// How much darker each pixel is than its surroundings.
struct Contrast {
    values: Vec<i8>,
    width: usize,
    height: usize,
}

impl Contrast {
    fn of(gray: &Gray, module: f32) -> Self {
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
}

/// A grid of modules: a flat sheet seen by a camera, and at each knot how far it is off in modules.
struct Net<'c> {
    contrast: &'c Contrast,
    dimension: i32,
    eyes: [(f32, f32); 3],
    fourth: (f32, f32),
    sheet: PerspectiveTransform,
    knots: Vec<(f32, f32)>,
    /// The weight of each module's ink; 0 where it differs from code to code.
    known: Vec<i8>,
    /// Cells between knots along a side.
    meshes: usize,
}

impl<'c> Net<'c> {
    fn flat(contrast: &'c Contrast, set: &FinderPatternSet, dimension: i32) -> Option<Self> {
        let eyes = [set.tl.p, set.tr.p, set.bl.p].map(|p| (p.x, p.y));
        let [tl, tr, bl] = eyes;
        let fourth = (tr.0 - tl.0 + bl.0, tr.1 - tl.1 + bl.1);
        let meshes = (dimension as usize).div_ceil(8);
        let knots = vec![(0.0, 0.0); (meshes + 1) * (meshes + 1)];
        let sheet = sheet(dimension, eyes, fourth)?;
        let weight = |(x, y)| match known(dimension, x, y) {
            Some(true) => KNOWN,
            Some(false) => -KNOWN,
            None => 0,
        };
        let modules = (0..dimension).flat_map(|y| (0..dimension).map(move |x| (x, y)));
        let known = modules.map(weight).collect();
        Some(Self { known, contrast, dimension, eyes, fourth, sheet, knots, meshes })
    }

    /// Finds the corner without an eye: the sheet may be tilted by several modules there.
    fn tilt(&mut self, module: f32) {
        let mut step = module;
        for reach in [(self.dimension / 5).max(4), 2, 2] {
            let middle = self.fourth;
            let mut best = self.score_flat(&self.sheet);
            for (i, j) in (-reach..=reach).flat_map(|j| (-reach..=reach).map(move |i| (i, j))) {
                let fourth = (middle.0 + i as f32 * step, middle.1 + j as f32 * step);
                let Some(sheet) = sheet(self.dimension, self.eyes, fourth) else {
                    continue;
                };
                let score = self.score_flat(&sheet);
                if score > best {
                    best = score;
                    (self.fourth, self.sheet) = (fourth, sheet);
                }
            }
            step /= 2.5;
        }
    }

    /// Moves the knots one by one, by `step` modules, where that makes the picture agree better.
    fn bend(&mut self, step: f32) {
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
    fn score_flat(&self, sheet: &PerspectiveTransform) -> i64 {
        let at = |(x, y): (i32, i32)| {
            let on_picture = sheet.transform_point(point(x as f32 + 0.5, y as f32 + 0.5));
            self.weigh((x, y), self.contrast.at((on_picture.x, on_picture.y)))
        };
        let all = 0..self.dimension;
        let half = all.clone().step_by(2);
        let lattice: i64 =
            half.clone().flat_map(|y| half.clone().map(move |x| (x, y))).map(at).sum();
        let timing: i64 = all.map(|i| at((i, 6)) + at((6, i))).sum();
        lattice + timing
    }

    /// Share of the modules of known colour that are seen in it.
    fn agreement(&self) -> f32 {
        let all = (0..self.dimension).flat_map(|y| (0..self.dimension).map(move |x| (x, y)));
        let seen = all.filter(|&m| self.known_weight(m) != 0).map(|m| self.score(m) > 0);
        let (count, right) = seen.fold((0, 0), |(n, right), ok| (n + 1, right + i32::from(ok)));
        right as f32 / count.max(1) as f32
    }

    fn content(&self) -> Option<Content> {
        Content::of(&Decode(&self.cells()?).ok()?)
    }

    /// The modules around a knot, less what the knot strays from its neighbours: a net that
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
        self.weigh((x, y), self.contrast.at(self.on_picture(x as f32 + 0.5, y as f32 + 0.5)))
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
    fn on_picture(&self, u: f32, v: f32) -> (f32, f32) {
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
        let at = self.sheet.transform_point(point(u + off.0, v + off.1));
        (at.x, at.y)
    }

    fn cells(&self) -> Option<BitMatrix> {
        let mut bits = BitMatrix::with_single_dimension(self.dimension as u32).ok()?;
        for (x, y) in (0..self.dimension).flat_map(|y| (0..self.dimension).map(move |x| (x, y))) {
            if self.contrast.at(self.on_picture(x as f32 + 0.5, y as f32 + 0.5)) > 0 {
                bits.set(x as u32, y as u32);
            }
        }
        Some(bits)
    }
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

/// The flat sheet on which the middles of the eyes and the fourth point lie where they are seen.
fn sheet(
    dimension: i32,
    [tl, tr, bl]: [(f32, f32); 3],
    fourth: (f32, f32),
) -> Option<PerspectiveTransform> {
    let far = dimension as f32 - 3.5;
    let quad = |points: [(f32, f32); 4]| Quadrilateral::from(points.map(|(x, y)| point(x, y)));
    PerspectiveTransform::quadrilateralToQuadrilateral(
        quad([(3.5, 3.5), (far, 3.5), (far, far), (3.5, far)]),
        quad([tl, tr, fourth, bl]),
    )
    .ok()
}
