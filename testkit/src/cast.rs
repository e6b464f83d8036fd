//! The town's stores, its member and their phone before real servers, for tests that do not wait.

use std::{ops::Deref, path::Path, sync::Arc, time::Duration};

use domain::{
    Currency, Money, Timestamp,
    wire::{ChargeRequest, PaymentSign},
};
use tempfile::TempDir;
use terminal::{Keyed, ShownSign};
use tillsight::{
    ChoiceKind, MemberAsk, Wallet,
    phone::{Clock as _, HttpTransport, SystemClock},
    screen::{Place, SettlementScreen},
    sensed::{BeaconReport, Fix},
};
use tokio::runtime::Runtime;
use wallet_server::register;

use crate::{
    phone::{Phone, open},
    platform::SetClock,
    register::network,
    run::folder,
    servers::{Servers, wallet_data},
    town::{self, PASSWORD, Shop, TAKES_CARDS, TAKES_WALLET, USER_ID},
};

/// What the member's Visa is used for at first, in cents.
const USED: i64 = 10_000;
/// Longer than any server of this process takes.
const LONGEST: Duration = Duration::from_secs(20);

/// Servers over the town. Its methods panic when something fails: a test could not go on.
pub struct Cast {
    runtime: Runtime,
    servers: Option<Servers>,
}

#[expect(clippy::missing_panics_doc, reason = "said of the type")]
impl Cast {
    /// Imports the town, seeds its member, and starts the servers.
    pub fn assemble() -> Self {
        Self::of_network(network())
    }

    /// The same town with its member, of another company's network.
    pub fn of_network(network: domain::wire::Network) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = folder().unwrap();
        let servers = runtime.block_on(async {
            let now = Timestamp(SystemClock.now_ms());
            let file = folder.path().join("town.geojson");
            std::fs::write(&file, town::geojson()).unwrap();
            let database = wallet_server::open_database(&wallet_data(folder.path())).await.unwrap();
            let mut import = register::Import::of(&file, now);
            import.licence = Some("CC0-1.0".to_owned());
            let summary = register::import(&database, &import, |_| ()).await.unwrap();
            assert_eq!(summary.taken(), 3, "{summary}");
            database.close().await;
            let operators = [(town::OPERATOR, &town::cards(now, USED))];
            let member = town::member(now);
            Servers::start_on(0, network, folder, &member, &operators).await.unwrap()
        });
        Self { runtime, servers: Some(servers) }
    }

    fn servers(&self) -> &Servers {
        self.servers.as_ref().unwrap()
    }

    /// From now on nothing answers.
    pub fn stop_wallet_server(&mut self) {
        self.runtime.block_on(self.servers.as_mut().unwrap().stop_wallet_server());
    }

    /// Answers again, elsewhere.
    pub fn start_wallet_server(&mut self) {
        self.runtime.block_on(self.servers.as_mut().unwrap().start_wallet_server()).unwrap();
    }

    /// What was pushed to phones so far, a line each.
    pub fn pushes(&self) -> String {
        std::fs::read_to_string(self.servers().pushes()).unwrap_or_default()
    }

    /// The code of the `nth` message that was sent, once it has been: it is beside the answer.
    pub fn code(&self, nth: usize) -> String {
        loop {
            if let Some(code) = self.servers().codes().into_iter().nth(nth) {
                return code;
            }
            std::thread::yield_now();
        }
    }

    /// A phone of nobody yet.
    pub fn strangers_phone(&self) -> Visitor {
        self.phone_in(folder().unwrap())
    }

    /// Lets time pass at the wallet server without waiting for it.
    pub fn pass_at_the_server(&self, time: Duration) {
        self.servers().pass(time);
    }

    /// The wallet server's database.
    pub fn wallet_database(&self) -> std::path::PathBuf {
        self.servers().wallet_database()
    }

    /// The Visa is used for so much more, in cents.
    pub fn book_on_card(&self, amount: i64) {
        let cards = town::cards(Timestamp(SystemClock.now_ms()), USED + amount);
        self.runtime.block_on(self.servers().seed_operator(town::OPERATOR, &cards)).unwrap();
    }

    /// What the store's terminal shows.
    pub fn sign(&self, shop: &Shop) -> ShownSign {
        terminal::fetch(&self.servers().wallet_url(), &shop.store_id().to_string()).unwrap()
    }

    /// The store's terminal asks for so much, in cents.
    pub fn payment(&self, shop: &Shop, amount: i64) -> PaymentSign {
        let terminal = self.terminal(shop);
        let asked = ChargeRequest::by_scan(Money::new(amount, Currency::EUR), None);
        let charge = terminal.charge(terminal::new_id().unwrap(), &asked).unwrap();
        terminal.code(charge.id).unwrap()
    }

    /// What the store's rotating beacon sends now.
    pub fn rotating_advert(&self, shop: &Shop) -> Vec<u8> {
        let now_s = SystemClock.now_ms() / 1_000;
        terminal::rotating_advert(&self.terminal(shop).beacon_key().unwrap(), now_s).unwrap()
    }

    /// The store's terminal, with a new key: one that was given before can do nothing any more.
    pub fn terminal(&self, shop: &Shop) -> Keyed {
        self.terminal_over(shop, &self.wallet_url())
    }

    /// The same, which reaches the wallet server over another address.
    pub fn terminal_over(&self, shop: &Shop, url: &str) -> Keyed {
        let id = shop.store_id();
        let key = self.runtime.block_on(self.servers().terminal_key(id)).unwrap();
        Keyed::new(url, &id.to_string(), &key).unwrap()
    }

    /// Where the wallet server answers.
    pub fn wallet_url(&self) -> String {
        self.servers().wallet_url()
    }

    /// What vouches for the register.
    pub fn root_key(&self) -> &str {
        self.servers().root_key()
    }

    /// A phone of the member that has seen the town's tiles.
    pub fn phone(&self) -> Visitor {
        let phone = self.phone_without_stores();
        phone.wallet.prefetch(TAKES_CARDS.lat, TAKES_CARDS.lon).unwrap();
        phone
    }

    /// Its clock stands still but for what is let pass.
    pub fn phone_at_a_fixed_time(&self) -> Visitor {
        let phone = self.phone();
        phone.clock.stop();
        phone
    }

    /// A phone of the member that knows no store yet.
    pub fn phone_without_stores(&self) -> Visitor {
        let phone = self.phone_in(folder().unwrap());
        phone.wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned()).unwrap();
        phone
    }

    /// A core over `folder`, before these servers, with a clock and a network of the caller's own.
    pub fn wallet_in(
        &self,
        folder: &Path,
        clock: Arc<SetClock>,
        network: Arc<dyn HttpTransport>,
    ) -> Arc<Wallet> {
        let servers = self.servers();
        let (url, root_key) = (servers.wallet_url(), servers.root_key());
        open(folder, &url, root_key, Some(clock), Some(network)).unwrap()
    }

    /// A phone over the files of one that was switched off.
    pub fn phone_in(&self, folder: TempDir) -> Visitor {
        let servers = self.servers();
        Visitor(Phone::switch_on(folder, &servers.wallet_url(), servers.root_key()).unwrap())
    }
}

