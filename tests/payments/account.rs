//! A payment by a linked bank account: reserved, authorised and captured at its operator, given back in parts.

use testkit::town::{ACCOUNT_LINK_CODE, TAKES_CARDS};
use tillsight::screen::{KindOfMethod, WhyNot};

use super::{
    by_code::comes_to,
    contactless::{charge, held},
    *,
};

#[test]
fn a_linked_account_pays_at_its_bank_gets_money_back_and_its_receipt_is_the_members() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_CARDS));
    let (wallet, scheme) = (&phone.wallet, "mastercard".to_owned());
    wallet.register_method(scheme, ACCOUNT_LINK_CODE.to_owned()).unwrap();
    let methods = wallet.methods().methods;
    let account = methods.iter().find(|method| method.kind == KindOfMethod::BankAccount).unwrap();
    let left = || left_on(&cast, &phone, &account.id);
    assert_eq!(left(), 80_000);

    let asked = PaymentAsk { method_id: account.id.clone(), ..ask(1) };
    let id = wallet.hold_to_reader(asked).unwrap().id;
    wallet.payment_open(true);
    let amount = Money::new(1_250, Currency::EUR);
    let token = held(&phone, true).unwrap();
    let charged = charge(&terminal, &ChargeRequest::contactless(amount, None, token)).unwrap();
    let screen = comes_to(&phone, PaymentState::ToApprove);
    assert_eq!(
        told(&screen),
        (PaymentState::ToApprove, TAKES_CARDS.name, "12.50 EUR", NextStep::Approve)
    );
    assert_eq!(left(), 80_000, "nothing before the member agrees");
    let answered = wallet.approve_payment(id.clone(), CODE.to_owned()).unwrap();
    let is_done = answered.state == PaymentState::Done;
    let paid = if is_done { answered } else { comes_to(&phone, PaymentState::Done) };
    assert_eq!((&paid.method, left()), (&account.name, 78_750));
    assert_eq!(terminal.charge_of(charged.id).unwrap().state, ChargeState::Paid);

    for (part, left_then) in [(250, 79_000), (1_000, 80_000)] {
        let asked = RefundRequest { amount: Money::new(part, Currency::EUR), cashier: None };
        terminal.refund(id.parse().unwrap(), new_id().unwrap(), &asked).unwrap();
        assert_eq!(left(), left_then);
    }
    let asked = RefundRequest { amount: Money::new(1, Currency::EUR), cashier: None };
    let beyond = terminal.refund(id.parse().unwrap(), new_id().unwrap(), &asked);
    assert!(beyond.is_err(), "more than was paid");
    let history = wallet.history(None).unwrap();
    let row = &history.rows[0];
    assert_eq!((&row.transfer, &row.method, row.change.minor), (&id, &account.name, -1_250));
    assert_eq!((row.store.as_deref(), &row.left), (Some(TAKES_CARDS.name), &None));
    let back: Vec<i64> = row.refunds.iter().map(|refund| refund.change.minor).collect();
    assert_eq!((row.refunded.as_ref().unwrap().minor, back), (1_250, vec![1_000, 250]));
    let files = wallet.receipt(id).unwrap();
    for said in [TAKES_CARDS.name, "12.50 EUR", "2.50 EUR", "10.00 EUR", &account.name] {
        assert!(files.page.contains(said), "{said}: {}", files.page);
    }
}

#[test]
fn an_account_that_does_not_hold_enough_pays_nothing() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_CARDS));
    let wallet = &phone.wallet;
    wallet.register_method("mastercard".to_owned(), ACCOUNT_LINK_CODE.to_owned()).unwrap();
    let methods = wallet.methods().methods;
    let account = methods.iter().find(|method| method.kind == KindOfMethod::BankAccount).unwrap();
    wallet.hold_to_reader(PaymentAsk { method_id: account.id.clone(), ..ask(1) }).unwrap();
    wallet.payment_open(true);
    let token = held(&phone, true).unwrap();
    let amount = Money::new(80_001, Currency::EUR);
    charge(&terminal, &ChargeRequest::contactless(amount, None, token)).unwrap();
    let screen = comes_to(&phone, PaymentState::Declined);
    assert_eq!(screen.why_not, Some(WhyNot::BalanceTooLow));
    assert_eq!(left_on(&cast, &phone, &account.id), 80_000);
}
