//! The member who walks: the methods, and the accounts and cards behind them.
//!
//! Amounts are minor units, chosen so that they are plausible in euro cents and in yen alike.

use domain::{
    Channel, Currency, Method, MethodId, MethodKind, Money, Ride, SchemeId, Timestamp,
    wire::{Grant, LinkedTo},
};
use testkit::Phone;
use tillsight::{SecretKind, WalletError};
use wallet_server::{Backing, StoredMethod};

/// What the member logs in with.
pub const USER_ID: &str = "hanako";
/// Only ever used against servers of this process.
pub const PASSWORD: &str = "correct horse battery staple";

/// What the member agrees to payments with. So long that nothing else holds it by chance.
pub const SETTLEMENT_CODE: &str = "604817293516";

/// The operator with the member's account.
const BANK: &str = "bank";
/// The operator with the member's cards.
const CARDS: &str = "cards";

/// What the operator of the cards gave the member to register a card that is in no wallet yet. One
/// card of all brands, so that it answers whatever the store at hand suggests.
pub const LINK_CODE: &str = "cards:TRY-7733-CARD-2604";

/// The scheme and the code of an account at the bank that is in no wallet yet.
pub const BANK_CODE: (&str, &str) = ("bancomat", "bank:TRY-1845-BANK-2604");
/// The scheme and the code of a card that is in no wallet yet.
pub const CARD_CODE: (&str, &str) = ("visa", "cards:TRY-5518-CARD-2604");

/// The same of an account and a card for whoever joins on the page.
pub const DESK_CODES: [(&str, &str); 2] =
    [("bancomat", "bank:TRY-2290-DESK-2604"), ("visa", "cards:TRY-6641-DESK-2604")];

const DAY_MS: i64 = 86_400_000;

/// What opens the member's money to whoever knows it.
pub struct Secrets {
    /// With [`USER_ID`].
    pub password: String,
    /// To agree to payments.
    pub settlement_code: String,
}

impl Secrets {
    /// Those that everybody knows who reads this file, for servers that only this machine reaches.
    pub fn known() -> Self {
        Self { password: PASSWORD.to_owned(), settlement_code: SETTLEMENT_CODE.to_owned() }
    }

    /// Gives the member others, made by chance, from a phone.
    ///
    /// # Errors
    /// When the server refuses them or is not reached.
    pub fn made_by_chance(phone: &Phone) -> anyhow::Result<Self> {
        let mut chance = [0; 16];
        getrandom::fill(&mut chance)?;
        let password = data_encoding::BASE32_NOPAD.encode(&chance).to_lowercase();
        let mut digits = [0; 8];
        getrandom::fill(&mut digits)?;
        let settlement_code = format!("{:012}", u64::from_le_bytes(digits) % 1_000_000_000_000);
        log_in(phone)?;
        let change = |kind, present: &str, new: &str| {
            phone.wallet.change_secret(kind, present.to_owned(), new.to_owned())
        };
        change(SecretKind::Password, PASSWORD, &password)?;
        change(SecretKind::SettlementCode, SETTLEMENT_CODE, &settlement_code)?;
        phone.wallet.log_out()?;
        testkit::secret("password", &password);
        testkit::secret("settlement code", &settlement_code);
        Ok(Self { password, settlement_code })
    }
}

/// Logs the member in on a phone.
pub fn log_in(phone: &Phone) -> Result<(), WalletError> {
    phone.wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned())
}

/// Gives the member a settlement code, from a phone.
pub fn set_settlement_code(phone: &Phone) -> anyhow::Result<()> {
    testkit::secret("settlement code", SETTLEMENT_CODE);
    log_in(phone)?;
    let (present, new) = (PASSWORD.to_owned(), SETTLEMENT_CODE.to_owned());
    phone.wallet.change_secret(SecretKind::SettlementCode, present, new)?;
    Ok(phone.wallet.log_out()?)
}

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
    let account = |id: &str| Backing::Account {
        operator: BANK.to_owned(),
        id: id.to_owned(),
        grant: grant(id),
    };
    let card = |id: &str| Backing::Card {
        operator: CARDS.to_owned(),
        id: id.to_owned(),
        grant: grant(id),
    };
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
            &[("tillsight", Scan), ("tillsight", Contactless), ("tillsight", Code)],
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

