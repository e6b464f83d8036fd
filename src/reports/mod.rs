//! Beside the flow: what the member reports of stores. Comes in: what happened at a till. Goes out: what the member's own
//! screens say of it, and what is to be sent when, by a credential that does not say whose it is. Must not know: HTTP,
//! where any of it is kept, the app.

mod attendance;
mod credential;
mod own;
#[cfg(test)]
mod tests;

use domain::{
    SchemeId, Store, StoreId, Timestamp, Week,
    wire::{Presence, REPORTS_A_DAY, Report, Reported},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use attendance::Attendance;
use own::Own;

pub(crate) use credential::Credential;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A report waits between one hour and a day: when it comes says nothing of when it happened.
const WAITS_MS: std::ops::Range<i64> = HOUR_MS..24 * HOUR_MS;
/// Every phone asks for its credential within so long of its first look in a week, whether or not it will report.
const CREDENTIAL_WITHIN_MS: i64 = 3 * DAY_MS;
/// When the server gave no answer, it is asked again after this time.
const AGAIN_MS: i64 = 15 * 60_000;
/// What a member reports in a week.
const MOST_WAITING: usize = 35;
/// After so many reports of a day nothing is reported of codes: the others are for what the member says.
const CODES_A_DAY: usize = 3;
/// A code that is scanned again on the same day says nothing new.
const CODE_SAYS_FOR_MS: i64 = DAY_MS;

/// What the member reported, and what of it is still to be sent. Has no `Debug`: it says where the member was.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reports {
    own: Own,
    attendance: Attendance,
    waiting: Vec<Waiting>,
    /// When those of the last day were reported.
    made: Vec<Timestamp>,
    credential: Option<Credential>,
    /// The payment that was learnt from last.
    payment: Option<Uuid>,
    /// The revision of the list of keys that was told last.
    keys_revision: i64,
}

/// A report that is to be sent.
#[derive(Clone, Serialize, Deserialize)]
struct Waiting {
    report: Report,
    presence: Option<Presence>,
    due: Timestamp,
}

impl Waiting {
    /// Whether it may still be sent in `week`, by a credential of its week: the one `held`, or one to come.
    fn may_be_sent(&self, held: Option<Week>, week: Week, now: Timestamp) -> bool {
        let of = self.report.week;
        now < of.reports_close() && (of == week || held == Some(of))
    }
}

/// What is to be done about reports.
pub(crate) enum Due {
    /// Ask for the credential, of which this is the state.
    Credential(Credential),
    /// Send this report by this credential.
    Report(Report, Option<Presence>, Credential),
}

/// What happened at a till.
pub(crate) struct Happened {
    pub store: StoreId,
    pub said: Reported,
    /// What proves that the phone was there.
    pub presence: Option<Presence>,
}

/// What a code on a counter names.
pub(crate) struct Seen {
    pub store: StoreId,
    pub scheme: SchemeId,
    /// What proves that the phone was there.
    pub presence: Option<Presence>,
    /// Whether it is to be told.
    pub tells: bool,
}

