//! Requests over few accounts and few ids, so that random ones meet each other.

use ledger::{Account, Action, Amount, Currency, Owner, Request, TransferId};
use proptest::prelude::*;
use uuid::Uuid;

pub fn wallet(number: u128) -> Account {
    Account::new(Owner::Member(Uuid::from_u128(number)), Currency::EUR)
}

pub fn outside() -> Account {
    Account::new(Owner::Outside { part: 3 }, Currency::EUR)
}

pub fn store() -> Account {
    Account::new(Owner::Store(Uuid::from_u128(9)), Currency::EUR)
}

pub fn yen(number: u128) -> Account {
    Account::new(Owner::Member(Uuid::from_u128(number)), Currency::JPY)
}

pub fn id(number: u128) -> TransferId {
    TransferId::from_u128(number)
}

pub fn amount(minor_units: i64) -> Amount {
    Amount::new(minor_units).unwrap()
}

pub fn post(number: u128, debit: Account, credit: Account, units: i64) -> Request {
    let action = Action::Post { debit, credit, amount: amount(units) };
    Request { id: id(number), action }
}

pub fn pending(number: u128, debit: Account, credit: Account, units: i64, ms: u32) -> Request {
    let action = Action::Pending { debit, credit, amount: amount(units), lasts_ms: Some(ms) };
    Request { id: id(number), action }
}

pub fn post_pending(number: u128, pending: u128, units: i64) -> Request {
    let action = Action::PostPending { pending: id(pending), amount: amount(units) };
    Request { id: id(number), action }
}

pub fn void(number: u128, pending: u128) -> Request {
    Request { id: id(number), action: Action::Void { pending: id(pending) } }
}

pub fn expire(number: u128, pending: u128) -> Request {
    Request { id: id(number), action: Action::Expire { pending: id(pending) } }
}

pub fn refund(number: u128, of: u128, units: i64) -> Request {
    Request { id: id(number), action: Action::Refund { of: id(of), amount: amount(units) } }
}

fn account() -> impl Strategy<Value = Account> {
    prop::sample::select(vec![
        wallet(1),
        wallet(1),
        wallet(2),
        outside(),
        outside(),
        store(),
        yen(1),
        Account::new(Owner::Outside { part: 0 }, Currency::JPY),
    ])
}

fn units() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 1..50i64,
        1 => Just(i64::MAX),
        1 => Just(i64::MAX - 1),
        1 => i64::MAX / 2..i64::MAX / 2 + 3,
    ]
}

/// A request, and by how much the clock moves before it: mostly on, sometimes back.
pub fn request() -> impl Strategy<Value = (Request, i64)> {
    let number = 1..30u128;
    let steps = prop_oneof![6 => 0..40i64, 1 => -3_600_000..3_600_000i64];
    let parts = (number.clone(), number, account(), account(), units(), 1..100u32, 0..8u8, steps);
    parts.prop_map(|(own, other, debit, credit, units, ms, choice, step)| {
        let request = match choice {
            0..=2 => post(own, debit, credit, units),
            3 => pending(own, debit, credit, units, ms),
            4 => post_pending(own, other, units),
            5 => void(own, other),
            6 => expire(own, other),
            _ => refund(own, other, units),
        };
        (request, step)
    })
}

pub fn sequence() -> impl Strategy<Value = Vec<(Request, i64)>> {
    prop::collection::vec(request(), 1..120)
}
