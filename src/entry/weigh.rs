use super::{
    around::Store,
    code_place::CodePlace,
    engine::Engine,
    judgement::{
        Candidate, Evidence, IN_QUESTION_FROM, Judgement, MAX_CANDIDATES, MAX_OFFERED, WrongStore,
    },
    nearby::{StoreKey, StorePosition},
    radio::Transmitter,
    settle::{Sign, Standing},
    shown::{Chosen, Shown},
    signal::{Motion, Proof},
    whereabouts::TAIL,
};

/// What is this far behind the best by radio (natural logarithm) has no weight: one in 10^13.
const HOPELESS: f64 = -30.0;

/// Less likely than this, a store is not even offered.
const OFFERED_FROM: f64 = 1e-6;

/// "None" has at least this share of position weight to compete with: when no store lies within
/// about one and a half standard deviations, being at none is likelier than at the nearest.
const USUAL_NEARNESS: f64 = 0.25;

/// A beacon heard close: within 18 dB of its strength at 1 m, by the path-loss law about 5 m.
const CLOSE_DB: f64 = -18.0;

/// Sightings that make a level.
const LEVEL_FROM: usize = 3;

/// Lead over every other store's beacon, dB. Through an office wall a beacon is 3.25 dB weaker with
/// a spread of 3.55 over bodies and rotations; in the worst of 27 pairs (a back pocket against an
/// ear) the wrong one led by 10 dB for seconds, by 12 never.
const LEAD_DB: f64 = 12.0;

/// How much being joined to a store's access point speaks for it, as a natural logarithm: nearly
/// as much as a signed code, as a network reaches the tables outside and the shop next door.
const JOINED_SPEAKS: f64 = 6.0;

/// Sums over the stores.
#[derive(Default)]
struct Sums {
    near: f64,
    total: f64,
    outside: f64,
}

/// Most stores have nothing but their position: saves their exponential.
fn exp(log: f64) -> f64 {
    if log == 0.0 { 1.0 } else { libm::exp(log) }
}

impl Engine {
    /// Judges over the loaded stores.
    pub(super) fn weigh(&mut self) {
        self.refute();
        if self.side_dirty {
            self.weigh_signs();
            self.side_dirty = false;
        }
        let Sums { near, total, outside } = self.weigh_position();
        let remote = if near > 0.0 { (USUAL_NEARNESS / near).max(1.0) } else { 1.0 };
        let none = self.none_odds() * outside * remote;
        let all = total + none;
        let (scale, none_probability) =
            if all > 0.0 && all.is_finite() { (1.0 / all, none / all) } else { (0.0, 1.0) };

        let old = std::mem::take(&mut self.judgement);
        let spare = std::mem::take(&mut self.spare);
        let mut candidates = self.judgement_list(spare, scale);
        for candidate in &mut candidates {
            self.explain(candidate);
        }
        let tapped = self.chosen.filter(|chosen| chosen.at == self.now).map(|c| c.place.key);
        let best = match tapped.filter(|&key| !self.far_from(key)) {
            Some(key) => Some(Standing { key, probability: 1.0, sign: Sign::Chosen }),
            None => candidates.first().map(|best| Standing {
                key: best.key,
                probability: best.probability,
                sign: self.sign(best.key),
            }),
        };
        let held_at = self.settle.held().map(|key| {
            let probability = self
                .stores
                .iter()
                .find(|store| store.key == key)
                .map_or(0.0, |store| store.near * store.side * scale);
            // A choice is given up for another store's strong sign, not for a likelier position.
            let chosen = self.chosen.is_some_and(|chosen| chosen.place.key == key);
            (if chosen { 1.0 } else { probability }, self.supported(key))
        });
        let choose = !candidates.is_empty() && none_probability < NOWHERE_FROM;
        let state = self.settle.step(self.now, best, held_at, self.screen_open, choose);
        let alarm = self.alarm(&candidates);
        let changed = state != old.state
            || alarm != old.alarm
            || !candidates.iter().map(|c| c.key).eq(old.candidates.iter().map(|c| c.key));
        self.spare = old.candidates;
        self.judgement = Judgement { state, candidates, none_probability, alarm, changed };
    }

    /// Notes that the fixes contradict the code. What is signed may be right after all, once the
    /// fixes are better; for what is not, nobody vouches.
    fn refute(&mut self) {
        let Some(shown) = self.shown else { return };
        if shown.proof == Proof::Unsigned
            && !shown.refuted
            && shown.code_place(self.estimate) == CodePlace::Contradicted
        {
            self.shown = Some(Shown { refuted: true, ..shown });
            self.side_dirty = true;
        }
    }

