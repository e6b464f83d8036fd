//! What the signs of one instant come to for one store: how strong they are, what is evidence, and
//! what contradicts.

use super::{
    code_place::CodePlace,
    judgement::{Candidate, Evidence, WrongStore},
    nearby::{StoreKey, StorePosition},
    position::Estimate,
    presence::Sign,
    reception::Reception,
    signal::{Motion, Proof},
    signs::Signs,
    surroundings::Surroundings,
};

/// How far from the store a choice still holds, metres.
const CHOICE_HOLDS_WITHIN_M: f64 = 100.0;

/// A beacon heard close and a code this far apart, metres, cannot both be right: a close beacon is
/// within 20 m, the queue of a store within 50 m.
const APART_M: f64 = 70.0;

/// One instant.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub estimate: Option<Estimate>,
    pub motion: Option<Motion>,
    pub around: &'a Surroundings,
    pub reception: &'a Reception,
    pub signs: &'a Signs,
}

impl Scene<'_> {
    /// Metres to a store from where the phone is thought to be.
    fn distance(&self, key: StoreKey) -> Option<f64> {
        self.estimate?;
        self.around.away_of(key).map(f64::sqrt)
    }

    /// Whether the fixes put the phone too far from the store for any sign to be believed.
    pub fn far_from(&self, key: StoreKey) -> bool {
        let Some(sigma) = self.estimate.map(|estimate| estimate.sigma) else { return false };
        let distance = self.distance(key);
        distance.is_some_and(|distance| distance > CHOICE_HOLDS_WITHIN_M + 2.5 * sigma)
    }

    fn leads(&self, key: StoreKey) -> bool {
        self.reception.leads(key, self.around)
    }

    fn joined(&self, key: StoreKey) -> bool {
        self.reception.joined_alone(self.around).is_some_and(|store| store.key == key)
    }

    fn chosen(&self, key: StoreKey) -> bool {
        self.signs.chosen() == Some(key)
    }

    /// How strong the best sign for a store is now.
    pub fn sign(&self, key: StoreKey) -> Sign {
        if self.far_from(key) || self.motion == Some(Motion::Riding) {
            return Sign::Weak;
        }
        if self.joined(key) || self.code_stands(key) || self.chosen(key) {
            return Sign::Given;
        }
        if self.motion != Some(Motion::Walking) && self.leads(key) {
            return Sign::Heard;
        }
        Sign::Weak
    }

    /// A code in its place: not broken, not contradicted, and not alone - the fixes or the store's
    /// own beacon agree with it.
    fn code_stands(&self, key: StoreKey) -> bool {
        let code = self.signs.code().filter(|code| code.names(key) && !code.refuted);
        code.filter(|code| code.proof != Proof::Broken).is_some_and(|code| {
            match code.place(self.estimate) {
                CodePlace::Agrees => true,
                CodePlace::Unknown => self.leads(key),
                CodePlace::Contradicted => false,
            }
        })
    }

    /// Whether a strong sign still stands behind an entered store.
    pub fn supported(&self, key: StoreKey) -> bool {
        !self.far_from(key)
            && (self.reception.hears(key)
                || self.joined(key)
                || self.chosen(key)
                || self.code_stands(key))
    }

    /// Fills in distance and evidence.
    pub fn explain(&self, candidate: &mut Candidate) {
        let key = candidate.key;
        candidate.distance_m = self.distance(key);
        candidate.evidence = self.reception.evidence(key).and(self.signs.evidence(key));
        let near = self.estimate.zip(candidate.distance_m);
        let near = near.is_some_and(|(estimate, distance)| distance < 2.0 * estimate.sigma);
        candidate.evidence.set(Evidence::POSITION, near);
        let simulated = self.estimate.is_some_and(|estimate| estimate.simulated);
        candidate.evidence.set(Evidence::SIMULATED, simulated);
    }

    /// A code against what the fixes or a close beacon say.
    pub fn alarm(&self, candidates: &[Candidate]) -> Option<WrongStore> {
        let code = self.signs.code()?;
        let by_position = code.place(self.estimate) == CodePlace::Contradicted;
        let elsewhere = |named: StorePosition| {
            let mut heard = self.reception.heard();
            self.estimate.is_none()
                && heard.any(|store| {
                    store.key != named.key
                        && self.leads(store.key)
                        && self.apart(store, named) > APART_M
                })
        };
        (by_position || code.position.is_some_and(elsewhere)).then(|| WrongStore {
            code_says: code.store,
            senses_say: candidates.first().map(|best| best.key),
        })
    }

    fn apart(&self, one: StorePosition, other: StorePosition) -> f64 {
        self.around.projection().map_or(0.0, |projection| {
            projection.point(one.position).distance(projection.point(other.position))
        })
    }
}
