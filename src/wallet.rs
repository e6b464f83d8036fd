//! The one exported object. It holds the state and runs the flow: sensed, entry, accepted and
//! registered, screen. Everything it knows it delegates; it only connects.
//!
//! Every call answers from what the phone has, at once and without waiting for a server or for a
//! writer; what the server says arrives later through the [`ScreenListener`].

mod code;
mod refresh;
mod show;
mod state;

use std::sync::{Arc, PoisonError};

use domain::{Position, StoreId, wire::SensedSign};

use crate::{
    cache::Cache,
    entry::{Engine, Signal},
    error::{SignalProblem, WalletError},
    phone::{Clock, HttpTransport, KeyStore, Log, LogLevel, Vault},
    screen::SettlementScreen,
    sensed::{
        BeaconReport, Fix, NETWORK,
        camera::{Decoder, Plane, Turn},
    },
    server::WalletServer,
};
use refresh::{Wanted, Worker};
use state::{Held, Inner};

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

/// How the bytes of a brightness plane lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlaneShape {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from one row to the next, at least `width`.
    pub row_stride: u32,
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
}

#[uniffi::export]
impl Wallet {
    /// Opens the wallet in `config.folder`, or makes it. A broken store cache is replaced by an
    /// empty one; a vault that this phone's key does not open is an empty one.
    ///
    /// `transport` replaces the built-in HTTP client.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when the folder cannot be written,
    /// [`WalletError::KeyStoreLocked`] until the phone is unlocked.
    #[uniffi::constructor]
    pub fn open(
        config: WalletConfig,
        key_store: Arc<dyn KeyStore>,
        clock: Arc<dyn Clock>,
        log: Arc<dyn Log>,
        transport: Option<Arc<dyn HttpTransport>>,
    ) -> Result<Arc<Self>, WalletError> {
        let folder = std::path::Path::new(&config.folder);
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
        });
        let worker =
            Worker::start(Arc::clone(&inner)).map_err(|_| WalletError::storage("worker"))?;
        Ok(Arc::new(Self { inner, worker }))
    }

    /// Who is told of newer screens; `None` for nobody.
    pub fn set_listener(&self, listener: Option<Arc<dyn ScreenListener>>) {
        *self.inner.listener.lock().unwrap_or_else(PoisonError::into_inner) = listener;
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

    /// A position fix: the stores near it are in question.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_fix(&self, fix: Fix) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let checked = fix.check(now).map_err(|problem| SignalProblem::from(problem).error())?;
        self.inner.sense(now, &Signal::Fix(checked));
        let tiles = self.inner.tiles_due(checked.position(), now);
        self.worker.want(Wanted { tiles, ..Wanted::balances() });
        Ok(self.inner.screen(now))
    }

    /// A frame or a ranged beacon that the radio heard.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_beacon(&self, report: BeaconReport) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let sighting = report.sighting().map_err(|problem| SignalProblem::from(problem).error())?;
        self.inner.sense(now, &Signal::Beacon(sighting));
        let mut wanted = Wanted::balances();
        if !self.inner.knows_beacon(sighting) {
            let unknown = SensedSign::Beacon {
                uuid: NETWORK,
                major: sighting.beacon.major,
                minor: sighting.beacon.minor,
            };
            wanted.resolve = Some((self.inner.question(unknown), Signal::Beacon(sighting)));
        }
        self.worker.want(wanted);
        Ok(self.inner.screen(now))
    }

    /// A text that was scanned or handed over as a link.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_text(&self, text: String) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        self.worker.want(self.inner.read_code(&text, now).map_err(SignalProblem::error)?);
        Ok(self.inner.screen(now))
    }

    /// One picture of the camera: its brightness plane (8 bits a pixel). `None` while no code is
    /// in view. The bytes are read in place, never copied, and not kept.
    ///
    /// # Errors
    /// [`WalletError::Signal`]; what was shown before stands.
    pub fn sense_plane(
        &self,
        luma: &[u8],
        shape: PlaneShape,
    ) -> Result<Option<SettlementScreen>, WalletError> {
        let plane = Plane::new(luma, shape.width, shape.height, shape.row_stride, Turn::default())
            .map_err(|problem| SignalProblem::from(problem).error())?;
        let reading =
            self.inner.decoder.lock().unwrap_or_else(PoisonError::into_inner).read(&plane);
        // After the reading: that is when the code was known.
        let now = self.inner.now();
        let mut problem = None;
        for code in &reading.codes {
            match self.inner.read_code(&code.text, now) {
                Ok(wanted) => {
                    self.worker.want(wanted);
                    return Ok(Some(self.inner.screen(now)));
                }
                Err(refused) => problem = Some(refused),
            }
        }
        problem.map_or(Ok(None), |refused| Err(refused.error()))
    }

    /// The member taps a store of the list.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a store this phone does not know.
    pub fn choose_store(&self, store_id: String) -> Result<SettlementScreen, WalletError> {
        let now = self.inner.now();
        let id = store_id.parse().map(StoreId).ok();
        let known = id.filter(|id| self.inner.cache.key_of(*id).is_some());
        let id = known.ok_or_else(|| SignalProblem::StoreUnknown.error())?;
        self.inner.sense(now, &Signal::Chosen(id));
        self.worker.want(Wanted::balances());
        Ok(self.inner.screen(now))
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

    /// Listening for beacons began or ended: silence counts only in between.
    pub fn scanning(&self, on: bool) {
        self.inner.sense(self.inner.now(), &Signal::Scanning(on));
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
