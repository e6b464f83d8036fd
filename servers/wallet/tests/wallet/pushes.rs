//! Pushes: a phone is told that there is something new and nothing of what, and its token goes with it.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::wire::{EventOf, Events, Session, SettlementRefund};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_server::{Delivery, FileGateway, Push, PushGateway, open_database};

use crate::{
    settlements::{Till, code_of},
    terminals::euro,
};

const TOKEN: &str = "fGk3:APA91bH-a-token-that-a-provider-gave";

/// What a provider says of a token.
type Says = fn() -> io::Result<Delivery>;

/// A provider, and what came to it: the token, the event's id and the whole push.
#[derive(Clone)]
struct Provider {
    came: Arc<Mutex<Vec<(String, i64, String)>>>,
    says: Arc<Mutex<Says>>,
}

impl PushGateway for Provider {
    fn push(&self, push: &Push) -> io::Result<Delivery> {
        let line = serde_json::to_string(push).unwrap();
        let token = push.token.expose().to_owned();
        self.came.lock().unwrap().push((token, push.id, line));
        self.says.lock().unwrap()()
    }
}

impl Provider {
    fn new() -> Self {
        let taken: Says = || Ok(Delivery::Taken);
        Self { came: Arc::default(), says: Arc::new(Mutex::new(taken)) }
    }

    fn says(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    fn count(&self) -> usize {
        self.came.lock().unwrap().len()
    }

    /// All that came once the push of this number is there.
    async fn pushes(&self, count: usize) -> Vec<(String, i64, String)> {
        let comes = async {
            while self.count() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), comes).await.expect("nothing was pushed");
        self.came.lock().unwrap().clone()
    }
}

/// A till and a provider.
async fn open() -> (Till, Provider) {
    let (mut till, provider) = (Till::open().await, Provider::new());
    till.world.push = Some(Arc::new(provider.clone()));
    till.world.restart().await;
    (till, provider)
}

impl Till {
    async fn register(&self, session: &str, service: &str, token: &str) -> Response {
        let url = format!("{}/v1/push-token", self.world.url);
        let body = json!({"service": service, "token": token});
        self.world.http.put(url).bearer_auth(session).json(&body).send().await.unwrap()
    }

    async fn call_as(&self, session: &str, method: Method, path: &str) -> StatusCode {
        self.world.call(method, path, session).await.status()
    }

    async fn session(&self) -> String {
        let answer = self.world.log_in("giulia", "correct horse").await;
        answer.json::<Session>().await.unwrap().token
    }

    /// Whether a provider's token is kept.
    async fn kept(&self) -> i64 {
        let database = open_database(&self.world.folder.path().join("wallet")).await.unwrap();
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM push_token")
            .fetch_one(database.reads())
            .await
            .unwrap();
        database.close().await;
        count
    }
}

#[tokio::test]
async fn a_payment_and_its_refund_are_pushed_by_an_id_alone_and_the_phone_fetches_what_they_are() {
    let (till, provider) = open().await;
    till.pay(1, 100).await;
    assert_eq!(till.register(&till.token, "fcm", TOKEN).await.status(), StatusCode::NO_CONTENT);
    till.pay(11, 250).await;
    let first = provider.pushes(1).await;
    till.refund(20, 12, euro(30), &till.key).await;
    let both = provider.pushes(2).await;
    assert_eq!(both.len(), 2, "what was before the token, or twice: {both:?}");
    for (token, id, line) in &both {
        assert_eq!(token, TOKEN);
        let said: Value = serde_json::from_str(line).unwrap();
        let names: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["device", "id", "service"], "{line}");
        assert_eq!(said["id"], *id);
    }
    let path = format!("/v1/events?after={}", first[0].1);
    let events = till.world.call(Method::GET, &path, &till.token).await;
    let events: Events = events.json().await.unwrap();
    let refund = Uuid::from_u128(20);
    assert_eq!(events.events[0].of, EventOf::Refund(refund));
    let path = format!("/v1/refunds/{refund}");
    let made = till.world.call(Method::GET, &path, &till.token).await;
    let SettlementRefund { refund, settlement } = made.json().await.unwrap();
    assert_eq!((refund.amount.amount, settlement.amount.amount), (30, 250));
    assert_eq!((settlement.store_name.as_str(), settlement.refunded.amount), ("Uno", 30));
    let other = till.world.token_of("kenji", "battery staple").await;
    assert_eq!(till.call_as(&other, Method::GET, &path).await, StatusCode::NOT_FOUND);
    till.stop().await;
}

