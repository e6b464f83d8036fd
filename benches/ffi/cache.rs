//! A phone's folder with 100,000 stores in its cache and a member's methods in its vault, from which
//! all three languages start.

use std::{path::Path, sync::Arc};

use domain::{
    Acceptance, Address, Balance, Channel, Claim, Currency, Method, MethodId, MethodKind, Money,
    Position, Registered, Ride, SchemeId, Source, Store, StoreId, Timestamp, scheme,
    wire::{Methods, Session, Tile, TileId},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tillsight::phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport};

/// Towns of equal size, a degree apart; the first lies where the benches stand.
const TOWNS: usize = 20;
const STORES_OF_A_TOWN: usize = 5_000;
/// Half the width of a town in degrees: within the tiles of one prefetch.
const REACH: f64 = 0.01;

const SERVER: &str = "https://bench.example";
/// A file beside the cache, with the root key it is opened with.
pub const ROOT_KEY: &str = "root-key";

/// Fills `folder`, which holds nothing yet, with towns from `place` on.
pub fn fill(folder: &Path, place: (f64, f64)) {
    let transport = Some(Arc::new(Towns { place }) as Arc<dyn HttpTransport>);
    let root_key = testkit::root_key();
    std::fs::write(folder.join(ROOT_KEY), &root_key).expect("the folder can be written");
    let wallet = testkit::open(folder, SERVER, &root_key, None, transport).expect("a wallet");
    wallet.log_in("bench".to_owned(), "bench".to_owned()).expect("log-in");
    for number in 0..TOWNS {
        let middle = middle(place, number);
        wallet.prefetch(middle.lat(), middle.lon()).expect("the stores");
    }
}

fn middle(place: (f64, f64), number: usize) -> Position {
    Position::from_degrees(place.0, place.1 + number as f64).expect("on the earth")
}

fn stores_of(place: (f64, f64), number: usize) -> Vec<Store> {
    let mut random = ChaCha8Rng::seed_from_u64(number as u64);
    let middle = middle(place, number);
    (0..STORES_OF_A_TOWN)
        .map(|nth| {
            let claims = (0..10).map(|_| {
                let scheme = &scheme::all()[random.random_range(0..scheme::all().len())];
                Claim {
                    scheme: scheme.id.clone(),
                    channel: scheme.channels[0],
                    acceptance: if random.random_bool(0.7) {
                        Acceptance::Accepted
                    } else {
                        Acceptance::Refused
                    },
                    source: Source::Generated,
                    as_of: Timestamp(0),
                }
            });
            let accepted = claims.collect();
            let mut off = || random.random_range(-REACH..REACH);
            let reference = format!("bench:{number}/{nth}");
            Store {
                id: StoreId::of_record("bench", &reference),
                reference,
                name: format!("Store {nth} of town {number}"),
                industry: "shop=convenience".to_owned(),
                address: Address {
                    street: format!("High Street {nth}"),
                    postal_code: "00100".to_owned(),
                    city: format!("Town {number}"),
                    country: "IT".to_owned(),
                },
                phone: "+39 06 000000".to_owned(),
                position: Position::from_degrees(middle.lat() + off(), middle.lon() + off())
                    .expect("on the earth"),
                footprint: Vec::new(),
                access_points: Vec::new(),
                level: String::new(),
                currency: Currency::EUR,
                accepted,
                beacon: None,
                attribution: "made up".to_owned(),
                licence: "CC0-1.0".to_owned(),
            }
        })
        .collect()
}

fn methods() -> Methods {
    let registered = |(name, scheme, channel): &(&str, &str, Channel)| Registered {
        method: Method {
            id: MethodId((*name).to_owned()),
            kind: MethodKind::CodePayment,
            name: (*name).to_owned(),
            rides: vec![Ride { scheme: SchemeId::new(scheme).expect("an id"), channel: *channel }],
            expires_at: None,
            blocked: false,
            minimum: None,
        },
        balance: Some(Balance { left: Money::new(1_000, Currency::EUR), as_of: Timestamp(0) }),
        operator_down: false,
        times_used: 1,
    };
    let names = [
        ("Balance", "tillsight", Channel::Scan),
        ("Visa", "visa", Channel::Contactless),
        ("Mastercard", "mastercard", Channel::Contactless),
        ("PayPay", "paypay", Channel::Scan),
        ("Suica", "suica", Channel::Contactless),
    ];
    let methods = names.iter().map(registered).collect();
    Methods { methods, as_of: Timestamp(0), deposit_source: None }
}

/// A wallet server that makes up the towns' tiles.
struct Towns {
    place: (f64, f64),
}

impl HttpTransport for Towns {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let path = request.url.trim_start_matches(SERVER);
        Ok(match path {
            "/v1/sessions" => {
                let expires_at = Timestamp(i64::MAX);
                testkit::reply(&Session { token: "bench".to_owned(), expires_at, device: None })
            }
            "/v1/methods" => testkit::reply(&methods()),
            "/v1/keys" => testkit::signed(path, &testkit::keys()),
            _ => {
                let mut parts = path.rsplit('/').map(|part| part.parse::<u32>().unwrap_or(0));
                let (y, x) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
                let tile = TileId { x, y };
                let number = (0..TOWNS)
                    .find(|&number| TileId::of(middle(self.place, number)).block().contains(&tile));
                let stores = number.map(|number| stores_of(self.place, number));
                let mut stores = stores.unwrap_or_default();
                stores.retain(|store| TileId::of(store.position) == tile);
                testkit::signed(path, &Tile { stores })
            }
        })
    }
}
