//! Phones that repeat themselves, lose answers, are switched off, or are two.

use std::time::Duration;

use domain::wire::{Deposit, DepositState};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::StatusCode;
use wallet_server::Clock;

use crate::cast::{Cast, deposit_of, id};

#[tokio::test]
async fn f4_sent_up_to_five_times_at_once_with_lost_answers_each_deposit_has_one_effect() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let mut sent = Vec::new();
    for number in 1..=20_u128 {
        for _ in 0..random.random_range(1..=5) {
            let lost_after = random.random_ratio(1, 2).then(|| random.random_range(0..40));
            let at = random.random_range(0..200);
            sent.push((number, lost_after, at));
        }
    }
    let sends = sent.iter().map(|(number, lost_after, at)| {
        let (cast, token) = (&cast, &token);
        async move {
            tokio::time::sleep(Duration::from_millis(*at)).await;
            let asked = cast.deposit(token, id(*number), "bank", 100);
            let longest = Duration::from_millis(lost_after.unwrap_or(60_000));
            tokio::time::timeout(longest, asked).await.ok().map(|answer| answer.status())
        }
    });
    for status in join_all(sends).await.into_iter().flatten() {
        assert!(status.is_success() || status == StatusCode::CONFLICT, "{status}");
    }
    for number in 1..=20 {
        // As a phone does that has no answer; a request that was cut off may not have come at all.
        cast.insist(&token, id(number), "bank", 100).await;
        assert_eq!(cast.ended(&token, id(number)).await.state, DepositState::Done);
    }
    assert_eq!(cast.left(&token).await, 2_000);
    assert_eq!(cast.settled().await, 2_000);
    cast.stop().await;
}

#[tokio::test]
async fn f16_a_phone_that_is_switched_off_anywhere_learns_the_truth_by_its_id() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    // Between "stored" and "sent": nothing happened, and nothing will by itself.
    let path = |number| format!("/v1/deposits/{}", id(number));
    assert_eq!(cast.get(&token, &path(1)).await.status(), StatusCode::NOT_FOUND);
    // Between "sent" and "answered".
    let cut = cast.deposit(&token, id(1), "bank", 700);
    let _ = tokio::time::timeout(Duration::from_millis(15), cut).await;
    let again = deposit_of(cast.insist(&token, id(1), "bank", 700).await).await;
    assert_eq!(again.state, DepositState::Done);
    // Between "answered" and "shown".
    let deposit: Deposit = cast.get(&token, &path(1)).await.json().await.unwrap();
    assert_eq!(deposit, again);
    let replayed = cast.deposit(&token, id(1), "bank", 700).await;
    assert_eq!(replayed.headers()["idempotency-replayed"], "true");
    assert_eq!(deposit_of(replayed).await, again);
    assert_eq!(cast.settled().await, 700);
    cast.stop().await;
}

#[tokio::test]
async fn l18_l19_two_phones_at_once_keep_to_the_days_limit_and_see_whole_deposits_only() {
    let mut cast = Cast::start(false, 100_000, Clock::system()).await;
    let token = cast.log_in("giulia").await;
    let other_phone = cast.log_in("giulia").await;
    let deposits = (1..=8_u128).map(|number| {
        let token = if number % 2 == 0 { &token } else { &other_phone };
        cast.deposit(token, id(number), "card", 30_000)
    });
    let looks = (0..40).map(|nth| {
        let (cast, token) = (&cast, &other_phone);
        async move {
            tokio::time::sleep(Duration::from_millis(nth * 10)).await;
            cast.left(token).await
        }
    });
    let (answers, seen) = tokio::join!(join_all(deposits), join_all(looks));
    assert!(seen.iter().all(|left| [0, 30_000, 60_000, 90_000].contains(left)), "{seen:?}");
    let mut done = 0;
    for answer in answers {
        done += u32::from(deposit_of(answer).await.state == DepositState::Done);
    }
    assert_eq!(done, 3);
    assert_eq!(cast.left(&token).await, 90_000);
    assert_eq!(cast.settled().await, 90_000);
    cast.stop().await;
}

#[tokio::test]
async fn f5_an_id_used_with_another_amount_source_or_by_another_member_has_no_effect() {
    let mut cast = Cast::plain().await;
    let (giulia, kenji) = (cast.log_in("giulia").await, cast.log_in("kenji").await);
    assert_eq!(cast.deposit(&giulia, id(1), "bank", 500).await.status(), StatusCode::CREATED);
    for (token, from, amount) in
        [(&giulia, "bank", 501), (&giulia, "card", 500), (&kenji, "bank", 500)]
    {
        let answer = cast.deposit(token, id(1), from, amount).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem: domain::wire::Problem = answer.json().await.unwrap();
        assert_eq!((problem.code.as_str(), problem.retryable), ("idempotency_key_reused", false));
    }
    // Nor is another member's deposit shown.
    let path = format!("/v1/deposits/{}", id(1));
    assert_eq!(cast.get(&kenji, &path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(cast.left(&kenji).await, 0);
    assert_eq!(cast.settled().await, 500);
    cast.stop().await;
}