#[tokio::test]
async fn a_token_goes_with_its_device_its_log_in_and_its_member_and_when_the_provider_says_so() {
    let (till, provider) = open().await;
    for gone in ["log-out", "removal", "another device", "by itself", "provider"] {
        let session = till.session().await;
        till.register(&session, "fcm", TOKEN).await;
        assert_eq!(till.kept().await, 1, "before {gone}");
        match gone {
            "log-out" => {
                till.call_as(&session, Method::DELETE, "/v1/sessions").await;
            }
            "removal" => {
                let devices = till.world.call(Method::GET, "/v1/devices", &session).await;
                let devices: domain::wire::Devices = devices.json().await.unwrap();
                let here = devices.devices.iter().find(|device| device.is_this).unwrap();
                let path = format!("/v1/devices/{}", here.id);
                till.call_as(&till.token, Method::DELETE, &path).await;
            }
            // The phone has another member now: one phone is told of one member.
            "another device" => {
                till.register(&till.token, "fcm", TOKEN).await;
                assert_eq!(till.kept().await, 1, "the same token twice");
                till.call_as(&till.token, Method::DELETE, "/v1/push-token").await;
            }
            "by itself" => {
                till.call_as(&session, Method::DELETE, "/v1/push-token").await;
                till.call_as(&session, Method::DELETE, "/v1/push-token").await;
            }
            _ => {
                provider.says(|| Ok(Delivery::Gone));
                let pushed = provider.count();
                till.pay(31, 100).await;
                provider.pushes(pushed + 1).await;
                let forgotten = async {
                    while till.kept().await > 0 {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                };
                tokio::time::timeout(Duration::from_secs(30), forgotten).await.unwrap();
            }
        }
        assert_eq!(till.kept().await, 0, "after {gone}");
    }
    till.stop().await;
}

#[tokio::test]
async fn a_member_who_leaves_leaves_no_token() {
    let (till, _) = open().await;
    till.register(&till.token, "fcm", TOKEN).await;
    till.pay(1, 1_250).await;
    let url = format!("{}/v1/members/me", till.world.url);
    let body = json!({"password": "correct horse"});
    let left = till.world.http.delete(url).bearer_auth(&till.token).json(&body).send().await;
    assert_eq!(left.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(till.kept().await, 0);
    till.stop().await;
}

#[tokio::test]
async fn a_push_that_a_provider_did_not_take_is_sent_again_and_one_for_all_that_happened_since() {
    let (mut till, provider) = open().await;
    till.register(&till.token, "apns", TOKEN).await;
    provider.says(|| Err(io::ErrorKind::TimedOut.into()));
    till.pay(1, 100).await;
    let refused = provider.pushes(1).await;
    till.pay(11, 100).await;
    provider.says(|| Ok(Delivery::Taken));
    // The waits are by the server's clock; a server that was stopped meanwhile goes on.
    till.world.wait(1_000);
    till.world.restart().await;
    let pushes = provider.pushes(refused.len() + 1).await;
    let newest = pushes.last().unwrap().1;
    assert!(newest > refused[0].1, "of what happened last: {pushes:?}");
    till.refund(20, 12, euro(1), &till.key).await;
    let pushes = provider.pushes(refused.len() + 2).await;
    assert_eq!(pushes.len(), refused.len() + 2, "told twice: {pushes:?}");
    till.stop().await;
}

#[tokio::test]
async fn a_device_whose_session_is_over_is_told_nothing() {
    let (mut till, provider) = open().await;
    let session = till.session().await;
    till.register(&session, "fcm", "of a session that will be over").await;
    till.register(&session, "fcm", TOKEN).await;
    till.world.wait(31 * 24 * 60 * 60 * 1_000);
    till.token = till.session().await;
    till.register(&till.token, "fcm", "another-token").await;
    till.pay(1, 100).await;
    let pushes = provider.pushes(1).await;
    assert!(pushes.iter().all(|(token, ..)| token == "another-token"), "{pushes:?}");
    till.stop().await;
}

#[tokio::test]
async fn a_token_lies_sealed_is_checked_and_a_server_without_a_gateway_takes_none() {
    let (mut till, _) = open().await;
    for (service, token) in [
        ("", TOKEN),
        ("FCM", TOKEN),
        ("fcm", ""),
        ("fcm", "with a blank"),
        ("fcm", "line\nfeed"),
        ("fcm", &"a".repeat(4_097)),
        (&"a".repeat(33), TOKEN),
    ] {
        let refused = till.register(&till.token, service, token).await;
        assert_eq!(code_of(refused).await, (422, "invalid_value".to_owned()), "{service} {token}");
    }
    assert_eq!(till.register("nobody", "fcm", TOKEN).await.status(), StatusCode::UNAUTHORIZED);
    till.register(&till.token, "fcm", TOKEN).await;
    for file in ["wallet.db", "wallet.db-wal"] {
        let bytes = std::fs::read(till.world.folder.path().join("wallet").join(file));
        let bytes = bytes.unwrap_or_default();
        assert!(!bytes.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes()), "{file}");
    }
    till.world.push = None;
    till.world.restart().await;
    assert_eq!(code_of(till.register(&till.token, "fcm", TOKEN).await).await.0, 404);
    till.stop().await;
}

#[test]
fn the_development_gateway_writes_no_token() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("pushes");
    let gateway = FileGateway::new(file.clone());
    let push = Push::new("0123".to_owned(), "fcm".to_owned(), TOKEN.to_owned(), 7);
    assert_eq!(gateway.push(&push).unwrap(), Delivery::Taken);
    let line = std::fs::read_to_string(file).unwrap();
    assert_eq!(line, "{\"device\":\"0123\",\"service\":\"fcm\",\"id\":7}\n");
}