impl Reports {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        let Self { own, attendance, waiting, credential, .. } = self;
        own.is_empty() && attendance.is_empty() && waiting.is_empty() && credential.is_none()
    }

    /// The member is in `store`.
    pub fn attend(&mut self, store: StoreId, now: Timestamp) {
        self.attendance.count(store, now);
    }

    /// What the member knows of `store` by being there, added to its record; `None` where that is nothing.
    pub fn overlaid(&self, store: &Store, now: Timestamp) -> Option<Store> {
        self.own.overlaid(store, now)
    }

    /// The member did or was told something at a till: its own screens say so at once.
    pub fn learn(&mut self, store: StoreId, said: Reported, now: Timestamp) {
        self.own.add(store, said, now);
    }

    /// Whether the payment of this id was learnt from.
    pub fn knows_payment(&self, id: Uuid) -> bool {
        self.payment == Some(id)
    }

    /// The member paid in `store`.
    pub fn learn_from_payment(&mut self, id: Uuid, store: StoreId, said: Reported, at: Timestamp) {
        self.payment = Some(id);
        self.learn(store, said, at);
    }

    /// The same, to be reported after a wait that `chance`, 0 to 1, decides. Not when the credential has reported enough
    /// today, nor by somebody who is there most days: whoever works there is no customer. What is said again of
    /// the same before it was sent takes the place of what was said before.
    pub fn report(&mut self, happened: Happened, now: Timestamp, chance: f64) {
        self.learn(happened.store, happened.said.clone(), now);
        let most = usize::try_from(REPORTS_A_DAY).unwrap_or(0);
        self.send_later(happened, (now, chance), most);
    }

    /// Those of `schemes` that no code on the counter of `store` named within the last day.
    pub fn new_on_counter(
        &self,
        store: StoreId,
        schemes: Vec<SchemeId>,
        now: Timestamp,
    ) -> Vec<SchemeId> {
        let is_new = |scheme: &SchemeId| {
            let last = self.own.code_at(store, scheme);
            last.is_none_or(|at| now.millis_since(at).abs() >= CODE_SAYS_FOR_MS)
        };
        schemes.into_iter().filter(is_new).collect()
    }

    /// A code on the counter of `store` names a scheme. `tells`: the others do not know; it is then reported as what
    /// the member says is, once a week.
    pub fn learn_from_code(&mut self, seen: Seen, now: Timestamp, chance: f64) {
        let Seen { store, scheme, presence, tells } = seen;
        let last = self.own.code_at(store, &scheme);
        let is_told = last.is_some_and(|at| Week::of(at) == Week::of(now));
        let said = Reported::Code { scheme };
        self.learn(store, said.clone(), now);
        if tells && !is_told {
            let happened = Happened { store, said, presence };
            self.send_later(happened, (now, chance), CODES_A_DAY);
        }
    }

    /// Has a report wait, unless `most` were made today.
    fn send_later(&mut self, happened: Happened, (now, chance): (Timestamp, f64), most: usize) {
        let Happened { store, said, presence } = happened;
        let Some(week) = Week::of(now) else { return };
        let is_same = |waiting: &Waiting| {
            let Waiting { report, .. } = waiting;
            (report.store, report.week) == (store, week) && own::same_subject(&report.said, &said)
        };
        let replaced = self.waiting.iter().position(is_same).map(|at| self.waiting.remove(at));
        self.made.retain(|at| now.millis_since(*at).abs() < DAY_MS);
        let too_many = replaced.is_none() && self.made.len() >= most;
        if too_many || self.attendance.is_staff(store, now) || self.waiting.len() >= MOST_WAITING {
            return;
        }
        if replaced.is_none() {
            self.made.push(now);
        }
        let due = after(now, WAITS_MS.start, WAITS_MS.end, chance);
        self.waiting.push(Waiting { report: Report { store, week, said }, presence, due });
    }

    /// Whether [`Reports::tidy`] has anything to do.
    pub fn is_untidy(&self, now: Timestamp) -> bool {
        let Some(week) = Week::of(now) else { return false };
        let held = self.held();
        !self.waiting.iter().all(|waiting| waiting.may_be_sent(held, week, now))
            || !self.needs_held(week)
    }

    /// The week of the credential there is.
    fn held(&self) -> Option<Week> {
        self.credential.as_ref().map(|credential| credential.week)
    }

    /// Whether the credential there is will do in `week`: that of the week before stays while reports of it
    /// wait.
    fn needs_held(&self, week: Week) -> bool {
        self.held().is_some_and(|held| {
            held == week || self.waiting.iter().any(|waiting| waiting.report.week == held)
        })
    }

    /// Forgets what is over, and sees to it that there is a credential of this week or the time to ask for one, which
    /// `chance`, 0 to 1, decides; whether anything changed.
    pub fn tidy(&mut self, now: Timestamp, chance: f64) -> bool {
        let Some(week) = Week::of(now) else { return false };
        let before = self.waiting.len();
        let held = self.held();
        self.waiting.retain(|waiting| waiting.may_be_sent(held, week, now));
        let mut changed = before != self.waiting.len();
        if !self.needs_held(week) {
            let latest = week.ends().0.saturating_sub(HOUR_MS).saturating_sub(now.0);
            let at = after(now, 0, latest.clamp(1, CREDENTIAL_WITHIN_MS), chance);
            self.credential = Credential::draw(week, at);
            changed = true;
        }
        changed
    }

    /// What is due.
    pub fn due(&self, now: Timestamp) -> Option<Due> {
        let credential = self.credential.as_ref()?;
        if credential.is_due(now) {
            return (Week::of(now) == Some(credential.week))
                .then(|| Due::Credential(credential.clone()));
        }
        let is_due = |waiting: &&Waiting| {
            waiting.due <= now && waiting.report.week == credential.week && credential.is_whole()
        };
        let Waiting { report, presence, .. } = self.waiting.iter().find(is_due)?;
        Some(Due::Report(report.clone(), presence.clone(), credential.clone()))
    }

    /// The revision of the list of keys that was told last.
    pub fn keys_revision(&self) -> i64 {
        self.keys_revision
    }

    /// A list of keys of this revision was told.
    pub fn told_keys(&mut self, revision: i64) {
        self.keys_revision = self.keys_revision.max(revision);
    }

    /// Keeps the credential that was asked for.
    pub fn keep(&mut self, credential: Credential) {
        if self.credential.as_ref().is_some_and(|known| known.is_same(&credential)) {
            self.credential = Some(credential);
        }
    }

    /// A report was counted, or never will be.
    pub fn sent(&mut self, report: &Report) {
        self.waiting.retain(|waiting| waiting.report != *report);
    }

    /// What is due was not answered: it waits.
    pub fn put_off(&mut self, now: Timestamp) {
        let later = Timestamp(now.0.saturating_add(AGAIN_MS));
        if let Some(credential) = self.credential.as_mut().filter(|known| known.is_due(now)) {
            credential.at = later;
        }
        for waiting in self.waiting.iter_mut().filter(|waiting| waiting.due <= now) {
            waiting.due = later;
        }
    }

    /// How long until something is due, milliseconds.
    pub fn again_in_ms(&self, now: Timestamp) -> Option<i64> {
        let credential = self.credential.as_ref()?;
        let due = match credential.asks_at() {
            Some(at) => Some(at),
            None => self.waiting.iter().map(|waiting| waiting.due).min(),
        };
        // The next week begins with a credential of its own.
        let due = due.unwrap_or(credential.week.ends()).min(credential.week.ends());
        Some(due.millis_since(now).max(1_000))
    }
}

/// A time from `from` until before `until` milliseconds after `now`, as `chance`, 0 to 1, decides.
fn after(now: Timestamp, from: i64, until: i64, chance: f64) -> Timestamp {
    let span = (until - from - 1).max(0) as f64;
    Timestamp(now.0.saturating_add(from).saturating_add((chance.clamp(0.0, 1.0) * span) as i64))
}
