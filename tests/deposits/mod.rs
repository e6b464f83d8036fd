//! Deposits from the phone, through the real servers, to the history.

use std::time::Duration;

use testkit::{Cast, Visitor};
use tillsight::{
    DepositAsk, DepositProblem, WalletError,
    screen::{DepositReason, DepositRow, DepositState, HistoryKind, WhyNot},
};

const LONGEST: Duration = Duration::from_secs(20);

fn asked(id: u32, amount_minor: i64) -> DepositAsk {
    DepositAsk {
        id: format!("0191d2a4-7c1e-7000-8000-{id:012}"),
        source_id: "visa".to_owned(),
        amount_minor,
        currency: "EUR".to_owned(),
    }
}

/// What became of the only deposit, once it has ended.
fn ended(phone: &Visitor) -> DepositRow {
    let has_ended = |screen: &tillsight::screen::DepositScreen| {
        screen.deposits[0].state != DepositState::Pending
    };
    phone.await_deposits(LONGEST, has_ended).expect("the deposit did not end").deposits.remove(0)
}

#[test]
fn a_deposit_is_pending_at_once_then_done_and_every_cent_is_in_the_history() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let screen = phone.wallet.deposits().unwrap();
    let sources: Vec<_> = screen.sources.iter().map(|it| (&*it.name, it.reason)).collect();
    assert_eq!(sources, [("Visa", None), ("Old card", Some(WhyNot::Expired))]);
    assert_eq!(screen.wallets[0].balance.as_ref().unwrap().minor, 1_250);

    let screen = phone.wallet.deposit(asked(1, 500)).unwrap();
    assert_eq!(screen.deposits[0].state, DepositState::Pending);
    assert_eq!(ended(&phone).state, DepositState::Done);

    let again = phone.wallet.deposit(asked(1, 500)).unwrap();
    assert_eq!(again.deposits.len(), 1, "the same id is the same deposit");
    assert_eq!(again.deposits[0].state, DepositState::Done);
    assert_eq!(again.wallets[0].balance.as_ref().unwrap().minor, 1_750);
    let history = phone.wallet.history(None).unwrap();
    let newest = &history.rows[0];
    assert_eq!(newest.deposit.as_ref(), Some(&again.deposits[0].id), "whose deposit is it?");
    assert_eq!((newest.kind, newest.change.minor), (HistoryKind::Deposit, 500));
    assert_eq!(newest.left.as_ref().unwrap().minor, 1_750);
    assert_eq!((&*newest.method, newest.from.as_deref()), ("Wallet", Some("Visa")));
}

#[test]
fn a_deposit_that_the_card_does_not_cover_fails_with_the_reason_and_takes_nothing() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    phone.wallet.deposit(asked(1, 90_001)).unwrap();
    let failed = ended(&phone);
    assert_eq!(failed.state, DepositState::Failed);
    assert_eq!(failed.reason, Some(DepositReason::CardLimit));
    let again = phone.wallet.deposit(asked(1, 90_001)).unwrap();
    assert_eq!(again.deposits[0].state, DepositState::Failed, "its id never succeeds later");
    assert_eq!(again.wallets[0].balance.as_ref().unwrap().minor, 1_250);
}

#[test]
fn a_deposit_asked_for_without_a_server_is_made_once_after_a_restart() {
    let mut cast = Cast::assemble();
    let phone = cast.phone();
    cast.stop_wallet_server();
    let screen = phone.wallet.deposit(asked(1, 500)).unwrap();
    assert_eq!(screen.deposits[0].state, DepositState::Pending);
    let files = phone.switch_off();
    cast.start_wallet_server();
    let phone = cast.phone_in(files);
    assert_eq!(ended(&phone).state, DepositState::Done);
    let history = phone.wallet.history(None).unwrap();
    let made: Vec<_> = history.rows.iter().filter(|row| row.change.minor == 500).collect();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].left.as_ref().unwrap().minor, 1_750);
}

#[test]
fn a_deposit_that_makes_no_sense_is_refused_before_anything_is_written() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let good = asked(1, 500);
    for (ask, expected) in [
        (DepositAsk { id: "1".to_owned(), ..good.clone() }, DepositProblem::IdMalformed),
        (
            DepositAsk { source_id: "wallet".to_owned(), ..good.clone() },
            DepositProblem::SourceUnknown,
        ),
        (asked(1, 0), DepositProblem::AmountNotPositive),
        (asked(1, i64::MIN), DepositProblem::AmountNotPositive),
        (DepositAsk { currency: "XXXX".to_owned(), ..good }, DepositProblem::CurrencyUnknown),
    ] {
        let refused = phone.wallet.deposit(ask.clone());
        let Err(WalletError::DepositRefused { problem, .. }) = refused else { panic!("{ask:?}") };
        assert_eq!(problem, expected);
    }
    assert_eq!(phone.wallet.deposits().unwrap().deposits, []);
    phone.wallet.log_out().unwrap();
    let refused = phone.wallet.deposit(asked(1, 500));
    assert!(matches!(refused, Err(WalletError::NotLoggedIn { .. })));
}
