//! A register that says and signs whatever a test wants, and a phone of it that tells what it logs.

use std::{
    mem,
    sync::{Arc, Mutex},
};

use domain::{
    Acceptance, Accepted, Address, Channel, Claim, Currency, Method, MethodId, MethodKind,
    Position, Registered, Ride, SchemeId, Source, Store, StoreId, Timestamp,
    wire::{
        Candidate, Cell, EntryAnswer, Key, KeyUse, Keys, Methods, Network, REPORT_KEY_PATH,
        ReportKeys, Rotating, RotatingBeacon, RotatingBuckets, SIGNATURE_FIELD, SigningKey,
        TILES_PATH, Tile, TileId,
    },
};
use tempfile::TempDir;
use testkit::{FAR, Reversing, SetClock};
pub use testkit::{FIX, NOW_MS};
use tillsight::{
    ServerProblem, SignatureProblem, Wallet, WalletConfig, WalletError,
    phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport, Log, LogEvent, LogLevel},
};

pub const DAY_MS: i64 = 86_400_000;
const SERVER: &str = "https://server.example";

/// What the register says of its tiles, and what is done to it on the way.
#[derive(Clone)]
pub struct Said {
    pub stores: Vec<Store>,
    pub key: SigningKey,
    pub revision: i64,
    pub until: Timestamp,
    /// Says what has changed since what the phone has, instead of all: that these are gone, and of `stores`
    /// no others than those of the tile.
    pub gone: Option<Vec<StoreId>>,
    /// Changes the answer after it was signed.
    pub on_the_way: fn(&mut HttpReply),
    /// The path that is signed for another.
    pub signed_for: fn(&str) -> String,
}

impl Said {
    pub fn of(stores: &[Store]) -> Self {
        Self {
            stores: stores.to_vec(),
            key: testkit::tile_key(),
            revision: 10,
            until: FAR,
            gone: None,
            on_the_way: |_| (),
            signed_for: str::to_owned,
        }
    }
}

pub struct Register {
    pub said: Mutex<Said>,
    /// The list of keys, its revision, and who signs it.
    pub keys: Mutex<(Keys, i64, SigningKey)>,
    /// What it says of its network, as which revision, and signed by whom.
    pub network: Mutex<(Network, i64, SigningKey)>,
    /// The keys that rights to report are given by, as which revision, good until when, and signed by whom.
    pub report_keys: Mutex<(ReportKeys, i64, Timestamp, SigningKey)>,
    /// The stores by which it cuts the grid.
    pub cut: Mutex<Vec<Store>>,
    /// The paths that were asked.
    pub asked: Mutex<Vec<String>>,
    /// Those of them that said whose phone it is.
    pub asked_as_member: Mutex<Vec<String>>,
    /// The store that any sign is answered with.
    pub entry: Mutex<Option<Store>>,
}

impl Register {
    pub fn of(stores: &[Store]) -> Arc<Self> {
        Arc::new(Self {
            said: Said::of(stores).into(),
            keys: (testkit::keys(), 10, testkit::root()).into(),
            network: (testkit::network(), 10, testkit::root()).into(),
            report_keys: (ReportKeys::default(), 10, FAR, testkit::root()).into(),
            cut: stores.to_vec().into(),
            asked: Mutex::default(),
            asked_as_member: Mutex::default(),
            entry: Mutex::default(),
        })
    }

    /// From now on it says this.
    pub fn say(&self, said: Said) {
        *self.said.lock().unwrap() = said;
    }

    /// From now on these are its keys, under a larger revision.
    pub fn list(&self, keys: Vec<Key>) {
        let mut list = self.keys.lock().unwrap();
        (list.0, list.1) = (Keys { keys }, list.1 + 1);
    }

    fn tile(&self, path: &str) -> HttpReply {
        let said = self.said.lock().unwrap().clone();
        let (tile, since) = asked(path);
        let here = |store: &Store| tile.has(Cell::of(store.position)) || store.name == "everywhere";
        let stores: Vec<Store> = said.stores.iter().filter(|store| here(store)).cloned().collect();
        let path = (said.signed_for)(path);
        let tile = match said.gone {
            Some(gone) if since.is_some() => Tile { since, stores, gone },
            _ => Tile { stores, ..Tile::default() },
        };
        let mut reply = testkit::signed_by(&said.key, &path, said.revision, said.until, &tile);
        (said.on_the_way)(&mut reply);
        reply
    }
}

