//! What the phone hears of stores: beacons and access points over time, how long it listened, and
//! what both say of each store. Knows the stores around as values, not who keeps them.

mod listening;
mod propagation;
mod silence;
mod strength;
mod track;

use domain::Timestamp;

use self::{
    listening::{Burst, Listening, SILENT_AFTER_MS},
    silence::silence,
    track::Track,
};
use super::{
    judgement::Evidence,
    nearby::{Nearby, StoreKey, StorePosition},
    surroundings::Surroundings,
    transmitter::Transmitter,
};
use crate::sensed::{Bssid, Sighting, WifiScan, wifi::MAX_HEARD};

pub use listening::LISTENS_ON_OPENING_MS;

/// Transmitters followed at a time, of each kind: more are never heard within 45 m, and the weakest
/// of them decide nothing.
pub const MAX_TRACKS: usize = 32;

/// An access point missing from two scans at the pace Android allows (one in 30 s) is out of range.
const ACCESS_POINT_LASTS_MS: i64 = 65_000;

/// Without any hearing or listening, a beacon's track is dropped after this.
const TRACK_LASTS_MS: i64 = 600_000;

/// A beacon heard close: within 18 dB of its strength at 1 m, by the path-loss law about 5 m.
const CLOSE_DB: f64 = -18.0;

/// Sightings that make a level.
const LEVEL_FROM: usize = 3;

/// Lead over every other store's beacon, dB. Through an office wall a beacon is 3.25 dB weaker with
/// a spread of 3.55 over bodies and rotations; in the worst of 27 pairs (a back pocket against an
/// ear) the wrong one led by 10 dB for seconds, by 12 never.
const LEAD_DB: f64 = 12.0;

/// The access point that the phone is joined to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Joined {
    address: Bssid,
    store: StorePosition,
}

/// What was heard so far.
#[derive(Debug, Default)]
pub struct Reception {
    tracks: Vec<Track>,
    listening: Listening,
    joined: Option<Joined>,
    /// Grows with everything that changes what is said of a store.
    revision: u64,
    /// Grows when a transmitter is followed that was not, or no more.
    membership: u64,
    /// The second of the burst up to which misses were counted.
    missed_to: Option<Burst>,
    /// What silence says of each store, for the surroundings and the membership of these revisions
    /// and so many seconds.
    silence: (Option<(u64, u64, u32)>, Vec<f64>),
}

impl Reception {
    /// What lasts when the clock was set back: that the app listens.
    pub fn restarted(&self) -> Self {
        Self { listening: self.listening.restarted(), ..Self::default() }
    }

    /// Time passed.
    pub fn pass(&mut self, ms: i64) {
        self.listening.pass(ms);
    }

    /// Listening for beacons began or ended at `now`.
    pub fn switch(&mut self, on: bool, screen_open: bool, now: Timestamp) {
        self.listening.switch(on, screen_open, now);
    }

    /// The screen was opened or closed at `now`.
    pub fn screen(&mut self, open: bool, now: Timestamp) {
        self.listening.screen(open, now);
    }

    /// Takes a sighting; whether it may change anything.
    pub fn hear(&mut self, now: Timestamp, sighting: &Sighting, nearby: &dyn Nearby) -> bool {
        let (listened_ms, burst) = (self.listening.total_ms(), self.listening.burst());
        let source = Transmitter::Beacon(sighting.beacon);
        let Some(track) = self.track(source, sighting.seen_at, nearby) else { return false };
        if track.store.is_none() {
            return false;
        }
        if !track.take(now, sighting.seen_at, sighting.rssi_dbm) {
            // "In range" without a strength makes the store a candidate, and no more.
            track.last = track.last.max(sighting.seen_at.min(now));
            track.listened_ms = listened_ms;
            return sighting.rssi_dbm.is_none();
        }
        if let Some(power) = sighting.power_dbm {
            track.set_power(power);
        }
        if sighting.proven {
            track.proven_at = Some(now);
        }
        track.listened_ms = listened_ms;
        track.miss(burst);
        self.revision += 1;
        true
    }

