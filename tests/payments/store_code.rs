//! Payments by a store's own code, which names no amount: the member types it, and it has bounds.

use tillsight::{ChoiceKind, MemberAsk};

use super::*;

fn typed(phone: &Visitor, amount: i64, currency: &str) {
    let (amount_minor, currency) = (Some(amount), Some(currency.to_owned()));
    let choice = ChoiceKind::All;
    phone.wallet.ask(MemberAsk { amount_minor, currency, choice, phone_has_nfc: true });
}

/// The most that may be typed, and what was.
fn to_type(phone: &Visitor) -> (Option<String>, Option<String>) {
    let note = phone.wallet.screen().code.expect("a code was scanned");
    (note.typed_up_to.map(|most| most.text), note.amount.map(|typed| typed.text))
}

fn scan(phone: &Visitor, cast: &Cast) {
    phone.wallet.sense_text(cast.sign(&TAKES_WALLET).sign().code.clone()).unwrap();
}

#[test]
fn what_the_member_types_is_paid_to_the_store_of_the_code_closed_by_it_and_given_back() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    scan(&phone, &cast);
    assert_eq!(to_type(&phone), (Some("50.00 EUR".to_owned()), None));
    typed(&phone, 320, "EUR");
    assert_eq!(to_type(&phone).1.as_deref(), Some("3.20 EUR"));
    let screen = phone.wallet.begin_payment(ask(1)).unwrap();
    assert_eq!(
        told(&screen),
        (PaymentState::ToApprove, TAKES_WALLET.name, "3.20 EUR", NextStep::Approve)
    );
    assert_eq!(phone.wallet.begin_payment(ask(2)).unwrap().id, screen.id, "a double tap");
    typed(&phone, 330, "EUR");
    assert_eq!(problem_of(phone.wallet.begin_payment(ask(2))), PaymentProblem::UnderWay);
    assert_eq!(left(&phone), 1_250, "nothing before the member agrees");
    let paid = phone.wallet.approve_payment(screen.id.clone(), CODE.to_owned()).unwrap();
    assert_eq!((paid.state, left(&phone)), (PaymentState::Done, 930));

    // The same code hangs there for the next payment.
    typed(&phone, 100, "EUR");
    let next = phone.wallet.begin_payment(ask(3)).unwrap();
    assert_ne!(next.id, screen.id);
    phone.wallet.cancel_payment(next.id).unwrap();
    let closing = terminal.close(new_id().unwrap()).unwrap();
    assert_eq!((closing.sums[0].settlements, closing.sums[0].captured), (1, 320));
    let asked = RefundRequest { amount: Money::new(320, Currency::EUR), cashier: None };
    terminal.refund(screen.id.parse().unwrap(), new_id().unwrap(), &asked).unwrap();
    assert_eq!(left(&phone), 1_250);
}

#[test]
fn a_store_code_without_a_place_an_amount_or_below_the_limit_begins_nothing() {
    let cast = Cast::assemble();
    let phone = at_the_till(&cast);
    let refused = || problem_of(phone.wallet.begin_payment(ask(1)));
    scan(&phone, &cast);
    for (amount, currency, problem) in [
        (0, "EUR", PaymentProblem::AmountMissing),
        (-5, "EUR", PaymentProblem::AmountMissing),
        (320, "JPY", PaymentProblem::AmountMissing),
        (5_001, "EUR", PaymentProblem::AmountTooHigh),
    ] {
        typed(&phone, amount, currency);
        assert_eq!(refused(), problem, "{amount} {currency}");
        assert_eq!(to_type(&phone).1, None, "{amount} {currency}");
    }
    typed(&phone, 320, "EUR");
    let genuine = SignedStoreCode::read(&cast.sign(&TAKES_WALLET).sign().code).unwrap();
    let forged = sign(genuine.unverified(), &SigningKey::from_bytes(&[9; 32])).unwrap();
    phone.wallet.sense_text(forged.to_text()).unwrap();
    assert_eq!(refused(), PaymentProblem::CodeNotProven);
    assert_eq!(to_type(&phone), (None, None), "typed for a forgery");
    phone.pass(Duration::from_secs(600));
    phone.wallet.sense_fix(phone.fix_at(&NOTHING_KNOWN)).unwrap();
    scan(&phone, &cast);
    assert_eq!(refused(), PaymentProblem::CodeFarFromItsPlace, "pasted over another");
    assert_eq!(to_type(&phone), (None, None), "typed for a code of elsewhere");
    let nowhere = cast.phone();
    scan(&nowhere, &cast);
    typed(&nowhere, 320, "EUR");
    assert_eq!(problem_of(nowhere.wallet.begin_payment(ask(1))), PaymentProblem::PlaceUnknown);
    assert_eq!(phone.wallet.payment().unwrap(), None);
}
