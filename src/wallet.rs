//! The exported object: calls in, screens out. It connects and keeps nothing: its parts own the
//! state, two threads do what takes long.
//!
//! Every call answers from what the phone has, at once and without waiting for a server or for a
//! writer; what the server says arrives later through the [`ScreenListener`].

mod account;
mod agreement;
mod answers;
mod approval_key;
mod area;
mod area_calls;
mod ask;
mod asking;
mod code;
mod config;
mod contactless;
mod counter;
mod deposits;
mod door;
mod hearing;
mod judge;
mod known;
mod listening;
mod logging_in;
mod member;
#[cfg(test)]
mod member_tests;
mod methods;
mod money;
mod network;
mod news;
mod notice_calls;
mod notices;
mod object;
mod parts;
mod camera;
mod paying;
mod payment_calls;
mod payments;
mod place;
mod planning;
mod position_calls;
mod profile;
mod pursuit;
mod pushes;
mod reader;
mod receipts;
mod report_calls;
mod reporting;
mod recording;
mod recording_calls;
mod register;
mod rotating;
mod scanned;
mod screens;
mod sensed_lately;
mod storage;
mod storage_calls;
mod stores;
mod telling;
mod tile_list;
mod together;
mod unlocking;
mod unreached;
mod visit;
mod why_calls;
mod worker;

use std::sync::{Arc, PoisonError};

use domain::StoreId;

use crate::{
    entry::{Motion, Signal},
    error::{SignalProblem, WalletError},
    plan::{Planner, Platform, SensingPolicy},
    screen::SettlementScreen,
    sensed::{BeaconReport, Fix, WifiReport, camera::Plane},
};
pub use account::{JoinAsk, SecretKind};
pub use agreement::{ApprovalSignature, ApprovalToSign};
pub use area::{Area, AreaListener, AreaProgress};
pub use ask::{ChoiceKind, MemberAsk};
pub use camera::{CameraHint, PlaneReading, PlaneShape};
pub use config::WalletConfig;
pub use deposits::DepositAsk;
pub use methods::MethodAsk;
pub use news::PushToken;
pub use notice_calls::MutedStore;
pub use notices::NoticeListener;
pub use object::Wallet;
pub use payment_calls::PaymentAsk;
pub use planning::PlanListener;
pub use profile::ProfileAsk;
pub use report_calls::ReportKind;
pub use screens::ScreenListener;
pub use sensed_lately::JudgedBy;
pub use storage::StorageUse;
pub use unlocking::UnlockLimit;
use {planning::Planning, worker::Wanted};

#[uniffi::export]
impl Wallet {
    /// Who is told of newer screens; `None` for nobody.
    pub fn set_listener(&self, listener: Option<Arc<dyn ScreenListener>>) {
        self.parts.screens.set_listener(listener);
    }

    /// Who is told what to listen for, under which policy and within which platform's limits; `None`
    /// for nobody. A new listener is told the plan at once.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when the operating system gives no thread.
    pub fn set_plan_listener(
        &self,
        policy: SensingPolicy,
        platform: Platform,
        listener: Option<Arc<dyn PlanListener>>,
    ) -> Result<(), WalletError> {
        let mut planning = self.planning.lock().unwrap_or_else(PoisonError::into_inner);
        *planning = None;
        self.parts.call_back(None);
        let Some(listener) = listener else { return Ok(()) };
        let callback = Arc::default();
        // Before the first plan, so that no signal is missed.
        self.parts.call_back(Some(Arc::clone(&callback)));
        let (plans, ticks) = (Arc::clone(&self.parts), Arc::clone(&self.parts));
        let plan = move |planner: &mut Planner| plans.plan(planner);
        let planner = Planner::new(policy, platform);
        let started = Planning::start(callback, planner, listener, plan, move || ticks.tick());
        *planning = Some(started.map_err(|_| WalletError::storage("planning"))?);
        Ok(())
    }

