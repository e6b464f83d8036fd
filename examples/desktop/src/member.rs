//! The member who walks: the methods, and the accounts and cards behind them.
//!
//! Amounts are minor units, chosen so that they are plausible in euro cents and in yen alike.

use domain::{
    Channel, Currency, Method, MethodId, MethodKind, Money, Ride, SchemeId, Timestamp,
    wire::{Grant, LinkedTo},
};
use wallet_server::{Backing, StoredMethod};

/// What the member logs in with.
pub const USER_ID: &str = "hanako";
/// Only ever used against servers of this process.
pub const PASSWORD: &str = "correct horse battery staple";

/// What the settlement operator gave the member to register a card that is in no wallet yet. One
/// card of all brands, so that it answers whatever the store at hand suggests.
pub const LINK_CODE: &str = "TRY-7733-CARD-2604";

const DAY_MS: i64 = 86_400_000;

/// The member for the wallet server.
pub fn member(currency: Currency, now: Timestamp) -> wallet_server::Seed {
    let stored = |kind, id: &str, name: &str, rides: &[(&str, Channel)], backing, times_used| {
        let rides = rides.iter().map(|&(scheme, channel)| Ride {
            scheme: SchemeId::new(scheme).expect("a scheme id of the registry"),
            channel,
        });
        let method = Method {
            id: MethodId(id.to_owned()),
            kind,
            name: name.to_owned(),
            rides: rides.collect(),
            expires_at: None,
            blocked: false,
            minimum: None,
        };
        StoredMethod { method, backing, times_used, deposit_source: false }
    };
    let account = |id: &str| Backing::Account { id: id.to_owned(), grant: grant(id) };
    let card = |id: &str| Backing::Card { id: id.to_owned(), grant: grant(id) };
    let wallet = |amount| Backing::Wallet { balance: Money::new(amount, currency) };
    use Channel::{Code, Contactless, Scan};
    use MethodKind::{BankAccount, CodePayment, CreditCard, ElectronicMoney};
    let mut old_card = stored(
        CreditCard,
        "m-mastercard",
        "Old Mastercard ..5100",
        &[("mastercard", Contactless)],
        card("c-mastercard"),
        41,
    );
    old_card.method.expires_at = Some(Timestamp(now.0 - 20 * DAY_MS));
    let methods = vec![
        stored(
            ElectronicMoney,
            "m-tillsight",
            "Tillsight balance",
            &[("tillsight", Scan), ("tillsight", Code)],
            wallet(2_340),
            12,
        ),
        stored(CreditCard, "m-visa", "Visa ..4242", &[("visa", Contactless)], card("c-visa"), 57),
        old_card,
        stored(
            BankAccount,
            "m-bank",
            "Bank account ..0071",
            &[("maestro", Contactless), ("girocard", Contactless), ("bancomat", Contactless)],
            account("a-bank"),
            8,
        ),
        stored(
            CodePayment,
            "m-satispay",
            "Satispay",
            &[("satispay", Scan), ("satispay", Code)],
            wallet(1_510),
            23,
        ),
        stored(
            CodePayment,
            "m-paypay",
            "PayPay",
            &[("paypay", Scan), ("paypay", Code)],
            wallet(4_800),
            5,
        ),
    ];
    let member = wallet_server::SeedMember {
        user_id: USER_ID.to_owned(),
        password: PASSWORD.to_owned(),
        methods,
    };
    wallet_server::Seed { members: vec![member] }
}

/// What opens the account or card with this id to the member; of servers of this process alone.
fn grant(id: &str) -> Grant {
    Grant::new(format!("the member's grant for {id:->20}"))
}

/// What the settlement operator knows of the member.
pub fn accounts(currency: Currency, now: Timestamp) -> operator_server::Seed {
    let booking = |days: i64, amount, text: &str| operator_server::SeedBooking {
        at: Timestamp(now.0 - days * DAY_MS),
        amount,
        text: text.to_owned(),
    };
    let account = operator_server::SeedAccount {
        id: "a-bank".to_owned(),
        owner: "The member".to_owned(),
        name: "Current account".to_owned(),
        number_end: "0071".to_owned(),
        currency,
        blocked: false,
        history: vec![booking(20, 184_000, "Salary"), booking(6, -61_250, "Rent")],
    };
    let card = |id: &str, end: &str, expires_in, limit, history| operator_server::SeedCard {
        id: id.to_owned(),
        owner: "The member".to_owned(),
        name: "Credit card".to_owned(),
        number_end: end.to_owned(),
        expires_at: Timestamp(now.0 + expires_in * DAY_MS),
        limit: Money::new(limit, currency),
        blocked: false,
        history,
    };
    let opened = |to, id: &str| operator_server::SeedGrant { grant: grant(id), to };
    let opened_card = |id: &str| opened(LinkedTo::Card { id: id.to_owned() }, id);
    operator_server::Seed {
        grants: vec![
            opened(LinkedTo::Account { id: "a-bank".to_owned() }, "a-bank"),
            opened_card("c-visa"),
            opened_card("c-mastercard"),
        ],
        accounts: vec![account],
        cards: vec![
            card("c-visa", "4242", 400, 150_000, vec![booking(3, 27_320, "Groceries")]),
            card("c-mastercard", "5100", -20, 80_000, vec![]),
            card("c-new", "7733", 900, 60_000, vec![]),
        ],
        links: vec![operator_server::SeedLink {
            code: LINK_CODE.to_owned(),
            to: LinkedTo::Card { id: "c-new".to_owned() },
            kind: MethodKind::CreditCard,
            rides: ["mastercard", "amex", "jcb", "diners", "unionpay", "discover"]
                .map(|scheme| Ride {
                    scheme: SchemeId::new(scheme).expect("a scheme id of the registry"),
                    channel: Channel::Contactless,
                })
                .to_vec(),
        }],
    }
}
