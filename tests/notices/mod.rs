//! Notices on the phone: at a door that it surely is, as often as the member wants, and of what has ended.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use domain::{
    Currency, Money,
    wire::{ChargeRequest, RefundRequest},
};
use terminal::{Keyed, new_id};
use testkit::{
    Cast, Visitor,
    town::{PASSWORD, TAKES_CARDS, TAKES_WALLET, USER_ID},
};
use tillsight::{
    DepositAsk, NoticeListener, PaymentAsk, PushToken, SecretKind, SignalProblem, UnlockLimit,
    WalletError,
    screen::{Notice, NoticeKind},
};

const CODE: &str = "739158";

struct Said(Sender<Notice>);

impl NoticeListener for Said {
    fn on_notice(&self, notice: Notice) {
        let _ = self.0.send(notice);
    }
}

/// What the phone says from now on.
fn listen(phone: &Visitor, doors_a_day: u32) -> Receiver<Notice> {
    let (sender, said) = channel();
    phone.wallet.set_notice_listener(Some(Arc::new(Said(sender))), doors_a_day);
    said
}

fn next(said: &Receiver<Notice>) -> Notice {
    said.recv_timeout(Duration::from_secs(20)).expect("nothing was said")
}

/// The stores at whose doors something was said, up to the end of a deposit: that is told after every door
/// that was entered before it was asked for.
fn doors(phone: &Visitor, said: &Receiver<Notice>, deposit: u32) -> Vec<String> {
    let asked = DepositAsk {
        id: format!("0191d2a4-7c1e-7000-8000-{deposit:012}"),
        source_id: "visa".to_owned(),
        amount_minor: 1,
        currency: "EUR".to_owned(),
    };
    let id = phone.wallet.deposit(asked).unwrap().deposits[0].id.clone();
    let mut stores = Vec::new();
    loop {
        let notice = next(said);
        if notice.kind == NoticeKind::AtTheDoor {
            stores.push(notice.store);
            continue;
        }
        let amount = notice.amount.map(|amount| amount.text);
        assert_eq!((notice.kind, &notice.id), (NoticeKind::Deposited, &id));
        assert_eq!(
            (amount.as_deref(), &*notice.methods),
            (Some("0.01 EUR"), &["Visa".to_owned()][..])
        );
        return stores;
    }
}

#[test]
fn at_the_door_it_is_said_once_a_visit_what_works_there() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let said = listen(&phone, 3);
    phone.enter(&cast, &TAKES_CARDS);
    let notice = next(&said);
    assert_eq!((notice.kind, &*notice.store), (NoticeKind::AtTheDoor, TAKES_CARDS.name));
    assert_eq!((&*notice.methods, notice.likely.len()), (&["Visa".to_owned()][..], 0));
    assert_eq!(notice.store_id, TAKES_CARDS.store_id().to_string());
    phone.enter(&cast, &TAKES_CARDS);
    phone.enter(&cast, &TAKES_WALLET);
    assert_eq!(doors(&phone, &said, 1), [TAKES_WALLET.name]);
}

#[test]
fn a_position_alone_an_open_screen_and_a_muted_store_say_nothing_at_the_door() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let said = listen(&phone, 3);
    phone.wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    assert!(doors(&phone, &said, 1).is_empty(), "a position is a weak sign");
    phone.wallet.screen_opened();
    phone.enter(&cast, &TAKES_CARDS);
    assert!(doors(&phone, &said, 2).is_empty(), "the screen says it");
    phone.wallet.screen_closed();
    phone.wallet.mute_store(TAKES_WALLET.store_id().to_string(), true).unwrap();
    phone.enter(&cast, &TAKES_WALLET);
    assert!(doors(&phone, &said, 3).is_empty(), "the member does not want it");
    assert_eq!(phone.wallet.muted_stores()[0].name, TAKES_WALLET.name);
    phone.wallet.mute_store(TAKES_WALLET.store_id().to_string(), false).unwrap();
    phone.pass(Duration::from_secs(5 * 3_600));
    phone.enter(&cast, &TAKES_WALLET);
    assert_eq!(doors(&phone, &said, 4), [TAKES_WALLET.name]);
}

#[test]
fn no_more_doors_are_told_of_than_a_day_holds_also_after_the_app_was_killed() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let said = listen(&phone, 1);
    phone.enter(&cast, &TAKES_CARDS);
    assert_eq!(next(&said).store, TAKES_CARDS.name);
    phone.enter(&cast, &TAKES_WALLET);
    assert!(doors(&phone, &said, 1).is_empty(), "the day is full");
    let phone = cast.phone_in(phone.switch_off());
    let said = listen(&phone, 2);
    phone.enter(&cast, &TAKES_CARDS);
    assert!(doors(&phone, &said, 2).is_empty(), "that visit was told of");
}

#[test]
fn a_muted_store_is_forgotten_with_the_member_and_nobody_logged_in_mutes_none() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let store = TAKES_CARDS.store_id().to_string();
    let unknown = phone.wallet.mute_store("1".to_owned(), true);
    let Err(WalletError::Signal { problem, .. }) = unknown else { panic!("{unknown:?}") };
    assert_eq!(problem, SignalProblem::StoreUnknown);
    phone.wallet.mute_store(store.clone(), true).unwrap();
    phone.wallet.log_out().unwrap();
    assert!(phone.wallet.muted_stores().is_empty());
    let refused = phone.wallet.mute_store(store, true);
    assert!(matches!(refused, Err(WalletError::NotLoggedIn { .. })), "{refused:?}");
}

