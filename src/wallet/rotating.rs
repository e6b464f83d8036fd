use std::sync::PoisonError;

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::{
    Timestamp,
    wire::{Rotating, TileId},
};
use signs::eid::{EidRow, EidTable, MAX_EXPONENT};

use super::state::Inner;
use crate::sensed::{Beacon, BeaconReport, ReportProblem, Sighting};

/// More ids than the most crowded tile sends in an hour; what is beyond is left out.
const MOST: usize = 65_536;

/// The ids of the rotating beacons in one tile.
pub(super) struct RotatingOf {
    pub tile: TileId,
    table: EidTable<Beacon>,
    fetched_at: Timestamp,
    lasts_s: i64,
}

impl RotatingOf {
    /// The table of what the server told, which the phone heard at `now`, moved onto the phone's
    /// clock as everything it tells is.
    pub fn new(tile: TileId, told: &Rotating, now: Timestamp) -> Self {
        let window_s = 1_i64 << told.exponent.min(MAX_EXPONENT);
        let ahead_s = now.millis_since(told.as_of).div_euclid(1_000);
        let first = told.from_unix_s.saturating_add(ahead_s);
        let mut table = EidTable::new(told.exponent);
        let rows = told.beacons.iter().flat_map(|of| {
            let beacon = Beacon { major: of.beacon.0, minor: of.beacon.1 };
            of.ids.iter().zip(0_i64..).filter_map(move |(id, nth)| {
                let eid = HEXLOWER_PERMISSIVE.decode(id.as_bytes()).ok()?.try_into().ok()?;
                let from_unix_s = first.saturating_add(nth.checked_mul(window_s)?);
                Some((EidRow { eid, from_unix_s }, beacon))
            })
        });
        table.extend(rows.take(MOST));
        let longest = told.beacons.iter().map(|of| of.ids.len()).max().unwrap_or(0);
        let longest = i64::try_from(longest).unwrap_or(0);
        // Fetched anew two windows before the last id ends; a tile without beacons, after an hour.
        let lasts_s = if longest == 0 { 3_600 } else { (longest - 3).max(1) * window_s };
        Self { tile, table, fetched_at: now, lasts_s }
    }

    /// Whether it need not be fetched again.
    pub fn good_at(&self, now: Timestamp) -> bool {
        (0..self.lasts_s.saturating_mul(1_000)).contains(&now.millis_since(self.fetched_at))
    }
}

impl Inner {
    /// The sighting that a report of the radio is.
    pub fn sighting(&self, report: &BeaconReport) -> Result<Sighting, ReportProblem> {
        let mut rotating = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        match rotating.as_mut() {
            Some(of) => report.sighting(&mut of.table),
            None => report.sighting(&mut EidTable::new(0)),
        }
    }
}