/// What each settlement operator knows of the member, by the operators' names.
pub fn operators(currency: Currency, now: Timestamp) -> [(&'static str, operator_server::Seed); 2] {
    [(BANK, bank(currency, now)), (CARDS, cards(currency, now))]
}

fn booking(now: Timestamp, days: i64, amount: i64, text: &str) -> operator_server::SeedBooking {
    let at = Timestamp(now.0 - days * DAY_MS);
    operator_server::SeedBooking { at, amount, text: text.to_owned() }
}

fn bank(currency: Currency, now: Timestamp) -> operator_server::Seed {
    let account = operator_server::SeedAccount {
        id: "a-bank".to_owned(),
        owner: "The member".to_owned(),
        name: "Current account".to_owned(),
        number_end: "0071".to_owned(),
        currency,
        blocked: false,
        history: vec![booking(now, 20, 184_000, "Salary"), booking(now, 6, -61_250, "Rent")],
    };
    let to = LinkedTo::Account { id: "a-bank".to_owned() };
    let new = operator_server::SeedAccount {
        id: "a-new".to_owned(),
        name: "Savings account".to_owned(),
        number_end: "1845".to_owned(),
        history: vec![booking(now, 9, 40_000, "Gift")],
        ..account.clone()
    };
    let desk = operator_server::SeedAccount {
        id: "a-desk".to_owned(),
        number_end: "2290".to_owned(),
        history: vec![booking(now, 12, 90_000, "Salary")],
        ..account.clone()
    };
    let linked = LinkedTo::Account { id: new.id.clone() };
    let of_desk = LinkedTo::Account { id: desk.id.clone() };
    operator_server::Seed {
        accounts: vec![account, new, desk],
        cards: Vec::new(),
        grants: vec![operator_server::SeedGrant { grant: grant("a-bank"), to }],
        links: vec![
            link(BANK_CODE.1, linked, MethodKind::BankAccount, &[BANK_CODE.0]),
            link(DESK_CODES[0].1, of_desk, MethodKind::BankAccount, &[DESK_CODES[0].0]),
        ],
    }
}

/// The code is the one after the operator's name.
fn link(code: &str, to: LinkedTo, kind: MethodKind, schemes: &[&str]) -> operator_server::SeedLink {
    let code = code.split_once(':').map_or(code, |(_, code)| code).to_owned();
    let ride = |scheme: &&str| Ride {
        scheme: SchemeId::new(scheme).expect("a scheme id of the registry"),
        channel: Channel::Contactless,
    };
    operator_server::SeedLink { code, to, kind, rides: schemes.iter().map(ride).collect() }
}

fn cards(currency: Currency, now: Timestamp) -> operator_server::Seed {
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
    let opened = |id: &str| operator_server::SeedGrant {
        grant: grant(id),
        to: LinkedTo::Card { id: id.to_owned() },
    };
    operator_server::Seed {
        grants: vec![opened("c-visa"), opened("c-mastercard")],
        accounts: Vec::new(),
        cards: vec![
            card("c-visa", "4242", 400, 150_000, vec![booking(now, 3, 27_320, "Groceries")]),
            card("c-mastercard", "5100", -20, 80_000, vec![]),
            card("c-new", "7733", 900, 60_000, vec![]),
            card("c-other", "5518", 700, 50_000, vec![]),
            card("c-desk", "6641", 800, 70_000, vec![]),
        ],
        links: vec![
            link(
                LINK_CODE,
                LinkedTo::Card { id: "c-new".to_owned() },
                MethodKind::CreditCard,
                &["mastercard", "amex", "jcb", "diners", "unionpay", "discover"],
            ),
            link(
                CARD_CODE.1,
                LinkedTo::Card { id: "c-other".to_owned() },
                MethodKind::CreditCard,
                &[CARD_CODE.0],
            ),
            link(
                DESK_CODES[1].1,
                LinkedTo::Card { id: "c-desk".to_owned() },
                MethodKind::CreditCard,
                &[DESK_CODES[1].0],
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::{Cast, Lists, on_a_phone};

    #[tokio::test(flavor = "multi_thread")]
    async fn secrets_made_by_chance_open_what_the_known_ones_no_longer_do() {
        let cast = Cast::assemble(None, 1, 0, Lists::Real).await.unwrap();
        on_a_phone(&cast.servers, |phone| {
            let made = Secrets::made_by_chance(phone)?;
            assert!(log_in(phone).is_err(), "the known password still opens it");
            Ok(phone.wallet.log_in(USER_ID.to_owned(), made.password)?)
        })
        .unwrap();
        cast.servers.stop().await;
    }
}
