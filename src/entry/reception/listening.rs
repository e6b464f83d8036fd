//! For how long the phone listened for beacons: silence says something only meanwhile.

use domain::Timestamp;

/// How long everything listens when the settlement screen opens, milliseconds. In the simulator
/// 10 s put the right store among the first three as often as listening all the time.
pub const LISTENS_ON_OPENING_MS: i64 = 10_000;

/// After so much listening without hearing it, a beacon is out of range: the exit time of the
/// Android beacon library, used by every app built on it.
pub const SILENT_AFTER_MS: i64 = 30_000;

/// The scan with everything on that follows the opening of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    pub from: Timestamp,
    /// Whole seconds of listening in it.
    pub seconds: u32,
}

/// When the phone listens, as the app says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listening {
    on: bool,
    total_ms: i64,
    /// `total_ms` when the present scan began.
    scan_from_ms: i64,
    /// When the burst began, and `total_ms` then.
    burst_from: Option<(Timestamp, i64)>,
}

impl Listening {
    /// The same scan as seen from after the clock was set back: what was heard before has no age.
    pub fn restarted(self) -> Self {
        Self { on: self.on, ..Self::default() }
    }

    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Time passed. A gap in which the app was not asked for longer counts as a beacon's exit time.
    pub fn pass(&mut self, ms: i64) {
        if self.on {
            self.total_ms += ms.clamp(0, SILENT_AFTER_MS);
        }
    }

    /// Listening began or ended at `now`.
    pub fn switch(&mut self, on: bool, screen_open: bool, now: Timestamp) {
        if on && !self.on {
            self.scan_from_ms = self.total_ms;
        }
        self.on = on;
        self.screen(screen_open, now);
    }

    /// The screen was opened or closed at `now`.
    pub fn screen(&mut self, open: bool, now: Timestamp) {
        match self.burst_from {
            None if self.on && open => self.burst_from = Some((now, self.total_ms)),
            Some(_) if !open => self.burst_from = None,
            _ => {}
        }
    }

    /// Milliseconds of listening in all.
    pub fn total_ms(&self) -> i64 {
        self.total_ms
    }

    /// The burst that is on.
    pub fn burst(&self) -> Option<Burst> {
        let (from, from_ms) = self.burst_from?;
        let lasts_ms = self.total_ms - from_ms;
        let seconds = (lasts_ms / 1_000) as u32;
        (lasts_ms <= LISTENS_ON_OPENING_MS).then_some(Burst { from, seconds })
    }

    /// Whole seconds of the present scan, at most a burst's; once it is over, what it came to.
    pub fn scanned_s(&self) -> u32 {
        let scanned_ms = (self.total_ms - self.scan_from_ms).min(LISTENS_ON_OPENING_MS);
        (scanned_ms / 1_000) as u32
    }
}
