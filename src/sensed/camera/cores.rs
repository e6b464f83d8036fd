//! Eyes by their cores and the light ring around them alone: where a code has no quiet zone, the
//! dark outer ring runs into what lies beside it.

use super::finders::{row_runs, windows};
use domain::order;
use rxing::common::{BitMatrix, cpp_essentials::ConcentricPattern};
use rxing::point;
use std::f32::consts::{SQRT_2, TAU};
use std::time::Instant;

/// A core is three modules high; with modules of a pixel, every third row meets it.
const ROW_STEP: usize = 3;
/// Cores looked at closely, and kept: any texture has some.
const MAX_TRIES: usize = 20_000;
const MAX_CORES: usize = 48;

/// The eyes, the largest first; their size is what seven of their modules measure.
pub(super) fn find(bits: &BitMatrix, until: Instant) -> Vec<ConcentricPattern> {
    let mut seen: Vec<ConcentricPattern> = Vec::new();
    let mut runs = Vec::new();
    let mut tries = 0;
    for y in (ROW_STEP - 1..bits.height() as usize).step_by(ROW_STEP) {
        if seen.len() >= MAX_CORES || tries >= MAX_TRIES || Instant::now() >= until {
            break;
        }
        row_runs(bits, y as u32, &mut runs);
        for (start, [a, b, core, d, e]) in windows(&runs) {
            let middle = ((start + a + b + core / 2) as u32, y as u32);
            let near = |eye: &ConcentricPattern| {
                eye.p.distance(point(middle.0 as f32, middle.1 as f32)) < eye.size as f32 / 2.0
            };
            if !is_core(b, core, d) || a.min(e) * 6 < core || seen.iter().any(near) {
                continue;
            }
            tries += 1;
            seen.extend(locate(bits, middle, core));
        }
    }
    order::sort_by_key(&mut seen, |eye| std::cmp::Reverse(eye.size));
    seen
}

/// One, three and one modules, each side by up to three quarters of a module and a pixel off.
fn is_core(before: i32, core: i32, after: i32) -> bool {
    let module = (before + core + after) as f32 / 5.0;
    let off = |length: i32, modules: f32| (length as f32 - modules * module).abs();
    let room = module * 0.75 + 0.5;
    core >= 3 && off(core, 3.0) <= room && off(before, 1.0) <= room && off(after, 1.0) <= room
}

/// The core's middle, when its ring closes on all sides.
fn locate(bits: &BitMatrix, (x, y): (u32, u32), core: i32) -> Option<ConcentricPattern> {
    let range = core * 3;
    let down = Cross::of(bits, (x, y), (0, 1), range)?;
    let y = y.checked_add_signed(down.off_middle())?;
    let across = Cross::of(bits, (x, y), (1, 0), range)?;
    let x = x.checked_add_signed(across.off_middle())?;
    let [falling, rising] = [(1, 1), (1, -1)].map(|way| Cross::of(bits, (x, y), way, range));
    // A square is narrowest along its sides, which a turned code has on the diagonals.
    let upright = (across.length() + down.length()) as f32 / 2.0;
    let leaning = (falling?.length() + rising?.length()) as f32 / 2.0 * SQRT_2;
    let module = upright.min(leaning) / 5.0;
    let rings =
        is_ring(bits, (x, y), module * 2.2, false) && is_ring(bits, (x, y), module * 1.2, true);
    let size = rings.then_some((module * 7.0) as i32)?;
    let half = |cross: &Cross| (cross.forth.0 - cross.back.0) as f32 / 2.0;
    let middle = point(x as f32 + 0.5 + half(&across) % 1.0, y as f32 + 0.5 + half(&down) % 1.0);
    Some(ConcentricPattern { p: middle, size })
}

/// Whether a circle around a pixel is of one colour but for what a worn print loses. At 2.2 modules
/// it runs through the light ring and at 1.2 through the core, however the eye is turned.
fn is_ring(bits: &BitMatrix, (x, y): (u32, u32), radius: f32, dark: bool) -> bool {
    const POINTS: u16 = 24;
    let at = |i: u16| {
        let (sine, cosine) = (f32::from(i) * TAU / f32::from(POINTS)).sin_cos();
        let x = x.checked_add_signed((radius * cosine).round() as i32)?;
        let y = y.checked_add_signed((radius * sine).round() as i32)?;
        (x < bits.width() && y < bits.height()).then(|| bits.get(x, y))
    };
    (0..POINTS).filter(|i| at(*i) != Some(dark)).count() <= usize::from(POINTS) / 8
}

/// Core and ring, counted in steps from a pixel of the core to both sides.
struct Cross {
    back: (i32, i32),
    forth: (i32, i32),
}

impl Cross {
    fn of(bits: &BitMatrix, from: (u32, u32), way: (i32, i32), range: i32) -> Option<Self> {
        let forth = arm(bits, from, way, range)?;
        let back = arm(bits, from, (-way.0, -way.1), range)?;
        let cross = Self { back, forth };
        is_core(back.1, back.0 + forth.0 + 1, forth.1).then_some(cross)
    }

    fn off_middle(&self) -> i32 {
        (self.forth.0 - self.back.0) / 2
    }

    fn length(&self) -> i32 {
        self.back.0 + self.back.1 + self.forth.0 + self.forth.1 + 1
    }
}

/// Dark steps to the core's edge, and light ones behind it up to the outer ring.
fn arm(bits: &BitMatrix, (x, y): (u32, u32), way: (i32, i32), range: i32) -> Option<(i32, i32)> {
    let dark = |step: i32| {
        let (x, y) = (x.checked_add_signed(way.0 * step)?, y.checked_add_signed(way.1 * step)?);
        (x < bits.width() && y < bits.height()).then(|| bits.get(x, y))
    };
    dark(0)?.then_some(())?;
    let core = (1..=range).find(|step| dark(*step) == Some(false))? - 1;
    let ring = (core + 1..=range).find(|step| dark(*step) == Some(true))? - core - 1;
    // What is hidden beyond the picture's edge is never found, so the arm ends inside it.
    Some((core, ring))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_eye_against_a_dark_wall_is_found_by_its_core() {
        let mut bits = BitMatrix::with_single_dimension(60).unwrap();
        for (x, y) in (0..60u32).flat_map(|y| (0..60u32).map(move |x| (x, y))) {
            let (u, v) = ((x as i32 - 20) / 4, (y as i32 - 20) / 4);
            let inside = (20..48).contains(&x) && (20..48).contains(&y);
            let ring = (u - 3).abs().max((v - 3).abs());
            if (inside && ring != 2) || x < 20 {
                bits.set(x, y);
            }
        }
        let eyes = find(&bits, Instant::now() + Duration::from_secs(60));
        assert_eq!(eyes.len(), 1);
        assert!(eyes[0].p.distance(point(34.0, 34.0)) < 1.5 && (26..=30).contains(&eyes[0].size));
    }
}
