//! Payments by holding the phone to a terminal's reader: ISO 7816 over a byte stream, then as any other.

use domain::wire::{ChargeRequest, SignedReceipt, StatusWord};
use terminal::{Refusal, read_token};
use testkit::{hold, town::TAKES_CARDS};
use tillsight::{MemberAsk, RequestProblem, UnlockLimit, screen::ChannelKind};

use super::{by_code::comes_to, *};

pub fn held(phone: &Visitor, unlocked: bool) -> anyhow::Result<String> {
    let held = hold(&phone.wallet, unlocked).unwrap();
    let read = read_token(&held.at.to_string());
    held.taken_away().unwrap();
    read
}

pub fn charge(terminal: &Keyed, asked: &ChargeRequest) -> anyhow::Result<Charge> {
    terminal.charge(new_id().unwrap(), asked)
}

#[test]
fn a_phone_held_to_the_reader_is_charged_agreed_to_and_paid_once() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let begun = phone.wallet.hold_to_reader(ask(1)).unwrap();
    assert_eq!(
        (begun.channel, begun.next_step),
        (ChannelKind::Contactless, NextStep::HoldToReader)
    );
    assert_eq!((begun.code, begun.bright), (None, false), "nothing to be photographed");
    assert_eq!(phone.wallet.hold_to_reader(ask(2)).unwrap().id, begun.id, "a double tap");
    phone.wallet.payment_open(true);
    let token = held(&phone, true).unwrap();
    assert_eq!(held(&phone, true).unwrap(), token, "held there twice");
    let amount = Money::new(500, Currency::EUR);
    let shown = charge(&terminal, &ChargeRequest::by_code(amount, None, token.clone()));
    let refused = shown.unwrap_err().downcast::<Refusal>().unwrap();
    assert_eq!(refused.code(), "token_of_other_channel");
    let asked = charge(&terminal, &ChargeRequest::contactless(amount, None, token)).unwrap();
    let screen = comes_to(&phone, PaymentState::ToApprove);
    assert_eq!(
        told(&screen),
        (PaymentState::ToApprove, TAKES_WALLET.name, "5.00 EUR", NextStep::Approve)
    );
    assert!(!screen.elsewhere);
    assert!(held(&phone, true).is_err(), "it has been charged");
    assert_eq!(left(&phone), 1_250, "nothing before the member agrees");
    let paid = phone.wallet.approve_payment(screen.id, CODE.to_owned()).unwrap();
    assert_eq!((paid.state, paid.channel), (PaymentState::Done, ChannelKind::Contactless));
    assert_eq!(terminal.charge_of(asked.id).unwrap().state, ChargeState::Paid);
    assert_eq!(left(&phone), 750);
}

#[test]
fn a_phone_that_is_locked_closed_or_pays_otherwise_hands_nothing_over_and_says_why() {
    let cast = Cast::assemble();
    let phone = at_the_till(&cast);
    let refused = |unlocked| format!("{:#}", held(&phone, unlocked).unwrap_err());
    phone.wallet.payment_open(true);
    assert!(refused(true).contains("no payment is open"));
    phone.wallet.show_payment_code(ask(1)).unwrap();
    assert!(refused(true).contains("no payment is open"), "a shown code is for a camera");
    phone.wallet.cancel_payment(ask(1).id).unwrap();
    phone.wallet.hold_to_reader(ask(2)).unwrap();
    assert!(refused(false).contains("unlock"));
    phone.wallet.payment_open(false);
    assert!(refused(true).contains("no payment is open"));
    phone.wallet.payment_open(true);
    assert!(held(&phone, true).is_ok());
    phone.wallet.reader_left();
    for command in [vec![], vec![0; 5_000], vec![0x80, 0xCA, 0x00, 0xC1, 0x00]] {
        let word = match command.len() {
            5 => StatusWord::OutOfOrder,
            _ => StatusWord::WrongLength,
        };
        assert_eq!(phone.wallet.answer_reader(command, true), word.bytes());
    }
    phone.pass(Duration::from_secs(61));
    assert!(refused(true).contains("no payment is open"), "its time is over");
}

