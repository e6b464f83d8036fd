//! The cast: settlement operator server, wallet server and the phone, in this process, with their
//! data in a temporary folder that goes with them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use domain::{Currency, Store, StoreId, Timestamp};
use secrecy::SecretString;
use tempfile::TempDir;
use tillsight::{
    ScreenListener, Wallet, WalletConfig,
    phone::{Clock, KeyStore, KeyStoreError, Log, LogEvent, LogLevel, SystemClock},
    screen::SettlementScreen,
    sensed::NETWORK,
};
use wallet_server::register;

use crate::member;

/// Everything that runs.
pub struct Cast {
    folder: TempDir,
    operator_key: String,
    operator: operator_server::Running,
    wallet_server: Option<wallet_server::Running>,
    /// Every store of the register, in the order of their ids.
    pub stores: Vec<Store>,
    /// What the import of the world said.
    pub summary: register::Summary,
}

/// Any free port of this machine.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Cast {
    /// Starts the servers, imports `world` and gives the stores without a list one made from
    /// `seed`. `told` hears how much of the file has been read, in thousandths.
    pub async fn assemble(
        world: &Path,
        seed: u64,
        told: impl FnMut(u64) + Send + 'static,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("tillsight-").tempdir()?;
        let now = Timestamp(SystemClock.now_ms());
        let data = folder.path().join("wallet-server");
        let register = wallet_server::open_database(&data).await?;
        let import = register::Import::of(world, now);
        let summary = register::import(&register, &import, told)
            .await
            .with_context(|| format!("cannot import {}", world.display()))?;
        register::generate_missing(&register, seed, now).await?;
        let stores = register::all(&register).await?;
        register.close().await;
        let currency = stores.first().map_or(Currency::EUR, |store| store.currency);
        wallet_server::seed(&data, &member::member(currency, now)).await?;
        let database = folder.path().join("operator.db");
        operator_server::seed(&database, &member::accounts(currency, now)).await?;
        let operator_key = random_key()?;
        let operator = operator_server::start(operator_server::Config {
            listen: HERE,
            database,
            api_key: SecretString::from(operator_key.clone()),
        })
        .await?;
        let mut cast =
            Self { folder, operator_key, operator, wallet_server: None, stores, summary };
        cast.start_wallet_server().await?;
        Ok(cast)
    }

    /// Starts the wallet server over its data, on a new port.
    pub async fn start_wallet_server(&mut self) -> anyhow::Result<()> {
        let config = wallet_server::Config {
            listen: HERE,
            data: self.folder.path().join("wallet-server"),
            operator_url: format!("http://{}", self.operator.addr),
            operator_api_key: SecretString::from(self.operator_key.clone()),
            beacon_uuid: NETWORK,
            clock: wallet_server::Clock::system(),
        };
        self.wallet_server = Some(wallet_server::start(config).await?);
        Ok(())
    }

    /// Stops the wallet server as an operator would: begun requests are finished.
    pub async fn stop_wallet_server(&mut self) {
        if let Some(server) = self.wallet_server.take() {
            server.stop().await;
        }
    }

    /// Where the wallet server listens; empty when it is stopped.
    pub fn wallet_url(&self) -> String {
        self.wallet_server
            .as_ref()
            .map_or_else(String::new, |server| format!("http://{}", server.addr))
    }

    /// Where the settlement operator server listens.
    pub fn operator_url(&self) -> String {
        format!("http://{}", self.operator.addr)
    }

    /// A file with the key of the store's terminal.
    pub async fn terminal_key_file(&self, store: StoreId) -> anyhow::Result<PathBuf> {
        let data = self.folder.path().join("wallet-server");
        let file = self.folder.path().join("terminal.key");
        std::fs::write(&file, wallet_server::terminal_key(&data, store).await?)?;
        Ok(file)
    }

    /// A folder for the phone's files.
    pub fn phone_folder(&self) -> anyhow::Result<PathBuf> {
        let folder = self.folder.path().join("phone");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Stops everything and removes the data.
    pub async fn dismiss(mut self) {
        self.stop_wallet_server().await;
        self.operator.stop().await;
    }
}

