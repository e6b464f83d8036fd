//! Payments by a scanned code: charged by a terminal and agreed to by the member.

use domain::{
    Reason, Store, StoreId,
    wire::{Charge, ChargeState, PaymentSign, Settlement, SettlementFailure, SettlementState},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_server::{open_database, register::Import, verify};

use crate::{
    terminals::{charge, code, euro, key_of},
    world::{NOW, World, problem},
};

pub const CODE: &str = "739158";

/// Two stores: one takes the wallet's money, the other does not.
pub struct Till {
    pub world: World,
    pub store: StoreId,
    pub key: String,
    pub token: String,
    pub other: StoreId,
}

fn feature(name: &str, lon: f64, tillsight: &str) -> Value {
    json!({"type": "Feature", "id": name, "geometry": {"type": "Point", "coordinates": [lon, 41.9]},
        "properties": {"name": name, "shop": "bakery", "addr:country": "IT",
            "payment:tillsight": tillsight}})
}

impl Till {
    pub async fn open() -> Self {
        let world = World::start().await;
        let stores = world.folder.path().join("stores.geojson");
        let features = [feature("Uno", 12.5, "yes"), feature("Due", 12.5002, "no")];
        let list = json!({"type": "FeatureCollection", "features": features});
        std::fs::write(&stores, list.to_string()).unwrap();
        let licence = Some("CC0-1.0".to_owned());
        let summary = world.import(Import { licence, ..Import::of(stores, NOW) }).await;
        assert_eq!(summary.taken(), 2, "{summary}");
        let token = world.token().await;
        let new = json!({"present": "correct horse", "new": CODE});
        let url = format!("{}/v1/members/me/settlement-code", world.url);
        let set = world.http.put(url).bearer_auth(&token).json(&new).send().await.unwrap();
        assert_eq!(set.status(), StatusCode::NO_CONTENT);
        let near: Vec<Store> = world.near(419_000_000, 125_000_000).await.json().await.unwrap();
        let of = |name: &str| near.iter().find(|store| store.name == name).unwrap().id;
        let (store, other) = (of("Uno"), of("Due"));
        let key = key_of(&world, store).await;
        Self { world, store, key, token, other }
    }

    pub async fn charge(&self, id: u128, amount: i64) -> Charge {
        let id = Uuid::from_u128(id);
        charge(&self.world, self.store, &self.key, id, euro(amount)).await.json().await.unwrap()
    }

    async fn code(&self, charge: u128) -> String {
        let charge = Uuid::from_u128(charge);
        let sign = code(&self.world, self.store, &self.key, charge).await;
        sign.json::<PaymentSign>().await.unwrap().code
    }

    pub async fn charge_now(&self, id: u128) -> Charge {
        let path = format!("/v1/stores/{}/charges/{}", self.store, Uuid::from_u128(id));
        self.world.call(Method::GET, &path, &self.key).await.json().await.unwrap()
    }

    pub async fn send(&self, path: &str, token: &str, id: Option<u128>, body: Value) -> Response {
        let request = self.world.http.post(format!("{}{path}", self.world.url)).bearer_auth(token);
        let request = match id {
            Some(id) => request.header("idempotency-key", Uuid::from_u128(id).to_string()),
            None => request,
        };
        request.json(&body).send().await.unwrap()
    }

    async fn begin(&self, id: u128, code: &str, method: &str) -> Response {
        let body = json!({"code": code, "method": method});
        self.send("/v1/settlements", &self.token, Some(id), body).await
    }

    pub async fn begun(&self, id: u128, charge: u128) -> Settlement {
        let code = self.code(charge).await;
        self.begin(id, &code, "money").await.json().await.unwrap()
    }

    pub async fn approve(&self, id: u128, amount: i64, code: &str) -> Response {
        let path = format!("/v1/settlements/{}/approve", Uuid::from_u128(id));
        let body = json!({"store": self.store, "amount": euro(amount), "method": "money",
            "settlement_code": code});
        self.send(&path, &self.token, None, body).await
    }

    pub async fn pay(&self, id: u128, amount: i64) -> Settlement {
        self.charge(id, amount).await;
        assert_eq!(self.begun(id + 1, id).await.state, SettlementState::ToApprove);
        self.approve(id + 1, amount, CODE).await.json().await.unwrap()
    }

    pub async fn refund(&self, id: u128, settlement: u128, amount: Value, key: &str) -> Response {
        let path = format!("/v1/settlements/{}/refunds", Uuid::from_u128(settlement));
        self.send(&path, key, Some(id), json!({"amount": amount, "cashier": "Anna"})).await
    }

    pub async fn left(&self) -> i64 {
        let methods = self.world.call(Method::GET, "/v1/methods", &self.token).await;
        let methods: domain::wire::Methods = methods.json().await.unwrap();
        let money = methods.methods.iter().find(|one| one.method.id.0 == "money").unwrap();
        money.balance.unwrap().left.amount
    }

    pub async fn stop(self) {
        let database = open_database(&self.world.folder.path().join("wallet")).await.unwrap();
        verify(&database).await.unwrap();
        database.close().await;
        self.world.stop().await;
    }
}

pub async fn code_of(response: Response) -> (u16, String) {
    let problem = problem(response).await;
    (problem.status, problem.code)
}

#[tokio::test]
async fn l13_what_the_member_agreed_to_leaves_the_wallet_once_and_both_sides_are_told() {
    let till = Till::open().await;
    assert_eq!(till.charge(1, 250).await.state, ChargeState::Open);
    let begun = till.begun(2, 1).await;
    assert_eq!((begun.state, begun.amount.amount), (SettlementState::ToApprove, 250));
    assert_eq!((begun.store, begun.store_name.as_str()), (till.store, "Uno"));
    assert_eq!(till.charge_now(1).await.state, ChargeState::Paying);
    assert_eq!(till.left().await, 1_250, "nothing before the member agrees");
    for _ in 0..3 {
        let paid: Settlement = till.approve(2, 250, CODE).await.json().await.unwrap();
        assert_eq!(paid.state, SettlementState::Captured);
    }
    let charge = till.charge_now(1).await;
    assert_eq!((charge.state, charge.settlement), (ChargeState::Paid, Some(Uuid::from_u128(2))));
    assert_eq!(till.left().await, 1_000);
    let methods = till.world.call(Method::GET, "/v1/methods", &till.token).await;
    let methods: domain::wire::Methods = methods.json().await.unwrap();
    let used: Vec<u32> = methods.methods.iter().map(|one| one.times_used).collect();
    assert_eq!(used, [1, 1, 2], "the settlement counts as one use");
    till.stop().await;
}

#[tokio::test]
async fn l13_an_approval_of_anything_else_than_was_shown_pays_nothing() {
    let till = Till::open().await;
    till.charge(1, 250).await;
    till.begun(2, 1).await;
    assert_eq!(code_of(till.approve(2, 251, CODE).await).await, (409, "not_what_was_shown".into()));
    let path = format!("/v1/settlements/{}/approve", Uuid::from_u128(2));
    for (store, method, amount) in [
        (json!(till.other), "money", euro(250)),
        (json!(till.store), "card", euro(250)),
        (json!(till.store), "money", json!({"amount": 250, "currency": "JPY"})),
    ] {
        let body =
            json!({"store": store, "amount": amount, "method": method, "settlement_code": CODE});
        let refused = till.send(&path, &till.token, None, body).await;
        assert_eq!(code_of(refused).await.1, "not_what_was_shown");
    }
    assert_eq!(till.left().await, 1_250);
    till.stop().await;
}

#[tokio::test]
async fn five_wrong_settlement_codes_are_free_then_waits_grow_and_after_ten_only_a_reset_helps() {
    let till = Till::open().await;
    till.charge(1, 250).await;
    till.begun(2, 1).await;
    for _ in 0..5 {
        let refused = till.approve(2, 250, "000000").await;
        assert_eq!(code_of(refused).await, (403, "wrong_secret".into()));
    }
    for wait in [1_000, 2_000, 4_000, 8_000, 16_000] {
        assert_eq!(code_of(till.approve(2, 250, "000000").await).await.1, "wrong_secret");
        assert_eq!(till.approve(2, 250, CODE).await.status(), StatusCode::TOO_MANY_REQUESTS);
        till.world.wait(wait);
    }
    till.world.wait(60_000);
    assert_eq!(code_of(till.approve(2, 250, CODE).await).await.1, "settlement_code_locked");
    assert_eq!(till.left().await, 1_250);
    till.stop().await;
}

#[tokio::test]
async fn l14_the_server_checks_store_method_and_balance_again() {
    let till = Till::open().await;
    till.charge(1, 1_251).await;
    let failed = till.begun(2, 1).await;
    assert_eq!(failed.state, SettlementState::Failed);
    assert_eq!(failed.reason, Some(SettlementFailure::ByRule(Reason::BalanceTooLow)));
    assert_eq!(till.charge_now(1).await.state, ChargeState::Open, "another may pay it");
    for (id, method, reason) in [
        (3, "card", SettlementFailure::ByRule(Reason::StoreDoesNotTake)),
        (4, "nothing", SettlementFailure::NotRegistered),
    ] {
        let code = till.code(1).await;
        let failed: Settlement = till.begin(id, &code, method).await.json().await.unwrap();
        assert_eq!(failed.reason, Some(reason), "{method}");
    }
    let key = key_of(&till.world, till.other).await;
    let id = Uuid::from_u128(9);
    charge(&till.world, till.other, &key, id, euro(5)).await;
    let sign: PaymentSign = code(&till.world, till.other, &key, id).await.json().await.unwrap();
    let failed: Settlement = till.begin(10, &sign.code, "money").await.json().await.unwrap();
    assert_eq!(failed.reason, Some(SettlementFailure::ByRule(Reason::StoreDoesNotTake)));
    // Blocked between the begin and the approval.
    till.charge(20, 100).await;
    till.begun(21, 20).await;
    let url = format!("{}/v1/methods/money", till.world.url);
    let block = till.world.http.patch(url).bearer_auth(&till.token).json(&json!({"blocked": true}));
    assert_eq!(block.send().await.unwrap().status(), StatusCode::OK);
    let failed: Settlement = till.approve(21, 100, CODE).await.json().await.unwrap();
    assert_eq!(failed.reason, Some(SettlementFailure::ByRule(Reason::Blocked)));
    assert_eq!(till.left().await, 1_250);
    till.stop().await;
}

#[tokio::test]
async fn f4_f5_the_same_id_pays_once_and_another_wish_under_it_pays_nothing() {
    let till = Till::open().await;
    till.charge(1, 250).await;
    let scanned = till.code(1).await;
    let first = till.begin(2, &scanned, "money").await;
    assert_eq!(first.headers()["idempotency-replayed"], "false");
    // Sent again long after the code has run out, since the answer was lost.
    till.world.wait(90_000);
    let again = till.begin(2, &scanned, "money").await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.json::<Settlement>().await.unwrap().state, SettlementState::ToApprove);
    assert_eq!(code_of(till.begin(2, &scanned, "card").await).await.1, "idempotency_key_reused");
    assert_eq!(code_of(till.begin(3, &scanned, "money").await).await.1, "store_code_out_of_date");
    assert_eq!(
        code_of(till.begin(3, &till.sign().await, "money").await).await.1,
        "not_a_payment_code"
    );
    let asked = charge(&till.world, till.store, &till.key, Uuid::from_u128(1), euro(251)).await;
    assert_eq!(code_of(asked).await.1, "idempotency_key_reused");
    till.stop().await;
}

