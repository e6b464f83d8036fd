//! What was sensed last, for the app to have the server judge by it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{
    Bssid, Timestamp,
    wire::{Network, SensedSign},
};

use crate::{
    entry::Signal,
    phone::PositionUseKind,
    sensed::{Sighting, WifiScan},
};

/// What the server's judgement is asked for by. It learns that, and whose phone it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum JudgedBy {
    /// Where the phone probably is: the stores round it.
    Position,
    /// The beacon heard last.
    Beacon,
    /// The access point that the phone is joined to, else the strongest heard.
    AccessPoint,
    /// The store code scanned last.
    Code,
}

impl JudgedBy {
    /// How the log of position use calls it.
    pub(super) fn kind(self) -> PositionUseKind {
        match self {
            Self::Position => PositionUseKind::Position,
            Self::Beacon => PositionUseKind::Beacon,
            Self::AccessPoint => PositionUseKind::AccessPoint,
            Self::Code => PositionUseKind::StoreCode,
        }
    }
}

/// Longer ago the phone may be elsewhere.
const LATELY_MS: i64 = 120_000;

/// Keeps the last sign of each kind. Nothing else is locked while it is held.
#[derive(Default)]
pub(super) struct SensedLately(Mutex<Last>);

#[derive(Default)]
struct Last {
    beacon: Option<(Sighting, Timestamp)>,
    access_point: Option<(Bssid, Signal, Timestamp)>,
    code: Option<(String, Signal, Timestamp)>,
}

impl SensedLately {
    fn last(&self) -> MutexGuard<'_, Last> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A beacon of the network was heard.
    pub fn beacon(&self, sighting: Sighting, now: Timestamp) {
        self.last().beacon = Some((sighting, now));
    }

    /// The radio looked round.
    pub fn wifi(&self, scan: &WifiScan, now: Timestamp) {
        let strongest = || scan.heard.first().map(|(address, _)| *address);
        if let Some(address) = scan.joined.or_else(strongest) {
            self.last().access_point = Some((address, Signal::Wifi(scan.clone()), now));
        }
    }

    /// A store code was read.
    pub fn code(&self, text: &str, signal: Signal, now: Timestamp) {
        self.last().code = Some((text.to_owned(), signal, now));
    }

    /// The sign that is asked by, and the signal to judge again after the answer.
    pub fn sign(
        &self,
        by: JudgedBy,
        network: Option<&Network>,
        now: Timestamp,
    ) -> Option<(SensedSign, Signal)> {
        let last = self.last();
        let is_lately = |at: &Timestamp| (0..LATELY_MS).contains(&now.millis_since(*at));
        match by {
            JudgedBy::Position => None,
            JudgedBy::Beacon => {
                let (sighting, _) = last.beacon.filter(|(_, at)| is_lately(at))?;
                let uuid = network?.beacon_uuid();
                let (major, minor) = (sighting.beacon.major, sighting.beacon.minor);
                Some((SensedSign::Beacon { uuid, major, minor }, Signal::Beacon(sighting)))
            }
            JudgedBy::AccessPoint => {
                let last = last.access_point.as_ref().filter(|(.., at)| is_lately(at));
                let (bssid, signal, _) = last?;
                Some((SensedSign::AccessPoint { bssid: *bssid }, signal.clone()))
            }
            JudgedBy::Code => {
                let last = last.code.as_ref().filter(|(.., at)| is_lately(at));
                let (text, signal, _) = last?;
                Some((SensedSign::StoreCode { text: text.clone() }, signal.clone()))
            }
        }
    }
}
