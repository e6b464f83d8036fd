//! Payments by the code that the phone shows: charged by the terminal, agreed to on the phone.

use domain::wire::ChargeRequest;
use terminal::Refusal;
use testkit::town::TAKES_CARDS;
use tillsight::screen::{ChannelKind, ShownCode, WhyNot};

use super::{fragile::Loss, killed::Killed, *};

/// What a till asks of a phone that shows this.
fn charge(terminal: &Keyed, amount: i64, code: &ShownCode) -> anyhow::Result<Charge> {
    let amount = Money::new(amount, Currency::EUR);
    terminal.charge(new_id().unwrap(), &ChargeRequest::by_code(amount, None, code.text.clone()))
}

fn refusal(refused: anyhow::Result<Charge>) -> String {
    refused.unwrap_err().downcast::<Refusal>().unwrap().code().to_owned()
}

pub fn shown(phone: &Visitor, id: u32) -> (String, ShownCode) {
    let screen = phone.wallet.show_payment_code(ask(id)).unwrap();
    assert_eq!((screen.state, screen.next_step), (PaymentState::Shown, NextStep::ShowCode));
    (screen.id, screen.code.expect("a code"))
}

pub fn comes_to(phone: &Visitor, state: PaymentState) -> PaymentScreen {
    phone.await_payment(LONGEST, |screen| screen.state == state).expect("nothing was told")
}

/// What a scanner reads off the phone.
fn read(code: &ShownCode) -> String {
    const PIXELS: usize = 4;
    let side = (code.rows.len() + 8) * PIXELS;
    let dark = |x: usize, y: usize| {
        let at = |pixel: usize| (pixel / PIXELS).checked_sub(4);
        let row = at(y).and_then(|y| code.rows.get(y));
        row.zip(at(x)).is_some_and(|(row, x)| row.as_bytes().get(x) == Some(&b'1'))
    };
    let pixel = |at: usize| if dark(at % side, at / side) { 0 } else { 255 };
    let luma: Vec<u8> = (0..side * side).map(pixel).collect();
    let mut reader = quircs::Quirc::default();
    let seen = reader.identify(side, side, &luma).next().expect("a code is seen").unwrap();
    String::from_utf8(seen.decode().unwrap().payload).unwrap()
}

#[test]
fn a_shown_code_is_charged_agreed_to_in_the_servers_words_and_paid_once() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let begun = phone.wallet.show_payment_code(ask(1)).unwrap();
    assert_eq!((begun.channel, begun.bright), (ChannelKind::Code, true));
    let code = begun.code.expect("a code");
    assert_eq!(read(&code), code.text, "the picture says what the text does");
    assert!((1..=60_000).contains(&(code.until_ms - begun.drawn_at_ms)));
    let again = phone.wallet.show_payment_code(ask(2)).unwrap();
    assert_eq!((&again.id, again.code.as_ref()), (&begun.id, Some(&code)), "a double tap");
    assert!(!format!("{again:?}").contains(&code.text));

    let asked = charge(&terminal, 500, &code).unwrap();
    assert_eq!(asked.state, ChargeState::Paying);
    let screen = comes_to(&phone, PaymentState::ToApprove);
    assert_eq!(
        told(&screen),
        (PaymentState::ToApprove, TAKES_WALLET.name, "5.00 EUR", NextStep::Approve)
    );
    assert_eq!((screen.code, screen.bright), (None, false));
    assert_eq!(left(&phone), 1_250, "nothing before the member agrees");
    let paid = phone.wallet.approve_payment(screen.id.clone(), CODE.to_owned()).unwrap();
    assert_eq!(paid.state, PaymentState::Done);
    assert_eq!(terminal.charge_of(asked.id).unwrap().state, ChargeState::Paid);
    assert_eq!(refusal(charge(&terminal, 500, &code)), "token_used");
    assert_eq!(left(&phone), 750);
}

#[test]
fn what_is_given_up_ends_at_the_till_and_what_is_not_yet_charged_cannot_be() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (id, code) = shown(&phone, 1);
    assert_eq!(phone.wallet.cancel_payment(id).unwrap().state, PaymentState::Cancelled);
    assert_eq!(refusal(charge(&terminal, 500, &code)), "token_expired");
    let (id, code) = shown(&phone, 2);
    let asked = charge(&terminal, 500, &code).unwrap();
    comes_to(&phone, PaymentState::ToApprove);
    assert_eq!(phone.wallet.cancel_payment(id).unwrap().state, PaymentState::Cancelled);
    assert_eq!(terminal.charge_of(asked.id).unwrap().state, ChargeState::Ended);
    assert_eq!(left(&phone), 1_250);
}

