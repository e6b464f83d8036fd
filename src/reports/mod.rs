//! Beside the flow: what the member reports of stores. Comes in: what happened at a till. Goes out: what the member's own
//! screens say of it, and what is to be sent when, by a credential that does not say whose it is. Must not know: HTTP,
//! where any of it is kept, the app.

mod attendance;
mod credential;
mod own;

use domain::{
    Store, StoreId, Timestamp, Week,
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
}

/// A report that is to be sent.
#[derive(Clone, Serialize, Deserialize)]
struct Waiting {
    report: Report,
    presence: Option<Presence>,
    due: Timestamp,
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
        let Happened { store, said, presence } = happened;
        self.learn(store, said.clone(), now);
        let Some(week) = Week::of(now) else { return };
        let is_same = |waiting: &Waiting| {
            let Waiting { report, .. } = waiting;
            (report.store, report.week) == (store, week) && own::same_pair(&report.said, &said)
        };
        let replaced = self.waiting.iter().position(is_same).map(|at| self.waiting.remove(at));
        self.made.retain(|at| now.millis_since(*at).abs() < DAY_MS);
        let most = usize::try_from(REPORTS_A_DAY).unwrap_or(0);
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
        self.clone().tidy(now, 1.0)
    }

    /// Forgets what is over, and sees to it that there is a credential of this week or the time to ask for one, which
    /// `chance`, 0 to 1, decides; whether anything changed.
    pub fn tidy(&mut self, now: Timestamp, chance: f64) -> bool {
        let Some(week) = Week::of(now) else { return false };
        let before = self.waiting.len();
        let held = self.credential.as_ref().map(|credential| credential.week);
        self.waiting.retain(|waiting| {
            let of = waiting.report.week;
            now < of.reports_close() && (of == week || held == Some(of))
        });
        let mut changed = before != self.waiting.len();
        // That of the week before stays while reports of it wait.
        let needed = held.is_some_and(|held| {
            held == week || self.waiting.iter().any(|waiting| waiting.report.week == held)
        });
        if !needed {
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

#[cfg(test)]
mod tests {
    use domain::{Channel, SchemeId};

    use super::*;

    /// A Wednesday.
    const NOW: Timestamp = Timestamp(1_795_564_800_000);

    fn later(ms: i64) -> Timestamp {
        Timestamp(NOW.0 + ms)
    }

    fn store(nth: usize) -> StoreId {
        StoreId::of_record("test", &nth.to_string())
    }

    fn happened(nth: usize, taken: bool) -> Happened {
        let (scheme, channel) = (SchemeId::new("visa").unwrap(), Channel::Contactless);
        let said = match taken {
            true => Reported::Worked { scheme, channel },
            false => Reported::Refused { scheme, channel },
        };
        Happened { store: store(nth), said, presence: None }
    }

    /// With a credential that the server has evaluated.
    fn entitled() -> Reports {
        let mut reports = Reports::default();
        reports.tidy(NOW, 0.0);
        reports.credential.as_mut().unwrap().evaluation = vec![7; 64];
        reports
    }

    fn is_report(due: Option<Due>) -> bool {
        matches!(due, Some(Due::Report(..)))
    }

    #[test]
    fn a_report_waits_between_an_hour_and_a_day_and_longer_without_an_answer() {
        for (chance, hours) in [(0.0, 1), (0.5, 12), (1.0, 23)] {
            let mut reports = entitled();
            reports.report(happened(1, true), NOW, chance);
            assert!(!is_report(reports.due(later(hours * HOUR_MS - 1))), "{chance}");
            let then = later((hours + 1) * HOUR_MS);
            assert!(is_report(reports.due(then)), "{chance}");
            reports.put_off(then);
            assert!(reports.due(then).is_none());
            assert!(is_report(reports.due(Timestamp(then.0 + AGAIN_MS))));
        }
    }

    #[test]
    fn what_is_said_again_of_the_same_takes_the_place_of_what_waits() {
        let mut reports = entitled();
        for taken in [false, true] {
            reports.report(happened(1, taken), NOW, 0.0);
        }
        let Some(Due::Report(report, ..)) = reports.due(later(HOUR_MS)) else { panic!("none") };
        assert!(matches!(report.said, Reported::Worked { .. }));
        reports.sent(&report);
        assert!(reports.due(later(DAY_MS)).is_none());
    }

    #[test]
    fn no_more_than_five_a_day_are_reported_and_the_next_day_again() {
        let mut reports = entitled();
        (0..9).for_each(|nth| reports.report(happened(nth, true), NOW, 0.0));
        assert_eq!(reports.waiting.len(), 5);
        reports.report(happened(9, true), later(DAY_MS), 0.0);
        assert_eq!(reports.waiting.len(), 6);
    }

    #[test]
    fn somebody_who_is_there_most_days_reports_nothing_of_it() {
        for (days, expected) in [(15, 1), (16, 0)] {
            let mut reports = entitled();
            (0..days).for_each(|day| reports.attend(store(1), later(-day * DAY_MS)));
            reports.report(happened(1, true), NOW, 0.0);
            assert_eq!(reports.waiting.len(), expected, "{days} days");
        }
    }

    #[test]
    fn the_credential_is_of_its_week_and_reports_of_it_outlast_it_by_two_days() {
        let mut reports = entitled();
        let week = Week::of(NOW).unwrap();
        reports.report(happened(1, true), Timestamp(week.ends().0 - 1), 1.0);
        let monday = Timestamp(week.ends().0 + 23 * HOUR_MS);
        assert!(!reports.tidy(monday, 0.5), "the report waits for its credential");
        assert!(is_report(reports.due(Timestamp(monday.0 + HOUR_MS))));
        assert!(reports.tidy(week.reports_close(), 0.5));
        assert!(reports.waiting.is_empty());
        let next = reports.credential.as_ref().unwrap();
        assert_eq!(Some(next.week), Week::of(week.reports_close()));
        assert!(!next.is_due(week.reports_close()), "it is asked for at a time of its own");
    }

    #[test]
    fn without_a_credential_of_the_week_nothing_is_sent() {
        let mut reports = Reports::default();
        reports.tidy(NOW, 1.0);
        reports.report(happened(1, true), NOW, 0.0);
        assert!(reports.due(later(2 * HOUR_MS)).is_none());
        assert!(matches!(reports.due(later(CREDENTIAL_WITHIN_MS)), Some(Due::Credential(_))));
        assert!(reports.again_in_ms(NOW).unwrap() <= CREDENTIAL_WITHIN_MS);
    }
}
