//! Codes that lean far away, and codes on cloth, bottles and crumpled paper. The other readers lay
//! a flat grid over a code by few points and fail when the sheet is not flat or runs away from the
//! camera; here the eyes' own shape tells how it leans, and the grid is one that bends.

use super::cores;
use super::finders;
use super::gray::Gray;
use super::homography::Eyes;
use super::pass::{Found, Pass};
use super::warp_grid::{Contrast, WarpGrid};
use domain::order;
use rxing::common::{BitMatrix, cpp_essentials::ConcentricPattern};
use rxing::qrcode::cpp_port::detector::{EstimateModuleSize, FinderPatternSet};
use std::time::Instant;

/// Triples of eyes tried, the most plausible first, and the eyes they are made of.
const MAX_SETS: usize = 4;
const MAX_FINDERS: usize = 12;
/// Version 20: beyond, a module's place is not told well enough by the corners alone.
const MAX_DIMENSION: i32 = 97;
/// Version 10: bending a larger grid takes too long, and larger codes carry alignment patterns
/// enough for the flat readers to follow a bend.
const MAX_BENT: i32 = 57;
/// Share of the modules of known colour that must be seen in it before a grid is worth its time.
const MIN_AGREEMENT: f32 = 0.7;
/// Sizes whose timing agrees best, tried in full.
const MAX_SIZES: usize = 2;
/// How far the knots are moved, in modules; long steps first, for most sheets are read long before
/// their grid lies perfectly. After the last, all ways to judge the modules are tried.
const STEPS: [(f32, bool); 6] =
    [(0.5, false), (0.5, false), (0.35, false), (0.35, false), (0.2, false), (0.1, true)];

/// Pairs of eyes tried when no three are a code that can be read.
const MAX_PAIRS: usize = 4;
/// Nets of a pair that agree best, over all it may be.
const MAX_PAIR_NETS: usize = 3;

pub(super) fn read(gray: &Gray, bits: &BitMatrix, until: Instant) -> Pass {
    let module = |set: &FinderPatternSet| module_size(bits, set);
    read_by(finders::find(bits, until), gray, bits, module, until)
}

/// By the cores of the eyes, when their rings run into what lies beside the code.
pub(super) fn read_unframed(gray: &Gray, bits: &BitMatrix, until: Instant) -> Pass {
    let module = |set: &FinderPatternSet| {
        Some((set.tl.size + set.tr.size + set.bl.size) as f32 / (3.0 * 7.0))
    };
    read_by(cores::find(bits, until), gray, bits, module, until)
}

fn read_by(
    mut patterns: Vec<ConcentricPattern>,
    gray: &Gray,
    bits: &BitMatrix,
    module: impl Fn(&FinderPatternSet) -> Option<f32>,
    until: Instant,
) -> Pass {
    patterns.truncate(MAX_FINDERS);
    let triples = finders::triples(&patterns);
    let three = triples.iter().take(MAX_SETS).find_map(|set| {
        let module = module(set)?;
        let side = (set.tl.distance(set.tr) + set.tl.distance(set.bl)) / 2.0;
        let sought = Sought { gray, module, modules: side / module + 7.0, until };
        sought.read(&[Eyes::of(bits, set)], MAX_SIZES)
    });
    let found = three.or_else(|| {
        finders::pairs(&patterns).iter().take(MAX_PAIRS).find_map(|&(one, other)| {
            let module = (one.size + other.size) as f32 / 14.0;
            let all = Eyes::of_two(bits, one, other);
            let across = all.len() == 2;
            let side = one.distance(other) / if across { std::f32::consts::SQRT_2 } else { 1.0 };
            let sought = Sought { gray, module, modules: side / module + 7.0, until };
            sought.read(&all, MAX_PAIR_NETS)
        })
    });
    Pass { found: found.into_iter().collect(), finders: Vec::new() }
}

/// A code whose eyes are known and whose size is known about.
struct Sought<'g> {
    gray: &'g Gray,
    /// Pixels a module, and modules a side, as measured on the eyes.
    module: f32,
    modules: f32,
    until: Instant,
}

impl Sought<'_> {
    /// Reads the code as the likeliest `count` of all that the eyes may be.
    fn read(&self, all: &[Eyes], count: usize) -> Option<Found> {
        let sizes = || (21..=MAX_DIMENSION).step_by(4);
        let near = |size: &i32| (0.75..=1.35).contains(&(*size as f32 / self.modules));
        if !sizes().any(|size| near(&size)) || self.over() {
            return None;
        }
        let contrast = Contrast::of(self.gray, self.module);
        let grids = all.iter().flat_map(|eyes| {
            let sizes = sizes().filter(near);
            sizes.filter_map(|size| WarpGrid::flat(&contrast, eyes, size))
        });
        let mut grids: Vec<(f32, WarpGrid<'_>)> = grids
            .map(|grid| {
                // Near the size measured, where the timing is hidden.
                let off = (grid.dimension as f32 / self.modules - 1.0).abs();
                (grid.timing() - off * 0.5, grid)
            })
            .collect();
        order::sort_by(&mut grids, |a, b| b.0.total_cmp(&a.0));
        grids.truncate(count);
        let mut best: Option<(f32, WarpGrid<'_>)> = None;
        for (_, mut grid) in grids {
            if self.over() {
                return None;
            }
            grid.tilt(self.until);
            let agreement = grid.agreement();
            if agreement > MIN_AGREEMENT
                && let Some(content) = grid.content(true)
            {
                return Some(Found { content, corners: corners(&grid) });
            }
            if best.as_ref().is_none_or(|best| best.0 < agreement) {
                best = Some((agreement, grid));
            }
        }
        let (agreement, grid) = best?;
        if agreement <= MIN_AGREEMENT || grid.dimension > MAX_BENT {
            return None;
        }
        self.bend(grid)
    }

    fn bend(&self, mut grid: WarpGrid<'_>) -> Option<Found> {
        for (step, last) in STEPS {
            if self.over() {
                return None;
            }
            grid.bend(step);
            if let Some(content) = grid.content(last) {
                return Some(Found { content, corners: corners(&grid) });
            }
        }
        None
    }

    fn over(&self) -> bool {
        Instant::now() >= self.until
    }
}

fn corners(grid: &WarpGrid<'_>) -> [(f32, f32); 4] {
    let edge = grid.dimension as f32;
    [(0.0, 0.0), (edge, 0.0), (edge, edge), (0.0, edge)].map(|corner| grid.on_picture(corner))
}

/// Pixels a module, along the two sides of the code.
fn module_size(bits: &BitMatrix, set: &FinderPatternSet) -> Option<f32> {
    let sides = [(set.tl, set.tr), (set.tr, set.tl), (set.tl, set.bl), (set.bl, set.tl)];
    let sizes = sides.map(|(a, b): (ConcentricPattern, _)| EstimateModuleSize(bits, a, b) as f32);
    let known = sizes.iter().filter(|size| **size > 0.5);
    let count = known.clone().count();
    (count >= 2).then(|| known.sum::<f32>() / count as f32)
}
