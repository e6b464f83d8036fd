//! Real servers on ephemeral ports, three stores, one member and a phone, for tests.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{
    Channel, Currency, Method, MethodId, MethodKind, Money, Ride, SchemeId, StoreId, Timestamp,
    wire::{LinkedTo, PaymentSign},
};
use secrecy::SecretString;
use tempfile::TempDir;
use terminal::{Keyed, ShownSign};
use tillsight::{
    ChoiceKind, MemberAsk, ScreenListener, Wallet, WalletConfig,
    phone::{Clock, KeyStore, KeyStoreError, Log, LogEvent, LogLevel, SystemClock},
    screen::{Place, SettlementScreen},
    sensed::{BeaconReport, Fix, NETWORK},
};
use tokio::runtime::Runtime;
use wallet_server::{Backing, HeldMethod, register};

pub const USER_ID: &str = "member";
/// Registers a card for `suica`.
pub const LINK_CODE: &str = "ABCD-EFGH-JKLM";
const PASSWORD: &str = "a long enough password";
const API_KEY: &str = "0123456789abcdef0123456789abcdef";
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const DAY_MS: i64 = 86_400_000;
const LONGEST: Duration = Duration::from_secs(20);

/// A store of the test town; they lie 200 m apart, so that a fix names one.
pub struct Shop {
    pub name: &'static str,
    id: &'static str,
    lat: f64,
    lon: f64,
    payments: &'static [(&'static str, &'static str)],
}

pub const TAKES_CARDS: Shop = Shop {
    name: "Caffè Uno",
    id: "1",
    lat: 41.9000,
    lon: 12.5000,
    payments: &[("payment:visa", "yes"), ("payment:mastercard", "yes"), ("payment:others", "no")],
};

pub const TAKES_WALLET: Shop = Shop {
    name: "Libreria Due",
    id: "2",
    lat: 41.9020,
    lon: 12.5000,
    payments: &[("payment:tillsight", "yes"), ("payment:suica", "yes"), ("payment:others", "no")],
};

pub const NOTHING_KNOWN: Shop =
    Shop { name: "Bar Tre", id: "3", lat: 41.9040, lon: 12.5000, payments: &[] };

pub struct Cast {
    runtime: Runtime,
    folder: TempDir,
    operator: Option<operator_server::Running>,
    wallet_server: Option<wallet_server::Running>,
    url: String,
}

