//! What left the phone that tells where it is, for the member to read.

use domain::wire::TileId;
use serde::{Deserialize, Serialize};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum PositionUseKind {
    /// The stores of map tiles, for a place where the phone is or that the app asked for. Normal use asks
    /// this.
    Tiles,
    /// Which rotating beacon sends an id that was heard, by how the id begins. Normal use asks this.
    RotatingBeacon,
    /// The server's judgement on the phone's position, which the app asked for.
    Position,
    /// The server's judgement on a beacon, which the app asked for.
    Beacon,
    /// The server's judgement on an access point, which the app asked for.
    AccessPoint,
    /// The server's judgement on a store code, which the app asked for.
    StoreCode,
    /// The week's right to report. Every phone asks for it at some time of the week, so that it tells of no place.
    ReportCredential,
    /// What the member said of a store, without saying when or by whom.
    Report,
}

/// One look-up that left the phone, and what it told of where the phone is. Payments are not among them:
/// the history has those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct PositionUse {
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// What was asked.
    pub kind: PositionUseKind,
    /// Whether it said whose phone it is; else only the address of the connection could.
    pub as_member: bool,
    /// How wide the area is that it tells of, metres; `None` where it tells of a store, of beacons that may be
    /// anywhere, or of no place.
    pub about_m: Option<u32>,
    /// How many beacons it may have been about; `None` where that is not the question, or no answer came.
    pub shared_by: Option<u32>,
}

/// Look-ups that are remembered, the latest.
const MOST: usize = 200;

impl PositionUse {
    /// The week's credential was asked for.
    pub(crate) fn of_credential(at_ms: i64) -> Self {
        let kind = PositionUseKind::ReportCredential;
        Self { at_ms, kind, as_member: true, about_m: None, shared_by: None }
    }

    /// A report was sent.
    pub(crate) fn of_report(at_ms: i64) -> Self {
        let kind = PositionUseKind::Report;
        Self { at_ms, kind, as_member: false, about_m: None, shared_by: None }
    }

    /// Adds it to the others, of which the oldest goes where there are too many.
    pub(crate) fn note(self, uses: &mut Vec<Self>) {
        uses.drain(..(uses.len() + 1).saturating_sub(MOST));
        uses.push(self);
    }

    /// Tiles that were asked for together.
    pub(crate) fn of_tiles(tiles: &[TileId], at_ms: i64) -> Option<Self> {
        // Saturates.
        let about_m = Some(TileId::width_m(tiles)?.round() as u32);
        let kind = PositionUseKind::Tiles;
        Some(Self { at_ms, kind, as_member: false, about_m, shared_by: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_look_ups_are_forgotten_first() {
        let mut uses = Vec::new();
        for at_ms in 0..210 {
            let kind = PositionUseKind::Beacon;
            PositionUse { at_ms, kind, as_member: true, about_m: None, shared_by: None }
                .note(&mut uses);
        }
        assert_eq!(uses.iter().map(|used| used.at_ms).collect::<Vec<_>>(), Vec::from_iter(10..210));
    }
}
