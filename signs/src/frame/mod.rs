//! Frames of store beacons in Bluetooth LE advertisements: iBeacon, AltBeacon and Eddystone.
//!
//! Platforms hand over an advertisement in different forms; each has its reader:
//! [`read_advert`] for the structures as received, [`read_android_record`] for Android's scan
//! record, [`read_manufacturer_data`] and [`read_service_data`] for one value that the
//! platform has already taken out.
//!
//! Nothing is searched for by its bytes: a frame counts only where its format says it lies, so
//! the same bytes inside another maker's data are not a beacon. Reading never allocates, so the
//! many foreign advertisements of a street cost little.
//!
//! A frame that reads well may still be unusable: its power may be no measurement
//! ([`UncheckedPower`]) and its identity all zero ([`Frame::is_unset`]). And a frame proves
//! nothing: whoever hears it can send it elsewhere. See [`crate::eid`] for ids that rotate.
//!
//! ```
//! use signs::frame::{Frame, IBeacon, Mode, read_advert};
//!
//! let beacon = IBeacon { uuid: uuid::Uuid::from_u128(7), major: 12, minor: 3, power: (-59).into() };
//! let heard = beacon.advert();
//! assert_eq!(read_advert(&heard, Mode::Strict).frame, Ok(Frame::IBeacon(beacon)));
//! ```

mod altbeacon;
mod eddystone;
mod eddystone_url;
mod ibeacon;
mod kinds;
mod mode;
mod power;
mod reading;
mod refusal;
mod structures;
mod telemetry;

pub use altbeacon::AltBeacon;
pub use eddystone::{EDDYSTONE_SERVICE, EddystoneEid, EddystoneUid};
pub use eddystone_url::EddystoneUrl;
pub use ibeacon::{APPLE, IBeacon};
pub use kinds::Frame;
pub use mode::Mode;
pub use power::{POWER_0M_TO_1M_DB, UncheckedPower};
pub use reading::{
    Reading, read_advert, read_android_record, read_manufacturer_data, read_service_data,
};
pub use refusal::Refusal;
pub use structures::{Structure, Structures, android_record_parts};
pub use telemetry::{EddystoneTlm, EncryptedTlm};
