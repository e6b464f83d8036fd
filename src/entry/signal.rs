//! One thing the phone noticed.

use domain::{Position, StoreId};

pub use crate::sensed::Motion;
use crate::sensed::{CheckedFix, Sighting, WifiScan};

/// What vouches for a store code or a store's NFC tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Proof {
    /// The network's signature over it holds. A signed sign may say where it hangs.
    Signed {
        /// The place and the radius in metres within which it is to be believed.
        place: Option<(Position, f64)>,
    },
    /// It names a store and proves nothing.
    Unsigned,
    /// It carries a signature that does not hold, or is past its time.
    Broken,
}

/// A store code or a store's NFC tag that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodeRead {
    /// The store it names.
    pub store: StoreId,
    /// What vouches for it.
    pub proof: Proof,
    /// Read by touching an NFC tag, not by the camera.
    pub touched: bool,
}

/// One thing the phone noticed.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// A position.
    Fix(CheckedFix),
    /// A store beacon.
    Beacon(Sighting),
    /// A store code or NFC tag.
    Code(CodeRead),
    /// A text that was scanned, for what it says beside naming a store; the judgement ignores it.
    Text(String),
    /// A look round for access points.
    Wifi(WifiScan),
    /// The member tapped a store of the list.
    Chosen(StoreId),
    /// The member said that the phone is not in this store.
    Denied(StoreId),
    /// How often the member was in which stores; replaces what was said before. At most 256 count.
    Visits(Vec<(StoreId, u32)>),
    /// The operating system's activity changed.
    Motion(Motion),
    /// Listening for beacons started (`true`) or stopped: silence counts only in between.
    Scanning(bool),
    /// The settlement screen was opened (`true`) or closed.
    Screen(bool),
    /// The cache has learnt of other stores since.
    StoresChanged,
    /// Nothing but time passing.
    Tick,
}
