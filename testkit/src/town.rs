//! A town of three stores, one member of it, and the cards behind the member's methods.

use domain::{
    Channel, Currency, Method, MethodId, MethodKind, Money, Ride, SchemeId, StoreId, Timestamp,
    wire::{Grant, LinkedTo},
};
use wallet_server::{Backing, StoredMethod};

/// What the member logs in with.
pub const USER_ID: &str = "member";
/// Only ever used against servers of this process.
pub const PASSWORD: &str = "a long enough password";
/// Registers a card for `suica`.
pub const LINK_CODE: &str = "K7QM-2XPD-94RT";
/// Registers an account for `mastercard`, which its bank lets it pay by; 800.00 EUR are on it.
pub const ACCOUNT_LINK_CODE: &str = "M3WP-7HTX-46QZ";
/// Where the member's cards and account are.
pub const OPERATOR: &str = "operator";
/// The source the stores are imported under.
const SOURCE: &str = "town";
const DAY_MS: i64 = 86_400_000;

/// A store of the test town; they lie 200 m apart, so that a fix names one.
pub struct Shop {
    /// As on the sign.
    pub name: &'static str,
    id: &'static str,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    payments: &'static [(&'static str, &'static str)],
}

impl Shop {
    /// Its id in the register.
    pub fn store_id(&self) -> StoreId {
        StoreId::of_record(SOURCE, self.id)
    }
}

/// Takes Visa and Mastercard and nothing else.
pub const TAKES_CARDS: Shop = Shop {
    name: "Caffè Uno",
    id: "1",
    lat: 41.9000,
    lon: 12.5000,
    payments: &[("payment:visa", "yes"), ("payment:mastercard", "yes"), ("payment:others", "no")],
};

/// Takes the wallet's own money and Suica, and nothing else.
pub const TAKES_WALLET: Shop = Shop {
    name: "Libreria Due",
    id: "2",
    lat: 41.9020,
    lon: 12.5000,
    payments: &[("payment:tillsight", "yes"), ("payment:suica", "yes"), ("payment:others", "no")],
};

/// Says nothing of what it takes.
pub const NOTHING_KNOWN: Shop =
    Shop { name: "Bar Tre", id: "3", lat: 41.9040, lon: 12.5000, payments: &[] };

/// The town as a file to import; name it `town.geojson`.
pub fn geojson() -> String {
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

/// The member: the wallet's own money, a card, and one that is past its validity.
pub fn member(now: Timestamp) -> wallet_server::Seed {
    let stored = |kind, id: &str, name: &str, scheme: &str, channel, backing| StoredMethod {
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
        deposit_source: false,
    };
    let card = |id: &str| Backing::Card {
        operator: OPERATOR.to_owned(),
        id: id.to_owned(),
        grant: grant(id),
    };
    let balance = Money::new(1_250, Currency::EUR);
    let mut old = stored(
        MethodKind::CreditCard,
        "old",
        "Old card",
        "mastercard",
        Channel::Contactless,
        card("c-old"),
    );
    old.method.expires_at = Some(Timestamp(now.0 - DAY_MS));
    let mut wallet = stored(
        MethodKind::ElectronicMoney,
        "wallet",
        "Wallet",
        "tillsight",
        Channel::Scan,
        Backing::Wallet { balance },
    );
    let scheme = SchemeId::new("tillsight").unwrap();
    for channel in [Channel::Contactless, Channel::Code] {
        wallet.method.rides.push(Ride { scheme: scheme.clone(), channel });
    }
    let methods = vec![
        wallet,
        stored(
            MethodKind::CreditCard,
            "visa",
            "Visa",
            "visa",
            Channel::Contactless,
            card("c-visa"),
        ),
        old,
    ];
    let member = wallet_server::SeedMember {
        user_id: USER_ID.to_owned(),
        password: PASSWORD.to_owned(),
        methods,
    };
    wallet_server::Seed { members: vec![member] }
}

/// What opens the card with this id to the member.
fn grant(id: &str) -> Grant {
    Grant::new(format!("the member's grant for the card {id}"))
}

/// The cards behind it; the Visa is `used` for so much, in cents.
pub fn cards(now: Timestamp, used: i64) -> operator_server::Seed {
    let card = |id: &str, days: i64, limit, used| operator_server::SeedCard {
        id: id.to_owned(),
        owner: "A member".to_owned(),
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
        accounts: vec![account(now)],
        cards: vec![
            card("c-visa", 900, 100_000, used),
            card("c-old", -1, 50_000, 0),
            card("c-suica", 900, 2_000, 700),
        ],
        grants: ["c-visa", "c-old"]
            .map(|id| operator_server::SeedGrant {
                grant: grant(id),
                to: LinkedTo::Card { id: id.to_owned() },
            })
            .to_vec(),
        links: vec![
            link(
                LINK_CODE,
                LinkedTo::Card { id: "c-suica".to_owned() },
                (MethodKind::ElectronicMoney, "suica"),
            ),
            link(
                ACCOUNT_LINK_CODE,
                LinkedTo::Account { id: "a-debit".to_owned() },
                (MethodKind::BankAccount, "mastercard"),
            ),
        ],
    }
}

fn account(now: Timestamp) -> operator_server::SeedAccount {
    let at = Timestamp(now.0 - DAY_MS);
    operator_server::SeedAccount {
        id: "a-debit".to_owned(),
        owner: "A member".to_owned(),
        name: "Account".to_owned(),
        number_end: "0815".to_owned(),
        currency: Currency::EUR,
        blocked: false,
        history: vec![operator_server::SeedBooking { at, amount: 80_000, text: "Pay".to_owned() }],
    }
}

fn link(code: &str, to: LinkedTo, (kind, scheme): (MethodKind, &str)) -> operator_server::SeedLink {
    let ride = Ride { scheme: SchemeId::new(scheme).unwrap(), channel: Channel::Contactless };
    operator_server::SeedLink { code: code.to_owned(), to, kind, rides: vec![ride] }
}
