//! Hexadecimal digits of an input line.

use data_encoding::HEXLOWER_PERMISSIVE;

pub(super) fn bytes(hex: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()
}