impl Till {
    /// The printed code of the store.
    async fn sign(&self) -> String {
        let sign = self.world.get(&format!("/v1/stores/{}/sign", self.store)).await;
        sign.json::<domain::wire::Sign>().await.unwrap().code
    }
}

#[tokio::test]
async fn a_code_that_two_scan_is_paid_by_the_first_and_free_again_when_the_first_gives_up() {
    let till = Till::open().await;
    till.charge(1, 250).await;
    let scanned = till.code(1).await;
    till.begin(2, &scanned, "money").await;
    let (second, other) = (
        till.begin(3, &scanned, "money").await,
        till.world.token_of("kenji", "battery staple").await,
    );
    assert_eq!(code_of(second).await, (409, "charge_taken".into()));
    let path = format!("/v1/settlements/{}", Uuid::from_u128(2));
    let strange = till.world.call(Method::GET, &path, &other).await;
    assert_eq!(strange.status(), StatusCode::NOT_FOUND, "another member's");
    let given_up = till.world.call(Method::DELETE, &path, &till.token).await;
    assert_eq!(given_up.json::<Settlement>().await.unwrap().state, SettlementState::Void);
    assert_eq!(code_of(till.approve(2, 250, CODE).await).await.1, "approval_too_late");
    let begun: Settlement = till.begin(4, &scanned, "money").await.json().await.unwrap();
    assert_eq!(begun.state, SettlementState::ToApprove);
    // Nobody agrees for two minutes.
    till.world.wait(120_000);
    assert_eq!(code_of(till.approve(4, 250, CODE).await).await.1, "approval_too_late");
    assert_eq!(till.begun(5, 1).await.state, SettlementState::ToApprove);
    till.stop().await;
}

