//! Payments by the code that a phone shows: charged by a terminal, agreed to on that phone.

use domain::{
    Money, Reason,
    wire::{
        Charge, ChargeRequest, ChargeState, PaymentToken, Settlement, SettlementFailure,
        SettlementState,
    },
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    settlements::{CODE, Till, code_of},
    terminals::{euro, key_of},
};

impl Till {
    pub async fn ask_token(&self, id: u128, method: &str) -> Response {
        self.send("/v1/tokens", &self.token, Some(id), json!({"method": method})).await
    }

    pub async fn shown(&self, id: u128) -> String {
        self.ask_token(id, "money").await.json::<PaymentToken>().await.unwrap().token
    }

    pub async fn handed(&self, id: u128) -> String {
        let wish = json!({"method": "money", "channel": "contactless"});
        let made = self.send("/v1/tokens", &self.token, Some(id), wish).await;
        made.json::<PaymentToken>().await.unwrap().token
    }

    pub async fn charge_token(&self, id: u128, amount: i64, code: &str) -> Response {
        let body = json!({"amount": euro(amount), "channel": "code", "code": code});
        self.charge_with(id, body, &self.key).await
    }

    async fn charge_with(&self, id: u128, body: Value, key: &str) -> Response {
        self.send(&format!("/v1/stores/{}/charges", self.store), key, Some(id), body).await
    }

    pub async fn settlement(&self, id: u128) -> Response {
        let path = format!("/v1/settlements/{}", Uuid::from_u128(id));
        self.world.call(Method::GET, &path, &self.token).await
    }

    async fn take_back(&self, id: u128) -> StatusCode {
        let path = format!("/v1/tokens/{}", Uuid::from_u128(id));
        self.world.call(Method::DELETE, &path, &self.token).await.status()
    }
}

#[tokio::test]
async fn l13_a_shown_code_that_is_charged_is_paid_once_the_member_agrees_and_not_before() {
    let till = Till::open().await;
    let made = till.ask_token(2, "money").await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let token: PaymentToken = made.json().await.unwrap();
    assert_eq!((token.lasts_ms, token.token.len()), (60_000, 26));
    assert_eq!(till.settlement(2).await.status(), StatusCode::NOT_FOUND);

    let charge: Charge = till.charge_token(1, 250, &token.token).await.json().await.unwrap();
    assert_eq!((charge.state, charge.settlement), (ChargeState::Paying, Some(Uuid::from_u128(2))));
    let asked: Settlement = till.settlement(2).await.json().await.unwrap();
    assert_eq!((asked.state, asked.amount.amount), (SettlementState::ToApprove, 250));
    assert_eq!((asked.store, asked.channel), (till.store, domain::Channel::Code));
    assert_eq!(till.left().await, 1_250, "nothing before the member agrees");
    assert_eq!(code_of(till.approve(2, 249, CODE).await).await.1, "not_what_was_shown");
    assert_eq!(code_of(till.approve(2, 250, "000000").await).await.1, "wrong_secret");
    for _ in 0..2 {
        let paid: Settlement = till.approve(2, 250, CODE).await.json().await.unwrap();
        assert_eq!(paid.state, SettlementState::Captured);
    }
    assert_eq!(till.charge_now(1).await.state, ChargeState::Paid);
    assert_eq!(till.left().await, 1_000);
    till.stop().await;
}

#[tokio::test]
async fn f4_the_same_ids_give_the_same_code_and_the_same_charge_and_other_wishes_under_them_nothing()
 {
    let till = Till::open().await;
    let code = till.shown(2).await;
    till.world.wait(20_000);
    let again = till.ask_token(2, "money").await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let again: PaymentToken = again.json().await.unwrap();
    assert_eq!((again.token.as_str(), again.lasts_ms), (code.as_str(), 40_000));
    assert_eq!(code_of(till.ask_token(2, "card").await).await.1, "idempotency_key_reused");

    assert_eq!(till.charge_token(1, 250, &code).await.headers()["idempotency-replayed"], "false");
    till.world.wait(50_000);
    let repeated = till.charge_token(1, 250, &code).await;
    assert_eq!(repeated.headers()["idempotency-replayed"], "true", "its answer was lost");
    assert_eq!(repeated.json::<Charge>().await.unwrap().state, ChargeState::Paying);
    let raised = till.charge_token(1, 251, &code).await;
    assert_eq!(code_of(raised).await, (422, "idempotency_key_reused".into()));
    let other = till.shown(3).await;
    assert_eq!(code_of(till.charge_token(1, 250, &other).await).await.1, "idempotency_key_reused");
    let scan = till.charge_with(1, json!({"amount": euro(250)}), &till.key).await;
    assert_eq!(code_of(scan).await.1, "idempotency_key_reused");
    assert_eq!(code_of(till.ask_token(2, "money").await).await, (409, "token_used".into()));
    till.stop().await;
}

