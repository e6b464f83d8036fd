//! Whether the member is in a store: entered, left or undecided, by signs that last.

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
pub struct Likeliest {
    pub key: StoreKey,
    pub probability: f64,
    pub sign: Sign,
}

/// The entered store at one instant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entered {
    pub probability: f64,
    /// A strong sign still stands behind it.
    pub supported: bool,
}

/// What decides at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub now: Timestamp,
    pub screen_open: bool,
    pub likeliest: Option<Likeliest>,
    /// Of [`Presence::entered`].
    pub entered: Entered,
    /// Whether any store is in question.
    pub choose: bool,
}

#[derive(Clone, Copy, Debug)]
struct Inside {
    key: StoreKey,
    doubted_since: Option<Timestamp>,
}

/// In which store the member is; changes only on signs that last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Presence {
    inside: Option<Inside>,
    /// Another store that leads, and since when.
    rising: Option<(StoreKey, Timestamp)>,
}

impl Presence {
    /// The store the member is judged to be in.
    pub fn entered(&self) -> Option<StoreKey> {
        self.inside.map(|inside| inside.key)
    }

    /// One step.
    pub fn step(&mut self, moment: &Moment) -> State {
        let before = self.entered();
        self.doubt(moment);
        let rival = moment.likeliest.filter(|best| {
            best.sign != Sign::Weak && best.probability >= ENTER_AT && Some(best.key) != before
        });
        self.rise(rival, moment);
        match self.inside {
            Some(inside) => State::Here { key: inside.key },
            None if moment.choose => State::Choose,
            None => State::Nowhere,
        }
    }

    /// Leaves the store whose signs are gone, or that is in doubt for too long.
    fn doubt(&mut self, moment: &Moment) {
        let Some(inside) = &mut self.inside else { return };
        let Entered { probability, supported } = moment.entered;
        if probability >= DOUBT_AT {
            inside.doubted_since = None;
        }
        let doubted = probability < DOUBT_AT && {
            let since = *inside.doubted_since.get_or_insert(moment.now);
            moment.now.millis_since(since) >= DOUBT_LASTS_MS
        };
        if !supported || doubted {
            self.inside = None;
        }
    }

    /// Enters the store that leads, at once or when its lead has lasted.
    fn rise(&mut self, rival: Option<Likeliest>, moment: &Moment) {
        let Some(rival) = rival else {
            self.rising = None;
            return;
        };
        let since = match self.rising {
            Some((key, since)) if key == rival.key => since,
            _ => moment.now,
        };
        self.rising = Some((rival.key, since));
        let dwell = if moment.screen_open { DWELL_OPEN_MS } else { DWELL_CLOSED_MS };
        let at_once = matches!(rival.sign, Sign::Given | Sign::Chosen);
        if at_once || moment.now.millis_since(since) >= dwell {
            self.inside = Some(Inside { key: rival.key, doubted_since: None });
            self.rising = None;
        }
    }
}
