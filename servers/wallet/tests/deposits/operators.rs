//! Operators that go wrong: whatever they do, a deposit has one effect or none.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::wire::{DepositFailure, DepositState, MovementKind};
use reqwest::StatusCode;
use wallet_server::Clock;

use crate::cast::{Cast, ON_ACCOUNT, deposit_of, id, moved};

const LIMIT: i64 = 10_000_000;

#[tokio::test]
async fn l16_a_deposit_is_in_the_wallet_and_off_the_account_once() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    let answer = cast.deposit(&token, id(1), "bank", 5_000).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let deposit = deposit_of(answer).await;
    assert_eq!((deposit.state, deposit.reason), (DepositState::Done, None));
    assert_eq!((deposit.from.0.as_str(), deposit.to.0.as_str()), ("bank", "money"));
    assert_eq!(cast.left(&token).await, 5_000);
    let movements = cast.movements(&token, "").await.movements;
    assert_eq!(movements.len(), 1);
    assert_eq!((movements[0].kind, movements[0].change.amount), (MovementKind::Deposit, 5_000));
    assert_eq!(cast.settled().await, 5_000);
    cast.stop().await;
}

#[tokio::test]
async fn f10_whatever_answers_and_callbacks_do_each_deposit_has_one_effect_or_none() {
    let mut cast = Cast::start(true, LIMIT, Clock::system()).await;
    let token = cast.log_in("giulia").await;
    let asked = (9_001..=9_010).map(|amount| {
        let (cast, token) = (&cast, &token);
        async move {
            let answer = cast.deposit(token, id(amount as u128), "card", amount).await;
            assert!(answer.status().is_success(), "{amount}");
            cast.ended(token, id(amount as u128)).await
        }
    });
    let mut done = 0;
    for deposit in futures_util::future::join_all(asked).await {
        let expected = match deposit.amount.amount {
            9_001 => (DepositState::Failed, Some(DepositFailure::InsufficientFunds)),
            9_002 => (DepositState::Failed, Some(DepositFailure::Blocked)),
            _ => (DepositState::Done, None),
        };
        assert_eq!((deposit.state, deposit.reason), expected, "{}", deposit.amount);
        done += if deposit.state == DepositState::Done { deposit.amount.amount } else { 0 };
    }
    // The late callback comes too.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(cast.left(&token).await, done);
    assert_eq!(cast.settled().await, done);
    cast.stop().await;
}

#[tokio::test]
async fn l11_with_the_operator_away_a_deposit_is_pending_and_ends_when_it_is_back_after_a_restart()
{
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    cast.stop_operator().await;
    let answer = cast.deposit(&token, id(1), "bank", 5_000).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert_eq!(deposit_of(answer).await.state, DepositState::Pending);
    // What is not certain cannot be spent.
    assert_eq!(cast.left(&token).await, 0);
    cast.stop_wallet_server().await;
    cast.start_operator().await;
    cast.start_wallet_server().await;
    assert_eq!(cast.ended(&token, id(1)).await.state, DepositState::Done);
    // The first answer is told again; what has become of it is asked for.
    let again = cast.deposit(&token, id(1), "bank", 5_000).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.status(), StatusCode::ACCEPTED);
    assert_eq!(cast.settled().await, 5_000);
    cast.stop().await;
}

#[tokio::test]
async fn l9_with_the_operator_away_too_long_nothing_is_taken_though_the_clock_jumped() {
    let by_ms = Arc::new(AtomicI64::new(0));
    let mut cast = Cast::start(false, LIMIT, moved(&by_ms)).await;
    let token = cast.log_in("giulia").await;
    cast.stop_operator().await;
    assert_eq!(
        deposit_of(cast.deposit(&token, id(1), "bank", 5_000).await).await.state,
        DepositState::Pending
    );
    by_ms.store(20 * 60 * 1_000, Ordering::SeqCst);
    cast.start_operator().await;
    let ended = cast.ended(&token, id(1)).await;
    assert_eq!(
        (ended.state, ended.reason),
        (DepositState::Failed, Some(DepositFailure::OperatorDown))
    );
    // F9: back again, an hour too far; what was given up stays so.
    by_ms.store(-3_600_000, Ordering::SeqCst);
    let deposit = deposit_of(cast.deposit(&token, id(2), "bank", 100).await).await;
    assert_eq!(deposit.state, DepositState::Done);
    assert_eq!(cast.settled().await, 100);
    cast.stop().await;
}

#[tokio::test]
async fn l7_f6_an_id_that_failed_never_succeeds_though_the_money_is_there_now() {
    let cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    let failed = deposit_of(cast.deposit(&token, id(1), "bank", ON_ACCOUNT + 1).await).await;
    assert_eq!(failed.reason, Some(DepositFailure::InsufficientFunds));
    let more = serde_json::json!({"id": id(77), "reference": id(77), "action": "deposit",
        "to": {"held_by": "account", "id": crate::cast::ACCOUNT},
        "amount": {"amount": 1, "currency": "EUR"}});
    let call = cast.http.post(format!("{}/v1/instructions", cast.operator_url()));
    let call = call.header(domain::wire::GRANT_HEADER, crate::cast::grant(crate::cast::ACCOUNT));
    let answer = call.bearer_auth(crate::cast::KEY).json(&more).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let again = cast.deposit(&token, id(1), "bank", ON_ACCOUNT + 1).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(deposit_of(again).await, failed);
    let new = deposit_of(cast.deposit(&token, id(2), "bank", ON_ACCOUNT + 1).await).await;
    assert_eq!(new.state, DepositState::Done);
    assert_eq!(cast.left(&token).await, ON_ACCOUNT + 1);
    cast.stop().await;
}

#[tokio::test]
async fn f10_a_callback_that_is_not_signed_or_not_one_changes_nothing() {
    let cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    let url = format!("http://{}/v1/operators/a/callbacks", cast.wallet_at);
    for (name, value) in [("x", "y"), ("webhook-signature", "v1a,AAAA"), ("webhook-id", "a")] {
        let call = cast.http.post(&url).header(name, value).body("{}");
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    assert_eq!(cast.left(&token).await, 0);
    cast.stop().await;
}
