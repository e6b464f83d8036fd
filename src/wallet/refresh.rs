//! The worker: one thread that asks the server for what calls want and tells the listener.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError, atomic::Ordering},
    thread,
};

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::{
    Position, SchemeId, Timestamp,
    wire::{EntryRequest, Methods, RegisterRequest, TileId},
};

use super::{rotating::RotatingOf, state::Inner};
use crate::{
    entry::Signal,
    error::{Retry, ServerProblem, WalletError},
    phone::{LogLevel, Token},
    server::{CallProblem, RegisterProblem, TileAnswer},
};

/// Tiles change when a register is imported, a few times a day at most.
const TILE_FRESH_MS: i64 = 24 * 3_600_000;
/// How long a phone that stays in one tile, or found the server away, waits before it looks again.
const LOOK_EVERY_MS: i64 = 60_000;
/// A person at a till looks for seconds; asking more often than this tells them nothing new.
const BALANCES_EVERY_MS: i64 = 5_000;

/// What calls want from the server, newest wish of each kind.
#[derive(Default)]
pub(super) struct Wanted {
    pub balances: bool,
    /// A store code signed with a key this phone does not know: fetch the keys and read it again.
    pub unproven: Option<(String, bool)>,
    /// What the phone should know of this place: its stores, and the ids of their rotating beacons.
    pub around: Option<Position>,
    /// A sign this phone does not know, and the signal to judge again once it does.
    pub resolve: Option<(EntryRequest, Signal)>,
    pub stop: bool,
}

impl Wanted {
    pub fn balances() -> Self {
        Self { balances: true, ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        !(self.balances || self.stop)
            && self.unproven.is_none()
            && self.around.is_none()
            && self.resolve.is_none()
    }
}

/// The thread's mailbox. Holds at most one wish of each kind, so it cannot grow.
pub(super) struct Worker {
    mailbox: Arc<(Mutex<Wanted>, Condvar)>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(inner: Arc<Inner>) -> std::io::Result<Self> {
        let mailbox = Arc::new((Mutex::new(Wanted::default()), Condvar::new()));
        let theirs = Arc::clone(&mailbox);
        let run = move || {
            while let Some(wanted) = next(&theirs) {
                inner.fulfil(wanted);
            }
        };
        thread::Builder::new().name("tillsight".to_owned()).spawn(run)?;
        Ok(Self { mailbox })
    }

    pub fn want(&self, wanted: Wanted) {
        let (wishes, bell) = &*self.mailbox;
        let mut wishes = wishes.lock().unwrap_or_else(PoisonError::into_inner);
        wishes.balances |= wanted.balances;
        wishes.stop |= wanted.stop;
        wishes.unproven = wanted.unproven.or_else(|| wishes.unproven.take());
        wishes.around = wanted.around.or(wishes.around);
        wishes.resolve = wanted.resolve.or_else(|| wishes.resolve.take());
        bell.notify_one();
    }
}

impl Drop for Worker {
    /// The thread ends after the call it is in; nobody waits for it, because the app frees the
    /// wallet on a thread that must not hang.
    fn drop(&mut self) {
        self.want(Wanted { stop: true, ..Wanted::default() });
    }
}

fn next((wishes, bell): &(Mutex<Wanted>, Condvar)) -> Option<Wanted> {
    let wishes = wishes.lock().unwrap_or_else(PoisonError::into_inner);
    let mut wishes =
        bell.wait_while(wishes, |wanted| wanted.is_empty()).unwrap_or_else(PoisonError::into_inner);
    let wanted = std::mem::take(&mut *wishes);
    (!wanted.stop).then_some(wanted)
}

impl Inner {
    fn fulfil(&self, wanted: Wanted) {
        let now = self.now();
        let before = self.held();
        let mut news = false;
        if let Some((code, touched)) = wanted.unproven {
            self.refresh_keys();
            // Refused now means forged, and the judgement stays as it was.
            news |= self.read_code(&code, touched, now).is_ok();
        }
        if let Some(position) = wanted.around
            && self.refresh_tiles(position, now).unwrap_or(false)
        {
            self.sense(self.now(), &Signal::StoresChanged);
            news = true;
        }
        if let Some(position) = wanted.around {
            self.refresh_rotating(TileId::of(position), now);
        }
        if let Some((question, signal)) = wanted.resolve {
            news |= self.resolve(&question, &signal);
        }
        let due = |as_of: Timestamp| now.millis_since(as_of).abs() >= BALANCES_EVERY_MS;
        let last = before.methods.as_ref().map(|known| known.as_of);
        if wanted.balances && before.token.is_some() {
            // Balances fetched a moment ago are the live answer to this call, too.
            if before.heard != Some(true) || last.is_none_or(due) {
                let _ = self.refresh_balances();
                news = true;
            }
        }
        self.keep_visit();
        if news {
            self.tell();
        }
    }

