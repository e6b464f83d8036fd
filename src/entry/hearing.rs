use std::sync::LazyLock;

use super::radio::BEACON;

/// The weakest beacon a phone hears, dBm: the 5th percentile of the mall walks' adverts is -96.
const FAINTEST_DBM: f64 = -94.0;

/// How much strength changes from one second to the next, standard deviation in dB: 4.1 on 1,051
/// pairs of the mall walks, 4.8 on 1,219 of the wall logs.
const FAST_DB: f64 = 4.5;

/// Of the seconds in which a beacon could be heard, this share hears it: it sends about once a
/// second and a scan catches 60 to 90 %.
const CAUGHT: f64 = 0.6;

/// A median scatters by this more than a mean, in variance: pi / 2.
const MEDIAN_SCATTERS: f64 = std::f64::consts::FRAC_PI_2;

/// Strengths are told apart by this much, dB.
const STEP_DB: f64 = 2.0;

/// The strongest strength that is looked at, dBm.
const STRONGEST_DBM: f64 = -20.0;

/// Strengths looked at: down to -160 dBm.
const STEPS: usize = 71;

/// Slow fading reaches this many steps to either side: three standard deviations.
const REACH: usize = 9;

/// What the walls, bodies and shelves around do to the mean strength for as long as nobody moves:
/// the share of each step of it, and for each strength the logarithm of the chance that a second
/// passes without the beacon being heard.
struct Tables {
    slow: [f64; 2 * REACH + 1],
    missed: [f64; STEPS],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let variance = BEACON.spread_db * BEACON.spread_db - FAST_DB * FAST_DB;
    let mut slow = [0.0; 2 * REACH + 1];
    for (step, share) in slow.iter_mut().enumerate() {
        let off = (step as f64 - REACH as f64) * STEP_DB;
        *share = libm::exp(-off * off / (2.0 * variance));
    }
    let sum: f64 = slow.iter().sum();
    slow.iter_mut().for_each(|share| *share /= sum);
    let mut missed = [0.0; STEPS];
    for (step, log) in missed.iter_mut().enumerate() {
        // The normal distribution as a logistic one.
        let scale = FAST_DB * 3.0_f64.sqrt() / std::f64::consts::PI;
        let heard = CAUGHT / (1.0 + libm::exp((FAINTEST_DBM - strength(step)) / scale));
        *log = libm::log(1.0 - heard);
    }
    Tables { slow, missed }
});

fn strength(step: usize) -> f64 {
    STRONGEST_DBM - STEP_DB * step as f64
}

/// How likely what was heard of a beacon, and that it was not heard more often, is for each mean
/// strength that the law may predict: a natural logarithm, 0 for the likeliest. Slow fading is
/// integrated out; a beacon heard twice in ten seconds is weaker than those two times say.
#[derive(Clone, Debug)]
pub struct Hearing([f32; STEPS]);

impl Hearing {
    /// Of `count` sightings with this median, dBm, and of the seconds in which it was listened for
    /// and not heard.
    pub fn new(heard: Option<(usize, f64)>, missed_s: u32) -> Self {
        let Tables { slow, missed } = &*TABLES;
        let mut logs = [0.0; STEPS];
        let mut best = f64::NEG_INFINITY;
        for (step, (log, missed)) in logs.iter_mut().zip(missed).enumerate() {
            *log = f64::from(missed_s) * missed;
            if let Some((count, median)) = heard {
                // No strength is told finer than by the dB.
                let variance = 1.0 + FAST_DB * FAST_DB * MEDIAN_SCATTERS / count.max(1) as f64;
                let off = median - strength(step);
                *log -= off * off / (2.0 * variance);
            }
            best = best.max(*log);
        }
        let likely = logs.map(|log| libm::exp(log - best));
        let mut table = [0.0_f32; STEPS];
        let mut most = f64::MIN_POSITIVE;
        let mut sums = [0.0; STEPS];
        for (step, sum) in sums.iter_mut().enumerate() {
            for (nth, share) in slow.iter().enumerate() {
                // Beyond the ends it is as at the ends.
                let at = (step + nth).saturating_sub(REACH).min(STEPS - 1);
                *sum += share * likely.get(at).copied().unwrap_or(0.0);
            }
            most = most.max(*sum);
        }
        for (entry, sum) in table.iter_mut().zip(&sums) {
            *entry = libm::log(sum.max(f64::MIN_POSITIVE) / most) as f32;
        }
        Self(table)
    }

    /// The same when with probability `dead` there is nothing to hear.
    pub fn or(self, dead: f64) -> Self {
        let mixed = |log: f32| libm::log(dead + (1.0 - dead) * libm::exp(log.into())) as f32;
        Self(self.0.map(mixed))
    }

    /// The logarithm for a predicted strength, dBm.
    pub fn at(&self, predicted_dbm: f64) -> f64 {
        let step = ((STRONGEST_DBM - predicted_dbm) / STEP_DB).clamp(0.0, (STEPS - 1) as f64);
        let whole = step as usize;
        let one = self.0.get(whole).copied().unwrap_or(0.0);
        let next = self.0.get(whole + 1).copied().unwrap_or(one);
        f64::from(one) + f64::from(next - one) * (step - whole as f64)
    }
}
