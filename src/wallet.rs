//! The one exported object. It holds the state and runs the flow: sensed, entry, accepted and
//! registered, screen. Everything it knows it delegates; it only connects.
//!
//! Every call answers from what the phone has, at once and without waiting for a server or for a
//! writer; what the server says arrives later through the [`ScreenListener`].

mod code;
mod plane;
mod planning;
mod record;
mod refresh;
mod rotating;
mod scanned;
mod sense;
mod show;
mod state;
mod visit;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{Position, Timestamp};

use crate::{
    cache::Cache,
    entry::{
        Engine, Signal,
        plan::{Platform, SensingPolicy},
        recording::{self, RecordedPositions, RecordingProblem},
    },
    error::{SignalProblem, WalletError},
    phone::{Clock, HttpTransport, KeyStore, Log, LogLevel, Vault},
    screen::SettlementScreen,
    sensed::camera::Decoder,
    server::WalletServer,
};
pub use plane::{CameraHint, PlaneReading, PlaneShape};
pub use planning::PlanListener;
use planning::Planning;
use record::Recording;
use refresh::{Wanted, Worker};
use state::{Held, Inner};
use visit::Visit;

/// Where a wallet keeps its files and whom it talks to.
#[derive(Clone, Debug, uniffi::Record)]
pub struct WalletConfig {
    /// An existing folder of the app's own: the store cache and the sealed vault go there.
    pub folder: String,
    /// Base address of the wallet server, `https://...`; empty for a wallet that stays offline.
    pub server_url: String,
    /// ISO 639-1 code of the words in suggestions: `en` or `ja`; anything else is shown in English.
    pub language: String,
}

/// What the member asks of the rule.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MemberAsk {
    /// The amount to be paid in the minor unit of `currency`, when it is known.
    pub amount_minor: Option<i64>,
    /// ISO 4217 code of the amount; ignored without one.
    pub currency: Option<String>,
    /// Which of the usable methods to show.
    pub choice: ChoiceKind,
    /// Whether the phone can do contactless.
    pub phone_has_nfc: bool,
}

/// Which of the usable methods to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ChoiceKind {
    /// All, the most used first.
    All,
    /// Only the most used.
    MostUsed,
    /// Only the one with the largest balance.
    LargestBalance,
}

/// Is told when a newer screen than the one a call returned can be shown.
#[uniffi::export(rust, foreign)]
pub trait ScreenListener: Send + Sync {
    /// Called from a thread of the core, one call at a time. It may call the wallet back.
    fn on_screen(&self, screen: SettlementScreen);
}

/// A member's wallet on this phone. Safe to share between threads.
#[derive(uniffi::Object)]
pub struct Wallet {
    inner: Arc<Inner>,
    worker: Worker,
    planning: Mutex<Option<Planning>>,
}

#[uniffi::export]
impl Wallet {
    /// Opens the wallet in `config.folder`, or makes it. A broken store cache is replaced by an
    /// empty one; a vault that this phone's key does not open is an empty one.
    ///
    /// `clock` replaces the operating system's, `transport` the built-in HTTP client.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when the folder cannot be written,
    /// [`WalletError::KeyStoreLocked`] until the phone is unlocked.
    #[uniffi::constructor]
    pub fn open(
        config: WalletConfig,
        key_store: Arc<dyn KeyStore>,
        clock: Option<Arc<dyn Clock>>,
        log: Arc<dyn Log>,
        transport: Option<Arc<dyn HttpTransport>>,
    ) -> Result<Arc<Self>, WalletError> {
        let folder = Path::new(&config.folder);
        let opened = Cache::open(&folder.join("stores.sqlite"))
            .map_err(|_| WalletError::storage("cache/open"))?;
        if opened.replaced {
            log.log(LogLevel::Warning, "store cache was unusable and is fetched anew".to_owned());
        }
        let (vault, secrets) = Vault::open(&folder.join("vault"), key_store)?;
        let server = WalletServer::new(&config.server_url, transport);
        let inner = Arc::new(Inner {
            cache: opened.cache,
            vault,
            server,
            clock,
            log,
            language: config.language,
            engine: Engine::default().into(),
            decoder: Decoder::new().into(),
            held: Arc::new(Held::from(secrets)).into(),
            members: ().into(),
            asked: state::Asked::default().into(),
            looked_at: None.into(),
            listener: None.into(),
            rotating: None.into(),
            recording: None.into(),
            bell: None.into(),
            visit: Visit::default().into(),
            scanned: None.into(),
            questions: 0.into(),
            drawings: 0.into(),
        });
        let visits = inner.held().visits.clone();
        inner.sense(inner.now(), &Signal::Visits(visits));
        let worker =
            Worker::start(Arc::clone(&inner)).map_err(|_| WalletError::storage("worker"))?;
        Ok(Arc::new(Self { inner, worker, planning: None.into() }))
    }

