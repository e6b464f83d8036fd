//! The judgement over time: owns the parts, and calls them in the order of the flow.

use domain::Timestamp;

use super::{
    code_place::CodePlace,
    judgement::{Candidate, Judgement},
    nearby::{Nearby, StorePosition},
    position::{Estimate, Fixes},
    presence::{Entered, Likeliest, Moment, Presence, Sign},
    reception::Reception,
    scene::Scene,
    side::{SideWeight, Support, side_weights},
    signal::{Motion, Signal},
    signs::Signs,
    surroundings::{Anchor, Look, Surroundings},
    weigh::{Posterior, likeliest, none_odds, weigh},
};

/// The clock may step back this far (it was set right); beyond it nothing sensed before has an age
/// any more and is forgotten.
const CLOCK_STEP_MS: i64 = 5_000;

/// At least this likely to be at no store, nothing is offered.
const NOWHERE_FROM: f64 = 0.98;

/// How much being joined to a store's access point speaks for it, as a natural logarithm: nearly
/// as much as a signed code, as a network reaches the tables outside and the shop next door.
const JOINED_SPEAKS: f64 = 6.0;

/// How much the member's choice speaks for a store, as a natural logarithm: as much as a signed
/// code. A person who taps a name knows where they are.
const CHOICE_SPEAKS: f64 = 7.0;

/// What the side weights were made of: revisions of the surroundings, of what was heard and of the
/// signs, and what supports which store.
type SideKey = (u64, (u64, u64, u32), u64, [Option<Support>; 3]);

/// The judgement over time. Holds a bounded amount: at most 512 stores and as many as signs name,
/// 32 beacons and 32 access points of 48 sightings each, 32 fixes, 131 outlines: under 1 MB when
/// all is full.
#[derive(Debug, Default)]
pub struct Engine {
    now: Timestamp,
    motion: Option<Motion>,
    screen_open: bool,
    fixes: Fixes,
    estimate: Option<Estimate>,
    pub(super) reception: Reception,
    signs: Signs,
    pub(super) surroundings: Surroundings,
    presence: Presence,
    /// The stores that signs name, wherever they are, as of these revisions.
    named: (Option<(u64, u64)>, Vec<StorePosition>),
    /// Log likelihood of what was heard, per store; kept for its memory.
    heard: Vec<f64>,
    /// Weights by everything but position, per store.
    side: (Option<SideKey>, Vec<SideWeight>),
    /// Weights by everything, per store; kept for its memory.
    weights: Vec<f64>,
    judgement: Judgement,
    /// The list of the judgement before, kept for its memory.
    spare: Vec<Candidate>,
}

impl Engine {
    /// An engine that has sensed nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything sensed. The next signal starts anew.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The judgement so far.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// Where the phone probably is; `None` without a usable fix.
    pub fn estimate(&self) -> Option<Estimate> {
        self.estimate
    }

    /// How the phone moves, once the operating system said so.
    pub fn motion(&self) -> Option<Motion> {
        self.motion
    }

    /// Whether the settlement screen is open.
    pub fn screen_open(&self) -> bool {
        self.screen_open
    }

    /// Takes one signal at `now` and judges anew over the stores of `nearby`.
    pub fn sense(&mut self, now: Timestamp, signal: &Signal, nearby: &dyn Nearby) -> &Judgement {
        self.set_clock(now);
        if !self.take(signal, nearby) {
            self.judgement.changed = false;
            return &self.judgement;
        }
        self.reception.age(self.now);
        self.signs.age(self.now);
        self.estimate = self.fixes.estimate(self.now, self.motion);
        self.look(nearby);
        self.judge();
        &self.judgement
    }

    fn set_clock(&mut self, now: Timestamp) {
        if now.millis_since(self.now) < -CLOCK_STEP_MS {
            // What the app switched on stays on; what was sensed has no age any more.
            *self = Self {
                now,
                motion: self.motion,
                screen_open: self.screen_open,
                reception: self.reception.restarted(),
                signs: self.signs.restarted(),
                ..Self::default()
            };
        }
        self.reception.pass(now.millis_since(self.now));
        self.now = self.now.max(now);
    }

    /// Hands a signal to the part it is for; whether it may change anything.
    fn take(&mut self, signal: &Signal, nearby: &dyn Nearby) -> bool {
        let now = self.now;
        match signal {
            Signal::Fix(fix) => self.fixes.take(fix),
            Signal::Beacon(sighting) => return self.reception.hear(now, sighting, nearby),
            Signal::Code(code) => self.signs.read(now, code, nearby),
            Signal::Chosen(store) => self.signs.choose(now, *store, nearby),
            Signal::Denied(store) => self.signs.deny(now, *store, nearby),
            Signal::Text(_) => return false,
            Signal::Wifi(scan) => self.reception.look(now, scan, nearby),
            Signal::Visits(visits) => self.signs.visited(visits, nearby),
            Signal::Motion(motion) => self.moves(*motion),
            Signal::Scanning(on) => self.reception.switch(*on, self.screen_open, now),
            Signal::Screen(open) => {
                self.screen_open = *open;
                self.reception.screen(*open, now);
            }
            Signal::StoresChanged => {
                self.surroundings.forget();
                self.reception.look_again(nearby);
                self.signs.look_again(nearby);
            }
            Signal::Tick => {}
        }
        true
    }

    fn moves(&mut self, motion: Motion) {
        if motion == Motion::Still && self.motion == Some(Motion::Walking) {
            self.fixes.stop(self.now);
        }
        self.motion = Some(motion);
    }

