//! The wallet's parts, each the owner of its own state, and what takes more than one of them: a
//! signal, a scanned code, a screen, and the work that calls leave to the worker.
//!
//! No lock of one part is held while another part is called, but for the drawing, which reads all of
//! them under its own.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Ask, Timestamp};

use super::{
    answers::Answers,
    ask::Asked,
    code::{Checks, LastCode},
    deposits::{DepositAsk, Deposits},
    judge::{Judge, RecordingEnd},
    member::{Known, Member},
    news::News,
    notices::Notices,
    payments::Payments,
    planning::Callback,
    pursuit::Pursued,
    reader::Reader,
    recording::Recording,
    screens::{Screens, Sources, why},
    sensed_lately::SensedLately,
    storage::Storage,
    stores::NearbyStores,
    unreached::Unreached,
    worker::Wanted,
};
use crate::{
    entry::{
        CodeRead, Proof, Signal,
        recording::{RecordingProblem, signals},
    },
    error::{SignalProblem, WalletError},
    phone::{Clock, Log, LogEvent},
    plan::{Planner, SensingPlan},
    screen::{DepositScreen, HistoryScreen, SettlementScreen, StoreSays, draw_history},
    sensed::Sighting,
    server::{Unanswered, WalletServer},
};

/// A person at a till looks for seconds; asking more often than this gives them nothing new.
const BALANCES_EVERY_MS: i64 = 5_000;

/// What the calls and the threads share.
pub(super) struct Parts {
    pub judge: Judge,
    pub stores: NearbyStores,
    /// Shared with the way to the server, which renews the session.
    pub member: Arc<Member>,
    pub code: LastCode,
    pub asked: Asked,
    pub answers: Answers,
    pub screens: Screens,
    pub clock: Arc<dyn Clock>,
    pub log: Arc<dyn Log>,
    /// Called after every signal while somebody wants to know what to listen for. Taken alone.
    pub plan_callback: Mutex<Option<Arc<Callback>>>,
    pub deposits: Deposits,
    pub payments: Payments,
    pub reader: Reader,
    pub unreached: Unreached,
    pub notices: Notices,
    pub news: News,
    pub storage: Storage,
    /// What the app may have the server judge by.
    pub lately: SensedLately,
}

