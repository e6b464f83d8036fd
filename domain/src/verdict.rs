//! What is known of one store's (scheme, channel): five words, and how a statement ages into silence.

use serde::{Deserialize, Serialize};

use crate::{
    Acceptance, Claim, Source, Timestamp,
    scheme::{self, Reach},
};

/// From this certainty on a statement counts as said; below it, as likely.
const SAID_FROM: f64 = 0.95;

/// Less certain than this, a statement says nothing any more.
const LIKELY_FROM: f64 = 0.90;

/// What a store says of itself, signed: 6 in log-odds, and shown as the fact it is.
const BY_THE_STORE: f64 = 0.9975;

/// What anybody else says: finding the store that a record means errs in about one of a hundred.
const BY_OTHERS: f64 = 0.99;

/// What is inferred counts for at most 2.9 in log-odds, so that alone it is never certain.
const MOST_INFERRED: f64 = 0.948;

/// A year in milliseconds.
const YEAR_MS: f64 = 365.25 * 86_400_000.0;

/// What is known of whether a store takes a (scheme, channel).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was said or seen, and holds with at least 0.95.
    Accepted,
    /// It holds with at least 0.90.
    Likely,
    /// Nothing is known, or nothing any more. It is no refusal.
    Unknown,
    /// The store was heard to refuse it; that it takes it has at most 0.10.
    LikelyNot,
    /// The store does not take it: at most 0.05 that it does.
    Refused,
}

/// A verdict with the probability that the store takes it: one number, or all of 0 to 1 where nothing
/// is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// In a word.
    pub verdict: Verdict,
    /// The least it can be.
    pub low: f64,
    /// The most it can be.
    pub high: f64,
}

impl Known {
    /// Of silence.
    pub const NOTHING: Self = Self { verdict: Verdict::Unknown, low: 0.0, high: 1.0 };

    const fn at(verdict: Verdict, chance: f64) -> Self {
        Self { verdict, low: chance, high: chance }
    }
}

/// What was believed of a store's taking something, and what that ages towards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// The probability that it takes it, as of `as_of`.
    pub chance: f64,
    /// When that was so.
    pub as_of: Timestamp,
    /// The share of the stores like it that take it, where that is known: old statements fade towards it.
    /// Without it they fade into silence.
    pub rate: Option<f64>,
    /// Whether it is inferred from other stores or other schemes: then it is likely at most.
    pub inferred: bool,
}

impl Belief {
    /// What it is worth at `now`, of something that is taken so widely.
    ///
    /// It ages into silence, or towards the rate of the stores like it, and never into a refusal: what was
    /// taken long ago is unknown, and a refusal of long ago is no refusal any more.
    pub fn known(&self, reach: Reach, now: Timestamp) -> Known {
        let begun = if self.inferred {
            self.chance.clamp(1.0 - MOST_INFERRED, MOST_INFERRED)
        } else {
            self.chance
        };
        let (taken, left) = (begun >= 0.5, stays(now.millis_since(self.as_of), reach));
        let chance = match self.rate {
            Some(rate) => {
                let rate = rate.min(MOST_INFERRED);
                rate + (begun - rate) * left
            }
            None => faded(begun, left),
        };
        // A certainty that fell below half, or that other stores' rate would turn into a refusal, is silence.
        match (chance >= 0.5, taken) {
            (true, _) if chance >= SAID_FROM => Known::at(Verdict::Accepted, chance),
            (true, _) if chance >= LIKELY_FROM => Known::at(Verdict::Likely, chance),
            (false, false) if chance <= 1.0 - SAID_FROM => Known::at(Verdict::Refused, chance),
            (false, false) if chance <= 1.0 - LIKELY_FROM => Known::at(Verdict::LikelyNot, chance),
            _ => Known::NOTHING,
        }
    }
}

/// How long two that say the opposite count as differing: after that the older says too little. A quarter, as
/// payment networks tell when a store was last paid at.
pub const DIFFERS_FOR_MS: i64 = 90 * 86_400_000;

impl Claim {
    /// Whether those who were there differ on it, as far as that is still of use at `now`.
    pub fn differs(&self, now: Timestamp) -> bool {
        self.acceptance == Acceptance::Differs && now.millis_since(self.as_of) <= DIFFERS_FOR_MS
    }

    /// What this statement, which nothing else supports, is worth at `now`.
    ///
    /// It ages towards silence: what was taken long ago is unknown, never refused, and a refusal of
    /// long ago is no refusal any more. What the store itself says holds as long as it says so.
    pub fn known(&self, now: Timestamp) -> Known {
        let (certain, as_of) = match self.source {
            Source::Store => (BY_THE_STORE, now),
            // What other stores take is a rate and not a statement: it does not age.
            Source::Chain => (MOST_INFERRED, now),
            Source::Country => (LIKELY_FROM, now),
            _ => (BY_OTHERS, self.as_of),
        };
        let chance = match self.acceptance {
            Acceptance::Accepted => certain,
            Acceptance::Refused => 1.0 - certain,
            Acceptance::Likely => MOST_INFERRED,
            Acceptance::LikelyNot => 1.0 - MOST_INFERRED,
            Acceptance::Unknown | Acceptance::Differs => return Known::NOTHING,
        };
        let reach = scheme::find(self.scheme.as_str()).map_or(Reach::National, |known| known.reach);
        let inferred = self.source.is_inferred();
        Belief { chance, as_of, rate: None, inferred }.known(reach, now)
    }
}

/// What is left of a chance that nothing supports after `age_ms`, for something that is taken so widely. What fell
/// to a half says nothing any more.
pub fn aged(chance: f64, age_ms: i64, reach: Reach) -> f64 {
    let chance_left = faded(chance, stays(age_ms, reach));
    if chance >= 0.5 { chance_left.max(0.5) } else { chance_left }
}