impl Drop for Cast {
    fn drop(&mut self) {
        if let Some(servers) = self.servers.take() {
            self.runtime.block_on(servers.stop());
        }
    }
}

/// The member's phone in the town. Its methods panic when something fails.
pub struct Visitor(Phone);

impl Deref for Visitor {
    type Target = Phone;

    fn deref(&self) -> &Phone {
        &self.0
    }
}

#[expect(clippy::missing_panics_doc, reason = "said of the type")]
impl Visitor {
    /// A fix in front of the store, taken now.
    pub fn fix_at(&self, shop: &Shop) -> Fix {
        self.fix(shop.lat, shop.lon)
    }

    /// A fix that an app made up.
    pub fn mocked_fix(&self) -> Fix {
        Fix { mocked: true, ..self.fix_at(&TAKES_WALLET) }
    }

    /// Stands still and hears the store's beacon for some seconds.
    pub fn hear(&self, sign: &ShownSign) -> SettlementScreen {
        self.wallet.screen_opened();
        self.wallet.scanning(true);
        let mut screen = self.wallet.screen();
        for _ in 0..6 {
            self.pass(Duration::from_secs(1));
            let report = BeaconReport::Advertisement {
                bytes: sign.beacon_advert(),
                rssi_dbm: -60,
                heard_at_ms: self.now_ms(),
            };
            screen = self.wallet.sense_beacon(report).unwrap();
        }
        screen
    }

    /// Comes to a store, reads its code, and is surely there.
    pub fn enter(&self, cast: &Cast, shop: &Shop) -> SettlementScreen {
        self.pass(Duration::from_secs(600));
        self.wallet.sense_fix(self.fix_at(shop)).unwrap();
        let screen = self.wallet.sense_text(cast.sign(shop).sign().code.clone()).unwrap();
        assert_eq!(screen.place, Place::Here);
        screen
    }

    /// The next screen of those `wanted` that the core tells of by itself.
    pub fn await_screen_that(
        &self,
        wanted: impl Fn(&SettlementScreen) -> bool,
    ) -> SettlementScreen {
        self.await_screen(LONGEST, wanted).expect("the core told of no such screen")
    }

    /// Switches the phone off; its files stay.
    pub fn switch_off(self) -> TempDir {
        self.0.switch_off()
    }
}

/// What a member asks who has said nothing.
pub fn ask_all() -> MemberAsk {
    MemberAsk { amount_minor: None, currency: None, choice: ChoiceKind::All, phone_has_nfc: true }
}
