//! Payments from the phone by a scanned code, by a shown one and contactless: terminal, wallet server and phone come to one truth.

mod account;
mod by_code;
mod by_key;
mod contactless;
mod counter;
mod cut_cable;
mod fragile;
mod killed;
mod store_code;

use std::time::Duration;

use domain::{
    Currency, Money,
    wire::{Charge, ChargeRequest, ChargeState, RefundRequest},
};
use signs::store_code::{SignedStoreCode, SigningKey, sign};
use terminal::{Keyed, new_id};
use testkit::{
    Cast, Visitor,
    town::{NOTHING_KNOWN, PASSWORD, TAKES_WALLET},
};
use tillsight::{
    PaymentAsk, PaymentProblem, SecretKind, WalletError,
    screen::{HistoryKind, NextStep, PaymentReason, PaymentScreen, PaymentState},
};

const CODE: &str = "739158";
const LONGEST: Duration = Duration::from_secs(20);

fn ask(id: u32) -> PaymentAsk {
    PaymentAsk { id: format!("0191d2a4-7c1e-7000-8000-{id:012}"), method_id: "wallet".to_owned() }
}

/// A till that asks for so much, and the code it shows.
fn charged(terminal: &Keyed, amount: i64) -> (Charge, String) {
    let asked = ChargeRequest::by_scan(Money::new(amount, Currency::EUR), None);
    let charge = terminal.charge(new_id().unwrap(), &asked).unwrap();
    let code = terminal.code(charge.id).unwrap().code;
    (charge, code)
}

/// A member with a settlement code, at the door of the store.
fn at_the_till(cast: &Cast) -> Visitor {
    let phone = cast.phone();
    let new = CODE.to_owned();
    phone.wallet.change_secret(SecretKind::SettlementCode, PASSWORD.to_owned(), new).unwrap();
    phone.wallet.sense_fix(phone.fix_at(&TAKES_WALLET)).unwrap();
    phone
}

/// What the payment screen says, in short.
fn told(screen: &PaymentScreen) -> (PaymentState, &str, &str, NextStep) {
    let amount = screen.amount.as_ref().map_or("", |amount| &amount.text);
    (screen.state, &screen.payee, amount, screen.next_step)
}

