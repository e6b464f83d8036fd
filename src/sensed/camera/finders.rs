//! Eyes in a picture, and which three of them may be one code. rxing has both steps, but neither
//! can be interrupted, and on a poster of finder patterns they take seconds: here each is bounded
//! by counts, which do not depend on the machine, and by the clock.

use domain::order;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::{ConcentricPattern, LocateConcentricPattern};
use rxing::point;
use rxing::qrcode::cpp_port::detector::FinderPatternSet;
use std::time::Instant;

/// An eye's core is three modules; with modules of a pixel, every third row meets it.
const ROW_STEP: usize = 3;
/// Places that look like an eye in one row and are looked at closely. Print and fabric have a few
/// hundred.
const MAX_TRIES: usize = 20_000;
/// Eyes found before the scan stops: beyond this it is a pattern, not a picture of codes.
const MAX_SEEN: usize = 400;
/// More eyes than this in one picture are texture or an attack, not codes: the count of triples
/// grows with it. Thirty codes side by side still fit.
const MAX_FINDERS: usize = 96;
/// Nearest eyes each eye is joined with.
const MAX_NEIGHBOURS: usize = 15;
/// Triples told, the most plausible first.
const MAX_TRIPLES: usize = 400;

/// The eyes, the largest first: what is nearest to the camera is what the person points at.
pub(super) fn find(bits: &BitMatrix, until: Instant) -> Vec<ConcentricPattern> {
    let mut seen: Vec<ConcentricPattern> = Vec::new();
    let mut runs = Vec::new();
    let mut tries = 0;
    for y in (ROW_STEP - 1..bits.height() as usize).step_by(ROW_STEP) {
        if seen.len() >= MAX_SEEN || tries >= MAX_TRIES || Instant::now() >= until {
            break;
        }
        row_runs(bits, y as u32, &mut runs);
        for (start, [a, b, core, d, e]) in windows(&runs) {
            if !is_eye([a, b, core, d, e]) {
                continue;
            }
            let middle = point((start + a + b) as f32 + core as f32 / 2.0, y as f32 + 0.5);
            let near = |eye: &ConcentricPattern| eye.p.distance(middle) < eye.size as f32 / 2.0;
            if tries >= MAX_TRIES || seen.iter().any(near) {
                continue;
            }
            tries += 1;
            // Three times its width: a slanted eye is longer the other way.
            let range = (a + b + core + d + e) * 3;
            let eye = LocateConcentricPattern::<true, 5, 7>(bits, &[1, 1, 3, 1, 1], middle, range);
            seen.extend(eye);
        }
    }
    order::sort_by_key(&mut seen, |eye| std::cmp::Reverse(eye.size));
    seen.truncate(MAX_FINDERS);
    seen
}

/// The lengths of white and black by turns, white first.
pub(super) fn row_runs(bits: &BitMatrix, y: u32, runs: &mut Vec<i32>) {
    runs.clear();
    let row = bits.getRow(y);
    let (mut at, mut black) = (0, false);
    while at < row.get_size() {
        let next = if black { row.getNextUnset(at) } else { row.getNextSet(at) };
        runs.push((next - at) as i32);
        (at, black) = (next, !black);
    }
}

/// Black, white, black, white, black: where each five begins, and their lengths.
pub(super) fn windows(runs: &[i32]) -> impl Iterator<Item = (i32, [i32; 5])> {
    let mut start = 0;
    runs.windows(5).enumerate().filter_map(move |(i, window)| {
        let at = start;
        start += window.first()?;
        let window = window.try_into().ok()?;
        (i % 2 == 1).then_some((at, window))
    })
}

/// 1:1:3:1:1 with blur and slant: ink may be wider or narrower than paper, each run by up to three
/// quarters of a module and half a pixel off (paper: a half).
fn is_eye([a, b, core, d, e]: [i32; 5]) -> bool {
    if core < 3 || core < 2 * a.max(e) || core < b.max(d) {
        return false;
    }
    let (dark, light) = ((a + core + e) as f32 / 5.0, (b + d) as f32 / 2.0);
    if dark.max(light) > 4.0 * dark.min(light) {
        return false;
    }
    let off = |length: i32, wanted: f32| (length as f32 - wanted).abs();
    let (dark_room, light_room) = (dark * 0.75 + 0.5, light / 2.0 + 0.5);
    off(a, dark) <= dark_room
        && off(core, 3.0 * dark) <= dark_room
        && off(e, dark) <= dark_room
        && off(b, light) <= light_room
        && off(d, light) <= light_room
}

/// Three eyes that may be one code's, the most plausible first: the smallest and squarest.
pub(super) fn triples(eyes: &[ConcentricPattern]) -> Vec<FinderPatternSet> {
    let mut sets: Vec<(f32, FinderPatternSet)> = Vec::new();
    let mut near: Vec<(f32, &ConcentricPattern)> = Vec::new();
    for (i, first) in eyes.iter().enumerate() {
        near.clear();
        let others = eyes.iter().skip(i + 1).filter(|eye| first.size <= eye.size * 2);
        near.extend(others.map(|eye| (first.distance(*eye), eye)));
        order::sort_by(&mut near, |a, b| a.0.total_cmp(&b.0));
        near.truncate(MAX_NEIGHBOURS);
        for (j, (_, second)) in near.iter().enumerate() {
            let thirds = near.iter().skip(j + 1);
            sets.extend(thirds.filter_map(|(_, third)| corner([*first, **second, **third])));
        }
    }
    order::sort_by(&mut sets, |a, b| a.0.total_cmp(&b.0));
    sets.truncate(MAX_TRIPLES);
    sets.into_iter().map(|(_, set)| set).collect()
}