impl Cast {
    pub fn assemble() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp(SystemClock.now_ms());
        let data = folder.path().join("wallet-server");
        let database = folder.path().join("operator.db");
        let town = folder.path().join("town.geojson");
        std::fs::write(&town, geojson()).unwrap();
        let (operator, wallet_server) = runtime.block_on(async {
            let pool = wallet_server::open_database(&data).await.unwrap();
            let mut import = register::Import::of(&town, now);
            import.licence = Some("CC0-1.0".to_owned());
            let summary = register::import(&pool, &import, |_| ()).await.unwrap();
            assert_eq!(summary.taken(), 3, "{summary}");
            pool.close().await;
            wallet_server::seed(&data, &member(now)).await.unwrap();
            operator_server::seed(&database, &cards(now, 10_000)).await.unwrap();
            let operator = operator_server::start(operator_server::Config {
                listen: HERE,
                database,
                api_key: SecretString::from(API_KEY),
            })
            .await
            .unwrap();
            let wallet_server = wallet_server::start(wallet_server::Config {
                listen: HERE,
                data,
                operator_url: format!("http://{}", operator.addr),
                operator_api_key: SecretString::from(API_KEY),
                beacon_uuid: NETWORK,
                clock: wallet_server::Clock::system(),
            })
            .await
            .unwrap();
            (operator, wallet_server)
        });
        let url = format!("http://{}", wallet_server.addr);
        let (operator, wallet_server) = (Some(operator), Some(wallet_server));
        Self { runtime, folder, operator, wallet_server, url }
    }

    pub fn stop_wallet_server(&mut self) {
        self.runtime.block_on(self.wallet_server.take().unwrap().stop());
    }

    /// The card is used for so much more.
    pub fn book_on_card(&self, amount: i64) {
        let now = Timestamp(SystemClock.now_ms());
        let database = self.folder.path().join("operator.db");
        let seed = cards(now, 10_000 + amount);
        self.runtime.block_on(operator_server::seed(&database, &seed)).unwrap();
    }

    pub fn sign(&self, place: &Shop) -> ShownSign {
        let id = StoreId::of_record("town", place.id);
        terminal::fetch(&self.url, &id.to_string()).unwrap()
    }

    /// The store's terminal asks for so much.
    pub fn payment(&self, place: &Shop, amount: i64) -> PaymentSign {
        self.keyed(place).payment(Money::new(amount, Currency::EUR)).unwrap()
    }

    /// What the store's rotating beacon sends now.
    pub fn rotating_advert(&self, place: &Shop) -> Vec<u8> {
        let now_s = SystemClock.now_ms() / 1_000;
        terminal::rotating_advert(&self.keyed(place).beacon_key().unwrap(), now_s).unwrap()
    }

    fn keyed(&self, place: &Shop) -> Keyed {
        let id = StoreId::of_record("town", place.id);
        let data = self.folder.path().join("wallet-server");
        let key = self.runtime.block_on(wallet_server::terminal_key(&data, id)).unwrap();
        Keyed::new(&self.url, &id.to_string(), &key).unwrap()
    }

    /// A phone of the member that has seen the town's tiles.
    pub fn phone(&self) -> Phone {
        let phone = self.phone_without_stores();
        phone.wallet.prefetch(TAKES_CARDS.lat, TAKES_CARDS.lon).unwrap();
        phone
    }

    /// Its clock stands still but for what is let pass.
    pub fn phone_at_a_fixed_time(&self) -> Phone {
        let phone = self.phone();
        phone.clock.stopped_at_ms.store(SystemClock.now_ms(), Ordering::Relaxed);
        phone
    }

    pub fn phone_without_stores(&self) -> Phone {
        let phone = self.phone_in(tempfile::tempdir().unwrap());
        phone.wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned()).unwrap();
        phone
    }

    pub fn phone_in(&self, folder: TempDir) -> Phone {
        let path: PathBuf = folder.path().to_owned();
        let config = WalletConfig {
            folder: path.display().to_string(),
            server_url: self.url.clone(),
            language: "en".to_owned(),
        };
        let clock = Arc::new(AheadClock::default());
        let lent = Arc::clone(&clock) as Arc<dyn Clock>;
        let wallet =
            Wallet::open(config, Arc::new(Swapped), Some(lent), Arc::new(NoLog), None).unwrap();
        let told = Arc::new(Told::default());
        wallet.set_listener(Some(Arc::clone(&told) as Arc<dyn ScreenListener>));
        Phone { wallet, clock, told, folder }
    }
}

impl Drop for Cast {
    fn drop(&mut self) {
        let (operator, wallet_server) = (self.operator.take(), self.wallet_server.take());
        self.runtime.block_on(async {
            if let Some(server) = wallet_server {
                server.stop().await;
            }
            if let Some(server) = operator {
                server.stop().await;
            }
        });
    }
}

pub struct Phone {
    pub wallet: Arc<Wallet>,
    clock: Arc<AheadClock>,
    told: Arc<Told>,
    folder: TempDir,
}

impl Phone {
    pub fn pass(&self, time: Duration) {
        self.clock.ahead_ms.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub fn fix_at(&self, place: &Shop) -> Fix {
        Fix {
            latitude: place.lat,
            longitude: place.lon,
            accuracy_m: 12.0,
            taken_at_ms: self.clock.now_ms(),
            mocked: false,
        }
    }

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
                heard_at_ms: self.clock.now_ms(),
            };
            screen = self.wallet.sense_beacon(report).unwrap();
        }
        screen
    }

    /// Comes to a store, reads its code, and is surely there.
    pub fn enter(&self, cast: &Cast, place: &Shop) -> SettlementScreen {
        self.pass(Duration::from_secs(600));
        self.wallet.sense_fix(self.fix_at(place)).unwrap();
        let screen = self.wallet.sense_text(cast.sign(place).sign().code.clone()).unwrap();
        assert_eq!(screen.place, Place::Here);
        screen
    }

    pub fn forget_told(&self) {
        *self.told.screen.lock().unwrap() = None;
    }

    pub fn await_told_that(&self, wanted: impl Fn(&SettlementScreen) -> bool) -> SettlementScreen {
        let screen = self.told.screen.lock().unwrap();
        let waiting = |screen: &mut Option<SettlementScreen>| !screen.as_ref().is_some_and(&wanted);
        let (mut screen, waited) =
            self.told.bell.wait_timeout_while(screen, LONGEST, waiting).unwrap();
        assert!(!waited.timed_out(), "the core told of no such screen");
        screen.take().unwrap()
    }

    pub fn switch_off(self) -> TempDir {
        self.folder
    }
}

