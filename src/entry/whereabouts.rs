use std::collections::VecDeque;

use domain::{Position, Timestamp};

use super::{
    plane::{Plane, Point},
    signal::Motion,
};
use crate::sensed::CheckedFix;

/// Fixes kept: half a minute at one a second, or the whole window when thinned.
const CAPACITY: usize = 32;

/// While the phone is still, fixes of the last two minutes describe one place (the yardstick of
/// the simulator listens as long; longer gains nothing, as errors last 35 s and drift goes on).
const STILL_WINDOW_MS: i64 = 120_000;

/// On foot, 12 s are 16 m: more would drag the estimate behind the phone further than a fix is off.
const WALKING_WINDOW_MS: i64 = 12_000;

/// Fix errors last: correlation 0.76 to 0.80 after 10 s and 0.34 to 0.50 after 30 s (MobilityNet
/// walks), so one independent fix arrives every 70 s however many are delivered.
const INDEPENDENT_EVERY_S: f64 = 70.0;

/// The radius of 68 % in units of the standard deviation per axis of a round Gaussian.
const SIGMAS_IN_RADIUS_68: f64 = 1.515;

/// No fix is better than this (standard deviation per axis, metres): 5 m of 68 % radius added to
/// the reported one fits 1,572 Android fixes best, among 3 to 15 m (MobilityNet residuals).
const FLOOR_SIGMA_M: f64 = 5.0 / SIGMAS_IN_RADIUS_68;

/// A store is no point: its register position is at the door or the centre, the phone at the till.
const STORE_SIGMA_M: f64 = 4.0;

/// An estimate without a new fix is dropped when the phone may have moved this far.
const LOST_SIGMA_M: f64 = 150.0;

/// Walking speed, metres a second (MobilityNet walks; the simulator's 1.3 m/s).
const WALKING_M_S: f64 = 1.3;

/// Rounds of reweighting; the third moves the estimate by centimetres.
const ROUNDS: usize = 3;

/// Heaviness of the fix error's tail: the degrees of freedom of the t distribution that fits 1,572
/// Android fixes best (MobilityNet residuals, among 1 to 30); iOS fits 4 to 10 alike.
pub const TAIL: f64 = 4.0;

#[derive(Clone, Copy, Debug)]
struct Taken {
    at: Timestamp,
    position: Position,
    sigma: f64,
}

/// Where the phone probably is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub position: Position,
    /// Standard deviation per axis, metres, of the phone's distance to the store it is in.
    pub sigma: f64,
}

/// The recent fixes, fused so that neither one jump nor ten repeats decide.
#[derive(Clone, Debug, Default)]
pub struct Whereabouts {
    fixes: VecDeque<Taken>,
    motion: Option<Motion>,
}

impl Whereabouts {
    /// Takes a fix; one that is not newer than the newest by half a second is ignored.
    pub fn take(&mut self, fix: &CheckedFix) {
        if let Some(newest) = self.fixes.back()
            && fix.taken_at().millis_since(newest.at) < 500
        {
            return;
        }
        if self.fixes.len() >= CAPACITY {
            self.thin();
        }
        let reported = fix.accuracy_m() / SIGMAS_IN_RADIUS_68;
        let sigma = (reported * reported + FLOOR_SIGMA_M * FLOOR_SIGMA_M).sqrt();
        self.fixes.push_back(Taken { at: fix.taken_at(), position: fix.position(), sigma });
    }

    /// Drops the fix that adds least: the one of the older half nearest in time to its successor.
    fn thin(&mut self) {
        let gap = |index: usize| match (self.fixes.get(index), self.fixes.get(index + 1)) {
            (Some(one), Some(next)) => next.at.millis_since(one.at),
            _ => i64::MAX,
        };
        let closest = (0..CAPACITY / 2).min_by_key(|&index| gap(index)).unwrap_or(0);
        self.fixes.remove(closest);
    }

    /// The operating system's activity changed.
    pub fn moves(&mut self, motion: Motion) {
        self.motion = Some(motion);
    }

    /// The estimate at `now`, or `None` when there is no fix worth the name.
    pub fn estimate(&mut self, now: Timestamp) -> Option<Estimate> {
        let newest = *self.fixes.back()?;
        let window = match self.motion {
            Some(Motion::Still) => STILL_WINDOW_MS,
            _ => WALKING_WINDOW_MS,
        };
        while self.fixes.front().is_some_and(|fix| newest.at.millis_since(fix.at) > window) {
            self.fixes.pop_front();
        }
        let age_s = now.millis_since(newest.at).max(0) as f64 / 1_000.0;
        let speed = match self.motion {
            Some(Motion::Still) => 0.1,
            Some(Motion::Walking) | None => WALKING_M_S,
            Some(Motion::Riding) => 10.0,
        };
        let drift = speed * age_s;
        let fused = self.fuse(newest)?;
        let sigma =
            (fused.sigma * fused.sigma + STORE_SIGMA_M * STORE_SIGMA_M + drift * drift).sqrt();
        if drift > LOST_SIGMA_M {
            self.fixes.clear();
            return None;
        }
        Some(Estimate { position: fused.position, sigma })
    }

    fn fuse(&self, newest: Taken) -> Option<Estimate> {
        let count = self.fixes.len();
        if count == 1 {
            return Some(Estimate { position: newest.position, sigma: newest.sigma });
        }
        let plane = Plane::at(newest.position);
        let mut easts = [0.0; CAPACITY];
        let mut norths = [0.0; CAPACITY];
        let mut sigmas = [0.0; CAPACITY];
        let slots = easts.iter_mut().zip(&mut norths).zip(&mut sigmas);
        for (fix, ((east, north), sigma)) in self.fixes.iter().zip(slots) {
            let point = plane.point(fix.position);
            (*east, *north, *sigma) = (point.x, point.y, fix.sigma);
        }
        let (mut sorted_x, mut sorted_y) = (easts, norths);
        let x = median(sorted_x.get_mut(..count)?)?;
        let y = median(sorted_y.get_mut(..count)?)?;
        let mut point = Point { x, y };
        if count == 2 {
            let (one, other) = (self.fixes.front()?, self.fixes.back()?);
            point =
                plane.point(if one.sigma < other.sigma { one.position } else { other.position });
        }
        for _ in 0..ROUNDS {
            let (mut sum, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
            for ((&x, &y), &sigma) in easts.iter().zip(&norths).zip(&sigmas).take(count) {
                let off = point.distance_squared(Point { x, y });
                let weight = 1.0 / (sigma * sigma + off / TAIL);
                (sum, sum_x, sum_y) = (sum + weight, sum_x + weight * x, sum_y + weight * y);
            }
            point = Point { x: sum_x / sum, y: sum_y / sum };
        }
        let oldest = self.fixes.front()?.at;
        let span_s = newest.at.millis_since(oldest) as f64 / 1_000.0;
        let independent = 1.0 + span_s / INDEPENDENT_EVERY_S;
        let sigma = median(sigmas.get_mut(..count)?)? / independent.sqrt();
        Some(Estimate { position: plane.position(point), sigma })
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some((upper + *values.get(middle.checked_sub(1)?)?) / 2.0)
}
