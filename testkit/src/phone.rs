//! A phone: the core with all that an app lends it, and the last screen it told of.

use std::{
    path::Path,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use tempfile::TempDir;
use tillsight::{
    ScreenListener, Wallet, WalletConfig, WalletError,
    phone::{Clock, HttpTransport},
    screen::{DepositScreen, PaymentScreen, SettlementScreen},
    sensed::Fix,
};

use crate::{
    network::Network,
    platform::{Reversing, SetClock, Silent},
    run,
};

/// The instant of tests whose clock stands still.
pub const NOW_MS: i64 = 1_790_000_000_000;

/// A good fix at that instant: Rome, Piazza Vittorio.
pub const FIX: Fix = Fix {
    latitude: 41.8947,
    longitude: 12.5045,
    accuracy_m: 12.0,
    taken_at_ms: NOW_MS,
    mocked: false,
    provider: None,
};

/// The core asks for balances at most every five seconds.
const ASKS_ANEW_AFTER: Duration = Duration::from_secs(6);

/// A core over `folder`, in English, that believes what `root_key` vouches for. Without `clock` it
/// reads the system's, without `transport` it uses the network.
///
/// # Errors
/// When the folder cannot be written.
pub fn open(
    folder: &Path,
    server_url: &str,
    root_key: &str,
    clock: Option<Arc<SetClock>>,
    transport: Option<Arc<dyn HttpTransport>>,
) -> Result<Arc<Wallet>, WalletError> {
    let config = WalletConfig {
        folder: folder.display().to_string(),
        server_url: server_url.to_owned(),
        root_key: root_key.to_owned(),
        language: "en".to_owned(),
        accept_simulated_fixes: false,
        device_name: "A phone\nof the tests".to_owned(),
        app: String::new(),
        proxy: String::new(),
        most_store_bytes: 4 << 30,
    };
    let clock = clock.map(|clock| clock as Arc<dyn Clock>);
    // Hears the tokens, where they are looked for in what the run leaves.
    let heard =
        || run::leaves_data().then(|| Arc::new(Network::default()) as Arc<dyn HttpTransport>);
    let transport = transport.or_else(heard);
    Wallet::open(config, Arc::new(Reversing), clock, Arc::new(Silent), transport)
}

/// A phone that is switched on; its files go with it.
pub struct Phone {
    /// The core.
    pub wallet: Arc<Wallet>,
    /// What the core reads the time from.
    pub clock: Arc<SetClock>,
    last: Arc<LastScreen>,
    folder: TempDir,
}

impl Phone {
    /// A phone over the files in `folder`; with an empty folder it knows no store and no member.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn switch_on(
        folder: TempDir,
        server_url: &str,
        root_key: &str,
    ) -> Result<Self, WalletError> {
        let clock = Arc::new(SetClock::default());
        let wallet = open(folder.path(), server_url, root_key, Some(Arc::clone(&clock)), None)?;
        let last = Arc::new(LastScreen::default());
        wallet.set_listener(Some(Arc::clone(&last) as Arc<dyn ScreenListener>));
        Ok(Self { wallet, clock, last, folder })
    }

    /// Switches it off; its files stay.
    pub fn switch_off(self) -> TempDir {
        self.folder
    }

    /// What its clock says, milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Lets time pass on the phone without waiting for it.
    pub fn pass(&self, time: Duration) {
        self.clock.pass_ms(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
    }

    /// The member looks again, so much later that the core asks for balances anew.
    pub fn look_again(&self) -> SettlementScreen {
        self.pass(ASKS_ANEW_AFTER);
        self.wallet.screen_opened()
    }

    /// A fix of the receiver, taken now.
    pub fn fix(&self, latitude: f64, longitude: f64) -> Fix {
        let taken_at_ms = self.now_ms();
        Fix { latitude, longitude, accuracy_m: 12.0, taken_at_ms, mocked: false, provider: None }
    }

    /// Forgets what was told so far.
    pub fn forget_screens(&self) {
        *self.last.screen.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The next screen of those `wanted` that the core tells of by itself; `None` when it told of
    /// none for so `long`.
    pub fn await_screen(
        &self,
        long: Duration,
        wanted: impl Fn(&SettlementScreen) -> bool,
    ) -> Option<SettlementScreen> {
        let screen = self.last.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut screen, waited) = self
            .last
            .changed
            .wait_timeout_while(screen, long, |screen| !screen.as_ref().is_some_and(&wanted))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { screen.take() }
    }

    /// As [`Phone::await_screen`], for the deposit screen.
    pub fn await_deposits(
        &self,
        long: Duration,
        wanted: impl Fn(&DepositScreen) -> bool,
    ) -> Option<DepositScreen> {
        let screen = self.last.deposits.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut screen, waited) = self
            .last
            .deposits_changed
            .wait_timeout_while(screen, long, |screen| !screen.as_ref().is_some_and(&wanted))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { screen.take() }
    }

    /// As [`Phone::await_screen`], for the payment screen.
    pub fn await_payment(
        &self,
        long: Duration,
        wanted: impl Fn(&PaymentScreen) -> bool,
    ) -> Option<PaymentScreen> {
        let screen = self.last.payment.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut screen, waited) = self
            .last
            .payment_changed
            .wait_timeout_while(screen, long, |screen| !screen.as_ref().is_some_and(&wanted))
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { screen.take() }
    }
}

#[derive(Default)]
struct LastScreen {
    /// The last screen; taken by who waited for it.
    screen: Mutex<Option<SettlementScreen>>,
    /// The same for the deposit screen; never held together with the other.
    deposits: Mutex<Option<DepositScreen>>,
    /// The same for the payment screen.
    payment: Mutex<Option<PaymentScreen>>,
    changed: Condvar,
    deposits_changed: Condvar,
    payment_changed: Condvar,
}

impl ScreenListener for LastScreen {
    fn on_screen(&self, screen: SettlementScreen) {
        *self.screen.lock().unwrap_or_else(PoisonError::into_inner) = Some(screen);
        self.changed.notify_all();
    }

    fn on_deposits(&self, screen: DepositScreen) {
        *self.deposits.lock().unwrap_or_else(PoisonError::into_inner) = Some(screen);
        self.deposits_changed.notify_all();
    }

    fn on_payment(&self, screen: PaymentScreen) {
        *self.payment.lock().unwrap_or_else(PoisonError::into_inner) = Some(screen);
        self.payment_changed.notify_all();
    }
}
