//! An amount that moves: above zero, in minor units.

/// Minor units above zero: a transfer of nothing, or backwards, cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// `minor_units` as an amount; `None` unless above zero.
    pub const fn new(minor_units: i64) -> Option<Self> {
        if minor_units > 0 { Some(Self(minor_units)) } else { None }
    }

    /// The minor units, above zero.
    pub const fn get(self) -> i64 {
        self.0
    }
}
