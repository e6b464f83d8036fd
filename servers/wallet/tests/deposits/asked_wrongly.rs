//! Deposits that are asked for wrongly: each a problem with a code, and nothing begun.

use domain::wire::{DepositFailure, Problem};
use reqwest::Response;
use serde_json::json;

use crate::cast::{ACCOUNT, Cast, KEY, PASSWORD, deposit_of, id};

async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Problem = answer.json().await.unwrap();
    assert!(!problem.retryable && problem.status == status);
    (status, problem.code)
}

#[tokio::test]
async fn f20_amounts_at_every_edge_are_refused_or_fail_and_move_nothing() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    for amount in [0, -1, i64::MIN] {
        let answer = cast.deposit(&token, id(1), "bank", amount).await;
        assert_eq!(code(answer).await, (422, "invalid_value".to_owned()));
    }
    let edges = [1_000_000_000_000, i64::MAX - 1, i64::MAX];
    for (number, amount) in (2..).zip(edges) {
        let deposit = deposit_of(cast.deposit(&token, id(number), "bank", amount).await).await;
        assert_eq!(deposit.reason, Some(DepositFailure::DayLimit));
    }
    let one = deposit_of(cast.deposit(&token, id(1), "bank", 1).await).await;
    assert_eq!(one.reason, None);
    assert_eq!(cast.settled().await, 1);
    cast.stop().await;
}

#[tokio::test]
async fn f20_bodies_keys_and_sources_that_are_none_are_problems_and_begin_nothing() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    let url = format!("http://{}/v1/deposits", cast.wallet_at);
    let right = json!({"from": "bank", "amount": {"amount": 100, "currency": "EUR"}});
    let with = |change: serde_json::Value| {
        let mut body = right.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body.to_string()
    };
    let (json_type, key) = ("application/json", id(1).to_string());
    let money = |amount: &str, code: &str| json!({"amount": {"amount": amount, "currency": code}});
    let deep = "[".repeat(15_000);
    let yen = with(json!({"amount": {"amount": 100, "currency": "JPY"}}));
    let dollars = with(json!({"amount": {"amount": 100, "currency": "USD"}}));
    for (kind, key, body, expected) in [
        ("text/plain", Some(key.as_str()), right.to_string(), (415, "not_json")),
        (json_type, Some(&key), "{".to_owned(), (400, "not_json")),
        (json_type, Some(&key), deep.clone(), (422, "wrong_shape")),
        (json_type, Some(&key), format!("{{\"from\": {deep}"), (422, "wrong_shape")),
        (json_type, Some(&key), " ".repeat(10_000_000), (413, "too_large")),
        (json_type, Some(&key), "[]".to_owned(), (422, "wrong_shape")),
        (json_type, Some(&key), with(json!({"to": "money"})), (422, "wrong_shape")),
        (json_type, Some(&key), with(money("100", "EUR")), (422, "wrong_shape")),
        (
            json_type,
            Some(&key),
            with(json!({"amount": {"amount": 1.5, "currency": "EUR"}})),
            (422, "wrong_shape"),
        ),
        (json_type, None, right.to_string(), (400, "idempotency_key_missing")),
        (json_type, Some("1"), right.to_string(), (400, "idempotency_key_malformed")),
        (json_type, Some(&key), with(json!({"from": "money"})), (422, "no_such_source")),
        (json_type, Some(&key), with(json!({"from": ""})), (422, "no_such_source")),
        (json_type, Some(&key), dollars, (422, "no_such_wallet")),
    ] {
        let mut call = cast.http.post(&url).bearer_auth(&token).header("content-type", kind);
        if let Some(key) = key {
            call = call.header("idempotency-key", key);
        }
        // A server may stop reading what is too large.
        let Ok(answer) = call.body(body).send().await else {
            assert_eq!(expected.0, 413);
            continue;
        };
        assert_eq!(code(answer).await, (expected.0, expected.1.to_owned()));
    }
    // The operator's account is in euros: nothing is taken, and that is final.
    let call = cast.http.post(&url).bearer_auth(&token).header("content-type", json_type);
    let quoted = format!("\"{}\"", id(9));
    let answer = call.header("idempotency-key", quoted).body(yen).send().await.unwrap();
    assert_eq!(deposit_of(answer).await.reason, Some(DepositFailure::OtherCurrency));
    let call = cast.http.post(&url).header("idempotency-key", &key).json(&right);
    assert_eq!(code(call.send().await.unwrap()).await.0, 401);
    assert_eq!(cast.get(&token, "/v1/deposits/x").await.status().as_u16(), 404);
    assert_eq!(cast.settled().await, 0);
    cast.stop().await;
}

#[tokio::test]
async fn l15_no_password_key_or_token_is_in_any_file_of_the_servers() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    deposit_of(cast.deposit(&token, id(1), "bank", 100).await).await;
    cast.settled().await;
    cast.stop_operator().await;
    let folders = [cast.folder.path().to_owned(), cast.data()];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let (mut seen, mut holds_account) = (0, false);
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        for secret in [KEY, PASSWORD, &token] {
            assert!(!holds(secret), "{} holds a secret", file.display());
        }
        holds_account |= holds(ACCOUNT);
        seen += 1;
    }
    // Else the search would find nothing anywhere.
    assert!(seen > 4 && holds_account);
    cast.stop().await;
}