    /// Takes a look round for access points.
    pub fn look(&mut self, now: Timestamp, scan: &WifiScan, nearby: &dyn Nearby) {
        for &(address, rssi) in scan.heard.iter().take(MAX_HEARD) {
            let track = self.track(Transmitter::AccessPoint(address), scan.seen_at, nearby);
            if let Some(track) = track
                && track.store.is_some()
                && track.take(now, scan.seen_at, Some(rssi))
            {
                self.revision += 1;
            }
        }
        let joined = scan
            .joined
            .and_then(|address| Some(Joined { address, store: nearby.by_access_point(address)? }));
        self.membership += u64::from(joined != self.joined);
        self.joined = joined;
    }

    /// The track of a transmitter, made when there is none. When all are taken, the one given up
    /// is one that nobody registered, or else the one heard longest ago.
    fn track(
        &mut self,
        source: Transmitter,
        at: Timestamp,
        nearby: &dyn Nearby,
    ) -> Option<&mut Track> {
        if let Some(index) = self.tracks.iter().position(|track| track.source == source) {
            return self.tracks.get_mut(index);
        }
        self.membership += 1;
        let track = Track::new(source, registered_to(source, nearby), at);
        let same_kind = |other: &Track| other.is_beacon() == track.is_beacon();
        if self.tracks.iter().filter(|other| same_kind(other)).count() < MAX_TRACKS {
            self.tracks.push(track);
            return self.tracks.last_mut();
        }
        let given_up = self
            .tracks
            .iter_mut()
            .filter(|other| same_kind(other))
            .min_by_key(|track| (track.store.is_some(), track.last))?;
        *given_up = track;
        Some(given_up)
    }

    /// The stores are other ones now: asks anew whose signs those heard so far are.
    pub fn look_again(&mut self, nearby: &dyn Nearby) {
        for track in &mut self.tracks {
            track.register(registered_to(track.source, nearby));
        }
        self.joined = None;
        self.membership += 1;
    }

    /// Forgets what is out of range, and counts anew for how long the beacons heard were not heard
    /// when another second of a burst is over.
    pub fn age(&mut self, now: Timestamp) {
        let before = self.tracks.len();
        let listened_ms = self.listening.total_ms();
        self.tracks.retain(|track| {
            let age = now.millis_since(track.last);
            match track.source {
                Transmitter::Beacon(_) => {
                    listened_ms - track.listened_ms <= SILENT_AFTER_MS && age <= TRACK_LASTS_MS
                }
                Transmitter::AccessPoint(_) => age <= ACCESS_POINT_LASTS_MS,
            }
        });
        self.membership += u64::from(before != self.tracks.len());
        let burst = self.listening.burst();
        if burst.is_some() && self.missed_to != burst {
            self.missed_to = burst;
            for track in self.tracks.iter_mut().filter(|track| track.is_beacon()) {
                self.revision += u64::from(track.miss(burst));
            }
        }
    }

    /// Changes with everything that [`Reception::weigh`] may say.
    pub fn revision(&self) -> (u64, u64, u32) {
        (self.revision, self.membership, self.listening.scanned_s())
    }

    /// Changes with [`Reception::named`].
    pub fn membership(&self) -> u64 {
        self.membership
    }

    /// Whether beacons or access points matter by now.
    pub fn in_play(&self) -> bool {
        !self.tracks.is_empty() || self.joined.is_some() || self.listening.is_on()
    }

    /// The stores of what is heard, wherever they are.
    pub fn named(&self) -> impl Iterator<Item = StorePosition> {
        self.heard().chain(self.joined.map(|joined| joined.store))
    }

    /// The stores of the transmitters heard.
    pub fn heard(&self) -> impl Iterator<Item = StorePosition> {
        self.tracks.iter().filter_map(|track| track.store)
    }