/// Which of three eyes is the corner, and how long the code's two sides are; `None` when the
/// three cannot be a code.
fn corner(eyes: [ConcentricPattern; 3]) -> Option<(f32, FinderPatternSet)> {
    // The farther eye looks smaller: distances along a slanted side are lengthened by as much.
    let span = |a: &ConcentricPattern, b: &ConcentricPattern| {
        let (small, large) = (a.size.min(b.size), a.size.max(b.size));
        a.distance(*b) * (large as f32 / small.max(1) as f32).sqrt()
    };
    let [a, b, c] = eyes;
    let spans = [(span(&b, &c), [b, a, c]), (span(&a, &c), [a, b, c]), (span(&a, &b), [a, c, b])];
    // The corner lies across the longest span.
    let (across, [one, tl, other]) = spans.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (left, top) = (span(&one, &tl), span(&tl, &other));
    if left > 2.0 * top || top > 2.0 * left {
        return None;
    }
    let size: i32 = eyes.iter().map(|eye| eye.size).sum();
    let modules = (left + top) / 2.0 / (size as f32 / 21.0) + 7.0;
    // A tenth below version 1, half above version 40: eyes are measured that badly.
    if !(18.9..=265.5).contains(&modules) {
        return None;
    }
    let cosine = (left * left + top * top - across * across) / (2.0 * left * top);
    if !(-0.5..=0.5).contains(&cosine) {
        return None;
    }
    let turned = ConcentricPattern::cross(other - tl, one - tl) < 0.0;
    let (bl, tr) = if turned { (other, one) } else { (one, other) };
    Some((left + top + (left - top).abs(), FinderPatternSet { bl, tl, tr }))
}

/// Two eyes that may be one code's when its third is hidden, the largest first.
pub(super) fn pairs(eyes: &[ConcentricPattern]) -> Vec<(ConcentricPattern, ConcentricPattern)> {
    let mut pairs = Vec::new();
    for (i, one) in eyes.iter().enumerate() {
        for other in eyes.iter().skip(i + 1) {
            let alike = one.size as f32 <= other.size as f32 * 1.7;
            let apart = one.distance(*other) / (one.size + other.size).max(1) as f32;
            // In eyes of seven modules, two of which are counted: from the side of version 1 to
            // the diagonal of version 20.
            if alike && (0.9..=9.5).contains(&apart) {
                pairs.push((*one, *other));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// A picture with eyes of one pixel a module at these places.
    fn canvas(side: u32, eyes: impl Iterator<Item = (u32, u32)>) -> BitMatrix {
        let mut bits = BitMatrix::with_single_dimension(side).unwrap();
        for (left, top) in eyes {
            for (x, y) in (0..21u32).flat_map(|y| (0..21u32).map(move |x| (x, y))) {
                let ring = (x / 3).abs_diff(3).max((y / 3).abs_diff(3));
                if ring != 2 {
                    bits.set(left + x, top + y);
                }
            }
        }
        bits
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[test]
    fn of_a_poster_of_eyes_only_so_many_are_looked_at() {
        let poster = canvas(1270, (0..48 * 48).map(|i| (i % 48 * 26 + 5, i / 48 * 26 + 5)));
        let eyes = find(&poster, soon());
        assert_eq!(eyes.len(), MAX_FINDERS);
        assert_eq!(triples(&eyes).len(), MAX_TRIPLES);
    }

    #[test]
    fn nothing_is_sought_when_the_time_is_over() {
        let code = canvas(200, [(10, 10), (110, 10), (10, 110)].into_iter());
        assert!(find(&code, Instant::now()).is_empty());
        assert_eq!(find(&code, soon()).len(), 3);
    }

    #[test]
    fn the_corner_lies_between_the_other_two_however_the_code_is_turned() {
        let corners = [(20, 20), (120, 20), (120, 120), (20, 120)];
        for missing in 0..4 {
            let seen = (0..4).filter(|i| *i != missing).map(|i| corners[i]);
            let sets = triples(&find(&canvas(200, seen), soon()));
            assert_eq!(sets.len(), 1);
            let near = |eye: &ConcentricPattern, i: usize| {
                let (x, y) = corners[i % 4];
                eye.p.distance(point(x as f32 + 10.5, y as f32 + 10.5)) < 2.0
            };
            // Clockwise: bottom left, top left, top right, and then the corner without an eye.
            assert!(near(&sets[0].bl, missing + 1), "{sets:?}");
            assert!(near(&sets[0].tl, missing + 2), "{sets:?}");
            assert!(near(&sets[0].tr, missing + 3), "{sets:?}");
        }
    }

    #[test]
    fn eyes_of_one_code_are_a_pair_and_eyes_of_two_are_not() {
        let pair = find(&canvas(400, [(10, 10), (110, 10)].into_iter()), soon());
        assert_eq!(pairs(&pair).len(), 1);
        let touching = find(&canvas(400, [(10, 10), (34, 10)].into_iter()), soon());
        assert_eq!((touching.len(), pairs(&touching).len()), (2, 0));
    }
}