    /// Who is told of newer screens; `None` for nobody.
    pub fn set_listener(&self, listener: Option<Arc<dyn ScreenListener>>) {
        *self.inner.listener.lock().unwrap_or_else(PoisonError::into_inner) = listener;
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
        let start = |listener| Planning::start(Arc::clone(&self.inner), policy, platform, listener);
        let started =
            listener.map(start).transpose().map_err(|_| WalletError::storage("planning"))?;
        *self.planning.lock().unwrap_or_else(PoisonError::into_inner) = started;
        Ok(())
    }

    /// Records from now on what is sensed and judged, in a new file at `path`: only when the member
    /// said so. Neither date nor member is in it. The judgement starts anew, so that the file holds
    /// all it comes from. It ends by itself at 8 MiB.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when there is such a file already or none can be made.
    pub fn start_recording(
        &self,
        path: String,
        positions: RecordedPositions,
    ) -> Result<(), WalletError> {
        let recording = Recording::start(Path::new(&path), self.inner.now(), positions)
            .map_err(|_| WalletError::storage("recording"))?;
        self.inner.record(recording);
        Ok(())
    }

    /// Ends the recording, if there is one; the file is whole.
    pub fn stop_recording(&self) {
        *self.inner.recording.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Logs in and fetches the member's methods, so that the wallet works offline from here on.
    /// Waits for the server, at most a few seconds.
    ///
    /// # Errors
    /// [`WalletError::LoginRefused`], [`WalletError::ServerAway`], [`WalletError::Storage`],
    /// [`WalletError::KeyStoreLocked`].
    pub fn log_in(&self, user_id: String, password: String) -> Result<(), WalletError> {
        let session = self.inner.server()?.log_in(&user_id, &password)?;
        self.inner.open_session(session)?;
        self.inner.refresh_keys();
        self.inner.refresh_balances()
    }

    /// Forgets the member on this phone, and ends the session at the server if it can be reached.
    ///
    /// # Errors
    /// [`WalletError::Storage`], [`WalletError::KeyStoreLocked`].
    pub fn log_out(&self) -> Result<(), WalletError> {
        self.inner.log_out()
    }

    /// Registers a payment method: the scheme of a suggestion, and the link code that its operator
    /// gave to the member. The same code again does no harm. Waits for the server, then for live
    /// balances.
    ///
    /// # Errors
    /// [`WalletError::LinkRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn register_method(
        &self,
        scheme: String,
        link_code: String,
    ) -> Result<SettlementScreen, WalletError> {
        self.inner.register(&scheme, link_code)?;
        self.refresh()
    }

    /// Fetches the stores round a place before going there. Waits for the server. Only the number
    /// of the map tile and of its neighbours leaves the phone.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a place that is not on the earth, [`WalletError::ServerAway`],
    /// [`WalletError::Storage`].
    pub fn prefetch(&self, latitude: f64, longitude: f64) -> Result<(), WalletError> {
        let place = Position::from_degrees(latitude, longitude)
            .map_err(|_| SignalProblem::FixOutOfRange.error())?;
        let now = self.inner.now();
        self.inner.refresh_keys();
        self.inner.refresh_tiles(place, now).map(|_| ())
    }

    /// The settlement screen was opened: balances are asked for, and signs are judged for someone
    /// who stands and looks.
    pub fn screen_opened(&self) -> SettlementScreen {
        let now = self.inner.now();
        self.inner.sense(now, &Signal::Screen(true));
        self.worker.want(Wanted::balances());
        self.inner.screen(now)
    }

    /// The settlement screen was closed.
    pub fn screen_closed(&self) {
        self.inner.sense(self.inner.now(), &Signal::Screen(false));
    }

    /// Changes what the member asks (amount, choice, contactless) and draws anew.
    pub fn ask(&self, ask: MemberAsk) -> SettlementScreen {
        let now = self.inner.now();
        self.inner.set_asked(&ask);
        self.inner.screen(now)
    }

    /// The screen as it stands.
    pub fn screen(&self) -> SettlementScreen {
        self.inner.screen(self.inner.now())
    }

    /// Asks the server for balances now and waits for them: pull to refresh.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]; what was shown before stands.
    pub fn refresh(&self) -> Result<SettlementScreen, WalletError> {
        self.inner.refresh_balances()?;
        Ok(self.screen())
    }
}

impl Wallet {
    /// Replays a recording over what this phone knows, as if it had begun at `began`: the screen
    /// after each signal. The server is not asked and nobody is told.
    ///
    /// # Errors
    /// [`RecordingProblem`].
    pub fn replay(
        &self,
        recording: &str,
        began: Timestamp,
    ) -> Result<Vec<SettlementScreen>, RecordingProblem> {
        self.inner.judge_anew();
        recording::signals(recording, began)
            .map(|read| {
                let (now, signal) = read?;
                if let Signal::Text(text) = &signal {
                    // Was read when it was recorded; with fewer keys it may not be now.
                    let _ = self.inner.scan(text, now);
                }
                self.inner.sense(now, &signal);
                Ok(self.inner.screen(now))
            })
            .collect()
    }
}
