use std::sync::{Arc, Mutex, PoisonError, RwLock, atomic::AtomicU64};

use super::{
    ChoiceKind, MemberAsk, ScreenListener, planning::Bell, record::Recording, rotating::RotatingOf,
    scanned::Scanned, visit::Visit,
};
use crate::{
    cache::Cache,
    entry::{Engine, Nearby, Signal, State},
    error::{ServerProblem, WalletError},
    phone::{Clock, Log, LogLevel, Secrets, SystemClock, Token, Vault},
    sensed::{Sighting, camera::Decoder},
    server::WalletServer,
};
use domain::{
    Ask, Choice, Currency, Money, StoreId, Timestamp,
    wire::{EntryRequest, Methods, SensedSign, Session, TileId},
};

/// What the calls and the worker share.
pub(super) struct Inner {
    pub cache: Cache,
    pub vault: Vault,
    pub server: Result<WalletServer, ServerProblem>,
    pub clock: Option<Arc<dyn Clock>>,
    pub log: Arc<dyn Log>,
    pub language: String,
    pub engine: Mutex<Engine>,
    pub decoder: Mutex<Decoder>,
    pub held: RwLock<Arc<Held>>,
    /// Held while the member on this phone changes, so that an answer that was under way does not
    /// bring back one who has logged out.
    pub members: Mutex<()>,
    pub asked: Mutex<Asked>,
    /// The tile whose block was last looked at, and when.
    pub looked_at: Mutex<Option<(TileId, Timestamp)>>,
    pub listener: Mutex<Option<Arc<dyn ScreenListener>>>,
    /// The ids that the rotating beacons around send at which time; `None` before the server told.
    pub rotating: Mutex<Option<RotatingOf>>,
    pub recording: Mutex<Option<Recording>>,
    /// Rung after every signal while somebody wants to be told what to listen for.
    pub bell: Mutex<Option<Arc<Bell>>>,
    pub visit: Mutex<Visit>,
    /// The code scanned last.
    pub scanned: Mutex<Option<Scanned>>,
    /// How often the server was asked for balances.
    pub questions: AtomicU64,
    /// How many screens were drawn.
    pub drawings: Mutex<u64>,
}

/// The member as last heard: a snapshot that is replaced, never changed.
#[derive(Clone, Default)]
pub(super) struct Held {
    pub token: Option<Token>,
    pub methods: Option<Methods>,
    /// How often the member was in which stores, the latest last.
    pub visits: Vec<(StoreId, u32)>,
    /// Whether the last question to the server got a usable answer; `None` before the first.
    pub heard: Option<bool>,
    /// The number of the question that `methods` answers; 0 for what the vault kept.
    pub answers: u64,
}

impl From<Secrets> for Held {
    fn from(secrets: Secrets) -> Self {
        let Secrets { token, methods, visits } = secrets;
        Self { token, methods, visits, ..Self::default() }
    }
}

impl Held {
    pub fn secrets(&self) -> Secrets {
        let Self { token, methods, visits, heard: _, answers: _ } = self.clone();
        Secrets { token, methods, visits }
    }
}

/// What the member asks of the rule, kept between calls.
#[derive(Clone, Default)]
pub(super) struct Asked {
    amount: Option<Money>,
    choice: Choice,
    phone_lacks_nfc: bool,
}

