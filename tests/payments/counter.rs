//! The counter that a store's page shows: what was paid there, given back, closed, and found again.

use domain::wire::ChargeState;
use terminal::Counter;

use super::*;

/// No code is renewed by then.
const NOW_MS: i64 = 0;

fn counter(cast: &Cast) -> Counter {
    let sign = cast.sign(&TAKES_WALLET);
    Counter::new(cast.terminal(&TAKES_WALLET), &sign.sign().store)
}

fn total(counter: &Counter) -> i64 {
    counter.json()["total"]["minor"].as_i64().unwrap()
}

fn pay(phone: &Visitor, counter: &mut Counter, number: u32, amount: i64) {
    counter.charge(amount).unwrap();
    let code = counter.code().unwrap().url.clone();
    phone.wallet.sense_text(code).unwrap();
    let begun = phone.wallet.begin_payment(ask(number)).unwrap();
    let paid = phone.wallet.approve_payment(begun.id, CODE.to_owned()).unwrap();
    assert_eq!(paid.state, PaymentState::Done);
    while counter.is_busy() {
        counter.look(NOW_MS);
    }
}

#[test]
fn what_a_counter_was_paid_is_its_day_until_that_is_closed() {
    let cast = Cast::assemble();
    let (phone, mut counter) = (at_the_till(&cast), counter(&cast));
    pay(&phone, &mut counter, 1, 400);
    pay(&phone, &mut counter, 2, 250);
    assert_eq!((counter.settlements().len(), total(&counter)), (2, 650));
    let (settlement, _) = counter.settlements()[0];
    counter.refund(settlement, 150, Some("Marta".to_owned())).unwrap();
    assert_eq!(total(&counter), 500);
    assert!(counter.refund(settlement, 300, None).is_err(), "more than is left of it");
    assert_eq!(total(&counter), 500);
    counter.close().unwrap();
    let closed = counter.json()["closed"]["sums"][0].clone();
    assert_eq!((closed["captured"].as_i64(), closed["refunded"].as_i64()), (Some(650), Some(150)));
    assert_eq!(total(&counter), 0);
}

#[test]
fn a_counter_that_was_switched_off_goes_on_with_its_day_and_its_open_charge() {
    let cast = Cast::assemble();
    let folder = tempfile::tempdir().unwrap();
    let day = folder.path().join("day.jsonl");
    let (phone, mut before) = (at_the_till(&cast), counter(&cast));
    before.keep_day(day.clone()).unwrap();
    pay(&phone, &mut before, 1, 400);
    before.charge(300).unwrap();
    before.end().unwrap();
    before.charge(250).unwrap();
    // Switched off in the middle.
    drop(before);
    let mut after = counter(&cast);
    after.keep_day(day).unwrap();
    assert_eq!((after.settlements().len(), total(&after)), (1, 400));
    assert!(after.is_busy());
    assert_eq!(after.json()["amount"]["minor"], 250);
    after.look(NOW_MS);
    assert!(after.code().is_some(), "its code is shown again");
    after.end().unwrap();
    assert_eq!(after.json()["state"], serde_json::to_value(None::<ChargeState>).unwrap());
}
