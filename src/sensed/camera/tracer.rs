//! rxing's `cpp_port`, driven stage by stage. Its own loop cannot be interrupted and takes seconds
//! on a poster of finder patterns; here the clock is read between the candidates.

use super::content::Content;
use super::finders;
use super::pass::{Finder, Found, Pass};
use rxing::Point;
use rxing::common::{BitMatrix, DetectorRXingResult, cpp_essentials::ConcentricPattern};
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, SampleQR};
use std::time::Instant;

/// Codes handed back from one picture.
const MAX_CODES: usize = 16;

pub(super) fn read(bits: &BitMatrix, until: Instant) -> Pass {
    let patterns = finders::find(bits, until);
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let mut found = Vec::new();
    for set in finders::triples(&patterns) {
        if found.len() >= MAX_CODES || Instant::now() >= until {
            break;
        }
        if [set.bl, set.tl, set.tr].iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        if let Some(code) = read_set(bits, &set) {
            used.extend([set.bl, set.tl, set.tr]);
            found.push(code);
        }
    }
    let finders = patterns
        .iter()
        .filter(|pattern| !used.contains(pattern))
        .map(|pattern| Finder { middle: (pattern.p.x, pattern.p.y), width: pattern.size as f32 })
        .collect();
    Pass { found, finders }
}

fn read_set(bits: &BitMatrix, set: &FinderPatternSet) -> Option<Found> {
    let sampled = SampleQR(bits, set).ok()?;
    let content = Content::of(sampled.getBits())?;
    // rxing tells the bottom left before the bottom right.
    let at = |i: usize| sampled.getPoints().get(i).map(|p: &Point| (p.x, p.y));
    Some(Found { content, corners: [at(0)?, at(1)?, at(3)?, at(2)?] })
}