fn problem_of<T: std::fmt::Debug>(refused: Result<T, WalletError>) -> PaymentProblem {
    match refused {
        Err(WalletError::PaymentRefused { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

fn left(phone: &Visitor) -> i64 {
    phone.wallet.refresh().unwrap();
    phone.wallet.deposits().unwrap().wallets[0].balance.as_ref().unwrap().minor
}

/// What the operator says is left on the method.
fn left_on(cast: &Cast, phone: &Visitor, id: &str) -> i64 {
    // The server asks an operator every few seconds at most.
    cast.pass_at_the_server(Duration::from_secs(6));
    phone.wallet.refresh().unwrap();
    let methods = phone.wallet.methods().methods;
    let method = methods.into_iter().find(|method| method.id == id).unwrap();
    method.balance.unwrap().minor
}

#[test]
fn a_scanned_payment_is_agreed_to_in_the_servers_words_paid_once_and_its_refund_joins_it() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (charge, code) = charged(&terminal, 500);
    phone.wallet.sense_text(code.clone()).unwrap();
    let screen = phone.wallet.begin_payment(ask(1)).unwrap();
    assert_eq!(
        told(&screen),
        (PaymentState::ToApprove, TAKES_WALLET.name, "5.00 EUR", NextStep::Approve)
    );
    assert_eq!(screen.method, "Wallet");
    assert_eq!(terminal.charge_of(charge.id).unwrap().state, ChargeState::Paying);

    let another = phone.wallet.begin_payment(ask(2)).unwrap();
    assert_eq!(another.id, screen.id, "one code is one payment");
    let paid = phone.wallet.approve_payment(screen.id.clone(), CODE.to_owned()).unwrap();
    assert_eq!(paid.state, PaymentState::Done);
    let again = phone.wallet.approve_payment(screen.id.clone(), "000000".to_owned()).unwrap();
    assert_eq!(again.state, PaymentState::Done, "a second tap sends nothing");
    assert_eq!(phone.wallet.begin_payment(ask(3)).unwrap().id, screen.id, "it is paid already");
    assert_eq!(
        (left(&phone), terminal.charge_of(charge.id).unwrap().state),
        (750, ChargeState::Paid)
    );

    let asked = RefundRequest { amount: Money::new(200, Currency::EUR), cashier: None };
    let settlement = screen.id.parse().unwrap();
    terminal.refund(settlement, new_id().unwrap(), &asked).unwrap();
    let history = phone.wallet.history(None).unwrap();
    let paid = &history.rows[0];
    assert_eq!(
        (&paid.transfer, paid.kind, paid.change.minor),
        (&screen.id, HistoryKind::Use, -500)
    );
    assert_eq!(paid.store.as_ref(), Some(&screen.payee), "who was paid?");
    assert_eq!(paid.left.as_ref().map(|left| left.minor), Some(750));
    let [refund] = &paid.refunds[..] else { panic!("{paid:?}") };
    assert_eq!((refund.change.minor, paid.refunded.as_ref().unwrap().minor), (200, 200));
    assert_eq!(left(&phone), 950);
}

#[test]
fn a_wrong_settlement_code_pays_nothing_and_a_right_one_after_it_pays_once() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    phone.wallet.sense_text(charged(&terminal, 500).1).unwrap();
    let id = phone.wallet.begin_payment(ask(1)).unwrap().id;
    let wrong = phone.wallet.approve_payment(id.clone(), "111111".to_owned());
    assert_eq!(problem_of(wrong), PaymentProblem::WrongCode);
    assert_eq!(phone.wallet.payment().unwrap().unwrap().state, PaymentState::ToApprove);
    assert_eq!(left(&phone), 1_250);
    assert_eq!(
        phone.wallet.approve_payment(id, CODE.to_owned()).unwrap().state,
        PaymentState::Done
    );
    assert_eq!(left(&phone), 750);
}

#[test]
fn a_code_that_is_not_proven_in_its_place_or_no_payment_code_begins_nothing() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(1))), PaymentProblem::NoPaymentCode);
    phone.wallet.sense_text(cast.sign(&TAKES_WALLET).sign().code.clone()).unwrap();
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(1))), PaymentProblem::AmountMissing);
    let (charge, code) = charged(&terminal, 500);
    let genuine = SignedStoreCode::read(&code).unwrap();
    let forged = sign(genuine.unverified(), &SigningKey::from_bytes(&[9; 32])).unwrap();
    phone.wallet.sense_text(forged.to_text()).unwrap();
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(1))), PaymentProblem::CodeNotProven);
    phone.wallet.sense_text(code.clone()).unwrap();
    let visa = PaymentAsk { method_id: "visa".to_owned(), ..ask(1) };
    assert_eq!(problem_of(phone.wallet.begin_payment(visa)), PaymentProblem::MethodNotActive);
    let malformed = PaymentAsk { id: "1".to_owned(), ..ask(1) };
    assert_eq!(problem_of(phone.wallet.begin_payment(malformed)), PaymentProblem::IdMalformed);
    phone.pass(Duration::from_secs(600));
    phone.wallet.sense_fix(phone.fix_at(&NOTHING_KNOWN)).unwrap();
    let elsewhere = cast.phone();
    elsewhere.wallet.sense_fix(elsewhere.fix_at(&NOTHING_KNOWN)).unwrap();
    elsewhere.wallet.sense_text(code).unwrap();
    let carried = elsewhere.wallet.begin_payment(ask(1));
    assert_eq!(problem_of(carried), PaymentProblem::CodeFarFromItsPlace);
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(1))), PaymentProblem::NoPaymentCode);
    assert_eq!(terminal.charge_of(charge.id).unwrap().state, ChargeState::Open);
    assert_eq!(phone.wallet.payment().unwrap(), None);
}

