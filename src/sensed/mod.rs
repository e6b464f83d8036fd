//! Step 1: what the phone noticed. Comes in: records from the app's sensors, all of them hostile.
//! Goes out: checked values. Must not know: which store is meant, the cache, the server.

pub mod beacon;
pub mod camera;
pub mod fix;
mod motion;
mod problem;
pub mod report;
pub mod rotating;
pub mod wifi;

pub use beacon::{Beacon, Sighting};
pub use fix::{CheckedFix, Fix, FixProblem, FixProvider, MockedFixes};
pub use motion::Motion;
pub use report::{BeaconReport, ReportProblem};
pub use wifi::{AccessPoint, Bssid, WifiReport, WifiScan};
