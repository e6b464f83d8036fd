//! What becomes of payments afterwards: given back, closed, and ended after the server was killed.

use domain::wire::{
    ChargeState, Closing, MovementPage, Settlement, SettlementFailure, SettlementState,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;
use wallet_server::open_database;

use crate::{
    settlements::{Till, code_of},
    terminals::{euro, key_of},
};

#[tokio::test]
async fn l17_no_more_is_given_back_than_was_paid_and_only_by_the_stores_own_terminal() {
    let till = Till::open().await;
    assert_eq!(till.pay(1, 250).await.state, SettlementState::Captured);
    let other = key_of(&till.world, till.other).await;
    for key in [other.as_str(), till.token.as_str(), ""] {
        assert_eq!(code_of(till.refund(5, 2, euro(1), key).await).await.1, "unauthorized");
    }
    let key = &till.key;
    for (id, amount, code) in [
        (6, euro(251), "more_than_captured"),
        (6, json!({"amount": 250, "currency": "JPY"}), "more_than_captured"),
        (6, euro(0), "invalid_value"),
        (6, euro(i64::MIN), "invalid_value"),
        (6, euro(i64::MAX), "more_than_captured"),
    ] {
        assert_eq!(code_of(till.refund(id, 2, amount, key).await).await.1, code);
    }
    for again in ["false", "true"] {
        let made = till.refund(7, 2, euro(100), key).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        assert_eq!(made.headers()["idempotency-replayed"], again);
    }
    assert_eq!(code_of(till.refund(7, 2, euro(99), key).await).await.1, "idempotency_key_reused");
    assert_eq!(code_of(till.refund(8, 2, euro(151), key).await).await.1, "more_than_captured");
    assert_eq!(till.refund(9, 2, euro(150), key).await.status(), StatusCode::CREATED);
    assert_eq!(till.left().await, 1_250);
    assert_eq!(till.charge_now(1).await.refunded.amount, 250);
    let history = till.world.call(Method::GET, "/v1/history", &till.token).await;
    let history: MovementPage = history.json().await.unwrap();
    let [paid, seeded] = &history.movements[..] else { panic!("{history:?}") };
    let names = [&paid.store_name, &seeded.store_name].map(|name| name.as_deref());
    assert_eq!(names, [Some("Uno"), None], "what is no payment has none");
    let back: Vec<i64> = paid.refunds.iter().map(|refund| refund.change.amount).collect();
    assert_eq!((paid.refunded.amount, back), (250, vec![150, 100]));
    assert!(seeded.refunds.is_empty() && seeded.refunded.amount == 0);
    till.stop().await;
}

#[tokio::test]
async fn everything_a_store_was_paid_and_gave_back_is_in_one_closing_and_once() {
    let till = Till::open().await;
    till.pay(1, 250).await;
    till.pay(11, 400).await;
    till.refund(20, 2, euro(50), &till.key).await;
    let path = format!("/v1/stores/{}/closings", till.store);
    let close = |id| till.send(&path, &till.key, Some(id), json!(null));
    let first: Closing = close(30).await.json().await.unwrap();
    let again = close(30).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.json::<Closing>().await.unwrap(), first);
    let sum = first.sums[0];
    assert_eq!((sum.settlements, sum.captured, sum.refunds, sum.refunded), (2, 650, 1, 50));
    assert!(close(31).await.json::<Closing>().await.unwrap().sums.is_empty());
    till.stop().await;
}

#[tokio::test]
async fn what_was_approved_or_begun_before_the_server_was_killed_is_ended_after_it() {
    let mut till = Till::open().await;
    till.pay(1, 250).await;
    till.charge(11, 100).await;
    till.begun(12, 11).await;
    till.charge(21, 200).await;
    till.begun(22, 21).await;
    let database = open_database(&till.world.folder.path().join("wallet")).await.unwrap();
    // As a server leaves it that dies right after the member agreed, and after a refund was begun;
    // the one of long ago is not paid at a till that has gone on.
    for change in [
        format!(
            "UPDATE settlement SET state = 'pending', (held_by, held_id) =
                (SELECT held_by, held_id FROM method WHERE method.id = 'money') WHERE id = '{}'",
            Uuid::from_u128(12)
        ),
        format!(
            "UPDATE settlement SET state = 'pending', at = at - 600000 WHERE id = '{}'",
            Uuid::from_u128(22)
        ),
        format!(
            "INSERT INTO settlement_refund (id, settlement_id, store_id, amount, currency, at, state)
             SELECT '{}', id, store_id, 50, currency, at, 'pending' FROM settlement WHERE id = '{}'",
            Uuid::from_u128(30),
            Uuid::from_u128(2)
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(change)).execute(database.reads()).await.unwrap();
    }
    database.close().await;
    till.world.restart().await;
    for _ in 0..100 {
        let late = till.charge_now(21).await.state;
        let states = (till.charge_now(11).await.state, till.charge_now(1).await.refunded.amount);
        if states == (ChargeState::Paid, 50) && late != ChargeState::Paying {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(till.charge_now(11).await.state, ChargeState::Paid);
    assert_eq!(till.left().await, 1_250 - 250 - 100 + 50);
    let path = format!("/v1/settlements/{}", Uuid::from_u128(22));
    let late = till.world.call(Method::GET, &path, &till.token).await;
    assert_eq!(late.json::<Settlement>().await.unwrap().reason, Some(SettlementFailure::TooLate));
    till.stop().await;
}