impl Inner {
    /// Never called under a lock: the clock may be the app's code.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.as_deref().unwrap_or(&SystemClock).now_ms())
    }

    pub fn note(&self, level: LogLevel, event: &str) {
        self.log.log(level, event.to_owned());
    }

    pub fn server(&self) -> Result<&WalletServer, WalletError> {
        self.server.as_ref().map_err(|problem| problem.error())
    }

    pub fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the snapshot by what `change` makes of it.
    pub fn hold(&self, change: impl FnOnce(&mut Held)) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut held));
    }

    /// Takes a signal into the judgement, and into the recording if there is one; whether the
    /// judgement came out otherwise than before.
    pub fn sense(&self, now: Timestamp, signal: &Signal) -> bool {
        let (changed, state, recorded) = {
            let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
            let judgement = engine.sense(now, signal, &self.cache);
            // Under the engine's lock, so that the lines stand in the order of the judgement.
            let mut recording = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
            let recorded = recording
                .as_mut()
                .map_or(Ok(true), |file| file.add(now, signal, judgement, &self.cache));
            if !matches!(recorded, Ok(true)) {
                *recording = None;
            }
            (judgement.changed, judgement.state, recorded)
        };
        match recorded {
            Ok(true) => {}
            Ok(false) => self.note(LogLevel::Info, "recording is full and was ended"),
            Err(_) => self.note(LogLevel::Warning, "recording could not be written and was ended"),
        }
        if let State::Here { key } = state {
            self.visit.lock().unwrap_or_else(PoisonError::into_inner).enter(key, now);
        }
        if let Some(bell) = &*self.bell.lock().unwrap_or_else(PoisonError::into_inner) {
            bell.ring();
        }
        changed
    }

    /// Forgets what was sensed.
    pub fn judge_anew(&self) {
        *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = Engine::default();
    }

    /// Forgets what was sensed and records from here on, beginning with what lasts: the member's
    /// habits, and that the screen is open.
    pub fn record(&self, recording: Recording) {
        let open = {
            let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
            *self.recording.lock().unwrap_or_else(PoisonError::into_inner) = Some(recording);
            std::mem::take(&mut *engine).screen_open()
        };
        let now = self.now();
        self.sense(now, &Signal::Visits(self.held().visits.clone()));
        self.sense(now, &Signal::Screen(open));
    }

    pub fn knows_beacon(&self, sighting: Sighting) -> bool {
        self.cache.by_beacon(sighting.beacon).is_some()
    }

    pub fn set_asked(&self, ask: &MemberAsk) {
        let currency = ask.currency.as_deref().and_then(Currency::from_code);
        let amount = ask.amount_minor.zip(currency);
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Asked {
            amount: amount.map(|(minor, currency)| Money::new(minor, currency)),
            choice: match ask.choice {
                ChoiceKind::All => Choice::All,
                ChoiceKind::MostUsed => Choice::MostUsed,
                ChoiceKind::LargestBalance => Choice::LargestBalance,
            },
            phone_lacks_nfc: !ask.phone_has_nfc,
        };
    }

    pub fn ask_at(&self, now: Timestamp) -> Ask {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ask {
            now,
            amount: asked.amount,
            phone_has_nfc: !asked.phone_lacks_nfc,
            choice: asked.choice,
            currency: None,
        }
    }

    /// The question for the server's judgement on a sign this phone does not know.
    pub fn question(&self, sensed: SensedSign) -> EntryRequest {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        EntryRequest {
            sensed,
            amount: asked.amount,
            phone_has_nfc: !asked.phone_lacks_nfc,
            choice: asked.choice,
        }
    }

    /// Seals the session on disk before it is used.
    pub fn open_session(&self, session: Session) -> Result<(), WalletError> {
        let token = Token { secret: session.token, expires_at: session.expires_at };
        let held = Held { token: Some(token), ..Held::default() };
        // The key store is the app's, so it is not called under the lock.
        self.vault.make_key()?;
        let _members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        self.vault.write(&held.secrets())?;
        self.hold(|before| *before = held);
        Ok(())
    }

    pub fn log_out(&self) -> Result<(), WalletError> {
        let before = self.held();
        {
            let _members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
            self.hold(|held| *held = Held::default());
            self.vault.remove()?;
        }
        // Where the next member goes is another's habit.
        self.sense(self.now(), &Signal::Visits(Vec::new()));
        if let (Ok(server), Some(token)) = (&self.server, &before.token) {
            server.log_out(&token.secret);
        }
        Ok(())
    }
}