#[tokio::test]
async fn a_charge_that_was_taken_back_or_is_old_is_paid_by_nobody() {
    let till = Till::open().await;
    till.charge(1, 250).await;
    let scanned = till.code(1).await;
    let path = format!("/v1/stores/{}/charges/{}", till.store, Uuid::from_u128(1));
    let ended = till.world.call(Method::DELETE, &path, &till.key).await;
    assert_eq!(ended.json::<Charge>().await.unwrap().state, ChargeState::Ended);
    assert_eq!(code_of(till.begin(2, &scanned, "money").await).await.1, "no_charge");
    let late = code(&till.world, till.store, &till.key, Uuid::from_u128(1)).await;
    assert_eq!(code_of(late).await.1, "charge_not_open");
    till.charge(3, 250).await;
    till.world.wait(15 * 60_000);
    assert_eq!(till.charge_now(3).await.state, ChargeState::Ended);
    till.stop().await;
}

#[tokio::test]
async fn a_member_sees_their_settlements_page_by_page() {
    let till = Till::open().await;
    for id in [1, 11, 21] {
        till.pay(id, 100).await;
        till.world.wait(1_000);
    }
    let mut seen = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let path = format!("/v1/settlements{query}");
        let page: domain::wire::SettlementPage =
            till.world.call(Method::GET, &path, &till.token).await.json().await.unwrap();
        seen.extend(page.settlements.iter().map(|settlement| settlement.id.as_u128()));
        let Some(after) = page.after else { break };
        query = format!("?limit=2&after={after}");
    }
    assert_eq!(seen, [22, 12, 2]);
    for wrong in ["?limit=0", "?limit=51", "?after=x", "?state=open"] {
        let path = format!("/v1/settlements{wrong}");
        let refused = till.world.call(Method::GET, &path, &till.token).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    till.stop().await;
}