pub fn ask_all() -> MemberAsk {
    MemberAsk { amount_minor: None, currency: None, choice: ChoiceKind::All, phone_has_nfc: true }
}

#[derive(Default)]
struct AheadClock {
    ahead_ms: AtomicI64,
    /// 0 while it goes.
    stopped_at_ms: AtomicI64,
}

impl Clock for AheadClock {
    fn now_ms(&self) -> i64 {
        let now = match self.stopped_at_ms.load(Ordering::Relaxed) {
            0 => SystemClock.now_ms(),
            stopped => stopped,
        };
        now + self.ahead_ms.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
struct Told {
    screen: Mutex<Option<SettlementScreen>>,
    bell: Condvar,
}

impl ScreenListener for Told {
    fn on_screen(&self, screen: SettlementScreen) {
        *self.screen.lock().unwrap() = Some(screen);
        self.bell.notify_all();
    }
}

/// Swaps the halves of what it seals: enough to tell sealed from open.
struct Swapped;

impl KeyStore for Swapped {
    fn seal(&self, mut secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        secret.reverse();
        Ok(secret)
    }

    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.seal(sealed)
    }
}

struct NoLog;

impl Log for NoLog {
    fn log(&self, _: LogLevel, _: LogEvent) {}
}

fn geojson() -> String {
    let features = [&TAKES_CARDS, &TAKES_WALLET, &NOTHING_KNOWN].map(|place| {
        let mut properties = serde_json::json!({
            "id": place.id, "name": place.name, "shop": "general", "addr:country": "IT",
        });
        for (key, value) in place.payments {
            properties[*key] = (*value).into();
        }
        serde_json::json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": properties,
        })
    });
    serde_json::json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn member(now: Timestamp) -> wallet_server::Seed {
    let held = |kind, id: &str, name: &str, scheme: &str, channel, backing| HeldMethod {
        method: Method {
            id: MethodId(id.to_owned()),
            kind,
            name: name.to_owned(),
            rides: vec![Ride { scheme: SchemeId::new(scheme).unwrap(), channel }],
            expires_at: None,
            blocked: false,
            minimum: None,
        },
        backing,
        times_used: 1,
    };
    let card = |id: &str| Backing::Card { id: id.to_owned() };
    let balance = Money::new(1_250, Currency::EUR);
    let mut old = held(
        MethodKind::CreditCard,
        "old",
        "Old card",
        "mastercard",
        Channel::Contactless,
        card("c-old"),
    );
    old.method.expires_at = Some(Timestamp(now.0 - DAY_MS));
    let methods = vec![
        held(
            MethodKind::ElectronicMoney,
            "wallet",
            "Wallet",
            "tillsight",
            Channel::Scan,
            Backing::Wallet { balance },
        ),
        held(MethodKind::CreditCard, "visa", "Visa", "visa", Channel::Contactless, card("c-visa")),
        old,
    ];
    let member = wallet_server::SeedMember {
        user_id: USER_ID.to_owned(),
        password: PASSWORD.to_owned(),
        methods,
    };
    wallet_server::Seed { members: vec![member] }
}

fn cards(now: Timestamp, used: i64) -> operator_server::Seed {
    let card = |id: &str, days: i64, limit, used| operator_server::SeedCard {
        id: id.to_owned(),
        name: "Card".to_owned(),
        number_end: "4242".to_owned(),
        expires_at: Timestamp(now.0 + days * DAY_MS),
        limit: Money::new(limit, Currency::EUR),
        blocked: false,
        history: vec![operator_server::SeedBooking {
            at: Timestamp(now.0 - DAY_MS),
            amount: used,
            text: "Groceries".to_owned(),
        }],
    };
    operator_server::Seed {
        accounts: Vec::new(),
        cards: vec![
            card("c-visa", 900, 100_000, used),
            card("c-old", -1, 50_000, 0),
            card("c-suica", 900, 2_000, 700),
        ],
        links: vec![operator_server::SeedLink {
            code: LINK_CODE.to_owned(),
            to: LinkedTo::Card { id: "c-suica".to_owned() },
            kind: MethodKind::ElectronicMoney,
            rides: vec![Ride {
                scheme: SchemeId::new("suica").unwrap(),
                channel: Channel::Contactless,
            }],
        }],
    }
}
