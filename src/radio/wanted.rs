//! What the radio is to do.

use std::time::Duration;

/// How long a turn of watching listens: several times what a beacon takes to say itself once.
const WATCHES_FOR: Duration = Duration::from_secs(2);

/// And how long it then rests.
const RESTS_FOR: Duration = Duration::from_secs(8);

/// What the radio is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing listens.
    Rest,
    /// It listens in turns; begun anew when the number grows.
    Watch(u32),
    /// It listens all the time; begun anew when the number grows.
    Listen(u32),
    /// It stops for good.
    End,
}

impl Wanted {
    /// Whether anything is to be heard.
    pub fn listens(self) -> bool {
        matches!(self, Self::Watch(_) | Self::Listen(_))
    }

    /// How long it goes on to listen or to rest; `None`: until something else is wanted.
    pub fn turn(self, listens: bool) -> Option<Duration> {
        let watches = matches!(self, Self::Watch(_));
        watches.then_some(if listens { WATCHES_FOR } else { RESTS_FOR })
    }
}
