//! A beacon as each platform reports it, made one [`Sighting`].

use domain::Timestamp;
use signs::{
    eid::EidTable,
    frame::{self, Frame, IBeacon, Mode, Refusal},
};
use uuid::Uuid;

use super::beacon::{Beacon, RangedBeacon, Sighting, credible_power, credible_rssi};
use super::rotating;

/// What the radio heard, in the form the platform gives it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum BeaconReport {
    /// A whole advertisement: length-type-value structures as received (Android's scan record).
    Advertisement {
        /// At most 1,650 bytes (an extended advertisement).
        bytes: Vec<u8>,
        /// Received strength, dBm; 127 when unknown.
        rssi_dbm: i16,
        /// Milliseconds since 1970.
        heard_at_ms: i64,
    },
    /// The value of one manufacturer-specific structure (Linux, desktop).
    ManufacturerData {
        /// Bluetooth company identifier.
        company: u16,
        /// The bytes behind it.
        bytes: Vec<u8>,
        /// Received strength, dBm; 127 when unknown.
        rssi_dbm: i16,
        /// Milliseconds since 1970.
        heard_at_ms: i64,
    },
    /// The value of one service data structure (iOS and Linux; Eddystone is service 0xfeaa).
    ServiceData {
        /// The service's 16-bit UUID.
        service: u16,
        /// The bytes behind it.
        bytes: Vec<u8>,
        /// Received strength, dBm; 127 when unknown.
        rssi_dbm: i16,
        /// Milliseconds since 1970.
        heard_at_ms: i64,
    },
    /// A ranged beacon (iOS, which hides the frame itself).
    Ranged {
        /// Proximity UUID.
        uuid: String,
        /// Major number.
        major: u16,
        /// Minor number.
        minor: u16,
        /// Received strength, dBm; 0 when unknown.
        rssi_dbm: i16,
        /// Milliseconds since 1970.
        heard_at_ms: i64,
    },
}

/// Why a report is no sighting of a store beacon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportProblem {
    /// Cut short or malformed.
    Malformed,
    /// Something else than a store beacon of the network.
    Foreign,
}

impl BeaconReport {
    /// The id that a rotating beacon sent, of whichever network; `None` for every other frame.
    pub fn rotating_id(&self) -> Option<[u8; 8]> {
        let frame = match self {
            Self::Advertisement { bytes, .. } => frame::read_advert(bytes, Mode::Strict).frame,
            Self::ManufacturerData { .. } | Self::Ranged { .. } => return None,
            Self::ServiceData { service, bytes, .. } => {
                frame::read_service_data(*service, bytes, Mode::Strict)
            }
        };
        match frame {
            Ok(Frame::EddystoneEid(frame)) => Some(frame.eid),
            _ => None,
        }
    }

    /// The sighting of a beacon with the UUID of the `network`; without one every plain beacon is
    /// foreign. Rotating ids are looked up in `rotating`; one that it does not hold, or not for now, is
    /// foreign: another network's beacon, or a recording.
    ///
    /// # Errors
    /// [`ReportProblem`].
    pub fn sighting(
        &self,
        network: Option<Uuid>,
        rotating: &mut EidTable<Beacon>,
    ) -> Result<Sighting, ReportProblem> {
        let lookup = Lookup { network, rotating };
        match self {
            Self::Advertisement { bytes, rssi_dbm, heard_at_ms } => {
                let frame = frame::read_advert(bytes, Mode::Strict).frame;
                lookup.of_frame(frame, *rssi_dbm, *heard_at_ms)
            }
            Self::ManufacturerData { company, bytes, rssi_dbm, heard_at_ms } => {
                let frame = frame::read_manufacturer_data(*company, bytes, Mode::Strict);
                lookup.of_frame(frame, *rssi_dbm, *heard_at_ms)
            }
            Self::ServiceData { service, bytes, rssi_dbm, heard_at_ms } => {
                let frame = frame::read_service_data(*service, bytes, Mode::Strict);
                lookup.of_frame(frame, *rssi_dbm, *heard_at_ms)
            }
            Self::Ranged { uuid, major, minor, rssi_dbm, heard_at_ms } => RangedBeacon {
                uuid: uuid.parse().map_err(|_| ReportProblem::Malformed)?,
                major: *major,
                minor: *minor,
                rssi_dbm: *rssi_dbm,
                seen_at_ms: *heard_at_ms,
            }
            .sighting(network)
            .ok_or(ReportProblem::Foreign),
        }
    }
}

/// What a frame is looked up in.
struct Lookup<'a> {
    network: Option<Uuid>,
    rotating: &'a mut EidTable<Beacon>,
}

impl Lookup<'_> {
    fn of_frame(
        self,
        frame: Result<Frame<'_>, Refusal>,
        rssi_dbm: i16,
        heard_at_ms: i64,
    ) -> Result<Sighting, ReportProblem> {
        match frame {
            Ok(Frame::IBeacon(IBeacon { uuid, major, minor, power }))
                if Some(uuid) == self.network =>
            {
                Ok(Sighting {
                    beacon: Beacon { major, minor },
                    rssi_dbm: credible_rssi(rssi_dbm),
                    power_dbm: credible_power(power.0),
                    proven: false,
                    seen_at: Timestamp(heard_at_ms),
                })
            }
            Ok(Frame::EddystoneEid(eid)) => {
                rotating::sighting(&eid, rssi_dbm, Timestamp(heard_at_ms), self.rotating)
                    .ok_or(ReportProblem::Foreign)
            }
            Ok(_) | Err(Refusal::NoKnownFormat) => Err(ReportProblem::Foreign),
            Err(_) => Err(ReportProblem::Malformed),
        }
    }
}