    /// The store of what is heard best, or whose network the phone is joined to.
    pub fn best(&self) -> Option<StorePosition> {
        let level = |track: &Track| track.level().map_or(f64::MIN, |level| level.relative_db);
        let heard = self.tracks.iter().filter_map(|track| Some((track.store?, level(track))));
        let best = heard.max_by(|(_, one), (_, other)| one.total_cmp(other));
        best.map(|(store, _)| store).or(self.joined.map(|joined| joined.store))
    }

    /// The store whose own network the phone is joined to: one that it shares with no other.
    pub fn joined_alone(&self, around: &Surroundings) -> Option<StorePosition> {
        let joined = self.joined?;
        let alone = !around.shares(Transmitter::AccessPoint(joined.address));
        alone.then_some(joined.store)
    }

    /// Puts into `inside` the log likelihood of all that was heard, and not heard, for a phone in
    /// each store.
    pub fn weigh(&mut self, around: &Surroundings, inside: &mut Vec<f64>) {
        let scanned_s = self.listening.scanned_s();
        let key = Some((around.revision(), self.membership, scanned_s));
        if self.silence.0 != key {
            self.silence.0 = key;
            let tracks = &self.tracks;
            let heard =
                |beacon| tracks.iter().any(|track| track.source == Transmitter::Beacon(beacon));
            silence(scanned_s, around.stores(), heard, &mut self.silence.1);
        }
        inside.clear();
        inside.resize(around.stores().len(), 0.0);
        for track in &mut self.tracks {
            track.weigh(around);
            track.add_to(inside);
        }
        inside.iter_mut().zip(&self.silence.1).for_each(|(sum, silence)| *sum += silence);
    }

    /// For each transmitter heard: the index of its store, and how much likelier what was heard of
    /// it is just outside that store than in it, natural logarithm.
    pub fn steps_outside(&self, around: &Surroundings) -> impl Iterator<Item = (usize, f64)> {
        self.tracks.iter().filter_map(|track| {
            let key = track.store?.key;
            let index = around.stores().iter().position(|store| store.key == key)?;
            Some((index, track.step_outside(index)))
        })
    }

    /// Whether anything of this store is heard.
    pub fn hears(&self, key: StoreKey) -> bool {
        self.tracks.iter().any(|track| track.store.is_some_and(|store| store.key == key))
    }

    /// The store's beacon is heard close and leads every other store's.
    pub fn leads(&self, key: StoreKey, around: &Surroundings) -> bool {
        let (mut own, mut other) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for track in self.tracks.iter().filter(|track| track.is_beacon()) {
            let (Some(store), Some(level)) = (track.store, track.level()) else { continue };
            if store.key != key || around.shares(track.source) {
                other = other.max(level.relative_db);
            } else if level.sightings >= LEVEL_FROM {
                own = own.max(level.relative_db);
            }
        }
        own >= CLOSE_DB && own - other >= LEAD_DB
    }

    /// What is heard of this store.
    pub fn evidence(&self, key: StoreKey) -> Evidence {
        let mut evidence = Evidence::default();
        let its = |store: StorePosition| store.key == key;
        for track in self.tracks.iter().filter(|track| track.store.is_some_and(its)) {
            let heard = if track.is_beacon() { Evidence::BEACON } else { Evidence::WIFI };
            evidence.set(heard, true);
            if track.proven_at.is_some() {
                evidence.set(Evidence::PROVEN_BEACON, true);
            }
        }
        evidence.set(Evidence::JOINED, self.joined.is_some_and(|joined| its(joined.store)));
        evidence
    }

    /// Transmitters followed, and the most sightings kept of one.
    #[cfg(test)]
    pub fn sizes(&self) -> (usize, usize) {
        let most = self.tracks.iter().map(Track::sample_count).max();
        (self.tracks.len(), most.unwrap_or(0))
    }
}

/// The store that has this transmitter registered.
fn registered_to(source: Transmitter, nearby: &dyn Nearby) -> Option<StorePosition> {
    match source {
        Transmitter::Beacon(beacon) => nearby.by_beacon(beacon),
        Transmitter::AccessPoint(address) => nearby.by_access_point(address),
    }
}
