//! Payments by account and card, at operators that go wrong: one effect or none, and till, member and
//! operator are told the same.

use domain::{
    Reason,
    wire::{ChargeState, Closing, Methods, Problem, SettlementFailure, SettlementState},
};
use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use uuid::Uuid;
use wallet_server::{Clock, Day, open_database, reconcile};

use crate::{
    cast::{Cast, ON_ACCOUNT, id},
    shop::Shop,
};

#[tokio::test]
async fn l13_l17_an_account_pays_once_and_is_given_back_in_parts_and_no_more() {
    let mut cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let paid = shop.pay(&cast, 1, "bank", 1_000).await;
    assert_eq!((paid.state, paid.amount.amount), (SettlementState::Captured, 1_000));
    let again = shop.approve(&cast, &paid).await;
    assert_eq!(again, paid, "captured twice");
    assert_eq!(shop.charge(&cast, 1).await.state, ChargeState::Paid);
    assert_eq!(cast.taken().await, 1_000);
    let refunds = join_all((10..15).map(|number| shop.refund(&cast, number, 2, 400))).await;
    let made = refunds.iter().filter(|answer| answer.status() == StatusCode::CREATED);
    assert_eq!(made.count(), 2, "in parts, together no more than was paid");
    assert_eq!(shop.refund(&cast, 20, 2, 201).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    for replayed in ["false", "true"] {
        let rest = shop.refund(&cast, 21, 2, 200).await;
        assert_eq!(rest.headers()["idempotency-replayed"], replayed);
    }
    assert_eq!(shop.charge(&cast, 1).await.refunded.amount, 1_000);
    let path = format!("/v1/stores/{}/closings", shop.store);
    let closed = shop.send(&cast, Method::POST, &path, &shop.key, (id(30), json!(null))).await;
    let sum = closed.unwrap().json::<Closing>().await.unwrap().sums[0];
    assert_eq!((sum.settlements, sum.captured, sum.refunds, sum.refunded), (1, 1_000, 3, 1_000));
    let methods: Methods = cast.get(&shop.token, "/v1/methods").await.json().await.unwrap();
    let used: Vec<u32> = methods.methods.iter().map(|one| one.times_used).collect();
    assert_eq!(used, [2, 1, 1, 1], "the settlement counts as one use of the account");
    assert_eq!(cast.settled().await, 0);
    cast.stop().await;
}

#[tokio::test]
async fn f10_whatever_an_operator_does_a_payment_has_one_effect_or_none_and_so_has_its_refund() {
    let mut cast = Cast::start(true, 0, Clock::system()).await;
    let shop = Shop::open(&cast).await;
    let number = |amount: i64| u128::try_from(amount).unwrap() * 10;
    let payments = (9_001..=9_010).map(|amount| {
        let (cast, shop) = (&cast, &shop);
        async move {
            let paid = shop.pay(cast, number(amount), "card", amount).await;
            shop.ended(cast, paid.id).await
        }
    });
    let mut captured = 0;
    for paid in join_all(payments).await {
        let amount = paid.amount.amount;
        let by_rule = |reason| Some(SettlementFailure::ByRule(reason));
        let expected = match amount {
            9_001 => (SettlementState::Failed, by_rule(Reason::BalanceTooLow)),
            9_002 => (SettlementState::Failed, by_rule(Reason::Blocked)),
            _ => (SettlementState::Captured, None),
        };
        assert_eq!((paid.state, paid.reason), expected, "{amount}");
        let is_paid = paid.state == SettlementState::Captured;
        let charge = shop.charge(&cast, number(amount)).await;
        assert_eq!(charge.state == ChargeState::Paid, is_paid, "the till is told otherwise");
        captured += if is_paid { amount } else { 0 };
        // F6: what failed stays so.
        assert_eq!(shop.approve(&cast, &paid).await.state, paid.state);
    }
    for amount in [9_003, 9_008] {
        let given = shop.refund(&cast, number(amount) + 5, number(amount) + 1, amount).await;
        assert_eq!(given.status(), StatusCode::CREATED);
        captured -= amount;
    }
    assert_eq!(cast.settled().await, captured);
    let day = Day::of(Clock::system().now()).unwrap();
    let database = open_database(&cast.data()).await.unwrap();
    let file = cast.day_file().await;
    let report = reconcile(&database, "a", day, &file, Clock::system().now()).await.unwrap();
    assert!(report.suspense.is_empty(), "{report:?}");
    assert_eq!(report.clearing, report.by_files);
    assert_eq!(report.matched, 10, "eight payments and two refunds");
    database.close().await;
    cast.stop().await;
}

#[tokio::test]
async fn f7_many_payments_at_once_take_what_is_on_the_account_and_no_more() {
    let mut cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let pays = |number: u128| shop.pay(&cast, number * 10, "bank", 10_000);
    let paid = join_all((1..=12).map(pays)).await;
    let (mut captured, mut failed) = (0, 0);
    for one in paid {
        match shop.ended(&cast, one.id).await.state {
            SettlementState::Captured => captured += 10_000,
            _ => failed += 1,
        }
    }
    assert_eq!((captured, failed), (ON_ACCOUNT / 10_000 * 10_000, 3));
    assert_eq!(cast.settled().await, captured);
    cast.stop().await;
}

#[tokio::test]
async fn l14_what_an_operator_would_refuse_is_refused_before_the_member_is_asked() {
    let cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let reason = |reason| Some(SettlementFailure::ByRule(reason));
    let begun = shop.begin(&cast, 1, "bank", ON_ACCOUNT + 1).await;
    assert_eq!(begun.reason, reason(Reason::BalanceTooLow));
    let begun = shop.begin(&cast, 11, "card", 10_000_001).await;
    assert_eq!(begun.reason, reason(Reason::LimitReached));
    // Removed between the begin and the approval.
    let begun = shop.begin(&cast, 21, "bank", 100).await;
    assert_eq!(begun.state, SettlementState::ToApprove);
    let removed = cast.http.delete(cast.url("/v1/methods/bank")).bearer_auth(&shop.token);
    assert!(removed.send().await.unwrap().status().is_success());
    let failed = shop.approve(&cast, &begun).await;
    assert_eq!(failed.reason, Some(SettlementFailure::NotRegistered));
    assert_eq!(cast.taken().await, 0);
    cast.stop().await;
}

#[tokio::test]
async fn l11_one_id_for_a_payment_and_a_deposit_is_one_of_them_and_the_other_asks_no_operator() {
    let mut cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    // The payment was begun first.
    let begun = shop.begin(&cast, 1, "card", 100).await;
    let deposit = cast.deposit(&shop.token, begun.id, "bank", 100);
    let (deposit, paid) = tokio::join!(deposit, shop.approve(&cast, &begun));
    assert_eq!(code(deposit).await, "idempotency_key_reused");
    assert_eq!(paid.state, SettlementState::Captured);
    // The deposit was made first: by a scanned code, by a shown one and as a refund its id is no other's.
    let deposit = cast.deposit(&shop.token, id(12), "bank", 200).await;
    assert_eq!(deposit.status(), StatusCode::CREATED);
    assert!(shop.try_begin(&cast, 11, "card", 200).await.is_err(), "two transfers of one id");
    let token = json!({"method": "card"});
    let token = shop.send(&cast, Method::POST, "/v1/tokens", &shop.token, (id(12), token)).await;
    assert_eq!(code(token.unwrap()).await, "idempotency_key_reused");
    assert_eq!(code(shop.refund(&cast, 12, 2, 50).await).await, "idempotency_key_reused");
    // And what is in the ledger by an id that was made of another.
    let posted = Uuid::new_v5(&id(12), b"post");
    let again = cast.deposit(&shop.token, posted, "bank", 300).await;
    assert_eq!(code(again).await, "idempotency_key_reused");
    assert_eq!(cast.settled().await, 300);
    assert_eq!(cast.reserved().await, 0, "something stays reserved at the operator");
    cast.stop().await;
}

async fn code(answer: Response) -> String {
    answer.json::<Problem>().await.unwrap().code
}