    /// Side weights: radio, codes, choice.
    fn weigh_signs(&mut self) {
        let code = self
            .shown
            .filter(|shown| !shown.refuted)
            .filter(|shown| shown.code_place(self.estimate) != CodePlace::Contradicted)
            .and_then(|shown| Some((shown.place?.key, shown.speaks())));
        let chosen = self.chosen.map(|chosen| chosen.place.key);
        let joined = self.joined_alone().map(|place| place.key);
        self.heard.clear();
        self.heard.resize(self.stores.len(), 0.0);
        for track in &self.tracks {
            track.add_to(&mut self.heard);
        }
        for (store, heard) in self.stores.iter().zip(&mut self.heard) {
            *heard += store.silence;
        }
        let best = self.heard.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (store, &heard) in self.stores.iter_mut().zip(&self.heard) {
            // Relative to the best, so that no number of tracks underflows.
            let log = heard - best;
            let base = if log < HOPELESS { 0.0 } else { exp(log) };
            // On the pavement before the store everything is as in it, but for its own radio.
            store.outside = base;
            let mut log: f64 = 0.0;
            if joined == Some(store.key) {
                log += JOINED_SPEAKS;
            }
            if let Some((key, speaks)) = code
                && key == store.key
            {
                log += speaks;
            }
            if chosen == Some(store.key) {
                log += Chosen::SPEAKS;
            }
            if let Some((_, habit)) = self.habits.iter().find(|(key, _)| *key == store.key) {
                log += habit;
            }
            store.side = base * exp(log);
        }
        for track in &self.tracks {
            let Some(place) = track.place else { continue };
            let own = self.stores.iter().position(|store| store.key == place.key);
            if let Some((index, store)) =
                own.and_then(|index| Some((index, self.stores.get_mut(index)?)))
            {
                store.outside *= exp(track.step_outside(index));
            }
        }
    }

    /// Position weights; returns the sums over all stores.
    fn weigh_position(&mut self) -> Sums {
        let at = self.estimate.zip(self.loaded).map(|(estimate, loaded)| {
            (loaded.plane.point(estimate.position), estimate.sigma * estimate.sigma)
        });
        if let Some((point, _)) = at {
            self.measure(point);
        }
        let mut sums = Sums::default();
        for store in &mut self.stores {
            store.near = at.map_or(1.0, |(_, variance)| {
                let bare = 1.0 + store.away / (TAIL * variance);
                // The bivariate t density with four degrees of freedom, without its constant,
                // spread evenly over the ground the store covers.
                let spread = 1.0 + store.area_m2 / (std::f64::consts::TAU * variance);
                1.0 / (bare * bare * bare * spread)
            });
            sums.near += store.near;
            sums.total += store.near * store.side;
            sums.outside += store.near * store.outside;
        }
        sums
    }

    /// Odds of being at no store before any sign: a person who opens the settlement screen is at a
    /// till; who walks is mostly not.
    fn none_odds(&self) -> f64 {
        match (self.screen_open, self.motion) {
            (_, Some(Motion::Riding)) => 20.0,
            (true, _) => 0.05,
            (false, Some(Motion::Walking)) => 4.0,
            (false, _) => 1.0,
        }
    }

    /// The likeliest stores, in the buffer of the list before.
    fn judgement_list(&self, mut list: Vec<Candidate>, scale: f64) -> Vec<Candidate> {
        list.clear();
        let mut least = OFFERED_FROM;
        for store in &self.stores {
            let probability = store.near * store.side * scale;
            if probability < least {
                continue;
            }
            let at = list.partition_point(|c| {
                c.probability > probability || (c.probability == probability && c.key < store.key)
            });
            if at >= MAX_CANDIDATES {
                continue;
            }
            list.truncate(MAX_CANDIDATES - 1);
            let evidence = Evidence::default();
            list.insert(at, Candidate { key: store.key, probability, distance_m: None, evidence });
            if list.len() == MAX_CANDIDATES {
                least = list.last().map_or(least, |last| last.probability);
            }
        }
        let in_question = list.iter().filter(|c| c.probability >= IN_QUESTION_FROM).count();
        list.truncate(in_question.max(MAX_OFFERED));
        list
    }