/// Up to 10.00 EUR the unlocked phone is the agreement.
fn let_unlocked_pay(phone: &Visitor) {
    let (wallet, code) = (&phone.wallet, CODE.to_owned());
    wallet.change_secret(SecretKind::SettlementCode, PASSWORD.to_owned(), code.clone()).unwrap();
    let limit = UnlockLimit { amount_minor: 1_000, currency: "EUR".to_owned(), count_a_day: 3 };
    wallet.set_unlock_limit(limit, code).unwrap();
}

/// The till charges a code that the phone shows; the payment's id.
fn charge_shown(phone: &Visitor, terminal: &Keyed, number: u32, amount: i64) -> String {
    let id = format!("0191d2a4-7c1e-7000-8000-{number:012}");
    let asked = PaymentAsk { id, method_id: "wallet".to_owned() };
    let shown = phone.wallet.show_payment_code(asked).unwrap();
    let amount = Money::new(amount, Currency::EUR);
    let charge = ChargeRequest::by_code(amount, None, shown.code.unwrap().text);
    terminal.charge(new_id().unwrap(), &charge).unwrap();
    shown.id
}

#[test]
fn a_payment_that_ended_at_the_till_is_told_of_once_paid_or_not() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let terminal = cast.terminal(&TAKES_WALLET);
    let wallet = &phone.wallet;
    let_unlocked_pay(&phone);
    let said = listen(&phone, 0);
    for (number, amount, kind) in [(1, 9_000, NoticeKind::NotPaid), (2, 500, NoticeKind::Paid)] {
        let id = charge_shown(&phone, &terminal, number, amount);
        let notice = next(&said);
        assert_eq!((notice.kind, &notice.id, &*notice.store), (kind, &id, TAKES_WALLET.name));
        assert_eq!(notice.amount.map(|amount| amount.minor), Some(amount));
        assert_eq!(notice.methods, ["Wallet"]);
    }
    wallet.set_notice_listener(None, 0);
    assert!(said.recv().is_err(), "it was said twice");
}

/// What the server handed to its gateway, once there is so much.
fn pushes(cast: &Cast, count: usize) -> String {
    for _ in 0..1_000 {
        let lines = cast.pushes();
        if lines.lines().count() >= count {
            return lines;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing was pushed");
}

fn token(text: &str) -> Option<PushToken> {
    Some(PushToken { service: "fcm".to_owned(), token: text.to_owned() })
}

#[test]
fn a_refund_wakes_the_phone_by_a_push_of_no_content_and_is_told_of_once_also_after_the_app_was_killed()
 {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let terminal = cast.terminal(&TAKES_WALLET);
    let_unlocked_pay(&phone);
    let paid = charge_shown(&phone, &terminal, 1, 500).parse().unwrap();
    phone.wallet.set_push_token(token("a-token-that-the-provider-gave-to-this-phone"));
    phone.wallet.pushed().unwrap();
    let refund = |amount| {
        let asked = RefundRequest { amount: Money::new(amount, Currency::EUR), cashier: None };
        terminal.refund(paid, new_id().unwrap(), &asked).unwrap()
    };
    let first = refund(200);
    let lines = pushes(&cast, 1);
    let pushed: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let says: Vec<_> = pushed.as_object().unwrap().keys().collect();
    assert_eq!(says, ["device", "id", "service"], "it says something of what: {pushed}");
    let said = listen(&phone, 0);
    assert!(phone.wallet.pushed().unwrap());
    let notice = next(&said);
    assert_eq!((notice.kind, &notice.id), (NoticeKind::Refunded, &first.id.to_string()));
    assert_eq!((&*notice.store, &*notice.methods), (TAKES_WALLET.name, &["Wallet".to_owned()][..]));
    assert_eq!(notice.amount.unwrap().text, "2.00 EUR");
    assert!(!phone.wallet.pushed().unwrap(), "asked again, nothing is new");

    let folder = phone.switch_off();
    let second = refund(300);
    let phone = cast.phone_in(folder);
    let said = listen(&phone, 0);
    phone.wallet.pushed().unwrap();
    let notice = next(&said);
    assert_eq!((notice.kind, &notice.id), (NoticeKind::Refunded, &second.id.to_string()));
    phone.wallet.pushed().unwrap();
    phone.wallet.set_notice_listener(None, 0);
    assert!(said.recv().is_err(), "it was said twice");
}

#[test]
fn who_is_logged_out_is_pushed_nothing_and_the_next_log_in_hands_the_token_over_again() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let terminal = cast.terminal(&TAKES_WALLET);
    phone.wallet.set_push_token(token("another-token-that-the-provider-gave"));
    phone.wallet.pushed().unwrap();
    let_unlocked_pay(&phone);
    charge_shown(&phone, &terminal, 1, 500);
    let before = pushes(&cast, 1).lines().count();
    phone.wallet.log_out().unwrap();
    let refused = phone.wallet.pushed();
    assert!(matches!(refused, Err(WalletError::NotLoggedIn { .. })), "{refused:?}");
    phone.wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned()).unwrap();
    phone.wallet.pushed().unwrap();
    charge_shown(&phone, &terminal, 2, 400);
    assert!(pushes(&cast, before + 1).lines().count() > before);
}
