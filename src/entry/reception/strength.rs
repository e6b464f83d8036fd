//! How likely it is to hear a beacon as often and as strongly as it was heard.

use std::sync::LazyLock;

use super::propagation::BEACON;

/// The weakest beacon a phone hears, dBm: the 5th percentile of the mall walks' adverts is -96.
const FAINTEST_DBM: f64 = -94.0;

/// How much strength changes from one second to the next, standard deviation in dB: 4.1 on 1,051
/// pairs of the mall walks, 4.8 on 1,219 of the wall logs.
const FAST_DB: f64 = 4.5;

/// Of the seconds in which a beacon could be heard, this share hears it: it sends about once a
/// second and a scan catches 60 to 90 %.
const CAUGHT: f64 = 0.6;

/// Of the beacons this share is weaker than its register says, by this much, dB: beacons of one model
/// measure -51 and -65 dBm at the same place (Estimote's fleet SDK, issue 21), batteries fade, and
/// shelves are put before them. The share is an assumption: no public figure was found.
const WEAK: (f64, f64) = (0.1, 14.0);

/// A median scatters by this more than a mean, in variance: pi / 2.
const MEDIAN_SCATTERS: f64 = std::f64::consts::FRAC_PI_2;

/// Strengths are told apart by this much, dB.
const STEP_DB: f64 = 2.0;

/// The strongest strength that is looked at, dBm.
const STRONGEST_DBM: f64 = -20.0;

/// Strengths looked at: down to -160 dBm.
const STEPS: usize = 71;

/// The mean strength is off the law by at most this many steps: a weak beacon and three standard
/// deviations of slow fading.
const REACH: usize = 16;

/// How far the mean strength is off the law for as long as nobody moves (walls, bodies and shelves
/// around, weak beacons): the share of each step of it, from the strongest to the weakest. And for
/// each strength the logarithm of the chance that a second passes without the beacon being heard.
struct Tables {
    off_law: [f64; 2 * REACH + 1],
    missed: [f64; STEPS],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let variance = BEACON.spread_db * BEACON.spread_db - FAST_DB * FAST_DB;
    let bell = |off: f64| libm::exp(-off * off / (2.0 * variance));
    let (weak, by) = WEAK;
    let mut off_law = [0.0; 2 * REACH + 1];
    for (step, share) in off_law.iter_mut().enumerate() {
        let weaker = (step as f64 - REACH as f64) * STEP_DB;
        *share = (1.0 - weak) * bell(weaker) + weak * bell(weaker - by);
    }
    let sum: f64 = off_law.iter().sum();
    off_law.iter_mut().for_each(|share| *share /= sum);
    let mut missed = [0.0; STEPS];
    for (step, log) in missed.iter_mut().enumerate() {
        // The normal distribution as a logistic one.
        let scale = FAST_DB * 3.0_f64.sqrt() / std::f64::consts::PI;
        let heard = CAUGHT / (1.0 + libm::exp((FAINTEST_DBM - strength(step)) / scale));
        *log = libm::log(1.0 - heard);
    }
    Tables { off_law, missed }
});

fn strength(step: usize) -> f64 {
    STRONGEST_DBM - STEP_DB * step as f64
}

/// How likely what was heard of a beacon, and that it was not heard more often, is for each mean
/// strength that the law may predict: a natural logarithm, 0 for the likeliest. How far the beacon
/// may be off the law is integrated out: one heard twice in ten seconds is weaker than those two
/// strengths say.
#[derive(Clone, Debug)]
pub struct Likelihood([f32; STEPS]);

impl Likelihood {
    /// Of `count` sightings with this median, dBm, and of the seconds in which it was listened for
    /// and not heard.
    pub fn new(heard: Option<(usize, f64)>, missed_s: u32) -> Self {
        let Tables { off_law, missed } = &*TABLES;
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
            for (nth, share) in off_law.iter().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn likeliest(likelihood: &Likelihood) -> f64 {
        let strengths = (0..STEPS).map(strength);
        strengths
            .max_by(|one, other| likelihood.at(*one).total_cmp(&likelihood.at(*other)))
            .unwrap()
    }

    #[test]
    fn a_beacon_that_is_missed_is_weaker_than_it_was_heard() {
        let steady = likeliest(&Likelihood::new(Some((10, -88.0)), 0));
        let missed = likeliest(&Likelihood::new(Some((2, -88.0)), 8));
        assert!((-92.0..=-84.0).contains(&steady), "{steady}");
        assert!(missed <= steady - 4.0, "{missed} after misses, {steady} without");
    }

    #[test]
    fn silence_speaks_against_what_is_near_and_hardly_against_what_is_far() {
        let silence = Likelihood::new(None, 10).or(0.03);
        assert!(silence.at(-70.0) < -1.5, "{}", silence.at(-70.0));
        assert!(silence.at(-113.0) > -0.03, "{}", silence.at(-113.0));
        assert!(Likelihood::new(None, 0).at(-60.0).abs() < 1e-6, "nobody listened");
    }

    #[test]
    fn a_beacon_much_weaker_than_registered_is_not_ruled_out() {
        let heard = Likelihood::new(Some((6, -86.0)), 4);
        assert!(heard.at(-72.0) > heard.at(-58.0));
        assert!(heard.at(-72.0) > -3.0, "{}", heard.at(-72.0));
    }

    #[test]
    fn no_prediction_leaves_the_table() {
        let likelihood = Likelihood::new(Some((usize::MAX, -300.0)), u32::MAX);
        for predicted in [f64::NEG_INFINITY, -1e9, -160.0, -20.0, 1e9, f64::INFINITY] {
            let log = likelihood.at(predicted);
            assert!(log.is_finite() && log <= 0.0, "{predicted}: {log}");
        }
    }
}