#[tokio::test]
async fn a_code_that_is_used_over_taken_back_or_none_is_charged_by_nobody_and_says_why() {
    let till = Till::open().await;
    let code = till.shown(2).await;
    till.charge_token(1, 250, &code).await;
    // Shown twice, or photographed.
    assert_eq!(code_of(till.charge_token(4, 250, &code).await).await, (409, "token_used".into()));
    assert_eq!(code_of(till.charge_token(4, 1, &code).await).await.1, "token_used");

    let late = till.shown(5).await;
    till.world.wait(60_000);
    assert_eq!(code_of(till.charge_token(4, 1, &late).await).await, (422, "token_expired".into()));
    assert_eq!(code_of(till.ask_token(5, "money").await).await.1, "token_expired");
    let back = till.shown(6).await;
    assert_eq!(till.take_back(6).await, StatusCode::NO_CONTENT);
    assert_eq!(code_of(till.charge_token(4, 1, &back).await).await.1, "token_expired");
    let before = till.shown(7).await;
    till.shown(8).await;
    assert_eq!(code_of(till.charge_token(4, 1, &before).await).await.1, "token_expired");

    for none in ["", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "TS1:ABC", &"A".repeat(5_000)] {
        let refused = till.charge_token(4, 1, none).await;
        assert_eq!(code_of(refused).await, (422, "token_unknown".into()));
    }
    for body in [
        json!({"amount": euro(1), "channel": "code"}),
        json!({"amount": euro(1), "channel": "scan", "code": code}),
        json!({"amount": euro(1), "channel": "contactless"}),
        json!({"amount": euro(1), "channel": "other"}),
    ] {
        assert_eq!(till.charge_with(4, body, &till.key).await.status(), 422);
    }
    assert_eq!(till.left().await, 1_250);
    till.stop().await;
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_a_terminal_of_the_store_with_its_newest_key() {
    let till = Till::open().await;
    let code = till.shown(2).await;
    let body = json!({"amount": euro(1), "channel": "code", "code": code});
    let other = key_of(&till.world, till.other).await;
    let new = key_of(&till.world, till.store).await;
    for key in ["none", &till.token, &other, &till.key] {
        let refused = till.charge_with(1, body.clone(), key).await;
        assert_eq!(code_of(refused).await, (401, "unauthorized".into()));
    }
    assert_eq!(till.charge_with(1, body, &new).await.status(), StatusCode::CREATED);
    till.stop().await;
}

#[tokio::test]
async fn what_a_code_began_is_seen_by_its_member_alone_and_approved_on_its_device_alone() {
    let mut till = Till::open().await;
    let code = till.shown(2).await;
    till.charge_token(1, 250, &code).await;
    let phone = till.token.clone();
    till.token = till.world.token_of("kenji", "battery staple").await;
    assert_eq!(till.settlement(2).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(till.approve(2, 250, CODE).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(code_of(till.ask_token(2, "money").await).await.1, "idempotency_key_reused");
    assert_eq!(till.take_back(2).await, StatusCode::NO_CONTENT, "of nobody's");
    till.token = till.world.token().await;
    assert_eq!(code_of(till.approve(2, 250, CODE).await).await, (409, "other_device".into()));
    till.token = phone;
    let paid: Settlement = till.approve(2, 250, CODE).await.json().await.unwrap();
    assert_eq!(paid.state, SettlementState::Captured);
    till.stop().await;
}

#[tokio::test]
async fn two_terminals_that_charge_one_code_at_once_get_one_payment() {
    let till = Till::open().await;
    for round in 0..4_u128 {
        let code = till.shown(100 + round).await;
        let (one, two) = tokio::join!(
            till.charge_token(10 * round + 1, 100, &code),
            till.charge_token(10 * round + 2, 900, &code)
        );
        let mut answers = [one.status().as_u16(), two.status().as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409]);
        let asked: Settlement = till.settlement(100 + round).await.json().await.unwrap();
        let won = if one.status() == StatusCode::CREATED { 100 } else { 900 };
        assert_eq!(asked.amount.amount, won, "the member is asked for what was charged");
    }
    till.stop().await;
}

#[tokio::test]
async fn l14_what_cannot_be_paid_fails_at_once_and_ends_the_charge() {
    let till = Till::open().await;
    for (id, method, amount, reason) in [
        (10, "money", 1_251, SettlementFailure::ByRule(Reason::BalanceTooLow)),
        (20, "card", 250, SettlementFailure::ByRule(Reason::StoreDoesNotTake)),
        (30, "nothing", 250, SettlementFailure::NotRegistered),
    ] {
        let token: PaymentToken = till.ask_token(id, method).await.json().await.unwrap();
        let charge = till.charge_token(id + 1, amount, &token.token).await;
        assert_eq!(charge.json::<Charge>().await.unwrap().state, ChargeState::Ended, "{method}");
        let failed: Settlement = till.settlement(id).await.json().await.unwrap();
        assert_eq!((failed.state, failed.reason), (SettlementState::Failed, Some(reason)));
    }
    // A declined one, and one that nobody agrees to, end the charge as well.
    let code = till.shown(40).await;
    till.charge_token(41, 250, &code).await;
    let path = format!("/v1/settlements/{}", Uuid::from_u128(40));
    let declined = till.world.call(Method::DELETE, &path, &till.token).await;
    assert_eq!(declined.json::<Settlement>().await.unwrap().state, SettlementState::Void);
    assert_eq!(till.charge_now(41).await.state, ChargeState::Ended);
    let code = till.shown(50).await;
    till.charge_token(51, 250, &code).await;
    till.world.wait(120_000);
    assert_eq!(till.charge_now(51).await.state, ChargeState::Ended);
    assert_eq!(code_of(till.approve(50, 250, CODE).await).await.1, "approval_too_late");
    assert_eq!(till.left().await, 1_250);
    till.stop().await;
}

#[tokio::test]
async fn no_code_lies_in_the_database_nor_in_what_a_request_prints() {
    let till = Till::open().await;
    let code = till.shown(2).await;
    till.charge_token(1, 250, &code).await;
    let asked = ChargeRequest::by_code(Money::new(1, domain::Currency::EUR), None, code.clone());
    assert!(!format!("{asked:?}").contains(&code));
    let data = till.world.folder.path().join("wallet");
    let mut files = 0;
    for file in std::fs::read_dir(data).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let found = bytes.windows(code.len()).any(|window| window == code.as_bytes());
        assert!(!found, "the code is kept in clear");
        files += 1;
    }
    assert!(files > 2, "the database and the keys");
    till.stop().await;
}

#[tokio::test]
async fn a_token_is_charged_on_its_own_channel_alone_and_the_settlement_says_which() {
    let till = Till::open().await;
    let (shown, handed) = (till.shown(2).await, till.handed(3).await);
    let body =
        |channel: &str, code: &str| json!({"amount": euro(250), "channel": channel, "code": code});
    // The shown one is over: the phone has another.
    assert_eq!(code_of(till.charge_token(1, 250, &shown).await).await.1, "token_expired");
    let pictured = till.charge_with(1, body("code", &handed), &till.key).await;
    assert_eq!(code_of(pictured).await, (409, "token_of_other_channel".into()));
    let charged = till.charge_with(1, body("contactless", &handed), &till.key).await;
    assert_eq!(charged.status(), StatusCode::CREATED);
    let asked: Settlement = till.settlement(3).await.json().await.unwrap();
    assert_eq!(asked.channel, domain::Channel::Contactless);
    let scan = json!({"method": "money", "channel": "scan"});
    let refused = till.send("/v1/tokens", &till.token, Some(4), scan).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    till.stop().await;
}
