//! What the app is to listen for, as the core tells it.

/// When the app lets the wallet listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SensingPolicy {
    /// Only from the opening of the settlement screen on. Needs no background permission.
    Screen,
    /// Cheaply all the time: beacons always, the receiver in short runs.
    Always,
}

/// Whose limits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Platform {
    /// Android: scan filters, start throttle, Wi-Fi scans in the foreground.
    Android,
    /// iOS: regions and ranging, no Wi-Fi scan.
    Ios,
}

/// How beacons are listened for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Enum)]
pub enum BeaconMode {
    /// Not at all.
    #[default]
    Off,
    /// Cheaply: Android low power with a `PendingIntent`; iOS region monitoring, and ranging for
    /// some seconds after a region event.
    Watch,
    /// All there is: Android low latency, iOS ranging.
    Burst,
}

/// One Android scan filter: the advertisement's bytes under `mask` must equal `data`.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ScanFilter {
    /// Manufacturer specific data.
    Manufacturer {
        /// Bluetooth company number.
        company: u16,
        /// From the first byte after the company number.
        data: Vec<u8>,
        /// As long as `data`.
        mask: Vec<u8>,
    },
    /// Service data of a 16-bit service UUID.
    ServiceData {
        /// The service.
        service: u16,
        /// From the first byte.
        data: Vec<u8>,
        /// As long as `data`.
        mask: Vec<u8>,
    },
}

/// A circle whose crossing wakes the app.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Fence {
    /// Of its middle, a store: degrees, WGS 84.
    pub latitude: f64,
    /// As [`Fence::latitude`].
    pub longitude: f64,
    /// Metres, at least 100.
    pub radius_m: f64,
}

/// What to listen for. Equal plans have equal ids; the app acts when the id changes.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SensingPlan {
    /// Changes exactly when the app must do something.
    pub id: u64,
    /// Precise fixes at this spacing; absent: the receiver stays off, fixes that come by anyway
    /// (other apps', the network's) are welcome.
    pub fixes_every_ms: Option<u32>,
    /// How to listen for beacons.
    pub beacons: BeaconMode,
    /// Counts scan starts: when it grows, a running scan is stopped and started again.
    pub beacon_starts: u32,
    /// What to let through while `beacons` is not `Off`. Never empty on Android then: an empty
    /// filter hears nothing with the screen off.
    pub filters: Vec<ScanFilter>,
    /// Scan for access points once now, then at the platform's pace (4 times in 2 minutes).
    pub wifi: bool,
    /// Fences to keep, nearest first. On iOS the network's beacon region takes the twentieth place.
    pub fences: Vec<Fence>,
    /// The proximity UUID of the network: iOS monitors and ranges this one region. Empty until the
    /// wallet server said it for the first time; no beacon is listened for before.
    pub region_uuid: String,
}

impl Default for SensingPlan {
    /// Nothing listens.
    fn default() -> Self {
        Self {
            id: 0,
            fixes_every_ms: None,
            beacons: BeaconMode::Off,
            beacon_starts: 0,
            filters: Vec::new(),
            wifi: false,
            fences: Vec::new(),
            region_uuid: String::new(),
        }
    }
}