    /// Brings the stores around up to date.
    fn look(&mut self, nearby: &dyn Nearby) {
        let named_revision = (self.reception.membership(), self.signs.revision());
        let (of, named) = &mut self.named;
        if of.replace(named_revision) != Some(named_revision) {
            named.clear();
            named.extend(self.reception.named().chain(self.signs.named()));
        }
        let look = Look {
            anchor: anchor(self.estimate, &self.reception, &self.signs),
            named: &self.named.1,
            named_revision,
            details: self.reception.in_play(),
            phone: self.estimate.map(|estimate| estimate.position),
        };
        self.surroundings.look(look, nearby);
    }

    /// Judges over the stores around.
    fn judge(&mut self) {
        self.signs.refute(self.estimate);
        self.weigh_signs();
        let Posterior { scale, none } = self.weigh_stores();
        let list = std::mem::take(&mut self.spare);
        let mut candidates = likeliest(self.surroundings.stores(), &self.weights, scale, list);
        let scene = Scene {
            estimate: self.estimate,
            motion: self.motion,
            around: &self.surroundings,
            reception: &self.reception,
            signs: &self.signs,
        };
        candidates.iter_mut().for_each(|candidate| scene.explain(candidate));
        let moment = Moment {
            now: self.now,
            screen_open: self.screen_open,
            likeliest: self.best(&scene, candidates.first()),
            entered: self.still_entered(&scene, scale),
            choose: !candidates.is_empty() && none < NOWHERE_FROM,
        };
        let alarm = scene.alarm(&candidates);
        let state = self.presence.step(&moment);
        let old = &self.judgement;
        let changed = state != old.state
            || alarm != old.alarm
            || !candidates.iter().map(|c| c.key).eq(old.candidates.iter().map(|c| c.key));
        let judgement = Judgement { state, candidates, none_probability: none, alarm, changed };
        self.spare = std::mem::replace(&mut self.judgement, judgement).candidates;
    }

    /// Weighs each store by everything but position, when anything of it has changed.
    fn weigh_signs(&mut self) {
        let around = &self.surroundings;
        let (heard_revision, signs_revision) = (self.reception.revision(), self.signs.revision());
        let supports = supports(self.estimate, &self.reception, &self.signs, around);
        let key = Some((around.revision(), heard_revision, signs_revision, supports));
        if self.side.0 == key {
            return;
        }
        self.side.0 = key;
        self.reception.weigh(around, &mut self.heard);
        side_weights(
            around.stores(),
            &self.heard,
            &supports,
            self.signs.habits(),
            self.signs.denied(),
            self.reception.steps_outside(around),
            &mut self.side.1,
        );
    }

    /// Weighs each store by everything.
    fn weigh_stores(&mut self) -> Posterior {
        let phone = self.estimate.zip(self.surroundings.projection());
        let phone = phone.map(|(estimate, map)| (map.point(estimate.position), estimate.sigma));
        if let Some((point, _)) = phone {
            self.surroundings.measure(point);
        }
        weigh(
            self.surroundings.stores(),
            self.surroundings.away(),
            phone.map(|(_, sigma)| sigma * sigma),
            &self.side.1,
            none_odds(self.screen_open, self.motion),
            &mut self.weights,
        )
    }

    /// The store that may be entered now: one that was tapped this instant, or the likeliest.
    fn best(&self, scene: &Scene<'_>, first: Option<&Candidate>) -> Option<Likeliest> {
        let tapped = self.signs.chosen_at(self.now).filter(|&key| !scene.far_from(key));
        if let Some(key) = tapped {
            return Some(Likeliest { key, probability: 1.0, sign: Sign::Chosen });
        }
        first.map(|&Candidate { key, probability, .. }| Likeliest {
            key,
            probability,
            sign: scene.sign(key),
        })
    }

    /// How it stands about the entered store.
    fn still_entered(&self, scene: &Scene<'_>, scale: f64) -> Entered {
        let Some(key) = self.presence.entered() else { return Entered::default() };
        // A choice is given up for another store's strong sign, not for a likelier position.
        let probability = if self.signs.chosen() == Some(key) {
            1.0
        } else {
            let mut stores = self.surroundings.stores().iter().zip(&self.weights);
            stores.find(|(store, _)| store.key == key).map_or(0.0, |(_, weight)| weight * scale)
        };
        Entered { probability, supported: scene.supported(key) }
    }
}

/// Where to look for stores.
fn anchor(estimate: Option<Estimate>, reception: &Reception, signs: &Signs) -> Option<Anchor> {
    if let Some(Estimate { position, sigma, .. }) = estimate {
        return Some(Anchor { centre: position, radius_m: 3.0 * sigma + 30.0 });
    }
    reception.best().or_else(|| signs.named().next()).map(Anchor::at)
}

/// The signs that name one store.
fn supports(
    estimate: Option<Estimate>,
    reception: &Reception,
    signs: &Signs,
    around: &Surroundings,
) -> [Option<Support>; 3] {
    let joined = reception.joined_alone(around);
    let code = signs.code().filter(|code| !code.refuted);
    let code = code.filter(|code| code.place(estimate) != CodePlace::Contradicted);
    [
        joined.map(|store| Support { key: store.key, speaks: JOINED_SPEAKS }),
        code.and_then(|code| Some(Support { key: code.position?.key, speaks: code.speaks() })),
        signs.chosen().map(|key| Support { key, speaks: CHOICE_SPEAKS }),
    ]
}
