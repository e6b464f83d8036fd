//! One frame while it is read: strategies run over its pictures, codes are gathered.

use super::gray::{Crop, Gray, Region};
use super::hint;
use super::pass::{Finder, Found, Pass};
use super::plane::Plane;
use super::reading::{Code, Reading};
use super::strategy::Strategy;
use super::structured_append;
use domain::order;
use std::time::{Duration, Instant};

/// Longest sides of the pictures that the strategies work on, in pixels.
const SMALL_SIDE: usize = 400;
const SIDE: u32 = 1280;
const FINE_SIDE: u32 = 2560;
/// How much of a tile the next one shows again: version 10 at 3 pixels a module, with room.
const TILE_OVERLAP: u32 = 320;

/// One frame while it is read.
pub(super) struct Frame<'p> {
    plane: &'p Plane<'p>,
    whole: Gray,
    until: Instant,
    codes: Vec<Code>,
    /// Where codes were read, in pixels of the plane.
    read_at: Vec<[(f32, f32); 4]>,
    /// Eyes of codes not read yet, from the last strategy that looked for them.
    finders: Vec<Finder>,
}

impl<'p> Frame<'p> {
    pub(super) fn new(plane: &'p Plane<'p>, budget: Duration) -> Self {
        let until = Instant::now() + budget;
        let whole = Gray::cut(plane, Region::of(plane), SIDE);
        Self { plane, whole, until, codes: Vec::new(), read_at: Vec::new(), finders: Vec::new() }
    }

    fn done(&self) -> bool {
        // Two more eyes are a code that one strategy saw but could not read: worth another look
        // while codes are few.
        !self.codes.is_empty() && self.finders.len() < 2 || self.is_over()
    }

    pub(super) fn read_region(&mut self, region: Region) {
        let gray = Gray::cut(self.plane, region, SIDE);
        let pass = Strategy::Region.run(&gray, self.until);
        self.take(gray.crop(), Strategy::Region, pass);
    }

    /// The small and the whole picture as they are, until one reads.
    pub(super) fn read_plain(&mut self) {
        let longest = self.whole.width.max(self.whole.height);
        if !self.done() && longest > SMALL_SIDE {
            let small = self.whole.shrunk(SMALL_SIDE);
            let pass = Strategy::Small.run(&small, self.until);
            self.take(small.crop(), Strategy::Small, pass);
        }
        if !self.done() {
            let pass = Strategy::Whole.run(&self.whole, self.until);
            self.take(self.whole.crop(), Strategy::Whole, pass);
            if let Some(region) = self.shrunk_eyes() {
                self.read_region(region);
            }
        }
    }

    /// The whole picture by these, until one reads.
    pub(super) fn read_by(&mut self, strategies: &[Strategy]) {
        // Frost, fog and dusk leave few greys.
        let stretched = match self.codes.is_empty() {
            true => self.whole.stretched(),
            false => None,
        };
        for &strategy in strategies {
            if !self.codes.is_empty() || self.is_over() {
                return;
            }
            let gray = stretched.as_ref().unwrap_or(&self.whole);
            let pass = strategy.run(gray, self.until);
            self.take(self.whole.crop(), strategy, pass);
        }
    }

    /// For codes beside those read, which are covered for it.
    pub(super) fn read_beside(&mut self, strategies: &[Strategy]) {
        let covered = self.covered(self.whole.clone());
        for &strategy in strategies {
            if self.is_over() {
                return;
            }
            let pass = strategy.run(&covered, self.until);
            self.take(covered.crop(), strategy, pass);
        }
    }

    /// As thoroughly as a photograph deserves: all strategies where eyes are left over, the quick
    /// ones where not, and each part at its own resolution.
    pub(super) fn read_all_beside(&mut self) {
        self.read_beside(&Strategy::BESIDE);
        self.cut_tiles();
        if self.finders.len() > 2 {
            self.read_beside(&Strategy::OTHERS);
            self.read_beside(&Strategy::LAST);
        }
    }

    /// A plane too large to be read whole, part by part at its own resolution.
    pub(super) fn read_tiles(&mut self) {
        if self.codes.is_empty() {
            self.cut_tiles();
        }
    }

    fn cut_tiles(&mut self) {
        for tile in tiles(self.plane) {
            if self.is_over() {
                return;
            }
            let gray = self.covered(Gray::cut(self.plane, tile, SIDE));
            let pass = Strategy::Tile.run(&gray, self.until);
            self.take(gray.crop(), Strategy::Tile, pass);
        }
    }

    fn covered(&self, mut gray: Gray) -> Gray {
        for corners in &self.read_at {
            gray.cover(corners);
        }
        gray
    }

