//! The phone on the desk: a core, and what an app would lend it and listen to.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::Serialize;
use testkit::{Reversing, SetClock, Silent};
use tillsight::{
    BuiltInClient, NoticeListener, PlanListener, ScreenListener, Wallet, WalletConfig, WalletError,
    phone::{Clock, HttpFailure, HttpReply, HttpRequest, HttpTransport},
    plan::{Platform, SensingPlan, SensingPolicy},
    screen::{DepositScreen, Notice, PaymentScreen, SettlementScreen},
};
use tokio::sync::watch;

/// How many calls stay listed.
const MOST_SENT: usize = 60;

/// How many notices stay on the glass.
const MOST_NOTICES: usize = 3;

/// As many doors a day as the core allows: a desk goes through more of them than a person.
const DOORS_A_DAY: u32 = 20;

/// What the core told last.
#[derive(Default)]
pub struct Shown {
    /// The settlement screen.
    pub settlement: Option<SettlementScreen>,
    /// The payment screen.
    pub payment: Option<PaymentScreen>,
    /// The deposit screen.
    pub deposits: Option<DepositScreen>,
    /// The sensing plan.
    pub plan: Option<SensingPlan>,
    /// The notices that nobody has put away yet, the newest first.
    pub notices: VecDeque<Notice>,
}

/// Hears what the core tells, and says that there is news.
pub struct Listening {
    shown: Mutex<Shown>,
    news: watch::Sender<u64>,
}

impl Listening {
    /// What was told last.
    pub fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a settlement screen that a call returned or the core told of, unless it has a newer one.
    pub fn settlement(&self, screen: SettlementScreen) {
        self.take(screen, |shown| &mut shown.settlement, |screen| screen.revision);
    }

    /// The same for a payment screen.
    pub fn payment(&self, screen: PaymentScreen) {
        self.take(screen, |shown| &mut shown.payment, |screen| screen.revision);
    }

    /// The same for a deposit screen.
    pub fn deposits(&self, screen: DepositScreen) {
        self.take(screen, |shown| &mut shown.deposits, |screen| screen.revision);
    }

    fn take<S>(
        &self,
        screen: S,
        place: impl FnOnce(&mut Shown) -> &mut Option<S>,
        revision: impl Fn(&S) -> u64,
    ) {
        let mut shown = self.shown();
        let known = place(&mut shown);
        if known.as_ref().is_none_or(|known| revision(known) <= revision(&screen)) {
            *known = Some(screen);
        }
        drop(shown);
        self.tell();
    }

    fn tell(&self) {
        self.news.send_modify(|news| *news += 1);
    }
}

impl ScreenListener for Listening {
    fn on_screen(&self, screen: SettlementScreen) {
        self.settlement(screen);
    }

    fn on_deposits(&self, screen: DepositScreen) {
        self.deposits(screen);
    }

    fn on_payment(&self, screen: PaymentScreen) {
        self.payment(screen);
    }
}

impl NoticeListener for Listening {
    fn on_notice(&self, notice: Notice) {
        let mut shown = self.shown();
        shown.notices.retain(|known| known.id != notice.id);
        shown.notices.push_front(notice);
        shown.notices.truncate(MOST_NOTICES);
        drop(shown);
        self.tell();
    }
}

impl PlanListener for Listening {
    fn on_plan(&self, plan: SensingPlan) {
        self.shown().plan = Some(plan);
        self.tell();
    }
}

/// One call that left the phone: where to and how much, and the names of what was in it, no values.
#[derive(Clone, Serialize)]
pub struct Sent {
    at_ms: i64,
    method: String,
    path: String,
    fields: Vec<String>,
    bytes: usize,
    /// Absent when nothing answered.
    status: Option<u16>,
}

/// The way to the servers, which can be cut, and the list of what went over it.
pub struct Road {
    client: BuiltInClient,
    clock: Arc<SetClock>,
    open: AtomicBool,
    sent: Mutex<VecDeque<Sent>>,
}

impl Road {
    /// A way that is open.
    pub fn new(clock: Arc<SetClock>) -> Self {
        let (client, open) = (BuiltInClient::default(), true.into());
        Self { client, clock, open, sent: Mutex::default() }
    }

    /// Opens or cuts it.
    pub fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::Relaxed);
    }

    /// What went over it, the newest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}

impl HttpTransport for Road {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let is_open = self.open.load(Ordering::Relaxed);
        let mut sent = Sent {
            at_ms: self.clock.now_ms(),
            method: request.method.clone(),
            path: path_of(&request.url),
            fields: fields_of(&request.body),
            bytes: request.body.len(),
            status: None,
        };
        let reply = if is_open { self.client.send(request) } else { Err(HttpFailure::Unreachable) };
        if is_open {
            sent.status = reply.as_ref().ok().map(|reply| reply.status);
            let mut list = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            list.push_back(sent);
            let over = list.len().saturating_sub(MOST_SENT);
            list.drain(..over);
        }
        reply
    }
}

fn path_of(url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    format!("/{}", path.split('?').next().unwrap_or_default())
}

fn fields_of(body: &[u8]) -> Vec<String> {
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    json.as_ref()
        .and_then(|json| json.as_object())
        .map(|object| object.keys().cloned().collect())
        .unwrap_or_default()
}

/// The phone.
pub struct Handset {
    /// The core.
    pub wallet: Arc<Wallet>,
    /// What it told.
    pub heard: Arc<Listening>,
}

/// What a phone is switched on with.
pub struct Switch<'a> {
    /// Its files.
    pub folder: &'a Path,
    /// Where the wallet server is.
    pub server_url: &'a str,
    /// The register's root key.
    pub root_key: &'a str,
    /// Of the words in suggestions.
    pub language: &'a str,
    /// What it reads the time from.
    pub clock: Arc<SetClock>,
    /// Its network.
    pub road: Arc<Road>,
    /// Who hears that there is news.
    pub news: watch::Sender<u64>,
}

impl Handset {
    /// Switches a phone on.
    ///
    /// # Errors
    /// As the core.
    pub fn switch_on(with: Switch<'_>) -> Result<Self, WalletError> {
        let config = WalletConfig {
            folder: with.folder.display().to_string(),
            server_url: with.server_url.to_owned(),
            root_key: with.root_key.to_owned(),
            language: with.language.to_owned(),
            accept_simulated_fixes: false,
            device_name: "The phone on the desk".to_owned(),
            app: "Tillsight desktop".to_owned(),
            proxy: String::new(),
            most_store_bytes: 256 << 20,
        };
        let road = Some(with.road as Arc<dyn HttpTransport>);
        let clock = Some(with.clock as Arc<dyn Clock>);
        let wallet = Wallet::open(config, Arc::new(Reversing), clock, Arc::new(Silent), road)?;
        let heard = Arc::new(Listening { shown: Mutex::default(), news: with.news });
        wallet.set_listener(Some(Arc::clone(&heard) as Arc<dyn ScreenListener>));
        wallet.set_plan_listener(
            SensingPolicy::Screen,
            Platform::Android,
            Some(Arc::clone(&heard) as Arc<dyn PlanListener>),
        )?;
        let told = Arc::clone(&heard) as Arc<dyn NoticeListener>;
        wallet.set_notice_listener(Some(told), DOORS_A_DAY);
        Ok(Self { wallet, heard })
    }
}