#[tokio::test]
async fn by_a_code_that_names_no_amount_so_much_is_paid_as_the_member_says_up_to_a_limit() {
    let till = Till::open().await;
    let sign = till.sign().await;
    let begin = |id: u128, amount: Value| {
        let wish = json!({"code": sign, "method": "money", "amount": amount});
        till.send("/v1/settlements", &till.token, Some(id), wish)
    };
    let first: Settlement = begin(2, euro(320)).await.json().await.unwrap();
    assert_eq!((first.state, first.store), (SettlementState::ToApprove, till.store));
    assert_eq!(begin(2, euro(320)).await.headers()["idempotency-replayed"], "true");
    assert_eq!(code_of(begin(2, euro(321)).await).await.1, "idempotency_key_reused");
    assert_eq!(till.left().await, 1_250, "nothing before the member agrees");
    let paid: Settlement = till.approve(2, 320, CODE).await.json().await.unwrap();
    assert_eq!((paid.state, till.left().await), (SettlementState::Captured, 930));
    // A terminal that has used the id asks for something else.
    till.charge(3, 250).await;
    assert_eq!(code_of(begin(3, euro(250)).await).await.1, "idempotency_key_reused");
    let yen = json!({"amount": 320, "currency": "JPY"});
    for wrong in [json!(euro(5_001)), json!(euro(0)), json!(euro(-1)), yen] {
        assert_eq!(code_of(begin(4, wrong.clone()).await).await.1, "amount_too_high", "{wrong}");
    }
    till.charge(5, 250).await;
    let code = till.code(5).await;
    let both = json!({"code": code, "method": "money", "amount": euro(250)});
    let refused = till.send("/v1/settlements", &till.token, Some(6), both).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    till.stop().await;
}
