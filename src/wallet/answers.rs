//! Asks the wallet server and puts its answers where they belong: with the member, or with the
//! stores.

use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::{
    Claim, Position, SchemeId, Store, Timestamp,
    wire::{EntryRequest, Key, KeyUse, LoginRequest, Methods, RegisterRequest, Session, TileId},
};

use super::{member::Member, stores::NearbyStores};
use crate::{
    error::{Retry, ServerProblem, WalletError},
    phone::{HttpTransport, Log, LogEvent, Token},
    server::{CallProblem, RegisterProblem, TileAnswer, WalletServer},
};

/// Tiles change when a register is imported, a few times a day at most.
const TILE_FRESH_MS: i64 = 24 * 3_600_000;

/// How long the phone waits before it tries again to end sessions at the server.
const LOG_OUT_EVERY_MS: i64 = 60_000;
/// An answer that took longer says too little of what the time is at the server.
const LONGEST_ROUND_TRIP_MS: i64 = 10_000;

/// The way to the server.
pub(super) struct Answers {
    server: Result<WalletServer, ServerProblem>,
    log: Arc<dyn Log>,
    /// How far the server's clock is before the phone's, milliseconds, by the latest answer with a
    /// time; `None` before the first. Taken alone.
    clock_ahead_ms: Mutex<Option<i64>>,
    /// When sessions were last tried to be ended; taken alone.
    log_outs_tried: Mutex<Option<Timestamp>>,
}

impl Answers {
    /// From the server at `url`, reached by the app's transport or else by the built-in one.
    pub fn new(url: &str, transport: Option<Arc<dyn HttpTransport>>, log: Arc<dyn Log>) -> Self {
        let server = WalletServer::new(url, transport);
        Self { server, log, clock_ahead_ms: None.into(), log_outs_tried: None.into() }
    }

    fn server(&self) -> Result<&WalletServer, WalletError> {
        self.server.as_ref().map_err(|problem| problem.error())
    }

    fn note(&self, event: LogEvent) {
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
    ) -> Result<Session, WalletError> {
        let device = member.known().device.clone();
        self.server()?.log_in(&LoginRequest { user_id, password, device })
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
        for token in &log_outs {
            match server.log_out(token) {
                Ok(()) => member.log_out_done(token),
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
        let question = member.next_question();
        let asked_at = now();
        match server.methods(&token.secret) {
            Ok(mut methods) => {
                self.compare_clocks(methods.as_of, asked_at, now());
                on_this_clock(&mut methods, asked_at);
                member.keep(&token, methods, question)
            }
            Err(problem) => Err(self.failed(problem, member, &token)),
        }
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
        let asked = RegisterRequest { scheme, link_code };
        server.register(&token.secret, &asked).map_err(|problem| match problem {
            RegisterProblem::Code(retry) => WalletError::link_refused(retry),
            RegisterProblem::Call(problem) => self.failed(problem, member, &token),
        })
    }

    /// What a failed call with `token` says of the session and of the server.
    fn failed(&self, problem: CallProblem, member: &Member, token: &Token) -> WalletError {
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

    /// Fetches the tiles round `place` that are missing or old; whether any is new.
    ///
    /// # Errors
    /// [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn tiles(
        &self,
        stores: &NearbyStores,
        place: Position,
        now: Timestamp,
    ) -> Result<bool, WalletError> {
        let mut news = false;
        for tile in TileId::of(place).block() {
            news |= self.tile(stores, tile, now)?;
        }
        Ok(news)
    }

    fn tile(
        &self,
        stores: &NearbyStores,
        tile: TileId,
        now: Timestamp,
    ) -> Result<bool, WalletError> {
        let known = stores.cache.tile_age(tile);
        // One from the future says that a clock was wrong, not that the tile is new.
        let fresh = |at: Timestamp| (0..TILE_FRESH_MS).contains(&now.millis_since(at));
        if known.as_ref().is_some_and(|known| fresh(known.fetched_at)) {
            return Ok(false);
        }
        let answer = self.server()?.tile(tile, known.and_then(|known| known.etag))?;
        let news = matches!(answer, TileAnswer::Fresh { .. });
        let kept = match answer {
            TileAnswer::Unchanged => stores.cache.confirm_tile(tile, now),
            TileAnswer::Fresh { tile: fresh, etag } => {
                let believed = believed(tile, fresh.stores, now);
                stores.cache.put_tile(tile, etag.as_deref(), &believed, now)
            }
        };
        kept.map_err(|_| WalletError::storage("cache/tile"))?;
        Ok(news)
    }

    /// Fetches the ids of the rotating beacons in `tile`, unless those at hand are of it and last
    /// for a while. Without them such a beacon is foreign, and the store's plain one still counts.
    pub fn rotating(&self, stores: &NearbyStores, member: &Member, tile: TileId, now: Timestamp) {
        let (Ok(server), Ok(token)) = (&self.server, member.token()) else { return };
        if stores.has_rotating(tile, now) {
            return;
        }
        match server.rotating(&token.secret, tile) {
            Ok(answer) => stores.put_rotating(tile, &answer, now),
            Err(CallProblem::Session) => {
                self.failed(CallProblem::Session, member, &token);
            }
            // Says nothing of the balances, whose own question shows whether the server is there.
            Err(_) => {}
        }
    }

    /// Fetches the keys that sign store codes. Without them a code is merely unsigned.
    pub fn keys(&self, stores: &NearbyStores, now: Timestamp) {
        let Ok(server) = &self.server else { return };
        let Ok(keys) = server.keys() else { return };
        let read = |key: &Key| {
            let bytes = HEXLOWER_PERMISSIVE.decode(key.ed25519.as_bytes()).ok()?;
            Some((bytes.try_into().ok()?, key.revoked))
        };
        let of_codes = keys.keys.iter().filter(|key| key.signs == KeyUse::StoreCodes);
        let keys: Vec<_> = of_codes.filter_map(read).collect();
        match stores.put_signing_keys(&keys, now) {
            Ok(()) => {}
            Err(_) => self.note(LogEvent::KeysNotKept),
        }
    }

    /// Asks the server about a sign the cache does not know. `Ok` when its stores are known now.
    ///
    /// # Errors
    /// [`Unresolved`].
    pub fn resolve(
        &self,
        stores: &NearbyStores,
        member: &Member,
        question: &EntryRequest,
    ) -> Result<(), Unresolved> {
        let (Ok(server), Ok(token)) = (&self.server, member.token()) else {
            return Err(Unresolved::NotAsked);
        };
        let answer = server.entry(&token.secret, question).map_err(|problem| {
            self.failed(problem, member, &token);
            Unresolved::NotAnswered
        })?;
        let found = answer.candidates.iter().map(|candidate| &candidate.store);
        stores.cache.put_stores(found).map_err(|_| {
            self.note(LogEvent::StoresNotKept);
            Unresolved::NotAsked
        })
    }
}

/// What is believed of a tile's answer: stores that lie in it, with claims that are no newer than now.
fn believed(tile: TileId, mut stores: Vec<Store>, now: Timestamp) -> Vec<Store> {
    stores.retain(|store| TileId::of(store.position) == tile);
    for store in &mut stores {
        if store.accepted.claims().iter().any(|claim| claim.as_of > now) {
            let claims = store.accepted.claims().iter().cloned();
            store.accepted =
                claims.map(|claim| Claim { as_of: claim.as_of.min(now), ..claim }).collect();
        }
    }
    stores
}

/// Why a sign is still unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// Nothing is shown otherwise than before.
    NotAsked,
    /// The server gave no usable answer, which the screen says.
    NotAnswered,
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
