//! A store's till and a member's phone in front of it, paying by account and card.

use std::time::Duration;

use domain::{
    StoreId,
    wire::{Charge, PaymentSign, Settlement, SettlementState},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;
use wallet_server::{
    open_database,
    register::{Import, all, import},
    terminal_key,
};

use crate::cast::{Cast, PASSWORD, id};

const CODE: &str = "739158";

/// A store that takes what pays by a scanned code, and a member in front of its till.
pub struct Shop {
    pub store: StoreId,
    pub key: String,
    pub token: String,
    /// A code that is being looked at counts as wrong, and after five there are waits.
    turns: Semaphore,
}

pub fn euro(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

impl Shop {
    pub async fn open(cast: &Cast) -> Self {
        let list = cast.folder.path().join("stores.geojson");
        let store = json!({"type": "Feature", "id": "uno",
            "geometry": {"type": "Point", "coordinates": [12.5, 41.9]},
            "properties": {"name": "Uno", "shop": "bakery", "addr:country": "IT",
                "payment:tillsight": "yes"}});
        let list_of_one = json!({"type": "FeatureCollection", "features": [store]});
        std::fs::write(&list, list_of_one.to_string()).unwrap();
        let database = open_database(&cast.data()).await.unwrap();
        let licence = Some("CC0-1.0".to_owned());
        let order = Import { licence, ..Import::of(list, domain::Timestamp(0)) };
        import(&database, &order, |_| {}).await.unwrap();
        let store = all(&database).await.unwrap()[0].id;
        database.close().await;
        let key = terminal_key(&cast.data(), store).await.unwrap();
        let token = cast.log_in("giulia").await;
        let new = json!({"present": PASSWORD, "new": CODE});
        let set = cast.http.put(cast.url("/v1/members/me/settlement-code")).bearer_auth(&token);
        assert_eq!(set.json(&new).send().await.unwrap().status(), StatusCode::NO_CONTENT);
        Self { store, key, token, turns: Semaphore::new(4) }
    }

    pub async fn send(
        &self,
        cast: &Cast,
        method: Method,
        path: &str,
        key: &str,
        (id, body): (Uuid, Value),
    ) -> reqwest::Result<Response> {
        let call = cast.http.request(method, cast.url(path)).bearer_auth(key);
        call.header("idempotency-key", id.to_string()).json(&body).send().await
    }

    fn charges(&self) -> String {
        format!("/v1/stores/{}/charges", self.store)
    }

    /// Charges under `number` and has the member begin to pay it as `number` + 1.
    pub async fn try_begin(
        &self,
        cast: &Cast,
        number: u128,
        method: &str,
        amount: i64,
    ) -> reqwest::Result<Settlement> {
        let (charge, nothing) = (id(number), json!(null));
        let asked = (charge, json!({"amount": euro(amount)}));
        self.send(cast, Method::POST, &self.charges(), &self.key, asked).await?;
        let path = format!("{}/{charge}/codes", self.charges());
        let sign = self.send(cast, Method::POST, &path, &self.key, (charge, nothing)).await?;
        let sign: PaymentSign = sign.json().await?;
        let wanted = (id(number + 1), json!({"code": sign.code, "method": method}));
        let begun = self.send(cast, Method::POST, "/v1/settlements", &self.token, wanted).await?;
        begun.json().await
    }

    pub async fn begin(&self, cast: &Cast, number: u128, method: &str, amount: i64) -> Settlement {
        self.try_begin(cast, number, method, amount).await.unwrap()
    }

    pub async fn try_approve(
        &self,
        cast: &Cast,
        settlement: &Settlement,
    ) -> reqwest::Result<Response> {
        let _turn = self.turns.acquire().await;
        let path = format!("/v1/settlements/{}/approve", settlement.id);
        let body = json!({"store": settlement.store, "amount": settlement.amount,
            "method": settlement.method, "settlement_code": CODE});
        self.send(cast, Method::POST, &path, &self.token, (settlement.id, body)).await
    }

    pub async fn approve(&self, cast: &Cast, settlement: &Settlement) -> Settlement {
        let answer = self.try_approve(cast, settlement).await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).expect(&answer)
    }

    pub async fn pay(&self, cast: &Cast, number: u128, method: &str, amount: i64) -> Settlement {
        let begun = self.begin(cast, number, method, amount).await;
        assert_eq!(begun.state, SettlementState::ToApprove, "{begun:?}");
        self.approve(cast, &begun).await
    }

    pub async fn settlement(&self, cast: &Cast, id: Uuid) -> Option<Settlement> {
        cast.get(&self.token, &format!("/v1/settlements/{id}")).await.json().await.ok()
    }

    pub async fn charge(&self, cast: &Cast, number: u128) -> Charge {
        let path = format!("{}/{}", self.charges(), id(number));
        cast.get(&self.key, &path).await.json().await.unwrap()
    }

    /// The till takes its charge back.
    pub async fn end(&self, cast: &Cast, number: u128) -> Response {
        let path = format!("{}/{}", self.charges(), id(number));
        self.send(cast, Method::DELETE, &path, &self.key, (id(number), json!(null))).await.unwrap()
    }

    pub async fn refund(&self, cast: &Cast, number: u128, of: u128, amount: i64) -> Response {
        let path = format!("/v1/settlements/{}/refunds", id(of));
        let body = (id(number), json!({"amount": euro(amount)}));
        self.send(cast, Method::POST, &path, &self.key, body).await.unwrap()
    }

    /// The settlement once it has ended.
    pub async fn ended(&self, cast: &Cast, id: Uuid) -> Settlement {
        let ends = async {
            loop {
                let known = self.settlement(cast, id).await;
                if let Some(known) = known.filter(|one| one.state != SettlementState::Pending) {
                    return known;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(90), ends).await.expect("it never ended")
    }
}
