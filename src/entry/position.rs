//! Where the phone probably is, from the recent fixes.

use std::collections::VecDeque;

use domain::{Position, Timestamp};

use super::{
    projection::{Point, Projection},
    signal::Motion,
};
use crate::sensed::{CheckedFix, FixProvider};

/// Fixes kept: half a minute at one a second, or the whole window when thinned.
const CAPACITY: usize = 32;

/// While the phone is still, fixes of the last two minutes describe one place (the yardstick of
/// the simulator listens as long; longer gains nothing, as errors last 35 s and drift goes on).
const STILL_WINDOW_MS: i64 = 120_000;

/// On foot, 12 s are 16 m: more would drag the estimate behind the phone further than a fix is off.
const WALKING_WINDOW_MS: i64 = 12_000;

/// Fix errors last: their correlation is 0.76 to 0.80 after 10 s, 0.34 to 0.50 after 30 s and 0.14 to
/// 0.28 after 60 s (MobilityNet walks); with this time constant, seconds, 0.75, 0.42 and 0.18.
const ERROR_LASTS_S: f64 = 35.0;

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

/// Two fixes closer together than this, milliseconds, say the same: of the two the finer is kept.
const SPACING_MS: i64 = 500;

#[derive(Clone, Copy, Debug)]
struct Taken {
    at: Timestamp,
    position: Position,
    sigma: f64,
    provider: Option<FixProvider>,
    mocked: bool,
}

impl Taken {
    fn new(fix: &CheckedFix) -> Self {
        let reported = fix.accuracy_m() / SIGMAS_IN_RADIUS_68;
        Self {
            at: fix.taken_at(),
            position: fix.position(),
            sigma: (reported * reported + FLOOR_SIGMA_M * FLOOR_SIGMA_M).sqrt(),
            provider: fix.provider(),
            mocked: fix.mocked(),
        }
    }

    /// A network hands its last answer over again while the access points around are the same: one
    /// measurement, however often it comes.
    fn repeats(&self, other: &Self) -> bool {
        let network = Some(FixProvider::Network);
        self.position == other.position && self.provider == network && other.provider == network
    }

    fn beside(&self, other: &Self) -> bool {
        self.at.millis_since(other.at).abs() < SPACING_MS
    }
}

/// Where the phone probably is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The likeliest position.
    pub position: Position,
    /// Standard deviation per axis, metres, of the phone's distance to the store it is in.
    pub sigma: f64,
    /// A fix that a test tool or a simulator made is among those it rests on.
    pub simulated: bool,
}

/// The recent fixes in the order in which they were taken, fused so that neither one jump nor ten
/// repeats decide.
#[derive(Clone, Debug, Default)]
pub struct Fixes(VecDeque<Taken>);

impl Fixes {
    /// Takes a fix, in whatever order they come: a receiver's may be handed over after a network's
    /// that is younger.
    pub fn take(&mut self, fix: &CheckedFix) {
        let fix = Taken::new(fix);
        if let Some(index) = self.0.iter().position(|kept| fix.repeats(kept)) {
            if self.0.get(index).is_some_and(|kept| kept.at >= fix.at) {
                return;
            }
            self.0.remove(index);
        }
        if self.0.iter().any(|kept| fix.beside(kept) && kept.sigma <= fix.sigma) {
            return;
        }
        self.0.retain(|kept| !fix.beside(kept));
        if self.0.len() >= CAPACITY {
            self.thin();
        }
        let index = self.0.partition_point(|kept| kept.at <= fix.at);
        self.0.insert(index, fix);
    }

    /// Drops the fix that adds least: the one of the older half nearest in time to its successor.
    fn thin(&mut self) {
        let gap = |index: usize| match (self.0.get(index), self.0.get(index + 1)) {
            (Some(one), Some(next)) => next.at.millis_since(one.at),
            _ => i64::MAX,
        };
        let closest = (0..CAPACITY / 2).min_by_key(|&index| gap(index)).unwrap_or(0);
        self.0.remove(closest);
    }

    /// The phone was walked with until `now`, and is still from here on: what was taken on the way
    /// says where the phone was then.
    pub fn stop(&mut self, now: Timestamp) {
        for fix in &mut self.0 {
            let walked = WALKING_M_S * now.millis_since(fix.at).max(0) as f64 / 1_000.0;
            fix.sigma = (fix.sigma * fix.sigma + walked * walked).sqrt();
        }
    }

    /// The estimate at `now` for a phone that moves like this, or `None` when there is no fix worth
    /// the name.
    pub fn estimate(&mut self, now: Timestamp, motion: Option<Motion>) -> Option<Estimate> {
        let newest = *self.0.back()?;
        let window = match motion {
            Some(Motion::Still) => STILL_WINDOW_MS,
            _ => WALKING_WINDOW_MS,
        };
        while self.0.front().is_some_and(|fix| newest.at.millis_since(fix.at) > window) {
            self.0.pop_front();
        }
        let age_s = now.millis_since(newest.at).max(0) as f64 / 1_000.0;
        let drift = speed_m_s(motion) * age_s;
        let fused = self.fuse(newest)?;
        let sigma =
            (fused.sigma * fused.sigma + STORE_SIGMA_M * STORE_SIGMA_M + drift * drift).sqrt();
        if drift > LOST_SIGMA_M {
            self.0.clear();
            return None;
        }
        Some(Estimate { sigma, ..fused })
    }

