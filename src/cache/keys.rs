//! Numbers by which the tables know things.

use domain::{Bssid, wire::TileId};

/// A tile's column and row as one number.
pub(super) fn tile_key(tile: TileId) -> i64 {
    i64::from(tile.x) << 32 | i64::from(tile.y)
}

/// The table's form of an address: its 48 bits.
pub(super) fn address_number(Bssid(bytes): Bssid) -> i64 {
    bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}
