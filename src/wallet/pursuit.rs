//! When what is under way is looked after: a first try waits for nothing, a new one until it is due.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use uuid::Uuid;

use crate::{server::Unanswered, transfers::Retries};

/// What came of a look at what is under way.
#[derive(Default)]
pub(super) struct Pursued {
    /// Whether anything is known that was not before.
    pub news: bool,
    /// Whether money moved, so that balances are old.
    pub moved: bool,
    /// Whether something could not be written down; it is asked for again.
    pub not_kept: bool,
    /// What has ended, by its id.
    pub ended: Vec<Uuid>,
    /// When to look again, if anything is still under way.
    pub again_in: Option<Duration>,
    /// Why the server gave no answer.
    pub unanswered: Option<Unanswered>,
}

impl Pursued {
    /// What became of the transfer of this id was written down: perhaps `news`, and perhaps its end.
    pub fn advanced(&mut self, id: Uuid, news: bool, has_ended: bool) {
        self.news |= news;
        self.ended.extend((news && has_ended).then_some(id));
    }
}

/// The tries of one kind of transfer.
#[derive(Default)]
pub(super) struct Tries {
    retries: Retries,
    /// Those that were sent or asked after since the app began: a first try waits for nothing.
    tried: BTreeSet<Uuid>,
    /// When the next new try is due.
    due: Option<Instant>,
}

impl Tries {
    /// Whether the transfer of this id may be tried now; it then counts as tried.
    pub fn may_try(&mut self, id: Uuid) -> bool {
        self.tried.insert(id) || self.due.is_none_or(|due| due <= Instant::now())
    }

    /// The server answered.
    pub fn answered(&mut self) {
        self.retries.answered();
    }

    /// Something was heard: the next try waits for nothing.
    pub fn hurry(&mut self) {
        self.due = None;
    }

    /// Nothing is under way any more.
    pub fn rest(&mut self) {
        *self = Self { retries: self.retries.rested(), ..Self::default() };
    }

    /// When the next new try is due, no earlier than the server asked for.
    pub fn plan_next(&mut self, unanswered: Option<Unanswered>) -> Duration {
        let now = Instant::now();
        let asked_for = unanswered.and_then(Unanswered::wait);
        let due = match self.due.filter(|due| *due > now) {
            Some(due) => due.max(now + asked_for.unwrap_or_default()),
            None => now + self.retries.next(chance(), asked_for),
        };
        self.due = Some(due);
        due.saturating_duration_since(now)
    }
}

/// Any number of 0 to 1, so that phones do not try again together.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without the system's randomness the longest wait is the safe one.
    getrandom::fill(&mut bytes)
        .map_or(1.0, |()| f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}
