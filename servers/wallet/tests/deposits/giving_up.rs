//! Payments that the till or the member gives up while an operator has not answered, and servers that
//! are stopped meanwhile.

use domain::{
    Currency, Money,
    wire::{
        Action, Charge, ChargeState, Confirmation, GRANT_HEADER, Instruction, LinkedTo, Settlement,
        SettlementState,
    },
};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;
use wallet_server::open_database;

use crate::{
    cast::{Cast, KEY, grant, id},
    shop::Shop,
};

async fn until_pending(shop: &Shop, cast: &Cast, number: u128) {
    let pending = async {
        while shop.settlement(cast, id(number)).await.map(|one| one.state)
            != Some(SettlementState::Pending)
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), pending).await.expect("approved");
}

#[tokio::test]
async fn l11_f8_with_the_operator_away_a_payment_waits_and_what_is_given_up_is_never_taken() {
    let mut cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let kept = shop.begin(&cast, 1, "bank", 100).await;
    let by_till = shop.begin(&cast, 11, "bank", 200).await;
    let by_member = shop.begin(&cast, 21, "card", 400).await;
    cast.stop_operator().await;
    let give_up = async {
        until_pending(&shop, &cast, 12).await;
        shop.end(&cast, 11).await
    };
    let change_of_mind = async {
        until_pending(&shop, &cast, 22).await;
        let path = format!("/v1/settlements/{}", id(22));
        let asked = (id(22), json!(null));
        shop.send(&cast, Method::DELETE, &path, &shop.token, asked).await.unwrap()
    };
    let approved = [&kept, &by_till, &by_member].map(|one| shop.try_approve(&cast, one));
    let (approved, till, member) = tokio::join!(join_all(approved), give_up, change_of_mind);
    for answer in approved {
        assert_eq!(answer.unwrap().status(), StatusCode::ACCEPTED, "it was guessed");
    }
    assert_eq!(till.status(), StatusCode::ACCEPTED);
    assert_eq!(till.json::<Charge>().await.unwrap().state, ChargeState::Paying);
    assert_eq!(member.json::<Settlement>().await.unwrap().state, SettlementState::Pending);
    cast.stop_wallet_server().await;
    cast.start_operator().await;
    cast.start_wallet_server().await;
    assert_eq!(shop.ended(&cast, kept.id).await.state, SettlementState::Captured);
    assert_eq!(shop.ended(&cast, by_till.id).await.state, SettlementState::Void);
    assert_eq!(shop.ended(&cast, by_member.id).await.state, SettlementState::Void);
    assert_eq!(shop.charge(&cast, 1).await.state, ChargeState::Paid);
    assert_eq!(shop.end(&cast, 11).await.status(), StatusCode::OK);
    assert_eq!(shop.charge(&cast, 11).await.state, ChargeState::Ended);
    assert_eq!(cast.settled().await, 100);
    cast.stop().await;
}

#[tokio::test]
async fn f8_given_up_in_the_moment_of_the_capture_a_payment_is_one_or_the_other_for_everybody() {
    let mut cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let rounds = (0..8_u128).map(|round| {
        let (cast, shop) = (&cast, &shop);
        async move {
            let charge = round * 10 + 1;
            let begun = shop.begin(cast, charge, "bank", 100).await;
            let give_up = async {
                // Spread over the steps of the capture.
                tokio::time::sleep(std::time::Duration::from_millis(40 * round as u64)).await;
                shop.end(cast, charge).await
            };
            let (_, given_up) = tokio::join!(shop.try_approve(cast, &begun), give_up);
            let settlement = shop.ended(cast, begun.id).await;
            let is_paid = shop.charge(cast, charge).await.state == ChargeState::Paid;
            assert_eq!(settlement.state == SettlementState::Captured, is_paid);
            assert!(!is_paid || given_up.status() != StatusCode::OK, "the till was told otherwise");
            i64::from(is_paid) * 100
        }
    });
    let paid: i64 = join_all(rounds).await.into_iter().sum();
    assert_eq!(cast.settled().await, paid);
    cast.stop().await;
}

#[tokio::test]
async fn l11_what_an_operator_reserved_before_the_server_was_stopped_is_freed_or_goes_on() {
    let mut cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let (kept, given_up) =
        (shop.begin(&cast, 1, "card", 100).await, shop.begin(&cast, 11, "card", 200).await);
    cast.stop_wallet_server().await;
    // As far as the server may have come: approved, and reserved at the operator but not in the ledger.
    let database = open_database(&cast.data()).await.unwrap();
    for (settlement, wanted) in [(&kept, 0), (&given_up, 1)] {
        let approve = "UPDATE settlement SET state = 'pending', operator = 'a', held_by = 'card',
            held_id = 'card-1', given_up = $1 WHERE id = $2";
        let approved = sqlx::query(approve).bind(wanted).bind(settlement.id.to_string());
        approved.execute(database.reads()).await.unwrap();
        let step = |step: &str| Uuid::new_v5(&settlement.id, step.as_bytes());
        let from = LinkedTo::Card { id: "card-1".to_owned() };
        let amount = Money::new(settlement.amount.amount, Currency::EUR);
        let action = Action::Authorise { from, amount };
        let id = step("operator authorise");
        let reserve = Instruction { id, reference: settlement.id, action };
        let call = cast.http.post(format!("{}/v1/instructions", cast.operator_url()));
        let call = call.bearer_auth(KEY).header(GRANT_HEADER, grant("card-1")).json(&reserve);
        let reserved: Confirmation = call.send().await.unwrap().json().await.unwrap();
        assert_eq!(reserved.declined, None);
    }
    database.close().await;
    cast.start_wallet_server().await;
    assert_eq!(shop.ended(&cast, kept.id).await.state, SettlementState::Captured);
    assert_eq!(shop.ended(&cast, given_up.id).await.state, SettlementState::Void);
    let void = Uuid::new_v5(&given_up.id, b"operator void");
    let path = format!("{}/v1/instructions/{void}", cast.operator_url());
    let voided = cast.http.get(path).bearer_auth(KEY).send().await.unwrap();
    assert_eq!(voided.json::<Confirmation>().await.unwrap().declined, None, "it stays reserved");
    assert_eq!(cast.settled().await, 100);
    cast.stop().await;
}