impl Parts {
    /// Never called under a lock: the clock may be the app's code.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.now_ms())
    }

    pub(super) fn note(&self, event: LogEvent) {
        self.log.log(event.level(), event);
    }

    /// Takes a signal into the judgement; whether it came out otherwise than before.
    pub fn sense(&self, now: Timestamp, signal: &Signal) -> bool {
        let sensed = self.judge.sense(now, signal, &self.stores.cache);
        match sensed.recording_ended {
            None => {}
            Some(RecordingEnd::Full) => self.note(LogEvent::RecordingFull),
            Some(RecordingEnd::NotWritable) => self.note(LogEvent::RecordingNotWritable),
        }
        self.look_at_plan();
        sensed.changed
    }

    /// What there is to listen for may have changed.
    pub fn look_at_plan(&self) {
        let callback = self.plan_callback.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(callback) = callback {
            callback.call();
        }
    }

    /// What to listen for now.
    pub fn plan(&self, planner: &mut Planner) -> SensingPlan {
        let situation = self.judge.situation(self.stores.network.beacons());
        planner.plan(self.now(), situation, &self.stores.cache).clone()
    }

    /// Nothing was sensed for a while.
    pub fn tick(&self) {
        if self.sense(self.now(), &Signal::Tick) {
            self.show();
        }
    }

    /// What to call after every signal; `None` for nothing.
    pub fn call_back(&self, callback: Option<Arc<Callback>>) {
        *self.plan_callback.lock().unwrap_or_else(PoisonError::into_inner) = callback;
    }

    /// Forgets what was sensed and records from here on, beginning with what lasts: the member's
    /// habits, and that the screen is open.
    pub fn record(&self, recording: Recording) {
        let open = self.judge.record(recording);
        let now = self.now();
        self.sense_habits(now);
        self.sense(now, &Signal::Screen(open));
    }

    /// Brings the member's habits into the judgement.
    pub fn sense_habits(&self, now: Timestamp) {
        self.sense(now, &Signal::Visits(self.member.known().visits.clone()));
    }

    /// Keeps what a code says of itself; which store it names and what vouches for that.
    ///
    /// # Errors
    /// [`SignalProblem`].
    pub fn scan(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<(domain::StoreId, Proof)>, SignalProblem> {
        let checks = Checks {
            keys: self.stores.signing_keys(),
            network: self.stores.network.get(),
            keys_are_fresh: self.stores.keys_are_fresh(now),
            now,
            clock_ahead_ms: self.answers.clock_ahead_ms(),
        };
        self.code.scan(text, &checks)
    }

    /// A store code becomes evidence, what a code says of itself is kept beside the store; what is
    /// no code of a till is refused, and nothing is ever opened. `touched`: it came from a tag.
    ///
    /// # Errors
    /// [`SignalProblem`].
    pub fn read_code(
        &self,
        text: &str,
        touched: bool,
        now: Timestamp,
    ) -> Result<Wanted, SignalProblem> {
        let before = self.code.at(now).and_then(|scanned| scanned.store());
        let read = self.scan(text, now)?;
        self.sense(now, &Signal::Text(text.to_owned()));
        let Some((store, proof)) = read else { return Ok(Wanted::balances()) };
        if proof == Proof::Broken && before != Some((store, Proof::Unsigned)) {
            // A forgery takes nothing from what was sensed before it.
            return Ok(Wanted::balances());
        }
        let signal = Signal::Code(CodeRead { store, proof, touched });
        self.sense(now, &signal);
        let unproven = (proof == Proof::Unsigned).then(|| (text.to_owned(), touched));
        if proof != Proof::Broken {
            self.lately.code(text, signal.clone(), now);
        }
        // Where it hangs is signed with it.
        let place = match proof {
            Proof::Signed { place: Some((place, _)) } if !self.stores.knows(store) => Some(place),
            _ => None,
        };
        Ok(Wanted { unproven, sign: place.map(|place| (place, signal)), ..Wanted::balances() })
    }

    /// A beacon of the network. One that the phone knows no store of is that of a store near by, whose tile
    /// may be old.
    pub fn hear(&self, sighting: Sighting, now: Timestamp) -> Wanted {
        let signal = Signal::Beacon(sighting);
        self.lately.beacon(sighting, now);
        self.sense(now, &signal);
        let unknown = !self.stores.knows_beacon(sighting);
        let place = unknown.then(|| self.judge.situation(None).position).flatten();
        Wanted { sign: place.map(|place| (place, signal)), ..Wanted::balances() }
    }

    /// The screen as it stands.
    pub fn screen(&self, now: Timestamp) -> SettlementScreen {
        self.draw(self.asked.at(now))
    }

    fn draw(&self, ask: Ask) -> SettlementScreen {
        self.screens.draw(&self.sources(ask))
    }

    /// What each store in question says of a method; `None` when it is not registered.
    pub fn why(&self, method: &str, now: Timestamp) -> Option<Vec<StoreSays>> {
        why(&self.sources(self.asked.at(now)), method)
    }

    fn sources(&self, ask: Ask) -> Sources<'_> {
        let Self { judge, stores, member, code, .. } = self;
        let server_now = self.answers.server_now(ask.now);
        let storage = self.storage.warnings(&stores.cache, member);
        Sources { judge, stores, member, code, ask, server_now, storage }
    }

    /// Shows the app the newest screen.
    pub fn show(&self) {
        self.screens.show(|| self.screen(self.now()));
    }

    /// The screen after each signal of a recording that began at `began`.
    ///
    /// # Errors
    /// [`RecordingProblem`].
    pub fn replay(
        &self,
        recording: &str,
        began: Timestamp,
    ) -> Result<Vec<SettlementScreen>, RecordingProblem> {
        self.judge.forget();
        signals(recording, began)
            .map(|read| {
                let (now, signal) = read?;
                if let Signal::Text(text) = &signal {
                    // Was read when it was recorded; with fewer keys it may not be now.
                    let _ = self.scan(text, now);
                }
                self.sense(now, &signal);
                Ok(self.screen(now))
            })
            .collect()
    }

    /// Fetches the register's keys; whether stores were forgotten for it.
    pub fn keys(&self, now: Timestamp) -> bool {
        let forgotten = self.answers.keys(&self.stores, now);
        if forgotten {
            self.sense(now, &Signal::StoresChanged);
        }
        forgotten
    }

    /// Asks for live balances now.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn balances(&self) -> Result<(), WalletError> {
        self.answers.balances(&self.member, &|| self.now())
    }

    /// Does what calls left to be done; when to look after what is under way again.
    pub fn fulfil(&self, wanted: Wanted) -> Option<Duration> {
        let now = self.now();
        let before = self.member.known();
        let mut news = false;
        let mut sign = wanted.sign;
        if let Some((code, touched)) = wanted.unproven {
            news |= self.keys(now);
            if let Ok(read) = self.read_code(&code, touched, now) {
                news = true;
                sign = read.sign.or(sign);
            }
        }
        let due = |as_of: Timestamp| now.millis_since(as_of).abs() >= BALANCES_EVERY_MS;
        let last = before.methods.as_ref().map(|known| known.as_of);
        // Balances fetched a moment ago are the live answer to this call, too.
        let old = before.server_answered != Some(true) || last.is_none_or(due);
        let again = self.unreached.place().filter(|_| wanted.round.is_none());
        let live = wanted.balances || (again.is_some() && before.server_answered == Some(false));
        news |= self.fetch(wanted.round.or(again), live && before.token.is_some() && old);
        if let Some((place, signal)) = sign {
            news |= self.fetch_sign(place, &signal);
        }
        if let Some((id, report)) = wanted.rotating {
            news |= self.fetch_rotating(id, &report);
        }
        if !wanted.pushed.is_empty() {
            self.deposits.hurry();
            self.payments.hurry();
        }
        let deposits =
            self.pursue(|server, known| self.deposits.pursue(server, known, &|| self.now()));
        let payments = self.pursue(|server, known| {
            self.payments.pursue(server, known, wanted.events, &|| self.now())
        });
        news |= deposits.moved || payments.moved;
        if !before.log_outs.is_empty() && self.answers.log_outs_due(now) {
            self.answers.end_sessions(&self.member, now);
        }
        self.count_visit();
        if news {
            self.show();
        }
        if deposits.news {
            self.show_deposits();
        }
        if payments.news {
            self.show_payment();
        }
        self.tell_ended(&deposits.ended, &payments.ended);
        let handed_again_in = self.hand_push_token_on();
        let reports = self.pursue_reports();
        self.answer_pushed(wanted.pushed, wanted.hears, deposits.news || payments.news);
        let again_in = [
            deposits.again_in,
            payments.again_in,
            self.unreached.again_in(),
            handed_again_in,
            reports,
        ];
        again_in.into_iter().flatten().min()
    }

    /// Sends or asks after what is under way; live balances follow where money moved.
    fn pursue(&self, look: impl FnOnce(&WalletServer, &Known) -> Pursued) -> Pursued {
        let known = self.member.known();
        let (Ok(server), Some(token)) = (self.answers.server(), &known.token) else {
            return Pursued::default();
        };
        let pursued = look(server, &known);
        if pursued.not_kept {
            self.note(LogEvent::TransferNotKept);
        }
        if let Some(problem) = pursued.unanswered.and_then(Unanswered::problem) {
            self.answers.failed(problem, &self.member, token);
        }
        if pursued.moved {
            let _ = self.balances();
        }
        pursued
    }

    /// The deposit screen as it stands.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn deposit_screen(&self) -> Result<DepositScreen, WalletError> {
        self.screens.draw_deposits(&self.member, &self.deposits, self.now())
    }

    fn show_deposits(&self) {
        self.screens.show_deposits(|| self.deposit_screen().ok());
    }

    /// Writes down what the member asks for, so that it is sent.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn write_deposit(&self, ask: &DepositAsk) -> Result<(), WalletError> {
        self.deposits.write(&self.member.known(), ask, self.now())
    }

    /// A page of the history.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn history(&self, after: Option<&str>) -> Result<HistoryScreen, WalletError> {
        let page = self.answers.history(&self.member, after)?;
        let known = self.member.known();
        let registered = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
        Ok(draw_history(page, registered))
    }

    /// Counts the visit that began, if one did, and says what works there; on the worker, because the vault is a file.
    fn count_visit(&self) {
        let store = self.judge.take_visit().and_then(|key| self.stores.by_key(key));
        let Some(store) = store else { return };
        if self.member.count_visit(store.id, self.now()).is_err() {
            self.note(LogEvent::VisitNotKept);
        }
        self.tell_at_the_door(store.id);
    }
}
