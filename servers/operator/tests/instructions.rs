//! Money that moves on the wallet company's instructions, at the server as it runs.

mod bank;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use bank::{Bank, KEY, grant};
use data_encoding::{BASE64, HEXLOWER};
use domain::wire::{
    Account, CallbackKey, Confirmation, DayFoot, Decline, GRANT_HEADER, History, Problem,
    signed_callback,
};
use ed25519_dalek::{Signature, VerifyingKey};
use operator_server::{Config, Day, SettlementArgs};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

impl Bank {
    async fn open(settlement: SettlementArgs) -> Self {
        let seed = json!({
            "accounts": [{"id": "a", "name": "Conto", "number_end": "0042", "currency": "EUR",
                "history": [{"at": 1, "amount": 100_000, "text": "Salary"}]}],
            "grants": [{"grant": grant("a"), "held_by": "account", "id": "a"},
                {"grant": grant("c"), "held_by": "card", "id": "c"},
                {"grant": grant("x"), "held_by": "account", "id": "x"}],
            "cards": [{"id": "c", "name": "Rossi Visa", "number_end": "4242",
                "expires_at": 4_000_000_000_000_i64, "limit": {"amount": 50_000, "currency": "EUR"}}],
        });
        Self::with(seed, settlement).await
    }

    async fn plain() -> Self {
        Self::open(SettlementArgs::default()).await
    }

    async fn get(&self, path: &str) -> Response {
        let url = format!("http://{}{path}", self.running.addr);
        let call = self.http.get(url).bearer_auth(KEY).header(GRANT_HEADER, grant("a"));
        call.send().await.unwrap()
    }

    async fn send(&self, instruction: &Value) -> Response {
        let linked = [&instruction["from"]["id"], &instruction["to"]["id"]];
        let linked = linked.iter().find_map(|id| id.as_str()).unwrap_or("none");
        self.send_with(instruction, &grant(linked)).await
    }

    async fn send_with(&self, instruction: &Value, grant: &str) -> Response {
        let url = format!("http://{}/v1/instructions", self.running.addr);
        let call = self.http.post(url).bearer_auth(KEY).header(GRANT_HEADER, grant);
        call.json(instruction).send().await.unwrap()
    }

    async fn instruct(&self, instruction: Value) -> Confirmation {
        let answer = self.send(&instruction).await;
        assert_eq!(answer.status(), StatusCode::OK, "{instruction}");
        answer.json().await.unwrap()
    }