#[test]
fn a_code_whose_time_is_over_says_so_and_the_next_one_is_another() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (_, code) = shown(&phone, 1);
    cast.pass_at_the_server(Duration::from_secs(61));
    phone.pass(Duration::from_secs(61));
    phone.wallet.payment().unwrap();
    let over = comes_to(&phone, PaymentState::Expired);
    assert_eq!((over.next_step, over.code), (NextStep::ShowAgain, None));
    assert_eq!(refusal(charge(&terminal, 500, &code)), "token_expired");
    let (_, next) = shown(&phone, 2);
    assert_ne!(next.text, code.text);
    charge(&terminal, 500, &next).unwrap();
    comes_to(&phone, PaymentState::ToApprove);
}

#[test]
fn what_cannot_be_paid_here_is_declined_with_the_reason_and_never_asked() {
    let cast = Cast::assemble();
    let phone = at_the_till(&cast);
    let visa = PaymentAsk { method_id: "visa".to_owned(), ..ask(9) };
    let refused = phone.wallet.show_payment_code(visa);
    assert_eq!(problem_of(refused), PaymentProblem::MethodNotActive);
    for (number, shop, amount, why, step) in [
        (1, &TAKES_WALLET, 9_000, WhyNot::BalanceTooLow, NextStep::Deposit),
        (2, &TAKES_CARDS, 100, WhyNot::StoreDoesNotTake, NextStep::ChooseAnother),
    ] {
        let (_, code) = shown(&phone, number);
        let asked = charge(&cast.terminal(shop), amount, &code).unwrap();
        assert_eq!(asked.state, ChargeState::Ended);
        let screen = comes_to(&phone, PaymentState::Declined);
        assert_eq!((screen.why_not, screen.next_step), (Some(why), step));
    }
    assert_eq!(left(&phone), 1_250);
}

#[test]
fn where_events_do_not_come_through_the_charge_is_still_found() {
    let cast = Cast::assemble();
    let phone = Killed::new(&cast);
    phone.network.lose(Loss::Request("GET", "/v1/events"));
    let code = phone.wallet.show_payment_code(ask(1)).unwrap().code.unwrap();
    charge(&cast.terminal(&TAKES_WALLET), 100, &code).unwrap();
    phone.comes_to(&[PaymentState::ToApprove]);
}

#[test]
fn f16_killed_at_each_point_of_a_shown_code_the_phone_comes_to_the_truth_and_pays_once() {
    let cast = Cast::assemble();
    let terminal = cast.terminal(&TAKES_WALLET);
    let mut phone = Killed::new(&cast);
    for (number, loss) in (1..).zip([
        Loss::Request("POST", "/v1/tokens"),
        Loss::Answer("POST", "/v1/tokens"),
        Loss::Request("POST", "/approve"),
        Loss::Answer("POST", "/approve"),
        Loss::Nothing,
    ]) {
        phone.network.lose(loss);
        let begun = phone.wallet.show_payment_code(ask(number)).unwrap();
        let is_lost =
            matches!(loss, Loss::Request(_, "/v1/tokens") | Loss::Answer(_, "/v1/tokens"));
        assert_eq!(begun.state == PaymentState::Awaited, is_lost, "{loss:?}");
        phone.kill(if is_lost { Loss::Nothing } else { loss });
        // The code is not on the disk: the server tells the same again.
        let told = phone.shows_code();
        assert!(begun.code.is_none_or(|code| code.text == told.text), "{loss:?}");
        let asked = charge(&terminal, 100, &told).unwrap();
        phone.kill(if is_lost { Loss::Nothing } else { loss });
        phone.comes_to(&[PaymentState::ToApprove]);
        let agreed = phone.wallet.approve_payment(begun.id.clone(), CODE.to_owned()).unwrap();
        let is_lost = matches!(loss, Loss::Request(_, "/approve") | Loss::Answer(_, "/approve"));
        assert_eq!(agreed.state == PaymentState::Unknown, is_lost, "{loss:?}");
        phone.kill(Loss::Nothing);
        let known = phone.comes_to(&[PaymentState::ToApprove, PaymentState::Done]);
        if known.state == PaymentState::ToApprove {
            assert!(matches!(loss, Loss::Request(_, "/approve")), "{loss:?}");
            phone.wallet.approve_payment(begun.id.clone(), CODE.to_owned()).unwrap();
        }
        phone.has_paid_once(&terminal.charge_of(asked.id).unwrap(), &begun.id, number, loss);
    }
}