/// The tile that a path asks for, and since when.
fn asked(path: &str) -> (TileId, Option<i64>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut cells = path.trim_start_matches("/v1/tiles/").split('/').map(|part| part.parse());
    let mut cell = || cells.next().unwrap().unwrap();
    let tile = TileId::new(cell(), cell()).unwrap();
    (tile, query.strip_prefix("since=").map(|since| since.parse().unwrap()))
}

pub fn header(name: &str, value: String) -> tillsight::phone::HttpHeader {
    tillsight::phone::HttpHeader { name: name.to_owned(), value }
}

/// Takes the signature off.
pub fn unsigned(reply: &mut HttpReply) {
    reply.headers.retain(|header| header.name != SIGNATURE_FIELD);
}

impl HttpTransport for Register {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let path = request.url.trim_start_matches(SERVER);
        self.asked.lock().unwrap().push(path.to_owned());
        if request.headers.iter().any(|field| field.name.eq_ignore_ascii_case("authorization")) {
            self.asked_as_member.lock().unwrap().push(path.to_owned());
        }
        Ok(match path {
            "/v1/keys" => {
                let (keys, revision, root) = self.keys.lock().unwrap().clone();
                testkit::signed_by(&root, path, revision, FAR, &keys)
            }
            "/v1/network" => {
                let (network, revision, root) = self.network.lock().unwrap().clone();
                testkit::signed_by(&root, path, revision, FAR, &network)
            }
            REPORT_KEY_PATH => {
                let (keys, revision, until, root) = self.report_keys.lock().unwrap().clone();
                testkit::signed_by(&root, path, revision, until, &keys)
            }
            TILES_PATH => testkit::signed(path, &testkit::tile_list(&self.cut.lock().unwrap())),
            "/v1/sessions/bound" => testkit::reply(&testkit::session("t")),
            "/v1/methods" => testkit::reply(&Methods {
                methods: vec![card()],
                as_of: Timestamp(NOW_MS),
                deposit_source: None,
            }),
            "/v1/entries" => {
                let store = self.entry.lock().unwrap().clone().unwrap();
                let candidates = vec![Candidate { store, distance_m: None }];
                let answer = Default::default();
                let as_of = Timestamp(NOW_MS);
                testkit::reply(&EntryAnswer { candidates, methods: Vec::new(), answer, as_of })
            }
            "/v1/rotating" => testkit::reply(&RotatingBuckets { bits: 4 }),
            _ if path.starts_with("/v1/rotating/4/") => {
                let from_unix_s = NOW_MS / 1_000 - 512;
                let of = |minor: u16| {
                    let ids = (0..8).map(|nth| format!("40{nth:02x}{minor:012x}")).collect();
                    RotatingBeacon { beacon: (1, minor), ids }
                };
                let beacons = (0..20).map(of).collect();
                let as_of = Timestamp(NOW_MS);
                testkit::reply(&Rotating { as_of, exponent: 9, from_unix_s, beacons })
            }
            _ if path.starts_with("/v1/tiles/") => self.tile(path),
            _ => testkit::reply(&()),
        })
    }
}

fn card() -> Registered {
    let ride = Ride { scheme: SchemeId::new("visa").unwrap(), channel: Channel::Contactless };
    let method = Method {
        id: MethodId("card".to_owned()),
        kind: MethodKind::CreditCard,
        name: "Card".to_owned(),
        rides: vec![ride],
        expires_at: None,
        blocked: false,
        minimum: None,
    };
    Registered { method, balance: None, operator_down: false, times_used: 0 }
}

/// A store that takes Visa, called as its record is.
pub fn store(reference: &str, lat: f64, lon: f64) -> Store {
    let claim = Claim {
        scheme: SchemeId::new("visa").unwrap(),
        channel: Channel::Contactless,
        acceptance: Acceptance::Accepted,
        source: Source::Store,
        as_of: Timestamp(NOW_MS),
    };
    Store {
        id: StoreId::of_record("town", reference),
        reference: reference.to_owned(),
        name: reference.to_owned(),
        industry: String::new(),
        address: Address::default(),
        phone: String::new(),
        position: Position::from_degrees(lat, lon).unwrap(),
        footprint: Vec::new(),
        level: String::new(),
        currency: Currency::EUR,
        accepted: Accepted::from_iter([claim]),
        beacon: None,
        access_points: Vec::new(),
        attribution: String::new(),
        licence: "CC0-1.0".to_owned(),
    }
}

