//! The ids that the rotating beacons of one tile send at which time.

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::{
    Timestamp,
    wire::{Rotating, TileId},
};
use signs::eid::{EidRow, EidTable, MAX_EXPONENT};
use uuid::Uuid;

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
    /// The table of the server's answer, which reached the phone at `now`, moved onto the phone's
    /// clock as all its times are.
    pub fn new(tile: TileId, answer: &Rotating, now: Timestamp) -> Self {
        let window_s = 1_i64 << answer.exponent.min(MAX_EXPONENT);
        let ahead_s = now.millis_since(answer.as_of).div_euclid(1_000);
        let first = answer.from_unix_s.saturating_add(ahead_s);
        let mut table = EidTable::new(answer.exponent);
        let rows = answer.beacons.iter().flat_map(|of| {
            let beacon = Beacon { major: of.beacon.0, minor: of.beacon.1 };
            of.ids.iter().zip(0_i64..).filter_map(move |(id, nth)| {
                let eid = HEXLOWER_PERMISSIVE.decode(id.as_bytes()).ok()?.try_into().ok()?;
                let from_unix_s = first.saturating_add(nth.checked_mul(window_s)?);
                Some((EidRow { eid, from_unix_s }, beacon))
            })
        });
        table.extend(rows.take(MOST));
        let longest = answer.beacons.iter().map(|of| of.ids.len()).max().unwrap_or(0);
        let longest = i64::try_from(longest).unwrap_or(0);
        // Fetched anew two windows before the last id ends; a tile without beacons, after an hour.
        let lasts_s = if longest == 0 { 3_600 } else { (longest - 3).max(1) * window_s };
        Self { tile, table, fetched_at: now, lasts_s }
    }

    /// Whether it need not be fetched again.
    pub fn good_at(&self, now: Timestamp) -> bool {
        (0..self.lasts_s.saturating_mul(1_000)).contains(&now.millis_since(self.fetched_at))
    }

    /// The sighting that a report of the radio is.
    ///
    /// # Errors
    /// [`ReportProblem`].
    pub fn sighting(
        &mut self,
        network: Option<Uuid>,
        report: &BeaconReport,
    ) -> Result<Sighting, ReportProblem> {
        report.sighting(network, &mut self.table)
    }
}

/// The sighting that a report is where no rotating beacon is known.
///
/// # Errors
/// [`ReportProblem`].
pub(super) fn plain_sighting(
    network: Option<Uuid>,
    report: &BeaconReport,
) -> Result<Sighting, ReportProblem> {
    report.sighting(network, &mut EidTable::new(0))
}