    /// Logs in and fetches the member's methods, so that the wallet works offline from here on.
    /// Waits for the server, at most a few seconds.
    ///
    /// # Errors
    /// [`WalletError::LoginRefused`], [`WalletError::ServerAway`], [`WalletError::Storage`],
    /// [`WalletError::KeyStoreLocked`].
    pub fn log_in(&self, user_id: String, password: String) -> Result<(), WalletError> {
        self.parts.log_in(user_id, password)?;
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
        Ok(())
    }

    /// The same by a token of the company's own log-in, for a wallet company that has one: the app
    /// fetched it there. The session is bound to this phone as that of a password.
    ///
    /// # Errors
    /// As [`Wallet::log_in`].
    pub fn log_in_provided(&self, token: String) -> Result<(), WalletError> {
        self.parts.log_in_provided(token)?;
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
        Ok(())
    }

    /// Forgets the member on this phone, and ends the session at the server: at once if it can be
    /// reached, else as soon as it can.
    ///
    /// # Errors
    /// [`WalletError::Storage`], [`WalletError::KeyStoreLocked`].
    pub fn log_out(&self) -> Result<(), WalletError> {
        self.parts.log_out()
    }

    /// Registers a payment method: the scheme of a suggestion, and the link code that its operator
    /// gave to the member; where the wallet company has several, with the operator's name and a colon
    /// before it (`bank:K7QM-2XPD-94RT`). The same code again does no harm. Waits for the server, then for live
    /// balances.
    ///
    /// # Errors
    /// [`WalletError::LinkRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn register_method(
        &self,
        scheme: String,
        link_code: String,
    ) -> Result<SettlementScreen, WalletError> {
        self.parts.answers.register(&self.parts.member, &scheme, link_code)?;
        self.refresh()
    }

    /// The settlement screen was opened: balances are asked for, and signs are judged for someone
    /// who stands and looks.
    pub fn screen_opened(&self) -> SettlementScreen {
        let now = self.parts.now();
        self.parts.sense(now, &Signal::Screen(true));
        self.worker.want(Wanted::balances());
        self.parts.screen(now)
    }

    /// The settlement screen was closed.
    pub fn screen_closed(&self) {
        self.parts.sense(self.parts.now(), &Signal::Screen(false));
    }

    /// Changes what the member asks (amount, choice, contactless) and draws anew.
    pub fn ask(&self, ask: MemberAsk) -> SettlementScreen {
        let now = self.parts.now();
        self.parts.asked.set(&ask);
        self.parts.screen(now)
    }

    /// The screen as it stands.
    pub fn screen(&self) -> SettlementScreen {
        self.parts.screen(self.parts.now())
    }

    /// Asks the server for balances now and waits for them: pull to refresh.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]; what was shown before stands.
    pub fn refresh(&self) -> Result<SettlementScreen, WalletError> {
        self.parts.balances()?;
        Ok(self.screen())
    }

    /// A position fix: the stores near it are in question.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_fix(&self, fix: Fix) -> Result<SettlementScreen, WalletError> {
        let now = self.parts.now();
        let checked = fix.check_with(now, self.mocked_fixes).map_err(SignalProblem::error_of)?;
        self.parts.sense(now, &Signal::Fix(checked));
        let round = self.parts.stores.due_round(checked.position(), now);
        self.worker.want(Wanted { round, ..Wanted::balances() });
        Ok(self.parts.screen(now))
    }

    /// A frame or a ranged beacon that the radio heard. A rotating beacon is foreign until the server told
    /// whose id that is, of which it is asked by the first bits and as nobody.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_beacon(&self, report: BeaconReport) -> Result<SettlementScreen, WalletError> {
        let now = self.parts.now();
        let sighting = match self.parts.stores.sighting(&report) {
            Ok(sighting) => sighting,
            Err(problem) => {
                if let Some(id) = self.parts.stores.unknown_rotating(&report, now) {
                    let rotating = Some((id, report));
                    self.worker.want(Wanted { rotating, ..Wanted::default() });
                }
                return Err(SignalProblem::error_of(problem));
            }
        };
        self.worker.want(self.parts.hear(sighting, now));
        Ok(self.parts.screen(now))
    }

    /// Access points heard, or the one the phone is joined to.
    ///
    /// # Errors
    /// [`WalletError::Signal`] if an address is malformed; what was shown before stands.
    pub fn sense_wifi(&self, report: WifiReport) -> Result<SettlementScreen, WalletError> {
        let now = self.parts.now();
        let scan = report.scan().ok_or_else(|| SignalProblem::AccessPointMalformed.error())?;
        self.parts.lately.wifi(&scan, now);
        self.parts.sense(now, &Signal::Wifi(scan));
        self.worker.want(Wanted::balances());
        Ok(self.parts.screen(now))
    }

    /// The operating system's activity recognition says that the phone moves otherwise than before.
    pub fn sense_motion(&self, motion: Motion) {
        self.parts.sense(self.parts.now(), &Signal::Motion(motion));
    }

    /// A text that was scanned or handed over as a link.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_text(&self, text: String) -> Result<SettlementScreen, WalletError> {
        self.sense_code(&text, false)
    }

    /// The text of an NFC tag that was touched: as [`Wallet::sense_text`], but the phone was there.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_tag(&self, text: String) -> Result<SettlementScreen, WalletError> {
        self.sense_code(&text, true)
    }

    /// One picture of the camera: its brightness plane (8 bits a pixel). The bytes are read in
    /// place, never copied, and not kept.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_plane(&self, luma: &[u8], shape: PlaneShape) -> Result<PlaneReading, WalletError> {
        let turn = shape.turn().ok_or_else(|| SignalProblem::PlaneMalformed.error())?;
        let plane = Plane::new(luma, shape.width, shape.height, shape.row_stride, turn)
            .map_err(SignalProblem::error_of)?;
        let reading = self.decoder.lock().unwrap_or_else(PoisonError::into_inner).read(&plane);
        // After the reading: that is when the code was known.
        let now = self.parts.now();
        let mut problem = None;
        for code in &reading.codes {
            match self.parts.read_code(&code.text, false, now) {
                Ok(wanted) => {
                    self.worker.want(wanted);
                    return Ok(PlaneReading { screen: Some(self.parts.screen(now)), hint: None });
                }
                Err(refused) => problem = Some(refused),
            }
        }
        match problem {
            Some(refused) => Err(refused.error()),
            None => Ok(PlaneReading { screen: None, hint: reading.hint.map(Into::into) }),
        }
    }

    /// The member taps a store of the list.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a store this phone does not know.
    pub fn choose_store(&self, store_id: String) -> Result<SettlementScreen, WalletError> {
        self.sense_of_store(&store_id, Signal::Chosen)
    }

    /// The member says that the phone is not in a store: a no to the screen's question, or to any other
    /// store. It holds until the member chooses that store, at most for half an hour.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a store this phone does not know.
    pub fn deny_store(&self, store_id: String) -> Result<SettlementScreen, WalletError> {
        self.sense_of_store(&store_id, Signal::Denied)
    }

    /// Listening for beacons began or ended: silence counts only in between.
    pub fn scanning(&self, on: bool) {
        self.parts.sense(self.parts.now(), &Signal::Scanning(on));
    }
}

impl Wallet {
    fn sense_of_store(
        &self,
        store_id: &str,
        signal: fn(StoreId) -> Signal,
    ) -> Result<SettlementScreen, WalletError> {
        let now = self.parts.now();
        let id = store_id.parse().map(StoreId).ok();
        let known = id.filter(|id| self.parts.stores.knows(*id));
        let id = known.ok_or_else(|| SignalProblem::StoreUnknown.error())?;
        self.parts.sense(now, &signal(id));
        self.worker.want(Wanted::balances());
        Ok(self.parts.screen(now))
    }

    fn sense_code(&self, text: &str, touched: bool) -> Result<SettlementScreen, WalletError> {
        let now = self.parts.now();
        self.worker.want(self.parts.read_code(text, touched, now).map_err(SignalProblem::error)?);
        Ok(self.parts.screen(now))
    }
}

#[cfg(feature = "ble")]
impl Wallet {
    /// What the time is by the clock that the app lent, milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.parts.now().0
    }
}