/// The same store under another name, which refuses what the true one takes.
pub fn renamed(store: &Store) -> Store {
    let refused = |claim: &Claim| Claim { acceptance: Acceptance::Refused, ..claim.clone() };
    let accepted = store.accepted.claims().iter().map(refused).collect();
    Store { name: "Hostile".to_owned(), accepted, ..store.clone() }
}

pub fn key(signing: &SigningKey, signs: KeyUse, revoked: bool) -> Key {
    Key { ed25519: testkit::digits(signing), signs, revoked }
}

#[derive(Default)]
struct Heard(Mutex<Vec<LogEvent>>);

impl Log for Heard {
    fn log(&self, _: LogLevel, event: LogEvent) {
        self.0.lock().unwrap().push(event);
    }
}

pub struct Phone {
    pub wallet: Arc<Wallet>,
    pub clock: Arc<SetClock>,
    folder: TempDir,
    heard: Arc<Heard>,
}

impl Phone {
    pub fn of(register: &Arc<Register>) -> Self {
        Self::over(tempfile::tempdir().unwrap(), register, &testkit::root_key()).unwrap()
    }

    pub fn over(
        folder: TempDir,
        register: &Arc<Register>,
        root_key: &str,
    ) -> Result<Self, WalletError> {
        Self::with(folder, Arc::clone(register) as _, root_key, 256 << 20)
    }

    /// Whose way to the register is lent.
    pub fn by(transport: Arc<dyn HttpTransport>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::with(folder, transport, &testkit::root_key(), 256 << 20).unwrap()
    }

    /// Whose stores may take so many bytes.
    pub fn within(register: &Arc<Register>, most_store_bytes: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let register = Arc::clone(register) as _;
        Self::with(folder, register, &testkit::root_key(), most_store_bytes).unwrap()
    }

    fn with(
        folder: TempDir,
        transport: Arc<dyn HttpTransport>,
        root_key: &str,
        most_store_bytes: u64,
    ) -> Result<Self, WalletError> {
        let (clock, heard) = (Arc::new(SetClock::standing_at(NOW_MS)), Arc::new(Heard::default()));
        let config = WalletConfig {
            folder: folder.path().display().to_string(),
            server_url: SERVER.to_owned(),
            root_key: root_key.to_owned(),
            language: "en".to_owned(),
            accept_simulated_fixes: false,
            device_name: String::new(),
            app: String::new(),
            proxy: String::new(),
            most_store_bytes,
        };
        let (lent, log) = (Some(Arc::clone(&clock) as _), Arc::clone(&heard) as _);
        let wallet = Wallet::open(config, Arc::new(Reversing), lent, log, Some(transport))?;
        Ok(Self { wallet, clock, folder, heard })
    }

    /// Switches it off; its files stay.
    pub fn switch_off(self) -> TempDir {
        self.folder
    }

    /// A day on, so that it asks for all tiles again.
    pub fn next_day(&self) {
        self.clock.pass_ms(DAY_MS);
    }

    pub fn fetch(&self) -> Result<(), WalletError> {
        self.wallet.prefetch(FIX.latitude, FIX.longitude)
    }

    /// Why tiles were refused, each reason once; the log is empty afterwards.
    pub fn refused(&self) -> Vec<SignatureProblem> {
        let mut problems: Vec<_> = mem::take(&mut *self.heard.0.lock().unwrap())
            .into_iter()
            .filter_map(|event| match event {
                LogEvent::TileRefused { problem } => Some(problem),
                _ => None,
            })
            .collect();
        problems.dedup();
        problems
    }

    /// What was logged; the log is empty afterwards.
    pub fn heard(&self) -> Vec<LogEvent> {
        mem::take(&mut *self.heard.0.lock().unwrap())
    }

    /// What the phone calls a store it is told to be in; `None` when it knows none of this id.
    pub fn name_of(&self, store: &Store) -> Option<String> {
        let screen = self.wallet.choose_store(store.id.to_string()).ok()?;
        Some(screen.store?.name)
    }
}

/// Whether a call failed because the register does not vouch for the answer.
pub fn is_not_vouched(result: &Result<(), WalletError>) -> bool {
    matches!(result, Err(WalletError::ServerAway { kind: ServerProblem::NotVouched, .. }))
}
