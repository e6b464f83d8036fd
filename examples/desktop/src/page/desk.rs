//! Everything on the desk: the phone, the city round it, the till, the servers; and all of it as one
//! record for the page to draw.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use domain::{Store, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use terminal::Counter;
use testkit::{Servers, SetClock};
use tillsight::{
    ChoiceKind, MemberAsk, WalletError,
    phone::Clock as _,
    screen::{AccountScreen, HistoryScreen},
};
use tokio::sync::watch;

use super::{
    city::{City, Spot, name_of},
    evidence::Evidence,
    handset::{Handset, Road, Switch},
    ledger::Ledger,
    rerun::Rerun,
    street::{self, AccessPoint, MadeFix, OnAir, Senses},
    walk::Walk,
};
use crate::{cast::Cast, member};

/// Where the phone is and what it has sensed there.
pub struct Phone {
    /// Where it really is.
    pub spot: Spot,
    /// What its receiver said last.
    pub fix: Option<MadeFix>,
    /// Which of its senses are on.
    pub senses: Senses,
    /// Beacons heard in the last second.
    pub heard: usize,
    /// Access points heard when it looked round last.
    pub access_points: usize,
    /// What the member asks.
    pub ask: MemberAsk,
    /// `en` or `ja`.
    pub language: String,
    /// Whether nobody looks at it, so that its screen is closed.
    pub is_pocketed: bool,
    /// The screens that wait for a server, as they were fetched last.
    pub account: Option<AccountScreen>,
    /// The same.
    pub history: Option<HistoryScreen>,
}

/// Which servers answer. Apart from the servers themselves, which take their time to stop.
pub struct Answering {
    /// The wallet server.
    pub wallet: bool,
    /// The operators, by their names.
    pub operators: Vec<(String, bool)>,
}

/// The desk.
pub struct Desk {
    /// The wallet server and the operators.
    pub servers: tokio::sync::RwLock<Servers>,
    answering: Mutex<Answering>,
    /// Where codes are mailed to.
    mailbox: PathBuf,
    /// Every store of the register.
    pub stores: Vec<Store>,
    /// The store that is walked to.
    pub goal: Store,
    /// The map.
    pub city: City,
    /// The beacons on the air.
    pub beacons: Vec<OnAir>,
    /// The stores' access points.
    pub access_points: Vec<AccessPoint>,
    /// The world that this is a part of, as links name it.
    pub world: String,
    /// Of the visit.
    pub seed: u64,
    /// What the phone reads the time from.
    pub clock: Arc<SetClock>,
    /// The phone's network.
    pub road: Arc<Road>,
    /// Where the wallet server is.
    pub server_url: String,
    root_key: String,
    folder: TempDir,
    handset: RwLock<Arc<Handset>>,
    phone: Mutex<Phone>,
    walk: Mutex<Walk>,
    evidence: Mutex<Evidence>,
    rerun: Mutex<Option<Rerun>>,
    till: Mutex<Option<Counter>>,
    /// The till as it was last, so that nobody waits for its calls.
    till_seen: Mutex<Value>,
    ledger: Mutex<Ledger>,
    news: watch::Sender<u64>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// Lays the cast out: a phone with the member logged in, at the beginning of the walk to `goal`. What is
    /// drawn is counted from `revision` on.
    ///
    /// # Errors
    /// When a phone cannot be switched on.
    pub fn lay_out(cast: Cast, goal: Store, seed: u64, revision: u64) -> anyhow::Result<Self> {
        let Cast { servers, stores, world, .. } = cast;
        let city = City::read(&world, &stores, |store| street::has_beacon(store, &goal));
        let walk = Walk::to(city.spot(goal.position), &city.map.streets);
        let clock = Arc::new(SetClock::default());
        let road = Arc::new(Road::new(Arc::clone(&clock)));
        let folder = testkit::folder()?;
        let (server_url, root_key) = (servers.wallet_url(), servers.root_key().to_owned());
        let (news, _) = watch::channel(revision);
        let handset = Handset::switch_on(Switch {
            folder: folder.path(),
            server_url: &server_url,
            root_key: &root_key,
            language: "en",
            clock: Arc::clone(&clock),
            road: Arc::clone(&road),
            news: news.clone(),
        })?;
        let ask = MemberAsk {
            amount_minor: None,
            currency: None,
            choice: ChoiceKind::All,
            phone_has_nfc: true,
        };
        let phone = Phone {
            spot: walk.spot(),
            fix: None,
            senses: Senses::default(),
            heard: 0,
            access_points: 0,
            ask,
            language: "en".to_owned(),
            is_pocketed: false,
            account: None,
            history: None,
        };
        let operators = servers.operator_urls().map(|(name, _)| (name.to_owned(), true)).collect();
        let answering = Answering { wallet: true, operators };
        let mailbox = servers.messages();
        let beacons = street::on_air(&stores, &goal, &city);
        let access_points = street::access_points(&stores, &city);
        let evidence = Mutex::new(Evidence::new(folder.path()));
        let desk = Self {
            servers: servers.into(),
            answering: answering.into(),
            mailbox,
            stores,
            goal,
            city,
            beacons,
            access_points,
            world: name_of(&world),
            seed,
            clock,
            road,
            server_url,
            root_key,
            folder,
            handset: RwLock::new(Arc::new(handset)),
            phone: phone.into(),
            walk: walk.into(),
            evidence,
            rerun: Mutex::default(),
            till: Mutex::default(),
            till_seen: Mutex::default(),
            ledger: Mutex::default(),
            news,
        };
        desk.begin()?;
        Ok(desk)
    }