#[test]
fn a_phone_without_nfc_says_so_before_anything_is_begun() {
    let cast = Cast::assemble();
    let phone = at_the_till(&cast);
    let (amount_minor, currency, choice) = (None, None, tillsight::ChoiceKind::All);
    phone.wallet.ask(MemberAsk { amount_minor, currency, choice, phone_has_nfc: false });
    let refused = phone.wallet.hold_to_reader(ask(1));
    assert_eq!(problem_of(refused), PaymentProblem::NoContactless);
    assert_eq!(phone.wallet.payment().unwrap(), None);
}

#[test]
fn a_card_is_charged_by_its_operator_given_back_and_its_receipt_is_the_members() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_CARDS));
    let left = || left_on(&cast, &phone, "visa");
    let before = left();
    let begun = phone.wallet.hold_to_reader(PaymentAsk { method_id: "visa".to_owned(), ..ask(1) });
    phone.wallet.payment_open(true);
    let token = held(&phone, true).unwrap();
    let amount = Money::new(500, Currency::EUR);
    charge(&terminal, &ChargeRequest::contactless(amount, None, token)).unwrap();
    let asked = comes_to(&phone, PaymentState::ToApprove);
    assert!(asked.elsewhere, "the till is two streets away: was the code relayed?");
    let id = begun.unwrap().id;
    let unpaid = phone.wallet.receipt(id.clone()).unwrap_err();
    let is_unpaid = |error| {
        matches!(error, WalletError::RequestRefused { problem: RequestProblem::NotPaid, .. })
    };
    assert!(is_unpaid(unpaid));
    let told = phone.wallet.approve_payment(id.clone(), CODE.to_owned()).unwrap();
    let is_done = told.state == PaymentState::Done;
    let paid = if is_done { told } else { comes_to(&phone, PaymentState::Done) };
    assert_eq!((paid.method.as_str(), before - left()), ("Visa", 500));
    let asked = RefundRequest { amount: Money::new(200, Currency::EUR), cashier: None };
    terminal.refund(id.parse().unwrap(), new_id().unwrap(), &asked).unwrap();
    assert_eq!(before - left(), 300);

    let files = phone.wallet.receipt(id).unwrap();
    for said in [TAKES_CARDS.name, "5.00 EUR", "2.00 EUR", "Visa"] {
        assert!(files.page.contains(said), "{said}: {}", files.page);
    }
    let signed: SignedReceipt = serde_json::from_str(&files.json).unwrap();
    assert!(signed.receipt.contains("\"channel\":\"contactless\""), "{}", signed.receipt);
    let none = phone.wallet.receipt(ask(9).id).unwrap_err();
    assert!(matches!(none, WalletError::RequestRefused { problem: RequestProblem::NotFound, .. }));
}

#[test]
fn up_to_the_members_limit_the_unlocked_phone_is_the_agreement_and_then_the_member_is_asked() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let limit = UnlockLimit { amount_minor: 500, currency: "EUR".to_owned(), count_a_day: 1 };
    assert!(phone.wallet.set_unlock_limit(limit.clone(), "000000".to_owned()).is_err());
    assert_eq!(phone.wallet.unlock_limit().unwrap().amount_minor, 0, "nothing at first");
    phone.wallet.set_unlock_limit(limit.clone(), CODE.to_owned()).unwrap();
    assert_eq!(phone.wallet.unlock_limit().unwrap(), limit);
    phone.wallet.payment_open(true);
    for (number, state) in [(1, PaymentState::Done), (2, PaymentState::ToApprove)] {
        phone.wallet.hold_to_reader(ask(number)).unwrap();
        let token = held(&phone, true).unwrap();
        let amount = Money::new(500, Currency::EUR);
        charge(&terminal, &ChargeRequest::contactless(amount, None, token)).unwrap();
        assert_eq!(comes_to(&phone, state).id, ask(number).id);
        assert_eq!(left(&phone), 750);
    }
}
