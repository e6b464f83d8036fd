//! Up to how much an unlocked phone agrees, and from when on a new device pays.

use domain::wire::{
    Charge, ChargeState, Devices, Session, Settlement, SettlementState, UnlockLimit,
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use wallet_server::open_database;

use crate::{
    settlements::{CODE, Till, code_of},
    terminals::euro,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn put(till: &Till, path: &str, token: &str, body: Value) -> Response {
    let url = format!("{}{path}", till.world.url);
    till.world.http.put(url).bearer_auth(token).json(&body).send().await.unwrap()
}

async fn allow(till: &Till, amount: Value, a_day: u32, code: &str) -> (u16, String) {
    let limit = json!({"amount": amount, "a_day": a_day});
    let body = json!({"limit": limit, "settlement_code": code});
    let set = put(till, "/v1/members/me/unlock-limit", &till.token, body).await;
    match set.status() {
        StatusCode::NO_CONTENT => (204, String::new()),
        _ => code_of(set).await,
    }
}

#[tokio::test]
async fn an_unlocked_phone_pays_up_to_the_members_limit_and_count_and_asks_beyond_it() {
    let till = Till::open().await;
    let charged = |id: u128, amount: i64| {
        let till = &till;
        async move {
            let code = till.shown(id + 100).await;
            till.charge_token(id, amount, &code).await.json::<Charge>().await.unwrap().state
        }
    };
    assert_eq!(charged(1, 100).await, ChargeState::Paying, "nothing at first");
    assert_eq!(allow(&till, euro(10_001), 2, CODE).await.1, "invalid_value");
    assert_eq!(allow(&till, euro(200), 11, CODE).await.1, "invalid_value");
    assert_eq!(allow(&till, euro(200), 2, "000000").await.1, "wrong_secret");
    assert_eq!(allow(&till, euro(200), 2, CODE).await.0, 204);
    let path = "/v1/members/me/unlock-limit";
    let kept = till.world.call(Method::GET, path, &till.token).await;
    let kept: UnlockLimit = kept.json().await.unwrap();
    assert_eq!((kept.amount.amount, kept.a_day), (200, 2));

    assert_eq!(charged(2, 201).await, ChargeState::Paying, "above it");
    assert_eq!(charged(3, 200).await, ChargeState::Paid);
    let paid: Settlement = till.settlement(103).await.json().await.unwrap();
    assert_eq!((paid.state, till.left().await), (SettlementState::Captured, 1_050));
    assert_eq!(charged(4, 100).await, ChargeState::Paid);
    assert_eq!(charged(5, 100).await, ChargeState::Paying, "twice a day");
    till.world.wait(DAY_MS);
    assert_eq!(charged(6, 100).await, ChargeState::Paid);
    // A code that is scanned is always agreed to.
    till.charge(7, 100).await;
    assert_eq!(till.begun(107, 7).await.state, SettlementState::ToApprove);
    assert_eq!(allow(&till, euro(0), 0, CODE).await.0, 204);
    assert_eq!(charged(8, 100).await, ChargeState::Paying, "switched off");
    till.stop().await;
}

#[tokio::test]
async fn a_new_device_of_who_has_another_pays_nothing_for_a_day_unless_that_agrees() {
    let mut till = Till::open().await;
    till.world.members.new_devices_wait_h = 24;
    till.world.restart().await;
    let old = till.token.clone();
    let login = json!({"user_id": "giulia", "password": "correct horse"});
    let new = till.world.post("/v1/sessions", &login).await.json::<Session>().await.unwrap().token;
    let devices = till.world.call(Method::GET, "/v1/devices", &new).await;
    let devices: Devices = devices.json().await.unwrap();
    let this = devices.devices.iter().find(|device| device.is_this).unwrap();
    let agreement = format!("/v1/devices/{}/agreement", this.id);
    let code = |code: &str| json!({"settlement_code": code});

    till.charge(1, 100).await;
    till.begun(2, 1).await;
    assert_eq!(till.approve(2, 100, CODE).await.status(), StatusCode::OK, "the first device");
    till.token = new.clone();
    till.charge(3, 100).await;
    till.begun(4, 3).await;
    let refused = till.approve(4, 100, CODE).await;
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(code_of(refused).await, (409, "device_too_new".into()));
    assert_eq!(allow(&till, euro(200), 2, CODE).await.1, "device_too_new");
    let itself = put(&till, &agreement, &new, code(CODE)).await;
    assert_eq!(code_of(itself).await.1, "device_too_new", "it does not agree for itself");
    let wrong = put(&till, &agreement, &old, code("000000")).await;
    assert_eq!(code_of(wrong).await.1, "wrong_secret");
    let agreed = put(&till, &agreement, &old, code(CODE)).await;
    assert_eq!(agreed.status(), StatusCode::NO_CONTENT);
    assert_eq!(till.approve(4, 100, CODE).await.status(), StatusCode::OK);

    let third = till.world.post("/v1/sessions", &login).await;
    till.token = third.json::<Session>().await.unwrap().token;
    till.world.wait(DAY_MS);
    till.charge(5, 100).await;
    till.begun(6, 5).await;
    assert_eq!(till.approve(6, 100, CODE).await.status(), StatusCode::OK, "a day later");

    // As when the settlement code is set anew by mail.
    let database = open_database(&till.world.folder.path().join("wallet")).await.unwrap();
    let reset = "INSERT INTO member_event (member_id, at, what)
        SELECT id, $1, 'settlement_code_reset' FROM member WHERE user_id = 'giulia'";
    sqlx::query(reset).bind(till.world.now().0).execute(database.reads()).await.unwrap();
    database.close().await;
    till.world.wait(DAY_MS - 1_000);
    till.charge(7, 100).await;
    till.begun(8, 7).await;
    assert_eq!(code_of(till.approve(8, 100, CODE).await).await.1, "device_too_new");
    till.world.wait(1_000);
    assert_eq!(till.approve(8, 100, CODE).await.status(), StatusCode::OK);
    till.stop().await;
}
