//! Reports what the member said of stores: asks for the week's credential at a time of the phone's own, and sends each
//! report when its wait is over, as nobody in particular.

use std::time::Duration;

use domain::{
    Channel, MethodId, Ride, SchemeId, Store, StoreId, Week,
    wire::{Presence, ReportKey, Reported},
};

use super::{parts::Parts, report_calls::ReportKind};
use crate::{
    error::{RequestProblem, SignalProblem, SignatureProblem, WalletError},
    phone::{LogEvent, PositionUse},
    reports::{Due, Happened, Reports},
    server::{CallProblem, VouchedProblem, WalletServer},
    transfers::PaymentStage,
};

/// The most that is sent in one go.
const MOST_AT_ONCE: usize = 8;

impl Parts {
    /// What the member says of a store and a method; it shows on this phone at once.
    ///
    /// # Errors
    /// [`WalletError`].
    pub(super) fn report(
        &self,
        store_id: &str,
        method_id: &str,
        kind: ReportKind,
    ) -> Result<(), WalletError> {
        let unknown = || SignalProblem::StoreUnknown.error();
        let id = store_id.parse().map(StoreId).map_err(|_| unknown())?;
        let key = self.stores.cache.key_of(id).ok_or_else(unknown)?;
        let store = self.stores.by_key(key).ok_or_else(unknown)?;
        let said = match kind {
            ReportKind::CashOnly => Reported::CashOnly {},
            ReportKind::Worked => {
                let Ride { scheme, channel } = self.ride_at(&store, method_id)?;
                Reported::Worked { scheme, channel }
            }
            ReportKind::Refused => {
                let Ride { scheme, channel } = self.ride_at(&store, method_id)?;
                Reported::Refused { scheme, channel }
            }
        };
        let (now, wait) = (self.now(), chance());
        let text = self.code.scanned_at(id, now);
        let presence = text.map(|text| Presence::StoreCode { text });
        let now = self.answers.server_now(now);
        let happened = Happened { store: id, said, presence };
        self.member.change_reports(|reports| reports.report(happened, now, wait))
    }

    /// The way a method is most likely used in a store.
    fn ride_at(&self, store: &Store, method_id: &str) -> Result<Ride, WalletError> {
        let known = self.member.known();
        let methods = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
        let now = self.answers.server_now(self.now());
        let likely = |ride: &&Ride| {
            let claim = store.accepted.claim(&ride.scheme, ride.channel);
            claim.map_or(0, |claim| (claim.known(now).low * 1_000.0) as i64)
        };
        let method = methods.iter().find(|known| known.method.id.0 == method_id);
        // Of equally likely ones the first.
        let ride = method.and_then(|known| known.method.rides.iter().rev().max_by_key(likely));
        ride.cloned().ok_or_else(|| RequestProblem::NotFound.error(None))
    }

    /// Asks for what is to be asked for and sends what is due; when to look again.
    pub(super) fn pursue_reports(&self) -> Option<Duration> {
        let known = self.member.known();
        let (Ok(server), Some(_)) = (self.answers.server(), &known.token) else { return None };
        self.learn_from_payment();
        self.learn_from_code();
        let now = self.answers.server_now(self.now());
        if self.member.known().reports.is_untidy(now) {
            // What cannot be kept is drawn anew when the app begins again.
            let _ = self.member.change_reports(|reports| reports.tidy(now, chance()));
        }
        for _ in 0..MOST_AT_ONCE {
            let Some(due) = self.member.known().reports.due(now) else { break };
            if !self.send_report(server, due) {
                let _ = self.member.change_reports(|reports| reports.put_off(now));
                break;
            }
        }
        let again_in = self.member.known().reports.again_in_ms(now)?;
        Some(Duration::from_millis(u64::try_from(again_in).unwrap_or(0)))
    }

    /// Whether the server answered.
    fn send_report(&self, server: &WalletServer, due: Due) -> bool {
        match due {
            Due::Credential(credential) => {
                let Ok(token) = self.member.token() else { return false };
                let Some(asked) = credential.request() else { return false };
                let Some(key) = self.report_key(server, credential.week()) else { return false };
                self.member.note_position_use(PositionUse::of_credential(self.now().0));
                let kept = match server.credential(&token, &asked) {
                    Ok(Some(answer)) => credential.evaluated(&answer, &key),
                    Ok(None) => Some(credential.refused()),
                    Err(CallProblem::Session) => {
                        self.answers.failed(CallProblem::Session, &self.member, &token);
                        None
                    }
                    Err(_) => None,
                };
                let keep = |kept| self.member.change_reports(|reports| reports.keep(kept)).is_ok();
                kept.is_some_and(keep)
            }
            Due::Report(report, presence, credential) => {
                let asked = credential.entitle(report.clone(), presence);
                let sent = asked.is_none_or(|asked| {
                    self.member.note_position_use(PositionUse::of_report(self.now().0));
                    server.report(&asked).is_ok()
                });
                sent && self.member.change_reports(|reports| reports.sent(&report)).is_ok()
            }
        }
    }

    /// The key of a week, as everyone is told it: asked for without the session, and believed only from a list that the
    /// root key signed, that is not old and that no later one was told before.
    fn report_key(&self, server: &WalletServer, week: Week) -> Option<ReportKey> {
        let refused = |problem| self.note(LogEvent::ReportKeysRefused { problem });
        let (keys, vouched) = match server.report_keys(self.stores.root()) {
            Ok(answer) => answer,
            Err(VouchedProblem::Away(_)) => return None,
            Err(VouchedProblem::Signature(problem)) => {
                refused(problem);
                return None;
            }
        };
        let last = self.member.known().reports.keys_revision();
        // What is past its time was perhaps kept back for this phone alone.
        let is_old = vouched.valid_until <= self.answers.server_now(self.now());
        if vouched.revision < last || is_old {
            refused(SignatureProblem::RolledBack);
            return None;
        }
        let told = |reports: &mut Reports| reports.told_keys(vouched.revision);
        self.member.change_reports(told).ok()?;
        keys.of(week).cloned()
    }

    /// The newest payment that was made shows as the member's own experience. It is not reported: the server made it.
    fn learn_from_payment(&self) {
        let known = self.member.known();
        let newest = self.payments.known(&known, None).ok().flatten();
        let Some(paid) = newest.filter(|payment| payment.stage == PaymentStage::Done) else {
            return;
        };
        let Some(told) = paid.told.filter(|_| !known.reports.knows_payment(paid.id)) else {
            return;
        };
        let Some(scheme) = self.only_scheme(&paid.method, paid.channel) else { return };
        let said = Reported::Worked { scheme, channel: paid.channel };
        let _ = self.member.change_reports(|reports| {
            reports.learn_from_payment(paid.id, told.store, said, paid.made_at);
        });
    }

    /// What a payment by this method on this channel rode on; `None` where it may have been one of several.
    fn only_scheme(&self, method: &MethodId, channel: Channel) -> Option<SchemeId> {
        let known = self.member.known();
        let methods = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
        let method = methods.iter().find(|known| known.method.id == *method)?;
        let mut rides = method.method.rides.iter().filter(|ride| ride.channel == channel);
        let scheme = rides.next()?.scheme.clone();
        rides.next().is_none().then_some(scheme)
    }
}

/// Any number of 0 to 1.
pub(super) fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without the system's randomness the longest wait is the safe one.
    getrandom::fill(&mut bytes)
        .map_or(1.0, |()| f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}