    fn fuse(&self, newest: Taken) -> Option<Estimate> {
        if self.0.len() == 1 {
            let Taken { position, sigma, mocked, .. } = newest;
            return Some(Estimate { position, sigma, simulated: mocked });
        }
        let map = Projection::at(newest.position);
        let mut samples = [Sample::default(); CAPACITY];
        let samples = self.samples(&map, &mut samples)?;
        // Of equally fine ones the newest.
        let finest = samples.iter().rev().min_by(|a, b| a.variance.total_cmp(&b.variance))?;
        let start = if samples.len() == 2 { finest.point } else { middle(samples)? };
        let mut fused = Fused::from(start, samples);
        // The middle of many repeats may be one error. The finest fix stands against it, and has
        // its way when that leaves less unexplained.
        if finest.point.distance_squared(fused.point) > TAIL * finest.variance {
            let other = Fused::from(finest.point, samples);
            if other.misfit(samples) < fused.misfit(samples) {
                fused = other;
            }
        }
        Some(Estimate {
            position: map.position(fused.point),
            sigma: fused.precision.sqrt().recip(),
            simulated: self.0.iter().any(|fix| fix.mocked),
        })
    }

    /// The fixes on a map, each with how much it adds to its neighbours in time.
    fn samples<'a>(
        &self,
        map: &Projection,
        samples: &'a mut [Sample; CAPACITY],
    ) -> Option<&'a [Sample]> {
        let nexts = self.0.iter().skip(1).map(Some).chain([None]);
        let mut before = 1.0;
        for ((fix, next), sample) in self.0.iter().zip(nexts).zip(&mut *samples) {
            let after = next.map_or(1.0, |next| apart(fix.at, next.at));
            *sample = Sample {
                point: map.point(fix.position),
                variance: fix.sigma * fix.sigma,
                adds: before + after - 1.0,
            };
            before = after;
        }
        samples.get(..self.0.len())
    }
}

/// A fix on a map.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    point: Point,
    variance: f64,
    adds: f64,
}

/// A weighted mean of samples, and the sum of its weights.
#[derive(Clone, Copy, Debug)]
struct Fused {
    point: Point,
    precision: f64,
}

impl Fused {
    /// Reweights round `start`: what is far from it for its accuracy counts little.
    fn from(start: Point, samples: &[Sample]) -> Self {
        let mut fused = Self { point: start, precision: 0.0 };
        for _ in 0..ROUNDS {
            let (mut sum, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
            for Sample { point, variance, adds } in samples {
                let off = fused.point.distance_squared(*point);
                let weight = adds / (variance + off / TAIL);
                sum += weight;
                sum_x += weight * point.x;
                sum_y += weight * point.y;
            }
            fused = Self { point: Point { x: sum_x / sum, y: sum_y / sum }, precision: sum };
        }
        fused
    }

    /// How far the samples are off it for their accuracy: the log likelihood of the t distribution
    /// but for sign and constants.
    fn misfit(&self, samples: &[Sample]) -> f64 {
        let misfit = |sample: &Sample| {
            libm::log(1.0 + self.point.distance_squared(sample.point) / (TAIL * sample.variance))
        };
        samples.iter().map(misfit).sum()
    }
}

/// The median east and north.
fn middle(samples: &[Sample]) -> Option<Point> {
    let mut values = [0.0; CAPACITY];
    let mut median_of = |coordinate: fn(&Sample) -> f64| {
        let slots = values.iter_mut().zip(samples);
        slots.for_each(|(slot, sample)| *slot = coordinate(sample));
        median(values.get_mut(..samples.len())?)
    };
    Some(Point { x: median_of(|sample| sample.point.x)?, y: median_of(|sample| sample.point.y)? })
}

/// How fast a phone that moves like this may leave where it was, metres a second.
fn speed_m_s(motion: Option<Motion>) -> f64 {
    match motion {
        Some(Motion::Still) => 0.1,
        Some(Motion::Walking) | None => WALKING_M_S,
        Some(Motion::Riding) => 10.0,
    }
}

/// How much of its own a fix has beside the next one, 0.5 (the same instant) to 1 (long after): with
/// errors correlated by phi from one to the next and alike in size, the best weights of the mean are
/// 1 / (1 + phi) on the side of each neighbour.
fn apart(one: Timestamp, next: Timestamp) -> f64 {
    let seconds = next.millis_since(one) as f64 / 1_000.0;
    1.0 / (1.0 + libm::exp(-seconds / ERROR_LASTS_S))
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
