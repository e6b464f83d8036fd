//! Payments by holding the phone to a terminal's reader: ISO 7816 over a byte stream, then as any other.

use domain::wire::{ChargeRequest, StatusWord};
use terminal::{Refusal, read_token};
use testkit::hold;
use tillsight::{MemberAsk, screen::ChannelKind};

use super::{by_code::comes_to, *};

fn held(phone: &Visitor, unlocked: bool) -> anyhow::Result<String> {
    read_token(&hold(&phone.wallet, unlocked).unwrap().to_string())
}

fn charge(terminal: &Keyed, asked: &ChargeRequest) -> anyhow::Result<Charge> {
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