    /// Whether the tiles round `position` are to be looked at: it lies in another tile than the fix
    /// before, or some time has passed. Fixes come every second; the worker need not wake for each.
    pub fn around_due(&self, position: Position, now: Timestamp) -> Option<Position> {
        let tile = TileId::of(position);
        let mut last = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: Timestamp| now.millis_since(at).abs() < LOOK_EVERY_MS;
        if last.is_some_and(|(looked_at, at)| looked_at == tile && recent(at)) {
            return None;
        }
        *last = Some((tile, now));
        Some(position)
    }

    pub fn tell(&self) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener.on_screen(self.screen(self.now()));
        }
    }

    /// Live balances into the snapshot and the vault.
    pub fn refresh_balances(&self) -> Result<(), WalletError> {
        let server = self.server()?;
        let token = self.held().token.clone().ok_or_else(WalletError::not_logged_in)?;
        // An answer is as old as its question: what happened since may not be in it.
        let asked_at = self.now();
        let question = self.questions.fetch_add(1, Ordering::Relaxed) + 1;
        match server.methods(&token.secret) {
            Ok(mut methods) => {
                on_this_clock(&mut methods, asked_at);
                self.keep(&token, methods, question)
            }
            Err(problem) => Err(self.call_failed(problem, &token)),
        }
    }

    /// Registers the account or card of a link code.
    pub fn register(&self, scheme: &str, link_code: String) -> Result<(), WalletError> {
        let server = self.server()?;
        let token = self.held().token.clone().ok_or_else(WalletError::not_logged_in)?;
        let scheme = SchemeId::new(scheme).map_err(|_| WalletError::link_refused(Retry::Never))?;
        let asked = RegisterRequest { scheme, link_code };
        server.register(&token.secret, &asked).map_err(|problem| match problem {
            RegisterProblem::Code(retry) => WalletError::link_refused(retry),
            RegisterProblem::Call(problem) => self.call_failed(problem, &token),
        })
    }

    /// Keeps an answer, unless its member has logged out meanwhile, or a later question was answered
    /// before. The key store is not called here: a token is only held once the vault was read or
    /// written, so its data key is known.
    fn keep(&self, token: &Token, methods: Methods, question: u64) -> Result<(), WalletError> {
        let _members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.held();
        if before.token.as_ref().is_none_or(|held| held.secret != token.secret) {
            return Err(WalletError::not_logged_in());
        }
        if before.answers > question {
            return Ok(());
        }
        self.hold(|held| {
            held.methods = Some(methods);
            held.heard = Some(true);
            held.answers = question;
        });
        Ok(self.vault.write(&self.held().secrets())?)
    }

    /// What a failed call with `token` says of the session and of the server.
    fn call_failed(&self, problem: CallProblem, token: &Token) -> WalletError {
        match problem {
            CallProblem::Session => {
                // The methods stay on the screen with their age; only the key to the server is gone.
                self.hold(|held| {
                    // Not that of someone who has logged in since the question.
                    if held.token.as_ref().is_some_and(|held| held.secret == token.secret) {
                        held.token = None;
                        held.heard = Some(false);
                    }
                });
                self.note(LogLevel::Warning, "session ended");
                WalletError::not_logged_in()
            }
            CallProblem::Refused => ServerProblem::Garbled.error(),
            CallProblem::Away(problem) => {
                self.hold(|held| held.heard = Some(false));
                self.note(LogLevel::Warning, &format!("wallet server away: {problem:?}"));
                problem.error()
            }
        }
    }

    /// Fetches the tiles round `place` that are missing or old; whether any is new.
    pub fn refresh_tiles(&self, place: Position, now: Timestamp) -> Result<bool, WalletError> {
        let mut news = false;
        for tile in TileId::of(place).block() {
            let known = self.cache.tile_age(tile);
            let fresh = |at: Timestamp| now.millis_since(at).abs() < TILE_FRESH_MS;
            if known.as_ref().is_some_and(|known| fresh(known.fetched_at)) {
                continue;
            }
            let kept = match self.server()?.tile(tile, known.and_then(|known| known.etag))? {
                TileAnswer::Unchanged => self.cache.confirm_tile(tile, now),
                TileAnswer::Fresh { tile: stores, etag } => {
                    news = true;
                    self.cache.put_tile(tile, etag.as_deref(), &stores.stores, now)
                }
            };
            kept.map_err(|_| WalletError::storage("cache/tile"))?;
        }
        Ok(news)
    }

    /// Fetches the ids of the rotating beacons in `tile`, unless those at hand are of it and last
    /// for a while. Without them such a beacon is foreign, and the store's plain one still counts.
    fn refresh_rotating(&self, tile: TileId, now: Timestamp) {
        let held = self.held();
        let (Ok(server), Some(token)) = (&self.server, &held.token) else { return };
        let known = |of: &RotatingOf| of.tile == tile && of.good_at(now);
        if self.rotating.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(known)
        {
            return;
        }
        match server.rotating(&token.secret, tile) {
            Ok(told) => {
                let of = RotatingOf::new(tile, &told, now);
                *self.rotating.lock().unwrap_or_else(PoisonError::into_inner) = Some(of);
            }
            Err(CallProblem::Session) => {
                self.call_failed(CallProblem::Session, token);
            }
            // Says nothing of the balances, whose own question tells whether the server is there.
            Err(_) => {}
        }
    }

    /// Fetches the keys that sign store codes. Without them a code is merely unsigned.
    pub fn refresh_keys(&self) {
        let Ok(server) = &self.server else { return };
        let Ok(keys) = server.keys() else { return };
        let read = |key: &domain::wire::Key| {
            let bytes = HEXLOWER_PERMISSIVE.decode(key.ed25519.as_bytes()).ok()?;
            Some((bytes.try_into().ok()?, key.revoked))
        };
        let keys: Vec<_> = keys.keys.iter().filter_map(read).collect();
        if self.cache.put_signing_keys(&keys).is_err() {
            self.note(LogLevel::Warning, "signing keys could not be kept");
        }
    }

    /// Asks the server about a sign the cache does not know; whether it is known now.
    fn resolve(&self, question: &EntryRequest, signal: &Signal) -> bool {
        let (Ok(server), Some(token)) = (&self.server, self.held().token.clone()) else {
            return false;
        };
        let answer = match server.entry(&token.secret, question) {
            Ok(answer) => answer,
            Err(problem) => {
                self.call_failed(problem, &token);
                return true;
            }
        };
        let stores = answer.candidates.iter().map(|candidate| &candidate.store);
        if self.cache.put_stores(stores).is_err() {
            self.note(LogLevel::Warning, "store could not be kept");
            return false;
        }
        let now = self.now();
        self.sense(now, &Signal::StoresChanged);
        self.sense(now, signal);
        true
    }
}

/// Moves the server's times onto the phone's clock, on which ages are shown: the two may differ by
/// minutes, and a phone's by a year.
fn on_this_clock(methods: &mut Methods, now: Timestamp) {
    let ahead = now.millis_since(methods.as_of);
    methods.as_of = now;
    for balance in methods.methods.iter_mut().filter_map(|held| held.balance.as_mut()) {
        balance.as_of = Timestamp(balance.as_of.0.saturating_add(ahead));
    }
}