/// 32 random bytes in hexadecimal: the wallet company's key for the operator.
fn random_key() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A phone: the core, and the last screen it was told of.
pub struct Phone {
    /// The core.
    pub wallet: Arc<Wallet>,
    clock: Arc<WalkClock>,
    told: Arc<Told>,
}

impl Phone {
    /// A phone with an empty cache, logged out.
    ///
    /// # Errors
    /// When its folder cannot be written.
    pub fn switch_on(folder: &Path, server_url: &str) -> anyhow::Result<Self> {
        let clock = Arc::new(WalkClock::default());
        let config = WalletConfig {
            folder: folder.display().to_string(),
            server_url: server_url.to_owned(),
            language: "en".to_owned(),
        };
        let keys = Arc::new(DeskKeyStore::new()?);
        let wallet = Wallet::open(
            config,
            keys,
            Some(Arc::clone(&clock) as Arc<dyn Clock>),
            Arc::new(Quiet),
            None,
        )?;
        let told = Arc::new(Told::default());
        wallet.set_listener(Some(Arc::clone(&told) as Arc<dyn ScreenListener>));
        Ok(Self { wallet, clock, told })
    }

    /// What the phone's clock says, milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Lets time pass on the phone without waiting for it.
    pub fn pass(&self, ms: i64) {
        *self.clock.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner) += ms;
    }

    /// Forgets what was told so far.
    pub fn forget_told(&self) {
        *self.told.screen.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The next screen that the core tells of by itself, for which the server was asked. One that
    /// was drawn while `at_once` was still being judged is not its successor.
    pub fn await_told(
        &self,
        at_once: &SettlementScreen,
        longest: Duration,
    ) -> Option<SettlementScreen> {
        let succeeds = |screen: &SettlementScreen| {
            screen.drawn_at_ms >= at_once.drawn_at_ms
                && (screen.place, &screen.evidence) == (at_once.place, &at_once.evidence)
        };
        let screen = self.told.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut screen, _) = self
            .told
            .bell
            .wait_timeout_while(screen, longest, |screen| !screen.as_ref().is_some_and(succeeds))
            .unwrap_or_else(PoisonError::into_inner);
        screen.take()
    }
}

/// The system's clock, set ahead by what the walk lets pass.
#[derive(Default)]
struct WalkClock {
    ahead_ms: Mutex<i64>,
}

impl Clock for WalkClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + *self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Told {
    screen: Mutex<Option<SettlementScreen>>,
    bell: Condvar,
}

impl ScreenListener for Told {
    fn on_screen(&self, screen: SettlementScreen) {
        *self.screen.lock().unwrap_or_else(PoisonError::into_inner) = Some(screen);
        self.bell.notify_all();
    }
}

/// A key store that lasts as long as this process: a desktop program has no secure element, and
/// what it seals is removed when it ends.
struct DeskKeyStore {
    mask: Vec<u8>,
}

impl DeskKeyStore {
    fn new() -> anyhow::Result<Self> {
        let mut mask = vec![0; 32];
        getrandom::fill(&mut mask)?;
        Ok(Self { mask })
    }

    fn turn(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        if bytes.len() != self.mask.len() {
            return Err(KeyStoreError::Lost);
        }
        Ok(bytes.iter().zip(&self.mask).map(|(byte, mask)| byte ^ mask).collect())
    }
}

impl KeyStore for DeskKeyStore {
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.turn(&secret)
    }

    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.turn(&sealed)
    }
}

/// The walk prints screens; the core's own lines would only stand between them.
struct Quiet;

impl Log for Quiet {
    fn log(&self, _: LogLevel, _: LogEvent) {}
}
