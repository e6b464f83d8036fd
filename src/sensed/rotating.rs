//! A rotating beacon (Eddystone-EID): proof that a sighting is no recording.

use domain::Timestamp;
use signs::{
    eid::{EidTable, Heard},
    frame::{EddystoneEid, POWER_0M_TO_1M_DB},
};

use super::beacon::{Beacon, Sighting, credible_power, credible_rssi};

/// The sighting of a rotating beacon, proven by the network's table; `None` for an id that is not
/// in the table or not of this moment: a foreign beacon or a recording, no evidence either way.
pub fn sighting(
    frame: &EddystoneEid,
    rssi_dbm: i16,
    seen_at: Timestamp,
    table: &mut EidTable<Beacon>,
) -> Option<Sighting> {
    match table.hear(&frame.eid, seen_at.unix_seconds()) {
        Heard::Fresh { beacon } => Some(Sighting {
            beacon,
            rssi_dbm: credible_rssi(rssi_dbm),
            power_dbm: frame.power.at_1m_from_0m_dbm().and_then(credible_power),
            proven: true,
            seen_at,
        }),
        Heard::Unknown | Heard::Replayed { .. } => None,
    }
}
