use std::sync::{Arc, PoisonError};

use domain::{Accepted, Timestamp};

use super::{
    scanned::Scanned,
    state::{Held, Inner},
};
use crate::{
    entry::{Candidate, Judgement, State, StoreKey},
    screen::{Alarm, Draw, Evidence, Place, ServerState, SettlementScreen, StoreInQuestion, draw},
};

/// Balances younger than this are as good as asked now.
const LIVE_FOR_MS: i64 = 10_000;

impl Inner {
    /// The judgement as it stands, drawn over what the phone knows.
    pub fn screen(&self, now: Timestamp) -> SettlementScreen {
        // Held from the first look at the state to the last: what a larger number shows is never
        // older. Nothing in between waits for a server, or calls the app.
        let mut revision = self.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        *revision += 1;
        let judgement =
            self.engine.lock().unwrap_or_else(PoisonError::into_inner).judgement().clone();
        let (place, mut stores, in_question) = self.stores_of(&judgement);
        let held = self.held();
        let scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let scanned = scanned.filter(|scanned| scanned.counts_at(now));
        let mut accepted_by_code = Accepted::default();
        let mut ask = self.ask_at(now);
        if let Some(scanned) = &scanned {
            scanned.add_to(&mut accepted_by_code);
            for known in stores.iter_mut().take(in_question) {
                scanned.add_to(&mut Arc::make_mut(&mut known.store).accepted);
            }
            ask.amount = scanned.amount().or(ask.amount);
        }
        let note = |scanned: &Scanned| {
            scanned.note(stores.iter().take(in_question).map(|known| &*known.store))
        };
        draw(&Draw {
            place,
            code: scanned.as_ref().map(note),
            accepted_by_code: &accepted_by_code,
            stores: &stores,
            in_question,
            alarm: self.alarm(&judgement),
            registered: held.methods.as_ref().map_or(&[], |known| known.methods.as_slice()),
            ask,
            server: server_state(&held, now),
            language: &self.language,
            revision: *revision,
        })
    }

    /// The stores to show, and over how many of them the rule is asked: one when it is certain.
    fn stores_of(&self, judgement: &Judgement) -> (Place, Vec<StoreInQuestion>, usize) {
        let mut candidates = judgement.candidates.clone();
        if let State::Here { key } = judgement.state {
            candidates.sort_by_key(|candidate| candidate.key != key);
        }
        let known = self.cache.stores(candidates.iter().map(|candidate| candidate.key));
        let stores: Vec<StoreInQuestion> = known
            .into_iter()
            .filter_map(|known| {
                let candidate = candidates.iter().find(|candidate| candidate.key == known.key)?;
                Some(StoreInQuestion {
                    store: known.store,
                    probability: candidate.probability,
                    distance_m: candidate.distance_m,
                    evidence: evidence(candidate),
                })
            })
            .collect();
        match judgement.state {
            State::Here { .. } => (Place::Here, stores, 1),
            State::Choose => (Place::Choose, stores, judgement.in_question().len()),
            State::Nowhere => (Place::Nowhere, Vec::new(), 0),
        }
    }

    fn alarm(&self, judgement: &Judgement) -> Option<Alarm> {
        let alarm = judgement.alarm?;
        let name = |key: StoreKey| {
            let found = self.cache.stores([key]);
            found.first().map(|known| known.store.name.clone()).unwrap_or_default()
        };
        Some(Alarm {
            code_says: self.cache.key_of(alarm.code_says).map(name).unwrap_or_default(),
            surroundings_say: alarm.senses_say.map(name).unwrap_or_default(),
        })
    }
}

fn server_state(held: &Held, now: Timestamp) -> ServerState {
    let age = held.methods.as_ref().map(|known| now.millis_since(known.as_of));
    match held.heard {
        _ if held.token.is_none() => ServerState::LoggedOut,
        Some(false) => ServerState::Away,
        Some(true) if age.is_some_and(|age| age.abs() <= LIVE_FOR_MS) => ServerState::Live,
        _ => ServerState::Awaited,
    }
}

fn evidence(candidate: &Candidate) -> Vec<Evidence> {
    use crate::entry::Evidence as Bits;
    let has = |bits| candidate.evidence.contains(bits);
    let code = if has(Bits::SIGNED_CODE) { Evidence::SignedCode } else { Evidence::UnsignedCode };
    [
        (Bits::CODE, code),
        (Bits::TOUCHED, Evidence::Nfc),
        (Bits::BEACON, Evidence::Beacon),
        (Bits::JOINED, Evidence::JoinedWifi),
        (Bits::WIFI, Evidence::Wifi),
        (Bits::CHOSEN, Evidence::Chosen),
        (Bits::POSITION, Evidence::Position),
        (Bits::HABIT, Evidence::Habit),
    ]
    .into_iter()
    .filter_map(|(bits, told)| has(bits).then_some(told))
    .collect()
}