    /// Fills in distance and evidence.
    fn explain(&self, candidate: &mut Candidate) {
        let key = candidate.key;
        let distance = self.distance(key);
        candidate.distance_m = distance;
        let sigma = self.estimate.map_or(0.0, |estimate| estimate.sigma);
        let evidence = &mut candidate.evidence;
        evidence.set(Evidence::POSITION, distance.is_some_and(|distance| distance < 2.0 * sigma));
        for track in self.tracks.iter().filter(|t| t.place.is_some_and(|p| p.key == key)) {
            match track.source {
                Transmitter::Beacon(_) => evidence.set(Evidence::BEACON, true),
                Transmitter::AccessPoint(_) => evidence.set(Evidence::WIFI, true),
            }
            if track.proven_at.is_some() {
                evidence.set(Evidence::PROVEN_BEACON, true);
            }
        }
        evidence.set(Evidence::HABIT, self.habits.iter().any(|(habit, _)| *habit == key));
        evidence.set(Evidence::JOINED, self.joined.is_some_and(|place| place.key == key));
        if let Some(shown) = self.shown
            && shown.place.is_some_and(|place| place.key == key)
            && shown.proof != Proof::Broken
        {
            evidence.set(Evidence::CODE, true);
            evidence.set(Evidence::SIGNED_CODE, matches!(shown.proof, Proof::Signed { .. }));
            evidence.set(Evidence::TOUCHED, shown.touched);
        }
        let chosen = self.chosen.is_some_and(|chosen| chosen.place.key == key);
        evidence.set(Evidence::CHOSEN, chosen);
    }

    fn store(&self, key: StoreKey) -> Option<&Store> {
        self.stores.iter().find(|store| store.key == key)
    }

    /// Metres to a store from where the phone is thought to be.
    fn distance(&self, key: StoreKey) -> Option<f64> {
        self.estimate?;
        Some(self.store(key)?.away.sqrt())
    }

    /// How strong the best sign for a store is now.
    fn sign(&self, key: StoreKey) -> Sign {
        if self.far_from(key) || self.motion == Some(Motion::Riding) {
            return Sign::Weak;
        }
        if self.joined_alone().is_some_and(|place| place.key == key) {
            return Sign::Given;
        }
        if self.code_stands(key) || self.chosen.is_some_and(|chosen| chosen.place.key == key) {
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
        self.shown.is_some_and(|shown| {
            let place = shown.code_place(self.estimate);
            shown.place.is_some_and(|place| place.key == key)
                && shown.proof != Proof::Broken
                && !shown.refuted
                && match place {
                    CodePlace::Agrees => true,
                    CodePlace::Unknown => self.leads(key),
                    CodePlace::Contradicted => false,
                }
        })
    }

    /// The store's beacon is heard close and leads every other store's.
    fn leads(&self, key: StoreKey) -> bool {
        let (mut own, mut other) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for track in &self.tracks {
            let (Some(place), Some((count, level))) = (track.place, track.level()) else {
                continue;
            };
            if matches!(track.source, Transmitter::AccessPoint(_)) {
                continue;
            }
            if place.key == key && !self.shared.contains(&track.source) {
                if count >= LEVEL_FROM {
                    own = own.max(level);
                }
            } else {
                other = other.max(level);
            }
        }
        own >= CLOSE_DB && own - other >= LEAD_DB
    }

    /// Whether the fixes put the phone too far from the store for any sign to be believed.
    fn far_from(&self, key: StoreKey) -> bool {
        let Some(sigma) = self.estimate.map(|estimate| estimate.sigma) else { return false };
        let distance = self.distance(key);
        distance.is_some_and(|distance| distance > Chosen::HOLDS_WITHIN_M + 2.5 * sigma)
    }

    /// Whether a strong sign still stands behind the held store.
    fn supported(&self, key: StoreKey) -> bool {
        let heard = self.tracks.iter().any(|t| t.place.is_some_and(|place| place.key == key));
        let chosen = self.chosen.is_some_and(|chosen| chosen.place.key == key);
        let joined = self.joined_alone().is_some_and(|place| place.key == key);
        !self.far_from(key) && (heard || joined || chosen || self.code_stands(key))
    }

    fn alarm(&self, candidates: &[Candidate]) -> Option<WrongStore> {
        let shown = self.shown?;
        let by_position = shown.code_place(self.estimate) == CodePlace::Contradicted;
        let by_radio = shown.place.is_some_and(|code| {
            self.tracks.iter().filter_map(|track| track.place).any(|heard| {
                heard.key != code.key
                    && self.leads(heard.key)
                    && self.estimate.is_none()
                    && self.apart(heard, code) > APART_M
            })
        });
        (by_position || by_radio).then(|| WrongStore {
            code_says: shown.store,
            senses_say: candidates.first().map(|best| best.key),
        })
    }

    fn apart(&self, one: StorePosition, other: StorePosition) -> f64 {
        self.loaded.map_or(0.0, |loaded| {
            loaded.plane.point(one.position).distance(loaded.plane.point(other.position))
        })
    }
}

/// At least this likely to be at no store, nothing is offered.
const NOWHERE_FROM: f64 = 0.98;

/// A beacon heard close and a code this far apart, metres, cannot both be right: a close beacon is
/// within 20 m, the queue of a store within 50 m.
const APART_M: f64 = 70.0;