fn faded(begun: f64, left: f64) -> f64 {
    if begun >= 0.5 { begun * left } else { (1.0 - (1.0 - begun) * left).min(0.5) }
}

/// The share of a certainty that is left after so many milliseconds. `libm`, because std's exponential
/// rounds otherwise on other platforms.
fn stays(age_ms: i64, reach: Reach) -> f64 {
    libm::exp(-hazard(reach) * age_ms.max(0) as f64 / YEAR_MS)
}

/// How often in a year such a statement stops being true: stores change hands or close (0.05 to 0.11
/// a year, map histories of three countries), and change what they take (0.03 to 0.04, euro area
/// firms 2021 to 2024); small schemes lose their stores faster.
const fn hazard(reach: Reach) -> f64 {
    match reach {
        Reach::Mainstream => 0.15,
        Reach::National => 0.20,
        Reach::Fringe => 0.30,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, SchemeId};

    const DAY_MS: i64 = 86_400_000;

    fn after(days: i64, scheme: &str, acceptance: Acceptance, source: Source) -> Known {
        let claim = Claim {
            scheme: SchemeId::new(scheme).unwrap(),
            channel: Channel::Contactless,
            acceptance,
            source,
            as_of: Timestamp(0),
        };
        claim.known(Timestamp(days * DAY_MS))
    }

    #[test]
    fn an_old_statement_goes_silent_by_the_days_of_its_scheme_and_turns_into_nothing_else() {
        use Verdict::{Accepted, Likely, LikelyNot, Refused, Unknown};
        for (scheme, days, taken, refused) in [
            ("visa", 0, Accepted, Refused),
            ("visa", 99, Accepted, Refused),
            ("visa", 101, Likely, LikelyNot),
            ("visa", 231, Likely, LikelyNot),
            ("visa", 233, Unknown, Unknown),
            ("visa", 36_500, Unknown, Unknown),
            ("paypay", 75, Accepted, Refused),
            ("paypay", 76, Likely, LikelyNot),
            ("paypay", 174, Likely, LikelyNot),
            ("paypay", 175, Unknown, Unknown),
            ("of_a_newer_server", 175, Unknown, Unknown),
        ] {
            let at = |said| after(days, scheme, said, Source::Register).verdict;
            let found = (at(Acceptance::Accepted), at(Acceptance::Refused));
            assert_eq!(found, (taken, refused), "{scheme} after {days} days");
        }
    }

    #[test]
    fn a_fringe_scheme_is_forgotten_after_two_thirds_of_a_national_ones_time() {
        let certain = |days: i64| BY_OTHERS * stays(days * DAY_MS, Reach::Fringe);
        assert!(certain(50) >= SAID_FROM && certain(51) < SAID_FROM);
        assert!(certain(116) >= LIKELY_FROM && certain(117) < LIKELY_FROM);
    }

    #[test]
    fn what_the_store_says_of_itself_holds_and_a_clock_that_is_behind_makes_nothing_surer() {
        let years = after(3_650, "visa", Acceptance::Accepted, Source::Store);
        assert_eq!(years, Known::at(Verdict::Accepted, BY_THE_STORE));
        let early = after(-400, "visa", Acceptance::Refused, Source::OpenStreetMap);
        assert_eq!(early.verdict, Verdict::Refused);
        assert_eq!((early.low, early.high), (1.0 - BY_OTHERS, 1.0 - BY_OTHERS));
    }

    fn believed(chance: f64, rate: Option<f64>, inferred: bool, days: i64) -> Verdict {
        let belief = Belief { chance, as_of: Timestamp(0), rate, inferred };
        belief.known(Reach::Mainstream, Timestamp(days * DAY_MS)).verdict
    }

    #[test]
    fn a_statement_that_others_like_it_support_fades_into_likely_and_a_refusal_through_silence() {
        let rate = Some(0.948);
        assert_eq!(believed(0.99, rate, false, 0), Verdict::Accepted);
        assert_eq!(believed(0.99, rate, false, 36_500), Verdict::Likely);
        assert_eq!(believed(0.01, rate, false, 0), Verdict::Refused);
        assert_eq!(believed(0.01, rate, false, 365), Verdict::Unknown);
        // What few of the stores like it take does not make this one refuse.
        assert_eq!(believed(0.99, Some(0.02), false, 36_500), Verdict::Unknown);
    }

    #[test]
    fn what_other_stores_take_does_not_age_and_what_follows_from_a_sibling_does() {
        use Verdict::{Likely, Unknown};
        let at = |source, days| after(days, "visa", Acceptance::Accepted, source).verdict;
        for source in [Source::Sibling, Source::Chain, Source::Country] {
            assert_eq!(at(source, 0), Likely, "{source:?}");
        }
        assert_eq!((at(Source::Chain, 3_650), at(Source::Country, 3_650)), (Likely, Likely));
        assert_eq!((at(Source::Sibling, 126), at(Source::Sibling, 127)), (Likely, Unknown));
    }

    #[test]
    fn what_is_inferred_is_never_certain() {
        assert_eq!(believed(0.99, None, true, 0), Verdict::Likely);
        assert_eq!(believed(0.01, None, true, 0), Verdict::LikelyNot);
        assert_eq!(believed(f64::NAN, None, true, 0), Verdict::Unknown);
        assert_eq!(believed(0.5, Some(f64::NAN), false, 9), Verdict::Unknown);
    }

    #[test]
    fn silence_is_anything_from_no_to_yes() {
        let silent = after(0, "visa", Acceptance::Unknown, Source::Store);
        assert_eq!(silent, Known::NOTHING);
    }
}
