//! The place that could not be asked for, and when to ask for it again.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{Position, wire::Cell};

/// How often a place is asked for again by itself: for a minute in all. After that a new signal does.
const MOST_TRIES: u32 = 6;

/// The place whose stores could not be had: somebody may stand there, out of a tunnel, and no
/// new fix come.
#[derive(Default)]
pub(super) struct Unreached(
    /// With how often it was tried in vain; taken alone.
    Mutex<Option<(Position, u32)>>,
);

impl Unreached {
    /// The place, if there is one.
    pub fn place(&self) -> Option<Position> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(|(place, _)| place)
    }

    /// When to ask for it again: after a second, then after twice as long each time.
    pub fn again_in(&self) -> Option<Duration> {
        let (_, tries) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        (tries <= MOST_TRIES).then(|| Duration::from_secs(1 << tries.saturating_sub(1)))
    }

    /// It was asked for, perhaps `in_vain`.
    pub fn tried(&self, place: Position, in_vain: bool) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.filter(|(before, _)| Cell::of(*before) == Cell::of(place));
        let tries = before.map_or(1, |(_, tries)| tries.saturating_add(1));
        *last = in_vain.then_some((place, tries));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_asked_for_again_for_a_minute_and_not_once_it_was_reached() {
        let place = |lon| Position::from_degrees(41.9, lon).unwrap();
        let (unreached, here) = (Unreached::default(), place(12.5));
        assert_eq!((unreached.place(), unreached.again_in()), (None, None));
        let waits = [Some(1), Some(2), Some(4), Some(8), Some(16), Some(32), None];
        for seconds in waits {
            unreached.tried(here, true);
            assert_eq!(unreached.again_in(), seconds.map(Duration::from_secs));
        }
        // It is asked for with the next signal.
        assert_eq!(unreached.place(), Some(here));
        unreached.tried(place(13.5), true);
        assert_eq!(unreached.again_in(), Some(Duration::from_secs(1)));
        unreached.tried(place(13.5), false);
        assert_eq!((unreached.place(), unreached.again_in()), (None, None));
    }
}
