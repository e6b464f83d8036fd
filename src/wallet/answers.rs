//! Asks the wallet server what is the member's, and puts its answers where they belong.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    SchemeId, Timestamp,
    wire::{
        BoundSession, DeviceDescription, LoginRequest, Methods, MovementPage, ProvidedLogin,
        ProvidedSession, RegisterRequest,
    },
};

use super::{config::WalletConfig, member::Member, stores::NearbyStores};
use crate::{
    error::{Retry, ServerProblem, WalletError},
    phone::{Clock, HttpTransport, Log, LogEvent, Token},
    server::{CallProblem, RegisterProblem, Sessions, WalletServer},
};

/// How long the phone waits before it tries again to end sessions at the server.
const LOG_OUT_EVERY_MS: i64 = 60_000;
/// An answer that took longer says too little of what the time is at the server.
const LONGEST_ROUND_TRIP_MS: i64 = 10_000;

/// The way to the server.
pub(super) struct Answers {
    server: Result<WalletServer, ServerProblem>,
    log: Arc<dyn Log>,
    /// What this phone says of itself.
    pub(super) device: DeviceDescription,
    /// How far the server's clock is before the phone's, milliseconds, by the latest answer with a
    /// time; `None` before the first. Taken alone.
    clock_ahead_ms: Mutex<Option<i64>>,
    /// When sessions were last tried to be ended; taken alone.
    log_outs_tried: Mutex<Option<Timestamp>>,
}

impl Answers {
    /// From the server that `config` names, reached by the app's transport or else by the built-in one,
    /// for the member whose sessions are kept by `sessions`.
    pub fn new(
        config: &WalletConfig,
        transport: Option<Arc<dyn HttpTransport>>,
        log: Arc<dyn Log>,
        clock: Arc<dyn Clock>,
        sessions: Arc<dyn Sessions>,
    ) -> Self {
        let server =
            WalletServer::new(&config.server_url, &config.proxy, transport, clock, sessions);
        let device = config.description();
        Self { server, log, device, clock_ahead_ms: None.into(), log_outs_tried: None.into() }
    }

    /// The server, if there is any.
    ///
    /// # Errors
    /// [`WalletError::ServerAway`].
    pub fn server(&self) -> Result<&WalletServer, WalletError> {
        self.server.as_ref().map_err(|problem| problem.error())
    }

    /// Ends what is under way to the server: the wallet is given up.
    pub fn give_up(&self) {
        if let Ok(server) = &self.server {
            server.give_up();
        }
    }

    /// Logs an event.
    pub fn note(&self, event: LogEvent) {
        self.log.log(event.level(), event);
    }

    /// Opens a session, as the device that logged in before if there is one.
    ///
    /// # Errors
    /// [`WalletError::LoginRefused`], [`WalletError::ServerAway`].
    pub fn log_in(
        &self,
        member: &Member,
        user_id: String,
        password: String,
    ) -> Result<BoundSession, WalletError> {
        let device = member.known().device.clone();
        let description = self.device.clone();
        self.server()?.log_in(&LoginRequest { user_id, password, device, description })
    }

    /// The same by a token of a company's own log-in.
    ///
    /// # Errors
    /// [`WalletError::LoginRefused`], [`WalletError::ServerAway`].
    pub fn log_in_provided(
        &self,
        member: &Member,
        token: String,
    ) -> Result<ProvidedSession, WalletError> {
        let device = member.known().device.clone();
        let description = self.device.clone();
        self.server()?.log_in_provided(&ProvidedLogin { token, device, description })
    }

    /// Ends at the server the sessions that were logged out on the phone; those it cannot be reached
    /// for stay with the member, to be ended later.
    pub fn end_sessions(&self, member: &Member, now: Timestamp) {
        let log_outs = member.known().log_outs.clone();
        let Ok(server) = &self.server else { return };
        if log_outs.is_empty() {
            return;
        }
        *self.log_outs_tried.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        for refresh in &log_outs {
            match server.log_out(refresh) {
                Ok(()) => member.log_out_done(refresh),
                Err(problem) => {
                    self.note(LogEvent::LogOutPutOff { problem });
                    break;
                }
            }
        }
        if member.keep_log_outs().is_err() {
            self.note(LogEvent::LogOutNotKept);
        }
    }

    /// Whether ending sessions was not tried for a while.
    pub fn log_outs_due(&self, now: Timestamp) -> bool {
        let tried = *self.log_outs_tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.is_none_or(|at| now.millis_since(at).abs() >= LOG_OUT_EVERY_MS)
    }

    /// How far the server's clock is before the phone's, milliseconds; `None` while that is not known.
    pub fn clock_ahead_ms(&self) -> Option<i64> {
        *self.clock_ahead_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the time is at the server, as far as that is known.
    pub fn server_now(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_add(self.clock_ahead_ms().unwrap_or(0)))
    }

