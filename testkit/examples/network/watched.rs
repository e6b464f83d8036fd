//! A phone whose calls and screens are written down.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;
use tempfile::TempDir;
use testkit::{
    SetClock, open,
    town::{PASSWORD, TAKES_CARDS, USER_ID},
};
use tillsight::{
    BuiltInClient, ScreenListener, Wallet,
    phone::{Clock as _, HttpFailure, HttpReply, HttpRequest, HttpTransport},
    screen::{DepositScreen, PaymentScreen, ServerState, SettlementScreen, WhyNot},
    sensed::Fix,
};

/// The core asks for balances at most every five seconds.
const ASKS_ANEW_AFTER_MS: i64 = 6_000;
/// How often a phone that should recover is looked at, and for how long each time.
const MOST_LOOKS: u32 = 6;
const LOOK: Duration = Duration::from_secs(5);

/// The phone.
pub struct Watched {
    /// The core.
    pub wallet: Arc<Wallet>,
    /// What it reads the time from.
    pub clock: Arc<SetClock>,
    /// Its calls.
    pub calls: Arc<Calls>,
    /// Its screens.
    pub shown: Arc<Shown>,
    _folder: TempDir,
}

impl Watched {
    /// A new phone of nobody, before the server at `url`, believing these certificates.
    ///
    /// # Errors
    /// When it cannot write its files.
    pub fn switch_on(url: &str, root_key: &str, certificates: &[Vec<u8>]) -> Result<Self> {
        let trusting = |client: BuiltInClient, root: &Vec<u8>| client.trusting(root.clone());
        let client = certificates.iter().fold(BuiltInClient::default(), trusting);
        let calls = Arc::new(Calls { client, made: Mutex::default() });
        let (clock, shown) = (Arc::new(SetClock::default()), Arc::new(Shown::default()));
        let folder = tempfile::tempdir()?;
        let (time, network) = (Arc::clone(&clock), Arc::clone(&calls));
        let wallet = open(folder.path(), url, root_key, Some(time), Some(network))?;
        wallet.set_listener(Some(Arc::clone(&shown) as Arc<dyn ScreenListener>));
        Ok(Self { wallet, clock, calls, shown, _folder: folder })
    }

    /// The member logs in.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub fn log_in(&self) -> Result<()> {
        self.wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned())?;
        Ok(())
    }

    /// A fix in front of the store that takes cards, taken now.
    ///
    /// # Errors
    /// When the core refuses it.
    pub fn arrive(&self) -> Result<()> {
        let fix = Fix {
            latitude: TAKES_CARDS.lat,
            longitude: TAKES_CARDS.lon,
            accuracy_m: 12.0,
            taken_at_ms: self.clock.now_ms(),
            mocked: false,
            provider: None,
        };
        self.shown.take(self.wallet.sense_fix(fix)?);
        Ok(())
    }

    /// Whether the phone shows the store and a living server again, as the member looks at it and time
    /// goes by.
    pub fn recovers(&self) -> bool {
        (0..MOST_LOOKS).any(|_| {
            self.clock.pass_ms(ASKS_ANEW_AFTER_MS);
            self.shown.forget_last();
            let _ = self.arrive();
            self.shown.take(self.wallet.screen_opened());
            let is_whole = |screen: &SettlementScreen| {
                names_store(screen) && screen.freshness.server == ServerState::Live
            };
            self.shown.first(LOOK, is_whole).is_some()
        })
    }
}

/// Whether a screen is drawn for the store that the phone is in front of.
pub fn names_store(screen: &SettlementScreen) -> bool {
    screen.store.as_ref().is_some_and(|store| store.name == TAKES_CARDS.name)
}

/// Whether a screen says what is not so: another store, a card that does not work where cards are
/// taken, or the wallet's money working where it is not.
pub fn is_wrong(screen: &SettlementScreen) -> bool {
    let another = screen.store.is_some() && !names_store(screen);
    let works = |id| screen.active.iter().chain(&screen.likely).any(|row| row.id == id);
    // A busy machine may let the servers' own call to the card's operator take too long.
    let told_wrong = screen
        .inactive
        .iter()
        .any(|row| row.id == "visa" && !matches!(row.reason, Some(WhyNot::OperatorDown)));
    another || told_wrong || works("wallet") || works("old")
}

/// Each call that the core made.
pub struct Calls {
    client: BuiltInClient,
    /// In the order they began.
    made: Mutex<Vec<Call>>,
}

#[derive(Clone, Copy)]
struct Call {
    /// One more than the calls, one after the other, that had ended before it began.
    depth: u32,
    begun: Instant,
    took: Option<Duration>,
}

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Vec<Call>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the calls so far.
    pub fn forget(&self) {
        self.lock().clear();
    }

    /// How many round trips, one after the other, had ended.
    pub fn round_trips(&self) -> u32 {
        let ended = |call: &&Call| call.took.is_some();
        self.lock().iter().filter(ended).map(|call| call.depth).max().unwrap_or(0)
    }

    /// The longest call, ended or not.
    pub fn longest(&self) -> Duration {
        let took = |call: &Call| call.took.unwrap_or_else(|| call.begun.elapsed());
        self.lock().iter().map(took).max().unwrap_or_default()
    }
}

impl HttpTransport for Calls {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let depth = self.round_trips() + 1;
        let nth = {
            let mut made = self.lock();
            made.push(Call { depth, begun: Instant::now(), took: None });
            made.len() - 1
        };
        let reply = self.client.send(request);
        if let Some(call) = self.lock().get_mut(nth) {
            call.took = Some(call.begun.elapsed());
        }
        reply
    }
}

/// Each screen that the core told of.
#[derive(Default)]
pub struct Shown {
    /// Held only to add or to look.
    screens: Mutex<Screens>,
    changed: Condvar,
}

#[derive(Default)]
struct Screens {
    all: Vec<SettlementScreen>,
    /// How many of them are looked at no more.
    seen: usize,
}

impl Shown {
    fn lock(&self) -> MutexGuard<'_, Screens> {
        self.screens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, screen: SettlementScreen) {
        self.lock().all.push(screen);
        self.changed.notify_all();
    }

    /// What was shown so far is looked at no more, but for what is wrong.
    pub fn forget_last(&self) {
        let mut screens = self.lock();
        screens.seen = screens.all.len();
    }

    /// Waits for the first screen of those `wanted`, for so `long`.
    pub fn first(
        &self,
        long: Duration,
        wanted: impl Fn(&SettlementScreen) -> bool,
    ) -> Option<SettlementScreen> {
        let found = |screens: &Screens| {
            screens.all.iter().skip(screens.seen).find(|screen| wanted(screen)).cloned()
        };
        let waited = self.changed.wait_timeout_while(self.lock(), long, |it| found(it).is_none());
        found(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    /// How many screens said what is not so.
    pub fn wrong(&self) -> usize {
        self.lock().all.iter().filter(|screen| is_wrong(screen)).count()
    }
}

impl ScreenListener for Shown {
    fn on_screen(&self, screen: SettlementScreen) {
        self.take(screen);
    }
    fn on_deposits(&self, _: DepositScreen) {}
    fn on_payment(&self, _: PaymentScreen) {}
}
