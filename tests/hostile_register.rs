//! A register that lies, or something in between that lies for it: what a phone does not believe.

#[allow(dead_code)]
mod phone;

use std::sync::{Arc, Mutex};

use domain::{
    Acceptance, Accepted, Address, Channel, Claim, Currency, Method, MethodId, MethodKind,
    Position, Registered, Ride, SchemeId, Source, Store, StoreId, Timestamp,
    wire::{Key, KeyUse, Keys, Methods, Session, Tile, TileId},
};
use phone::{FIX, NOW_MS};
use signs::store_code::{AcceptedBits, Circle, Days, SigningKey, StoreCode, sign};
use tillsight::{
    SignalProblem, Wallet, WalletError,
    phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport},
};

const SERVER: &str = "https://server.example";

/// Answers every tile with the same stores, and with these keys.
#[derive(Default)]
struct Register {
    stores: Vec<Store>,
    keys: Mutex<Vec<Key>>,
}

impl HttpTransport for Register {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let body = match request.url.trim_start_matches(SERVER) {
            "/v1/keys" => serde_json::to_vec(&Keys { keys: self.keys.lock().unwrap().clone() }),
            "/v1/sessions" => {
                let expires_at = Timestamp(i64::MAX);
                serde_json::to_vec(&Session { token: "t".to_owned(), expires_at, device: None })
            }
            "/v1/methods" => {
                serde_json::to_vec(&Methods { methods: vec![card()], as_of: Timestamp(NOW_MS) })
            }
            _ => serde_json::to_vec(&Tile { stores: self.stores.clone() }),
        };
        Ok(HttpReply { status: 200, headers: Vec::new(), body: body.unwrap() })
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

fn store(reference: &str, lat: f64, lon: f64, as_of: Timestamp) -> Store {
    let claim = Claim {
        scheme: SchemeId::new("visa").unwrap(),
        channel: Channel::Contactless,
        acceptance: Acceptance::Accepted,
        source: Source::Store,
        as_of,
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

fn wallet(register: &Arc<Register>) -> (tempfile::TempDir, Arc<Wallet>) {
    let folder = tempfile::tempdir().unwrap();
    let transport = Some(Arc::clone(register) as Arc<dyn HttpTransport>);
    let path = folder.path().display().to_string();
    let wallet = phone::open_with(&path, SERVER, transport).unwrap();
    (folder, wallet)
}

#[test]
fn a_tile_says_nothing_of_stores_that_lie_elsewhere() {
    let now = Timestamp(NOW_MS);
    let here = store("here", FIX.latitude, FIX.longitude, now);
    let elsewhere = store("elsewhere", 35.6813, 139.7672, now);
    let stores = vec![here.clone(), elsewhere.clone()];
    let (_folder, wallet) = wallet(&Arc::new(Register { stores, ..Register::default() }));
    wallet.prefetch(FIX.latitude, FIX.longitude).unwrap();
    wallet.choose_store(here.id.to_string()).unwrap();
    let refused = wallet.choose_store(elsewhere.id.to_string()).unwrap_err();
    let unknown =
        matches!(refused, WalletError::Signal { problem: SignalProblem::StoreUnknown, .. });
    assert!(unknown, "{refused:?}");
    assert_ne!(TileId::of(here.position), TileId::of(elsewhere.position));
}

#[test]
fn a_key_once_revoked_stays_revoked_whatever_a_later_list_says() {
    let signing = SigningKey::from_bytes(&[7; 32]);
    let day = u16::try_from(NOW_MS / 86_400_000).unwrap();
    let code = StoreCode {
        store: StoreId::of_record("town", "here").0,
        valid: Days { not_before: day, not_after: day + 1 },
        place: Circle { lat_e7: 0, lon_e7: 0, radius_m: 60 },
        accepted: AcceptedBits::default(),
        payment: None,
    };
    let text = sign(&code, &signing).unwrap().to_text();
    let key = |revoked| {
        let ed25519 = data_encoding::HEXLOWER.encode(signing.verifying_key().as_bytes());
        vec![Key { ed25519, signs: KeyUse::StoreCodes, revoked }]
    };
    let register = Arc::new(Register::default());
    let (_folder, wallet) = wallet(&register);
    let problem = || match wallet.sense_text(text.clone()) {
        Err(WalletError::Signal { problem, .. }) => Some(problem),
        other => {
            other.unwrap();
            None
        }
    };
    for (list, expected) in [
        (key(false), None),
        (key(true), Some(SignalProblem::CodeNotGenuine)),
        (key(false), Some(SignalProblem::CodeNotGenuine)),
        (Vec::new(), Some(SignalProblem::CodeNotGenuine)),
    ] {
        *register.keys.lock().unwrap() = list.clone();
        wallet.prefetch(FIX.latitude, FIX.longitude).unwrap();
        assert_eq!(problem(), expected, "{list:?}");
    }
}

#[test]
fn a_claim_dated_in_the_future_is_shown_as_of_now() {
    let ahead = Timestamp(NOW_MS + 365 * 86_400_000);
    let here = store("here", FIX.latitude, FIX.longitude, ahead);
    let register = Register { stores: vec![here], ..Register::default() };
    let (_folder, wallet) = wallet(&Arc::new(register));
    wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    wallet.prefetch(FIX.latitude, FIX.longitude).unwrap();
    let screen = wallet.sense_fix(FIX).unwrap();
    let by = screen.active[0].by.as_ref().unwrap();
    assert_eq!((by.scheme.as_str(), by.as_of_ms), ("visa", NOW_MS));
}
