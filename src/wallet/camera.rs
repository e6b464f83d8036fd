//! The camera's side of the exported surface.

use crate::{
    screen::SettlementScreen,
    sensed::camera::{Hint, Turn},
};

/// How the bytes of a brightness plane lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlaneShape {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from one row to the next, at least `width`.
    pub row_stride: u32,
    /// Degrees clockwise that bring the picture upright, as the camera says: 0, 90, 180 or 270.
    /// Codes are read at any turn; it only settles where in the upright picture they are.
    pub rotation_degrees: u32,
}

impl PlaneShape {
    /// The turn, if it is a quarter of a circle.
    pub(super) fn turn(self) -> Option<Turn> {
        match self.rotation_degrees {
            0 => Some(Turn::None),
            90 => Some(Turn::Quarter),
            180 => Some(Turn::Half),
            270 => Some(Turn::ThreeQuarters),
            _ => None,
        }
    }
}

/// What one picture of the camera gave.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct PlaneReading {
    /// The screen after the code in view; `None` while no code is.
    pub screen: Option<SettlementScreen>,
    /// What the person can do, when no code was read and something was measured.
    pub hint: Option<CameraHint>,
}

/// What the person can do about a picture without a readable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CameraHint {
    /// Nothing in view is bright: offer the torch.
    TooDark,
    /// A code is in view, but too small to be read: move closer.
    TooFar,
}

impl From<Hint> for CameraHint {
    fn from(hint: Hint) -> Self {
        match hint {
            Hint::TooDark => Self::TooDark,
            Hint::TooFar => Self::TooFar,
        }
    }
}
