//! The kinds of frame that are read, as one type.

use super::{
    AltBeacon, EddystoneEid, EddystoneTlm, EddystoneUid, EddystoneUrl, EncryptedTlm, IBeacon,
};

/// A store beacon's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Apple's iBeacon.
    IBeacon(IBeacon),
    /// AltBeacon.
    AltBeacon(AltBeacon),
    /// Eddystone-UID: a fixed identity.
    EddystoneUid(EddystoneUid),
    /// Eddystone-URL: a link, which must never be opened by itself.
    EddystoneUrl(EddystoneUrl<'a>),
    /// Eddystone-TLM: the beacon's own health, without an identity.
    EddystoneTlm(EddystoneTlm),
    /// Eddystone-TLM, encrypted.
    EncryptedTlm(EncryptedTlm),
    /// Eddystone-EID: an identity that rotates.
    EddystoneEid(EddystoneEid),
}

impl Frame<'_> {
    /// The power at one metre, if the frame has one that can be a measurement.
    pub fn power_1m_dbm(&self) -> Option<i8> {
        match self {
            Self::IBeacon(beacon) => beacon.power.at_1m_dbm(),
            Self::AltBeacon(beacon) => beacon.power.at_1m_dbm(),
            Self::EddystoneUid(frame) => frame.power.at_1m_from_0m_dbm(),
            Self::EddystoneUrl(frame) => frame.power.at_1m_from_0m_dbm(),
            Self::EddystoneEid(frame) => frame.power.at_1m_from_0m_dbm(),
            Self::EddystoneTlm(_) | Self::EncryptedTlm(_) => None,
        }
    }

    /// Whether the identity is all zero, as beacons leave the factory. Such a frame must never be
    /// matched to a store.
    pub fn is_unset(&self) -> bool {
        match self {
            Self::IBeacon(beacon) => beacon.uuid.is_nil(),
            Self::AltBeacon(beacon) => beacon.id == [0; 20],
            Self::EddystoneUid(frame) => frame.namespace == [0; 10] && frame.instance == [0; 6],
            Self::EddystoneEid(frame) => frame.eid == [0; 8],
            Self::EddystoneUrl(_) | Self::EddystoneTlm(_) | Self::EncryptedTlm(_) => false,
        }
    }
}
