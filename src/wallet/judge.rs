//! The judgement on this phone: the engine, the recording of what it judged by, and the visit that
//! a sure judgement begins.

use std::sync::{Mutex, PoisonError};

use domain::{Position, Timestamp, wire::SensedSign};
use uuid::Uuid;

use super::{recording::Recording, visit::Visit};
use crate::{
    cache::Cache,
    entry::{CodePlace, Engine, Estimate, Judgement, Proof, Signal, State, StoreKey, code_place},
    plan::Situation,
};

/// What became of one signal.
pub(super) struct Sensed {
    /// The judgement came out otherwise than before.
    pub changed: bool,
    /// Why the recording ended with it, if it did.
    pub recording_ended: Option<RecordingEnd>,
}

/// Why a recording ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordingEnd {
    Full,
    NotWritable,
}

#[derive(Default)]
struct Judging {
    engine: Engine,
    recording: Option<Recording>,
}

/// Owns the judgement.
#[derive(Default)]
pub(super) struct Judge {
    /// The engine and its recording under one lock, so that the recording's lines stand in the
    /// order of the judgements. Held over reads of the cache, never over a call to the app.
    judging: Mutex<Judging>,
    /// The visit under way follows the judgements; taken alone.
    visit: Mutex<Visit>,
}

impl Judge {
    fn judging<T>(&self, call: impl FnOnce(&mut Judging) -> T) -> T {
        call(&mut self.judging.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a signal into the judgement, and into the recording if there is one.
    pub fn sense(&self, now: Timestamp, signal: &Signal, cache: &Cache) -> Sensed {
        let (sensed, state) = self.judging(|judging| {
            let judgement = judging.engine.sense(now, signal, cache);
            let recording = judging.recording.as_mut();
            let recording_ended =
                recording.and_then(|file| match file.add(now, signal, judgement, cache) {
                    Ok(true) => None,
                    Ok(false) => Some(RecordingEnd::Full),
                    Err(_) => Some(RecordingEnd::NotWritable),
                });
            let sensed = Sensed { changed: judgement.changed, recording_ended };
            let state = judgement.state;
            if recording_ended.is_some() {
                judging.recording = None;
            }
            (sensed, state)
        });
        if let State::Here { key } = state {
            self.visit.lock().unwrap_or_else(PoisonError::into_inner).enter(key, now);
        }
        sensed
    }

    /// The judgement as it stands.
    pub fn judgement(&self) -> Judgement {
        self.judging(|judging| judging.engine.judgement().clone())
    }

    /// Whether a code with this proof, of a store at this position, hangs in its place.
    pub fn code_place(&self, proof: Proof, store: Option<Position>) -> CodePlace {
        code_place(proof, store, self.judging(|judging| judging.engine.estimate()))
    }

    /// Whether the phone's own position, which no app made up, agrees with this one.
    pub fn is_at(&self, position: Position) -> bool {
        let estimate = self.judging(|judging| judging.engine.estimate());
        let estimate = estimate.filter(|estimate| !estimate.simulated);
        code_place(Proof::Unsigned, Some(position), estimate) == CodePlace::Agrees
    }

    /// Where the phone probably is, as the server is asked about it; `None` without a usable fix.
    pub fn position_sign(&self) -> Option<SensedSign> {
        let Estimate { position, sigma, .. } = self.judging(|judging| judging.engine.estimate())?;
        // The radius of 68 % of a circular distribution is 1.515 times its deviation per axis.
        Some(SensedSign::Position { position, accuracy_m: 1.515 * sigma })
    }

    /// What decides what to listen for next, for beacons of this UUID.
    pub fn situation(&self, network: Option<Uuid>) -> Situation {
        self.judging(|Judging { engine, .. }| Situation {
            position: engine.estimate().map(|estimate| estimate.position),
            motion: engine.motion(),
            screen_open: engine.screen_open(),
            network,
        })
    }

    /// Whether somebody looks at the settlement screen.
    pub fn screen_open(&self) -> bool {
        self.judging(|judging| judging.engine.screen_open())
    }

    /// Forgets what was sensed.
    pub fn forget(&self) {
        self.judging(|judging| judging.engine = Engine::default());
    }

    /// Forgets what was sensed and records from here on; whether the settlement screen is open,
    /// which lasts and is to be said anew.
    pub fn record(&self, recording: Recording) -> bool {
        self.judging(|judging| {
            judging.recording = Some(recording);
            std::mem::take(&mut judging.engine).screen_open()
        })
    }

    /// Ends the recording, if there is one.
    pub fn stop_recording(&self) {
        self.judging(|judging| judging.recording = None);
    }

    /// The store of a visit that began since this was asked last, by its key in the cache.
    pub fn take_visit(&self) -> Option<StoreKey> {
        self.visit.lock().unwrap_or_else(PoisonError::into_inner).take_begun()
    }
}
