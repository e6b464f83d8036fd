//! What the judgement comes to.

use domain::StoreId;

use super::nearby::StoreKey;

/// How many candidates stay listed. Five are offered to the member; the rest are there so that the
/// screen's "they agree" is said over more than what is offered.
pub const MAX_CANDIDATES: usize = 8;

/// How many candidates are offered to the member.
pub const MAX_OFFERED: usize = 5;

/// A store at least this likely is still in question: the screen must be right for it too.
pub const IN_QUESTION_FROM: f64 = 0.005;

/// The model of position takes signals for noisier than they mostly are, against the day they are so; over
/// many visits its stores are as likely as their shares to this power are (docs/entry.md).
const SURER: f64 = 1.3;

/// What the judgement comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// In this store. Said only on a strong sign: a beacon heard close, a code in its place, a
    /// touched tag, the store's Wi-Fi, the member's choice. Never on position alone.
    Here {
        /// The store's key in the cache.
        key: StoreKey,
    },
    /// In or at one of the candidates; the screen is drawn over all of them.
    Choose,
    /// At no store the cache knows, or nothing is known yet.
    #[default]
    Nowhere,
}

/// Which signs speak for a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence(u16);

impl Evidence {
    /// The fixes put the phone near it.
    pub const POSITION: Self = Self(1);
    /// Its beacon was heard.
    pub const BEACON: Self = Self(1 << 1);
    /// Its beacon proved to be no recording.
    pub const PROVEN_BEACON: Self = Self(1 << 2);
    /// A code naming it was read.
    pub const CODE: Self = Self(1 << 3);
    /// That code is signed.
    pub const SIGNED_CODE: Self = Self(1 << 4);
    /// Its NFC tag was touched.
    pub const TOUCHED: Self = Self(1 << 5);
    /// Its access point was heard.
    pub const WIFI: Self = Self(1 << 6);
    /// The phone is joined to its access point.
    pub const JOINED: Self = Self(1 << 7);
    /// The member chose it.
    pub const CHOSEN: Self = Self(1 << 8);
    /// The member was there before.
    pub const HABIT: Self = Self(1 << 9);

    /// The position rests on a fix that a test tool or a simulator made.
    pub const SIMULATED: Self = Self(1 << 10);

    /// Whether all of `other` is in it.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits, for a record that crosses to the app.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// All of both.
    #[must_use]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn set(&mut self, other: Self, on: bool) {
        if on {
            self.0 |= other.0;
        } else {
            self.0 &= !other.0;
        }
    }
}

/// One store in question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its key in the cache.
    pub key: StoreKey,
    /// 0..=1. Those of all candidates, of the stores left out and of "none" add up to 1.
    pub probability: f64,
    /// Metres from the estimated position, 0 inside the store's outline where it has one of its
    /// own; absent when there was no usable fix.
    pub distance_m: Option<f64>,
    /// What speaks for it.
    pub evidence: Evidence,
}

/// A code names one store while radio and position say the phone is elsewhere: the code may be
/// copied. Nothing should be paid by it before the member looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongStore {
    /// The store the code names.
    pub code_says: StoreId,
    /// The likeliest store by radio and position, when there is one.
    pub senses_say: Option<StoreKey>,
}

/// The judgement after a signal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Here, choose, or nowhere.
    pub state: State,
    /// The stores in question, likeliest first, at most `MAX_CANDIDATES`; filled up with less
    /// likely ones to `MAX_OFFERED`, so that the member can always correct the judgement.
    pub candidates: Vec<Candidate>,
    /// Probability of being at no store of the cache, 0..=1.
    pub none_probability: f64,
    /// The wrong-store alarm, raised until the code has been forgotten or is no longer contradicted.
    pub alarm: Option<WrongStore>,
    /// Since the judgement before: the state, the alarm, or which candidates are listed in which
    /// order. Probabilities may move without it.
    pub changed: bool,
}

impl Judgement {
    /// The candidates that the screen is drawn over: each at least `IN_QUESTION_FROM` likely.
    /// The likeliest is always among them.
    pub fn in_question(&self) -> &[Candidate] {
        let likely = self.candidates.partition_point(|c| c.probability >= IN_QUESTION_FROM);
        self.candidates.get(..likely.max(1)).unwrap_or(&self.candidates)
    }

    /// How likely each of [`Self::in_question`] is the store, given that the phone is at one: what a
    /// screen rests on. Surer than the bare probabilities, by the power `SURER`.
    pub fn shares(&self) -> Vec<f64> {
        let at_any = 1.0 - self.none_probability;
        let raised = |probability: f64| libm::pow(probability / at_any, SURER);
        let probabilities = self.in_question().iter().map(|candidate| candidate.probability);
        let listed: f64 = probabilities.clone().sum();
        let mut shares: Vec<f64> = probabilities.map(raised).collect();
        // The others are many, and none of them likelier than this.
        let others = (at_any - listed).max(0.0) / at_any * libm::pow(IN_QUESTION_FROM, SURER - 1.0);
        let all = shares.iter().sum::<f64>() + others;
        shares.iter_mut().for_each(|share| *share /= all);
        shares
    }

    /// The candidates to offer to the member, likeliest first, at most `MAX_OFFERED`.
    pub fn offered(&self) -> &[Candidate] {
        self.candidates.get(..MAX_OFFERED).unwrap_or(&self.candidates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(probabilities: &[f64], none_probability: f64) -> Vec<f64> {
        let candidate = |(nth, probability): (i64, &f64)| Candidate {
            key: StoreKey(nth),
            probability: *probability,
            distance_m: None,
            evidence: Evidence::default(),
        };
        let candidates = (0..).zip(probabilities).map(candidate).collect();
        Judgement { candidates, none_probability, ..Judgement::default() }.shares()
    }

    #[test]
    fn shares_are_those_of_being_at_a_store_keep_their_order_and_leave_room_for_the_others() {
        assert_eq!(shares(&[0.5], 0.5), [1.0], "it is this one or none");
        let all = shares(&[0.4, 0.2, 0.2], 0.2);
        assert!(all[0] > 0.5 && all[1] == all[2] && (all.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let some = shares(&[0.3, 0.1], 0.1);
        assert!(some[0] > some[1] && some.iter().sum::<f64>() < 1.0, "others are likely, too");
    }
}