#[test]
fn who_agrees_too_late_pays_nothing_and_is_told_to_scan_again() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (charge, code) = charged(&terminal, 500);
    phone.wallet.sense_text(code).unwrap();
    let id = phone.wallet.begin_payment(ask(1)).unwrap().id;
    cast.pass_at_the_server(Duration::from_secs(121));
    let late = phone.wallet.approve_payment(id.clone(), CODE.to_owned()).unwrap();
    assert_eq!((late.state, late.next_step), (PaymentState::Expired, NextStep::ScanAgain));
    assert_eq!(terminal.charge_of(charge.id).unwrap().state, ChargeState::Open);
    let code = terminal.code(charge.id).unwrap().code;
    phone.pass(Duration::from_secs(121));
    phone.wallet.refresh().unwrap();
    phone.wallet.sense_text(code).unwrap();
    let anew = phone.wallet.begin_payment(ask(2)).unwrap();
    assert_eq!(anew.state, PaymentState::ToApprove);
    assert_eq!(left(&phone), 1_250);
}

#[test]
fn what_nobody_agreed_to_in_time_is_told_without_a_tap() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    phone.wallet.sense_text(charged(&terminal, 500).1).unwrap();
    phone.wallet.begin_payment(ask(1)).unwrap();
    cast.pass_at_the_server(Duration::from_secs(121));
    phone.pass(Duration::from_secs(121));
    phone.wallet.payment().unwrap();
    let told = phone.await_payment(LONGEST, |screen| screen.state != PaymentState::ToApprove);
    assert_eq!(told.expect("nothing was told").state, PaymentState::Expired);
}

#[test]
fn a_charge_that_was_taken_back_or_is_too_high_is_declined_with_what_to_do() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (charge, code) = charged(&terminal, 500);
    terminal.end(charge.id).unwrap();
    phone.wallet.sense_text(code).unwrap();
    let screen = phone.wallet.begin_payment(ask(1)).unwrap();
    assert_eq!(screen.reason, Some(PaymentReason::NoCharge));
    assert_eq!((screen.state, screen.next_step), (PaymentState::Declined, NextStep::AskCashier));
    assert_eq!(phone.wallet.begin_payment(ask(1)).unwrap().state, PaymentState::Declined);
    // More than is left: the settlement screen says so, and no method is to be tapped.
    phone.wallet.sense_text(charged(&terminal, 9_000).1).unwrap();
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(2))), PaymentProblem::MethodNotActive);
    assert_eq!(left(&phone), 1_250);
}

#[test]
fn who_gives_up_pays_nothing_and_frees_the_charge_and_who_paid_cannot() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (charge, code) = charged(&terminal, 500);
    phone.wallet.sense_text(code).unwrap();
    let id = phone.wallet.begin_payment(ask(1)).unwrap().id;
    phone.wallet.sense_text(charged(&terminal, 300).1).unwrap();
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(2))), PaymentProblem::UnderWay);
    let screen = phone.wallet.cancel_payment(id.clone()).unwrap();
    assert_eq!((screen.state, screen.next_step), (PaymentState::Cancelled, NextStep::Nothing));
    assert_eq!(terminal.charge_of(charge.id).unwrap().state, ChargeState::Open);
    let late = phone.wallet.approve_payment(id, CODE.to_owned()).unwrap();
    assert_eq!(late.state, PaymentState::Cancelled);
    let id = phone.wallet.begin_payment(ask(2)).unwrap().id;
    phone.wallet.approve_payment(id.clone(), CODE.to_owned()).unwrap();
    assert_eq!(problem_of(phone.wallet.cancel_payment(id)), PaymentProblem::AlreadyApproved);
    let unknown = phone.wallet.cancel_payment("no id".to_owned());
    assert_eq!(problem_of(unknown), PaymentProblem::NotFound);
    assert_eq!(left(&phone), 950);
}
