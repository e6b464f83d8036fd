use domain::Timestamp;

use super::{judgement::State, nearby::StoreKey};

/// "Here" needs this probability: with the strong sign it must have anyway, the wrong store is then
/// claimed in a few visits of a hundred, and a wrong store is worse than none.
const ENTER_AT: f64 = 0.95;

/// "Here" is in doubt below this: lower than [`ENTER_AT`], so that it does not flap.
const DOUBT_AT: f64 = 0.5;

/// A doubt that lasts this long ends it.
const DOUBT_LASTS_MS: i64 = 10_000;

/// A lead that is only heard must last, so that one reflection does not name a store: 2 s give
/// exactly the true changes on the public room-to-room walk.
pub const DWELL_OPEN_MS: i64 = 2_000;

/// Nobody waits for the judgement while the screen is closed, so it takes longer and is surer.
const DWELL_CLOSED_MS: i64 = 20_000;

/// How strong the best sign for a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Position only, or less.
    Weak,
    /// A radio lead: enough when it lasts.
    Heard,
    /// A sign that a person gave or that cannot be elsewhere: enough at once.
    Given,
    /// The member's own choice: enough at once, however likely the store was before.
    Chosen,
}

/// The likeliest store at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub key: StoreKey,
    pub probability: f64,
    pub sign: Sign,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    key: StoreKey,
    doubted_since: Option<Timestamp>,
}

/// Entered, left, or undecided; changes only on signs that last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settle {
    held: Option<Held>,
    rising: Option<(StoreKey, Timestamp)>,
}

impl Settle {
    /// The store the phone is judged to be in.
    pub fn held(&self) -> Option<StoreKey> {
        self.held.map(|held| held.key)
    }

    /// One step. `held_at` is the held store's probability and whether a strong sign still stands
    /// behind it; `choose` whether any store is in question.
    pub fn step(
        &mut self,
        now: Timestamp,
        best: Option<Standing>,
        held_at: Option<(f64, bool)>,
        screen_open: bool,
        choose: bool,
    ) -> State {
        let rival = best.filter(|best| {
            best.sign != Sign::Weak && best.probability >= ENTER_AT && Some(best.key) != self.held()
        });
        if let Some(held) = &mut self.held {
            let (probability, supported) = held_at.unwrap_or((0.0, false));
            if !supported {
                self.held = None;
            } else if probability < DOUBT_AT {
                let since = *held.doubted_since.get_or_insert(now);
                if now.millis_since(since) >= DOUBT_LASTS_MS {
                    self.held = None;
                }
            } else {
                held.doubted_since = None;
            }
        }
        match rival {
            None => self.rising = None,
            Some(rival) => {
                let since = match self.rising {
                    Some((key, since)) if key == rival.key => since,
                    _ => now,
                };
                self.rising = Some((rival.key, since));
                let dwell = if screen_open { DWELL_OPEN_MS } else { DWELL_CLOSED_MS };
                if matches!(rival.sign, Sign::Given | Sign::Chosen)
                    || now.millis_since(since) >= dwell
                {
                    self.held = Some(Held { key: rival.key, doubted_since: None });
                    self.rising = None;
                }
            }
        }
        match self.held {
            Some(held) => State::Here { key: held.key },
            None if choose => State::Choose,
            None => State::Nowhere,
        }
    }
}