    /// The member is logged in, the stores are fetched, the screen is open.
    fn begin(&self) -> anyhow::Result<()> {
        let handset = self.handset();
        let (user_id, password) = (member::USER_ID.to_owned(), member::PASSWORD.to_owned());
        handset.wallet.log_in(user_id, password)?;
        let at = self.goal.position;
        handset.wallet.prefetch(at.lat(), at.lon())?;
        self.open_screen(&handset)?;
        Ok(())
    }

    /// Begins the judgement anew with the screen open.
    ///
    /// # Errors
    /// As the core.
    pub fn open_screen(&self, handset: &Handset) -> Result<(), WalletError> {
        let mut phone = self.phone();
        phone.is_pocketed = false;
        let (ask, beacons) = (phone.ask.clone(), phone.senses.beacons);
        drop(phone);
        lock(&self.evidence).begin(&handset.wallet)?;
        handset.wallet.ask(ask);
        handset.heard.settlement(handset.wallet.screen_opened());
        handset.heard.deposits(handset.wallet.deposits()?);
        handset.wallet.scanning(beacons);
        Ok(())
    }

    /// The phone goes into a pocket, its screen closed, or comes out of it.
    pub fn pocket(&self, handset: &Handset, on: bool) {
        self.phone().is_pocketed = on;
        match on {
            true => handset.wallet.screen_closed(),
            false => handset.heard.settlement(handset.wallet.screen_opened()),
        }
    }

    /// The phone's core.
    pub fn handset(&self) -> Arc<Handset> {
        Arc::clone(&self.handset.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The phone over the same files, in another language.
    ///
    /// # Errors
    /// As the core.
    pub fn switch_language(&self, language: &str) -> Result<(), WalletError> {
        let handset = Handset::switch_on(Switch {
            folder: self.folder.path(),
            server_url: &self.server_url,
            root_key: &self.root_key,
            language,
            clock: Arc::clone(&self.clock),
            road: Arc::clone(&self.road),
            news: self.news.clone(),
        })?;
        let handset = Arc::new(handset);
        language.clone_into(&mut self.phone().language);
        *self.handset.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&handset);
        self.open_screen(&handset)
    }

    /// Which servers answer.
    pub fn answering(&self) -> MutexGuard<'_, Answering> {
        lock(&self.answering)
    }

    /// An operator answers from now on, or no more.
    pub fn operator_answers(&self, name: &str, up: bool) {
        let mut answering = self.answering();
        answering.operators.iter_mut().filter(|it| it.0 == name).for_each(|it| it.1 = up);
        drop(answering);
        self.tell();
    }

    /// Where the phone is.
    pub fn phone(&self) -> MutexGuard<'_, Phone> {
        lock(&self.phone)
    }

    /// The walk.
    pub fn walk(&self) -> MutexGuard<'_, Walk> {
        lock(&self.walk)
    }

    /// What each signal said.
    pub fn evidence(&self) -> MutexGuard<'_, Evidence> {
        lock(&self.evidence)
    }

    /// The till; [`Desk::till_changed`] follows what was done to it.
    pub fn till(&self) -> MutexGuard<'_, Option<Counter>> {
        lock(&self.till)
    }

    /// The ledger.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Shows the till as it is now.
    pub fn till_changed(&self, till: Option<&Counter>) {
        *lock(&self.till_seen) = till.map_or(Value::Null, Counter::json);
        self.tell();
    }

    /// The recording that is shown in place of what is sensed now.
    pub fn rerun(&self) -> MutexGuard<'_, Option<Rerun>> {
        lock(&self.rerun)
    }

    /// Shows a recording in place of what is sensed from now on.
    ///
    /// # Errors
    /// When it is none.
    pub fn show_recording(&self, text: &str) -> anyhow::Result<()> {
        let handset = self.handset();
        self.walk().plays = false;
        // What is replayed is not recorded once more.
        handset.wallet.stop_recording();
        let rerun = Rerun::of(text, &handset.wallet, Timestamp(self.clock.now_ms()));
        if rerun.is_err() {
            self.open_screen(&handset)?;
        }
        *self.rerun() = Some(rerun?);
        self.tell();
        Ok(())
    }

    /// The phone senses again, if a recording was shown.
    ///
    /// # Errors
    /// As the core.
    pub fn end_recording(&self) -> Result<(), WalletError> {
        if self.rerun().take().is_some() {
            self.open_screen(&self.handset())?;
        }
        Ok(())
    }

    /// Counts what there was to draw.
    pub fn revision(&self) -> u64 {
        *self.news.borrow()
    }

    /// There is something new to draw.
    pub fn tell(&self) {
        self.news.send_modify(|news| *news += 1);
    }

    /// Hears of news.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// A store by its id.
    pub fn store(&self, id: &str) -> Option<&Store> {
        self.stores.iter().find(|store| store.id.to_string() == id)
    }

    /// The messages with codes, the newest first.
    pub fn mail(&self) -> Vec<Value> {
        let file = std::fs::read_to_string(&self.mailbox).unwrap_or_default();
        file.lines().rev().take(3).filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The till as the page shows it.
    pub fn till_seen(&self) -> Value {
        lock(&self.till_seen).clone()
    }
}