    pub(super) fn read_nothing(&self) -> bool {
        self.codes.is_empty()
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Only where the whole picture had to be shrunk.
    pub(super) fn read_fine(&mut self) {
        let all = Region::of(self.plane);
        if all.longest() > SIDE && self.codes.is_empty() && !self.done() {
            let fine = Gray::cut(self.plane, all, FINE_SIDE);
            let pass = Strategy::Fine.run(&fine, self.until);
            self.take(fine.crop(), Strategy::Fine, pass);
        }
    }

    fn take(&mut self, crop: Crop, strategy: Strategy, Pass { found, finders }: Pass) {
        for Found { content, corners } in found {
            let on_plane = corners.map(|p| crop.on_plane(p));
            let middle = middle(on_plane);
            let again = self
                .codes
                .iter()
                .zip(&self.read_at)
                .any(|(code, at)| code.bytes == content.bytes && within(at, middle));
            if again {
                continue;
            }
            self.read_at.push(on_plane);
            self.codes.push(Code {
                bytes: content.bytes,
                text: content.text,
                part: content.part,
                corners: on_plane.map(|p| self.plane.upright(p)),
                strategy,
            });
        }
        let scale = crop.scale();
        let unread = finders.into_iter().map(|finder| Finder {
            middle: crop.on_plane(finder.middle),
            width: finder.width * scale,
        });
        let unread: Vec<Finder> =
            unread.filter(|f| !self.read_at.iter().any(|at| within(at, f.middle))).collect();
        if strategy.seeks_eyes() {
            self.finders = unread;
        }
    }

    /// Around the eyes of an unread code, when the whole picture shows them smaller than the plane
    /// does.
    fn shrunk_eyes(&self) -> Option<Region> {
        let shrunk = Region::of(self.plane).longest() > SIDE;
        let eyes = self.finders.get(..3).filter(|_| shrunk && self.codes.is_empty())?;
        let width = eyes.iter().map(|eye| eye.width).fold(0.0, f32::max);
        let points = eyes.iter().map(|eye| eye.middle);
        // Half an eye and the quiet zone, and what is missing where the fourth corner tilts away.
        around(self.plane, points, width * 2.0)
    }

    /// Where to look first in the next frame.
    pub(super) fn sighting(&self) -> Option<Region> {
        let corners = self.read_at.first()?;
        let width = corners.iter().map(|p| p.0).fold(f32::NEG_INFINITY, f32::max)
            - corners.iter().map(|p| p.0).fold(f32::INFINITY, f32::min);
        // What a hand moves in a frame.
        around(self.plane, corners.iter().copied(), width / 3.0)
    }

    pub(super) fn finish(mut self) -> Reading {
        let hint = match self.codes.is_empty() {
            true => hint::judge(&self.whole, &self.finders),
            false => None,
        };
        order::sort_by(&mut self.codes, |a, b| area(&b.corners).total_cmp(&area(&a.corners)));
        Reading { codes: structured_append::joined(self.codes), hint }
    }
}

/// Overlapping squares that cover the plane; none when the whole picture shows it as it is.
fn tiles(plane: &Plane<'_>) -> Vec<Region> {
    let starts = |length: u32| {
        let last = length.saturating_sub(SIDE);
        (0..=last.div_ceil(SIDE - TILE_OVERLAP)).map(move |i| (i * (SIDE - TILE_OVERLAP)).min(last))
    };
    let (width, height) = (plane.width(), plane.height());
    if width.max(height) <= SIDE {
        return Vec::new();
    }
    let at = |x, y| Region { x, y, width: width.min(SIDE), height: height.min(SIDE) };
    starts(height).flat_map(|y| starts(width).map(move |x| at(x, y))).collect()
}

fn middle(corners: [(f32, f32); 4]) -> (f32, f32) {
    let sum = corners.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
    (sum.0 / 4.0, sum.1 / 4.0)
}

fn area(corners: &[(f32, f32); 4]) -> f32 {
    let next = corners.iter().skip(1).chain(corners.first());
    let twice: f32 = corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum();
    twice.abs()
}

/// Whether a point lies in the upright box around a code.
fn within(corners: &[(f32, f32); 4], point: (f32, f32)) -> bool {
    let between = |values: [f32; 4], v: f32| {
        values.iter().any(|&low| low <= v) && values.iter().any(|&high| v <= high)
    };
    between(corners.map(|p| p.0), point.0) && between(corners.map(|p| p.1), point.1)
}

/// The box around points, wider by `margin` on each side, inside the plane.
fn around(
    plane: &Plane<'_>,
    points: impl Iterator<Item = (f32, f32)>,
    margin: f32,
) -> Option<Region> {
    let wide = (f32::INFINITY, f32::NEG_INFINITY);
    let (xs, ys) = points.fold((wide, wide), |(xs, ys), (x, y)| {
        ((xs.0.min(x), xs.1.max(x)), (ys.0.min(y), ys.1.max(y)))
    });
    let cut = |(low, high): (f32, f32), limit: u32| {
        let from = (low - margin).clamp(0.0, limit as f32) as u32;
        let to = (high + margin).clamp(0.0, limit as f32) as u32;
        (from, to.saturating_sub(from))
    };
    let (x, width) = cut(xs, plane.width());
    let (y, height) = cut(ys, plane.height());
    let room = width >= Plane::MIN_SIDE && height >= Plane::MIN_SIDE;
    room.then_some(Region { x, y, width, height })
}