    /// Live balances for the member. An answer is as old as its question, for what happened since
    /// may not be in it.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn balances(
        &self,
        member: &Member,
        now: &dyn Fn() -> Timestamp,
    ) -> Result<(), WalletError> {
        let server = self.server()?;
        let token = member.token()?;
        let asked = (member.next_question(), now());
        member.waits(asked.0, asked.1);
        let answer = server.methods(&token);
        member.waited(asked.0);
        match answer {
            Ok(methods) => self.learn(member, &token, methods, asked, now()),
            Err(problem) => Err(self.failed(problem, member, &token)),
        }
    }

    /// Keeps what the server told of the member's methods, now, when it was asked the question of that
    /// number at that instant.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::Storage`].
    pub fn learn(
        &self,
        member: &Member,
        token: &Token,
        mut methods: Methods,
        (question, asked_at): (u64, Timestamp),
        now: Timestamp,
    ) -> Result<(), WalletError> {
        self.compare_clocks(methods.as_of, asked_at, now);
        on_this_clock(&mut methods, asked_at);
        member.keep(token, methods, question)
    }

    /// The server's time was `server` somewhere between a question and its answer.
    fn compare_clocks(&self, server: Timestamp, asked_at: Timestamp, answered_at: Timestamp) {
        let round_trip_ms = answered_at.millis_since(asked_at);
        if (0..=LONGEST_ROUND_TRIP_MS).contains(&round_trip_ms) {
            let ahead_ms = server.millis_since(asked_at).saturating_sub(round_trip_ms / 2);
            *self.clock_ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead_ms);
        }
    }

    /// Registers the account or card of a link code.
    ///
    /// # Errors
    /// [`WalletError::LinkRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn register(
        &self,
        member: &Member,
        scheme: &str,
        link_code: String,
    ) -> Result<(), WalletError> {
        let server = self.server()?;
        let token = member.token()?;
        let scheme = SchemeId::new(scheme).map_err(|_| WalletError::link_refused(Retry::Never))?;
        let (operator, link_code) = code_of(link_code);
        let asked = RegisterRequest { scheme, link_code, operator };
        server.register(&token, &asked).map_err(|problem| match problem {
            RegisterProblem::Code(retry) => WalletError::link_refused(retry),
            RegisterProblem::Call(problem) => self.failed(problem, member, &token),
        })
    }

    /// A page of the member's history: the first, or the one after a cursor.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn history(
        &self,
        member: &Member,
        after: Option<&str>,
    ) -> Result<MovementPage, WalletError> {
        let server = self.server()?;
        let token = member.token()?;
        server.history(&token, after).map_err(|problem| self.failed(problem, member, &token))
    }

    /// What a failed call with `token` says of the session and of the server.
    pub fn failed(&self, problem: CallProblem, member: &Member, token: &Token) -> WalletError {
        match problem {
            CallProblem::Session => {
                member.session_ended(token);
                self.note(LogEvent::SessionEnded);
                WalletError::not_logged_in()
            }
            CallProblem::Refused => ServerProblem::Garbled.error(),
            CallProblem::Away(problem) => {
                member.server_away();
                self.note(LogEvent::ServerAway { problem });
                problem.error()
            }
        }
    }

    /// Asks which beacon sends this id, by how it begins and as nobody; how many beacons share that, once
    /// the answer is here. Without one such a beacon is foreign, and the store's plain one still counts.
    pub fn rotating(&self, stores: &NearbyStores, id: [u8; 8], now: Timestamp) -> Option<usize> {
        let Ok(server) = &self.server else { return None };
        let ask = || stores.rotating_bucket(id, now);
        let bucket = match ask() {
            Some(bucket) => bucket,
            None => {
                let buckets = server.rotating_buckets().ok()?;
                stores.put_rotating_bits(Some(buckets.bits), now);
                ask()?
            }
        };
        match server.rotating(bucket.bits, bucket.value) {
            Ok(answer) => {
                stores.put_rotating(bucket, &answer, now);
                Some(answer.beacons.len())
            }
            // The network has grown or shrunk since the phone heard how its ids are divided.
            Err(CallProblem::Refused) => {
                stores.put_rotating_bits(None, now);
                None
            }
            // Says nothing of the balances, whose own question shows whether the server is there.
            Err(_) => None,
        }
    }
}

/// The operator that a link code names before a colon, and the code itself.
fn code_of(link_code: String) -> (Option<String>, String) {
    match link_code.split_once(':') {
        Some((operator, code)) => (Some(operator.trim().to_lowercase()), code.to_owned()),
        None => (None, link_code),
    }
}

/// Moves the server's times onto the phone's clock, on which ages are shown: the two may differ by
/// minutes, and a phone's by a year.
fn on_this_clock(methods: &mut Methods, now: Timestamp) {
    let ahead = now.millis_since(methods.as_of);
    methods.as_of = now;
    for balance in methods.methods.iter_mut().filter_map(|method| method.balance.as_mut()) {
        balance.as_of = Timestamp(balance.as_of.0.saturating_add(ahead));
    }
}
