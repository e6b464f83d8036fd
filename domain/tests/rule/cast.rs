//! Stores, methods and asks of the rule's tests, in few words.

use domain::{
    Acceptance, Accepted, Ask, Balance, Channel, Choice, Claim, Currency, Method, MethodId,
    MethodKind, Money, Registered, Ride, SchemeId, Source, Timestamp,
    rule::{Answer, Question, State, StoreInQuestion, judge},
};

pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

/// `"visa/contactless"` is taken, `"!visa/contactless"` refused; what is not named is unknown.
pub fn store(claims: &[&str]) -> Accepted {
    claims
        .iter()
        .map(|claim| {
            let (acceptance, pair) = match claim.strip_prefix('!') {
                Some(pair) => (Acceptance::Refused, pair),
                None => (Acceptance::Accepted, *claim),
            };
            let (scheme, channel) = ride(pair);
            Claim { scheme, channel, acceptance, source: Source::Store, as_of: NOW }
        })
        .collect()
}

pub fn ride(pair: &str) -> (SchemeId, Channel) {
    let (scheme, channel) = pair.split_once('/').expect("scheme/channel");
    let channel = match channel {
        "contactless" => Channel::Contactless,
        "scan" => Channel::Scan,
        "code" => Channel::Code,
        other => panic!("no channel {other}"),
    };
    (SchemeId::new(scheme).expect("a scheme id"), channel)
}

/// A method with this balance in cents, used this often.
pub fn registered(name: &str, rides: &[&str], left: i64, times_used: u32) -> Registered {
    Registered {
        method: Method {
            id: MethodId(name.to_owned()),
            kind: MethodKind::CodePayment,
            name: name.to_owned(),
            rides: rides
                .iter()
                .map(|pair| {
                    let (scheme, channel) = ride(pair);
                    Ride { scheme, channel }
                })
                .collect(),
            expires_at: None,
            blocked: false,
            minimum: None,
        },
        balance: Some(Balance { left: Money::new(left, Currency::EUR), as_of: NOW }),
        operator_down: false,
        times_used,
    }
}

pub fn a_pay() -> Registered {
    registered("A Pay", &["paypay/code"], 1_000, 9)
}

pub fn card() -> Registered {
    let mut card = registered("Card", &["visa/contactless"], 50_000, 3);
    card.method.kind = MethodKind::CreditCard;
    card
}

pub fn money() -> Registered {
    registered("Wallet", &["tillsight/scan", "tillsight/code"], 2_000, 5)
}

pub fn changed(mut method: Registered, change: impl FnOnce(&mut Registered)) -> Registered {
    change(&mut method);
    method
}

pub fn ask() -> Ask {
    Ask::at(NOW)
}

/// The rule over stores of the euro area, each half as likely as the one before, and one of them for
/// certain.
pub fn over(stores: &[&Accepted], registered: &[Registered], ask: &Ask) -> Answer {
    let halves = stores.iter().scan(1.0, |share, _| {
        *share /= 2.0;
        Some(*share)
    });
    let all: f64 = halves.clone().sum();
    let stores: Vec<_> = stores.iter().copied().zip(halves.map(|share| share / all)).collect();
    weighed(&stores, registered, ask)
}

/// The rule over stores of the euro area with these probabilities.
pub fn weighed(stores: &[(&Accepted, f64)], registered: &[Registered], ask: &Ask) -> Answer {
    let in_question = |&(accepted, probability): &(_, f64)| StoreInQuestion {
        probability,
        accepted,
        currency: Currency::EUR,
    };
    let stores: Vec<_> = stores.iter().map(in_question).collect();
    judge(&Question { stores: &stores, registered, code: None, ask })
}

pub fn paying(cents: i64) -> Ask {
    Ask { amount: Some(Money::new(cents, Currency::EUR)), ..ask() }
}

pub fn choosing(choice: Choice) -> Ask {
    Ask { choice, ..ask() }
}

/// One word for each method, in order: the state, or the reason of an inactive one.
pub fn states(answer: &Answer) -> Vec<String> {
    answer
        .standings
        .iter()
        .map(|standing| {
            let word = match standing.state {
                State::Inactive => serde_json::to_value(standing.reason),
                state => serde_json::to_value(state),
            };
            word.unwrap().as_str().expect("an inactive method has a reason").to_owned()
        })
        .collect()
}
