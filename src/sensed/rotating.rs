//! A rotating beacon (Eddystone-EID): proof that a sighting is no recording.

use domain::Timestamp;
use signs::{
    eid::{EidTable, Heard},
    frame::EddystoneEid,
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

#[cfg(test)]
mod tests {
    use signs::eid::EidRow;

    use super::*;

    const BEACON: Beacon = Beacon { major: 7, minor: 1 };
    /// 2^10 s a window.
    const WINDOW_S: i64 = 1_024;
    const FROM_S: i64 = 1_790_000_128;

    fn heard(eid: [u8; 8], seconds: i64) -> Option<Sighting> {
        let mut table = EidTable::new(10);
        table.extend([(EidRow { eid: [1; 8], from_unix_s: FROM_S }, BEACON)]);
        let frame = EddystoneEid { power: (-18).into(), eid };
        sighting(&frame, -70, Timestamp::from_unix_seconds(seconds), &mut table)
    }

    #[test]
    fn an_id_of_this_moment_proves_its_beacon() {
        let seen = heard([1; 8], FROM_S + 10).unwrap();
        assert_eq!((seen.beacon, seen.proven, seen.power_dbm), (BEACON, true, Some(-59)));
    }

    #[test]
    fn a_recorded_id_played_later_is_no_sighting() {
        assert_eq!(heard([1; 8], FROM_S + 3 * WINDOW_S), None);
    }

    #[test]
    fn a_foreign_id_is_no_sighting() {
        assert_eq!(heard([2; 8], FROM_S), None);
    }
}
