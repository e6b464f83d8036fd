//! The power byte of a frame.

/// What Eddystone adds between one metre and none: its frames state the power at 0 m, and 41 dB is
/// the loss of the first metre (Eddystone-UID specification).
pub const POWER_0M_TO_1M_DB: i16 = 41;

/// Power as the frame states it, in dBm. Makers put readings, defaults and nonsense there, so it
/// is used only through [`UncheckedPower::at_1m_dbm`] or [`UncheckedPower::at_1m_from_0m_dbm`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UncheckedPower(pub i8);

impl UncheckedPower {
    /// The stated power at one metre; `None` if it cannot be a measurement: 0, or outside
    /// −100 to +20 dBm (which includes +127, "unknown").
    pub fn at_1m_dbm(self) -> Option<i8> {
        ((-100..=20).contains(&self.0) && self.0 != 0).then_some(self.0)
    }

    /// The power at one metre from a power stated at 0 m; `None` if it cannot be a measurement:
    /// outside −100 to +20 dBm. A stated 0 is a real setting there.
    pub fn at_1m_from_0m_dbm(self) -> Option<i8> {
        let at_1m = self.raw_at_1m_from_0m();
        (-100..=20).contains(&self.0).then(|| i8::try_from(at_1m).ok())?
    }

    /// The stated power at 0 m less [`POWER_0M_TO_1M_DB`], without judging it.
    pub fn raw_at_1m_from_0m(self) -> i16 {
        i16::from(self.0) - POWER_0M_TO_1M_DB
    }
}

impl From<i8> for UncheckedPower {
    fn from(dbm: i8) -> Self {
        Self(dbm)
    }
}
