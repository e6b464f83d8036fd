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

/// Length of the equator, metres (WGS 84).
const EQUATOR_M: f64 = 40_075_017.0;

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
        let first = tiles.first()?;
        let span = |of: fn(&TileId) -> u32| {
            let (least, most) = tiles
                .iter()
                .map(of)
                .fold((u32::MAX, 0), |(least, most), at| (least.min(at), most.max(at)));
            f64::from(most.saturating_sub(least)) + 1.0
        };
        let count = f64::from(TileId::COUNT);
        let north = std::f64::consts::PI * (1.0 - 2.0 * (f64::from(first.y) + 0.5) / count);
        // A degree of longitude shrinks with the cosine of the latitude, which is 1 / cosh here.
        let tile_m = EQUATOR_M / count / north.cosh();
        let about_m = span(|tile| tile.x).max(span(|tile| tile.y)) * tile_m;
        // Saturates.
        let about_m = Some(about_m.round() as u32);
        let kind = PositionUseKind::Tiles;
        Some(Self { at_ms, kind, as_member: false, about_m, shared_by: None })
    }
}

#[cfg(test)]
mod tests {
    use domain::Position;

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

    #[test]
    fn tiles_tell_of_an_area_as_wide_as_all_of_them() {
        let rome = TileId::of(Position::from_degrees(41.9, 12.5).unwrap());
        let about =
            |tiles: &[TileId]| PositionUse::of_tiles(tiles, 1).and_then(|used| used.about_m);
        // 40,075 km over 2^15, by the cosine of 41.9 degrees.
        assert!(about(&[rome]).is_some_and(|metres| (905..915).contains(&metres)));
        assert!(about(&rome.block()).is_some_and(|metres| (2_715..2_745).contains(&metres)));
        assert_eq!(about(&[]), None);
    }
}
