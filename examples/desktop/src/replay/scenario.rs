//! Reads a scenario: one JSON object per line, in time order.

use std::path::Path;

use serde::Deserialize;
use uuid::Uuid;

use super::unread::Unread;

/// One line of a scenario. Times are seconds from its start.
#[derive(Debug, Deserialize)]
#[serde(tag = "k", rename_all = "lowercase")]
pub enum Event {
    /// First line.
    Hdr {},
    /// A position fix.
    Loc { t: f64, src: Origin, lat: f64, lon: f64, acc: f64, ft: f64, mock: bool },
    /// One iBeacon advertisement.
    Ble { t: f64, uuid: Uuid, major: u16, minor: u16, tx: i8, rssi: i16 },
    /// One Wi-Fi scan.
    Wifi { t: f64, aps: Vec<(String, i16)> },
    /// An activity change.
    Act { t: f64, state: Activity },
    /// Something the person did.
    Ui { t: f64, what: String },
    /// A scanned code.
    Qr { t: f64, data: String },
}

/// Where a fix comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The receiver, when it is on.
    Gnss,
    /// The network: always arrives.
    Net,
}

/// What the operating system says the person does.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activity {
    /// On foot.
    Walk,
    /// Standing.
    Still,
}

impl Event {
    /// Seconds from the start; the header's is 0.
    pub fn seconds(&self) -> f64 {
        match self {
            Self::Hdr { .. } => 0.0,
            Self::Loc { t, .. }
            | Self::Ble { t, .. }
            | Self::Wifi { t, .. }
            | Self::Act { t, .. }
            | Self::Ui { t, .. }
            | Self::Qr { t, .. } => *t,
        }
    }
}

/// Longest scenario, seconds: a week.
const LONGEST_S: f64 = 7.0 * 86_400.0;

/// The events of one file. Lines that are none, or not of the scenario's time, are reported and left
/// out.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path, unread: &mut Unread) -> anyhow::Result<Vec<Event>> {
    let mut events = Vec::new();
    for (line, event) in unread.lines::<Event>(path)? {
        if (0.0..=LONGEST_S).contains(&event.seconds()) {
            events.push(event);
        } else {
            unread.at(path, line, "the time is before the start or more than a week after it");
        }
    }
    Ok(events)
}
