//! Made-up towns for benches: a wallet server of theirs, which is only there to fill a phone's cache.

use domain::{
    Acceptance, Accepted, Address, Balance, Channel, Claim, Currency, Method, MethodId, MethodKind,
    Money, Position, Registered, Ride, SchemeId, Source, Store, StoreId, Timestamp, scheme,
    wire::{Cell, Methods, NETWORK_PATH, TILES_PATH, Tile, TileId, TileList},
};
use rand::RngExt;
use tillsight::phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport};

use crate::{keys, register::network, reply, session, signed};

/// A wallet server that makes up the tiles of its towns.
pub struct Towns {
    /// The middles of the towns.
    pub middles: Vec<Position>,
    /// The stores of the town with this place in `middles`.
    pub stores_of: Box<dyn Fn(usize) -> Vec<Store> + Send + Sync>,
    /// What the member holds.
    pub methods: Vec<Registered>,
}

impl Towns {
    /// Where its calls go.
    pub const SERVER: &str = "https://bench.example";

    /// A town is in the tile of its middle, and in those that it reaches into.
    fn list(&self) -> TileList {
        let mut counts: Vec<_> = self.middles.iter().map(|middle| (Cell::of(*middle), 1)).collect();
        counts.sort_unstable();
        TileList::of(&counts, 1)
    }

    fn tile(&self, path: &str) -> Tile {
        let path = path.split('?').next().unwrap_or_default();
        let mut parts = path.rsplit('/').map(|part| part.parse::<u32>().unwrap_or(0));
        let (past, first) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        let Some(tile) = TileId::new(first, past) else { return Tile::default() };
        let reaches = |middle: &Position| Cell::of(*middle).block().any(|cell| tile.has(cell));
        let numbers = (0..self.middles.len()).filter(|number| reaches(&self.middles[*number]));
        let mut stores: Vec<_> = numbers.flat_map(|number| (self.stores_of)(number)).collect();
        stores.retain(|store| tile.has(Cell::of(store.position)));
        Tile { stores, ..Tile::default() }
    }
}

impl HttpTransport for Towns {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let path = request.url.trim_start_matches(Self::SERVER);
        Ok(match path {
            "/v1/sessions/bound" => reply(&session("bench")),
            "/v1/methods" => {
                let (methods, as_of) = (self.methods.clone(), Timestamp(0));
                reply(&Methods { methods, as_of, deposit_source: None })
            }
            "/v1/keys" => signed(path, &keys()),
            NETWORK_PATH => signed(path, &network()),
            TILES_PATH => signed(path, &self.list()),
            _ => signed(path, &self.tile(path)),
        })
    }
}

/// What a store says of ten schemes: seven in ten it takes.
pub fn accepted(random: &mut impl RngExt) -> Accepted {
    let claims = (0..10).map(|_| {
        let scheme = &scheme::all()[random.random_range(0..scheme::all().len())];
        let is_taken = random.random_bool(0.7);
        Claim {
            scheme: scheme.id.clone(),
            channel: scheme.channels[0],
            acceptance: if is_taken { Acceptance::Accepted } else { Acceptance::Refused },
            source: Source::Generated,
            as_of: Timestamp(0),
        }
    });
    claims.collect()
}

/// Store `nth` of town `number`.
pub fn store(number: usize, nth: usize, position: Position, accepted: Accepted) -> Store {
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
        position,
        footprint: Vec::new(),
        level: String::new(),
        currency: Currency::EUR,
        accepted,
        beacon: None,
        access_points: Vec::new(),
        attribution: "made up".to_owned(),
        licence: "CC0-1.0".to_owned(),
    }
}

/// Five methods for benches.
pub fn methods() -> Vec<Registered> {
    let registered = |(name, scheme, channel): (&str, &str, Channel)| Registered {
        method: Method {
            id: MethodId(name.to_owned()),
            kind: MethodKind::CodePayment,
            name: name.to_owned(),
            rides: vec![Ride { scheme: SchemeId::new(scheme).expect("an id"), channel }],
            expires_at: None,
            blocked: false,
            minimum: None,
        },
        balance: Some(Balance { left: Money::new(1_000, Currency::EUR), as_of: Timestamp(0) }),
        operator_down: false,
        times_used: 1,
    };
    let methods = [
        ("Balance", "tillsight", Channel::Scan),
        ("Visa", "visa", Channel::Contactless),
        ("Mastercard", "mastercard", Channel::Contactless),
        ("PayPay", "paypay", Channel::Scan),
        ("Suica", "suica", Channel::Contactless),
    ];
    methods.into_iter().map(registered).collect()
}
