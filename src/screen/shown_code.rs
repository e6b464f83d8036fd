//! The code that the member shows to a till, as a picture that any app can draw.

use std::fmt;

use domain::Timestamp;
use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};

/// A code to be read from the phone's screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct ShownCode {
    /// As text, for a cashier who types it: 26 characters of A to Z and 2 to 7.
    pub text: String,
    /// The same as a QR code, row by row from the top: `1` for a dark module, `0` for a light one. Draw
    /// four light modules round it.
    pub rows: Vec<String>,
    /// Until when a till can charge it, by the phone's clock, milliseconds since 1970.
    pub until_ms: i64,
}

/// Leaves the code out: whoever reads a log in time could show it.
impl fmt::Debug for ShownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownCode").field("until_ms", &self.until_ms).finish_non_exhaustive()
    }
}

/// The picture of a code; `None` for a text that is too long for any.
pub(super) fn draw_code(text: &str, until: Timestamp) -> Option<ShownCode> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let modules = code.to_colors();
    let row = |row: &[Color]| row.iter().map(|color| color.select('1', '0')).collect();
    let rows = modules.chunks(code.width()).map(row).collect();
    Some(ShownCode { text: text.to_owned(), rows, until_ms: until.0 })
}
