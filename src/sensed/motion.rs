//! How the phone moves.

/// How the phone moves, as the operating system's activity recognition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Motion {
    /// Standing, sitting, lying.
    Still,
    /// On foot.
    Walking,
    /// Faster than on foot.
    Riding,
}
