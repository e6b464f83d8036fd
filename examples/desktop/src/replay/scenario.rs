//! Reads a scenario: one JSON object per line, in time order.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use uuid::Uuid;

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

/// The events of one file.
///
/// # Errors
/// When it cannot be read, or a line is not of the format.
pub fn read(path: &Path) -> anyhow::Result<Vec<Event>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}, line {}", path.display(), index + 1))
        })
        .collect()
}
