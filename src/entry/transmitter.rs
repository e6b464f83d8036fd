//! What a phone hears: a store's beacon or its access point.

use crate::sensed::{Beacon, Bssid};

/// One sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transmitter {
    Beacon(Beacon),
    AccessPoint(Bssid),
}
