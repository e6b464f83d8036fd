//! What the radio is to do.

/// What the radio is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing listens.
    Rest,
    /// It listens; begun anew when the number grows.
    Listen(u32),
    /// It stops for good.
    End,
}