    async fn balance(&self) -> i64 {
        self.get("/v1/accounts/a").await.json::<Account>().await.unwrap().balance.amount
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

fn on(linked: &str, number: u128, action: &str, amount: i64) -> Value {
    let held_by = if linked == "c" { "card" } else { "account" };
    let side = if action == "deposit" { "to" } else { "from" };
    json!({"id": id(number), "reference": id(7), "action": action, "amount": eur(amount),
        side: {"held_by": held_by, "id": linked}})
}

fn of(authorisation: u128, number: u128, action: &str, amount: i64) -> Value {
    json!({"id": id(number), "reference": id(7), "action": action, "of": id(authorisation),
        "amount": eur(amount)})
}

fn void(authorisation: u128, number: u128) -> Value {
    json!({"id": id(number), "reference": id(7), "action": "void", "of": id(authorisation)})
}

#[tokio::test]
async fn what_is_authorised_is_reserved_and_what_is_captured_is_booked_once() {
    let bank = Bank::plain().await;
    assert_eq!(bank.instruct(on("a", 1, "authorise", 80_000)).await.declined, None);
    assert_eq!(bank.balance().await, 100_000);
    let second = bank.instruct(on("a", 2, "authorise", 30_000)).await;
    assert_eq!(second.declined, Some(Decline::InsufficientFunds));
    assert_eq!(bank.instruct(of(1, 3, "capture", 60_000)).await.declined, None);
    assert_eq!(bank.balance().await, 40_000);
    // What was not captured is free again, and an id that was declined stays so.
    assert_eq!(bank.instruct(on("a", 4, "authorise", 40_000)).await.declined, None);
    assert_eq!(bank.instruct(void(4, 5)).await.declined, None);
    assert_eq!(bank.instruct(on("a", 2, "authorise", 30_000)).await, second);
    let more = bank.instruct(of(1, 6, "refund", 60_001)).await;
    assert_eq!(more.declined, Some(Decline::MoreThanCaptured));
    assert_eq!(bank.instruct(of(1, 8, "refund", 60_000)).await.declined, None);
    assert_eq!(bank.balance().await, 100_000);
    assert_eq!(bank.instruct(on("c", 9, "withdraw", 50_000)).await.declined, None);
    let over = bank.instruct(on("c", 10, "authorise", 1)).await;
    assert_eq!(over.declined, Some(Decline::LimitReached));
    bank.running.stop().await;
}

#[tokio::test]
async fn f4_an_instruction_sent_many_times_at_once_has_one_effect_and_one_answer() {
    let bank = Bank::plain().await;
    let withdraw = on("a", 1, "withdraw", 100);
    let sent = (0..12).map(|_| bank.instruct(withdraw.clone()));
    let answers = futures_util::future::join_all(sent).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(bank.balance().await, 99_900);
    let looked_up: Confirmation =
        bank.get(&format!("/v1/instructions/{}", id(1))).await.json().await.unwrap();
    assert_eq!(looked_up, answers[0]);
    let other = bank.send(&on("a", 1, "withdraw", 101)).await;
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json::<Problem>().await.unwrap().code, "id_reused");
    bank.running.stop().await;
}

#[tokio::test]
async fn an_account_is_touched_by_its_own_grant_alone() {
    let bank = Bank::plain().await;
    for (number, action) in [(1, "withdraw"), (2, "authorise"), (3, "deposit")] {
        for (nth, grant) in ["", "x", &grant("c")].into_iter().enumerate() {
            let instruction = on("a", number * 10 + nth as u128, action, 100);
            let answer = bank.send_with(&instruction, grant).await;
            let answer: Confirmation = answer.json().await.unwrap();
            assert_eq!(answer.declined, Some(Decline::NotGranted), "{action} {grant}");
        }
    }
    assert_eq!(bank.balance().await, 100_000);
    bank.running.stop().await;
}

#[tokio::test]
async fn an_authorisation_that_comes_after_its_void_reserves_nothing() {
    let bank = Bank::plain().await;
    assert_eq!(bank.instruct(void(1, 2)).await.declined, None);
    let late = bank.instruct(on("a", 1, "authorise", 100)).await;
    assert_eq!(late.declined, Some(Decline::AlreadyEnded));
    let capture = bank.instruct(of(1, 3, "capture", 100)).await;
    assert_eq!(capture.declined, Some(Decline::NotAuthorised));
    assert_eq!(bank.balance().await, 100_000);
    bank.running.stop().await;
}

#[tokio::test]
async fn f20_what_no_instruction_can_say_is_refused_as_a_problem() {
    let bank = Bank::plain().await;
    let yen = json!({"amount": 1, "currency": "JPY"});
    let deep = "[".repeat(10_000);
    for (instruction, code) in [
        (on("a", 1, "withdraw", 0), "invalid_value"),
        (on("a", 1, "withdraw", -1), "invalid_value"),
        (on("a", 1, "withdraw", i64::MIN), "invalid_value"),
        (on(&"a".repeat(200), 1, "withdraw", 1), "invalid_value"),
        (on("a", 1, "steal", 1), "wrong_shape"),
        (json!({"id": "x", "reference": id(1), "action": "void", "of": id(1)}), "wrong_shape"),
        (
            json!({"id": id(1), "reference": id(1), "action": "withdraw", "amount": 9.5}),
            "wrong_shape",
        ),
        (json!({"id": id(1), "text": deep}), "wrong_shape"),
    ] {
        let answer = bank.send(&instruction).await;
        let problem: Problem = answer.json().await.unwrap();
        assert_eq!((problem.code.as_str(), problem.retryable), (code, false));
    }
    for (instruction, decline) in [
        (on("a", 11, "withdraw", i64::MAX), Decline::InsufficientFunds),
        (on("a", 12, "deposit", i64::MAX), Decline::LimitReached),
        (on("x", 13, "authorise", 1_000_000_000_000), Decline::NoSuchAccount),
        (
            json!({"id": id(14), "reference": id(7), "action": "withdraw", "amount": yen,
            "from": {"held_by": "account", "id": "a"}}),
            Decline::OtherCurrency,
        ),
    ] {
        assert_eq!(bank.instruct(instruction).await.declined, Some(decline));
    }
    let unknown = bank.get(&format!("/v1/instructions/{}", id(99))).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(bank.balance().await, 100_000);
    bank.running.stop().await;
}

#[tokio::test]
async fn a_balance_equals_its_history_whatever_was_instructed() {
    let bank = Bank::plain().await;
    let mut random = ChaCha8Rng::seed_from_u64(11);
    for number in 1..=300_u128 {
        let amount = random.random_range(1..9_000);
        let earlier = random.random_range(1..=number);
        let instruction = match random.random_range(0..6) {
            0 => on("a", number, "withdraw", amount),
            1 => on("a", number, "deposit", amount),
            2 | 3 => on("a", number, "authorise", amount),
            4 => of(earlier, number, "capture", amount),
            _ => of(earlier, number, "refund", amount),
        };
        bank.instruct(instruction).await;
    }
    let (mut path, mut sum) = ("/v1/accounts/a/history".to_owned(), 0);
    loop {
        let page: History = bank.get(&path).await.json().await.unwrap();
        sum += page.bookings.iter().map(|booking| booking.amount.amount).sum::<i64>();
        let Some(next) = page.next else { break };
        path = format!("/v1/accounts/a/history?before={next}");
    }
    let balance = bank.balance().await;
    assert!(balance >= 0 && balance == sum, "{balance} {sum}");
    // What moved between the two, as the day file tells it, is the other side of it.
    let database = bank.folder.path().join("operator.db");
    let day = Day::of(operator_server::Clock::system().now()).unwrap();
    bank.running.stop().await;
    let file = operator_server::day_file(&database, "a", day).await.unwrap();
    let foot: DayFoot = serde_json::from_str(file.lines().last().unwrap()).unwrap();
    assert_eq!(foot.sums["EUR"], 100_000 - balance);
    assert_eq!(foot.lines as usize + 2, file.lines().count());
}

/// Takes every callback but the first.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>);

async fn take(State(taken): State<Taken>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut taken = taken.0.lock().unwrap();
    taken.push((headers, body));
    if taken.len() == 1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

#[tokio::test]
async fn a_callback_is_signed_and_comes_again_under_its_id_until_it_is_taken() {
    let taken = Taken::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback_url = Some(format!("http://{}/taken", listener.local_addr().unwrap()));
    let routes = Router::new().route("/taken", post(take)).with_state(taken.clone());
    let serving = tokio::spawn(async { axum::serve(listener, routes).await });
    let bank = Bank::open(SettlementArgs { callback_url, ..Default::default() }).await;
    let withdrawn = bank.instruct(on("a", 1, "withdraw", 100)).await;
    let both = async {
        while taken.0.lock().unwrap().len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), both).await.expect("it never came again");
    let key: CallbackKey = bank.get("/v1/callback-key").await.json().await.unwrap();
    let key = HEXLOWER.decode(key.ed25519.as_bytes()).unwrap();
    let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let taken = taken.0.lock().unwrap().clone();
    assert_eq!(taken[0].0["webhook-id"], taken[1].0["webhook-id"]);
    for (headers, body) in &taken {
        let text = |name| headers[name].to_str().unwrap();
        let signed = signed_callback(text("webhook-id"), text("webhook-timestamp"), body);
        let signature = text("webhook-signature").strip_prefix("v1a,").unwrap();
        let signature = BASE64.decode(signature.as_bytes()).unwrap();
        key.verify_strict(&signed, &Signature::from_slice(&signature).unwrap()).unwrap();
        assert_eq!(serde_json::from_slice::<Confirmation>(body).unwrap(), withdrawn);
    }
    bank.running.stop().await;
    serving.abort();
}

#[tokio::test]
async fn callbacks_are_never_sent_in_clear_to_another_machine() {
    for url in ["http://192.0.2.1/x", "http://example.com/", "ftp://127.0.0.1/", "x", ""] {
        let folder = TempDir::new().unwrap();
        let settlement =
            SettlementArgs { callback_url: Some(url.to_owned()), ..Default::default() };
        let config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            database: folder.path().join("operator.db"),
            api_key: KEY.into(),
            proxy: Default::default(),
            settlement,
        };
        assert!(operator_server::start(config).await.is_err(), "{url:?} was taken");
    }
}
