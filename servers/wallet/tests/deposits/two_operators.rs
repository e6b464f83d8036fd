//! One wallet server with two operators: each is asked for its own accounts and cards alone.

use domain::{
    Registered,
    wire::{DayFoot, DepositState, Methods, OperatorList},
};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use wallet_server::{Clock, Day, OperatorConfig, open_database, reconcile};

use crate::cast::{Cast, deposit_of, id};

const CODE: &str = "B7QM-2XPD-94RT";
/// On the card at the second operator, in cents.
const LIMIT: i64 = 50_000;

/// A second operator with a card whose id is also that of a card at the first.
async fn with_two_operators() -> (Cast, String) {
    let mut cast = Cast::without_wallet_server(false, 10_000_000, Clock::system()).await;
    let seed = serde_json::from_value(json!({
        "cards": [{"id": "card-1", "name": "B Card", "number_end": "1111",
            "expires_at": 4_000_000_000_000_i64, "limit": {"amount": LIMIT, "currency": "EUR"}}],
        "links": [{"code": CODE, "held_by": "card", "id": "card-1", "kind": "credit_card",
            "rides": [{"scheme": "amex", "channel": "contactless"}]}],
    }));
    let database = cast.folder.path().join("b.db");
    operator_server::seed(&database, &seed.unwrap()).await.unwrap();
    let api_key = "fedcba9876543210fedcba9876543210";
    let running = operator_server::start(operator_server::Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        database,
        api_key: api_key.into(),
        proxy: Default::default(),
        settlement: operator_server::SettlementArgs {
            name: "b".to_owned(),
            callback_url: Some(format!("http://{}/v1/operators/b/callbacks", cast.wallet_at)),
            sandbox: false,
        },
    });
    let running = running.await.unwrap();
    let url = format!("http://{}", running.addr);
    let config = OperatorConfig { name: "b".to_owned(), url, api_key: api_key.into() };
    cast.other = Some((config, running));
    cast.start_wallet_server().await;
    let token = cast.log_in("giulia").await;
    (cast, token)
}

async fn link(cast: &Cast, token: &str, operator: Option<&str>) -> Response {
    let mut asked = json!({"scheme": "amex", "link_code": CODE});
    if let Some(name) = operator {
        asked["operator"] = name.into();
    }
    let url = format!("http://{}/v1/methods", cast.wallet_at);
    cast.http.post(url).bearer_auth(token).json(&asked).send().await.unwrap()
}

async fn linked(cast: &Cast, token: &str) -> Registered {
    let answer = link(cast, token, Some("b")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn methods(cast: &Cast, token: &str) -> Methods {
    cast.get(token, "/v1/methods").await.json().await.unwrap()
}

/// Asks for a deposit from the default source.
async fn deposit_without_source(cast: &Cast, token: &str, number: u128) -> Response {
    let asked = json!({"amount": {"amount": 700, "currency": "EUR"}});
    let call = cast.http.post(format!("http://{}/v1/deposits", cast.wallet_at));
    let call = call.bearer_auth(token).header("idempotency-key", id(number).to_string());
    call.json(&asked).send().await.unwrap()
}

#[tokio::test]
async fn a_code_goes_to_the_operator_that_is_named_and_to_no_other() {
    let (cast, token) = with_two_operators().await;
    let listed: OperatorList = cast.get(&token, "/v1/operators").await.json().await.unwrap();
    assert_eq!(listed.operators, ["a", "b"]);
    for (named, status, code) in [
        (None, 422, "operator_missing"),
        (Some("c"), 422, "no_such_operator"),
        (Some(""), 422, "no_such_operator"),
        (Some("a"), 409, "link_code_refused"),
    ] {
        let refused = link(&cast, &token, named).await;
        let problem: Value = refused.json().await.unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
    }
    let card = linked(&cast, &token).await;
    assert_eq!(card.balance.unwrap().left.amount, LIMIT);
    // The same id at another operator is another card.
    let all = methods(&cast, &token).await.methods;
    let ids: std::collections::BTreeSet<_> = all.iter().map(|method| &method.method.id).collect();
    assert_eq!((ids.len(), all.len()), (5, 5));
    cast.stop().await;
}

#[tokio::test]
async fn each_deposit_comes_from_its_own_operator_and_is_found_in_its_day_file() {
    let (mut cast, token) = with_two_operators().await;
    let card = linked(&cast, &token).await.method.id.0;
    for (number, from, amount) in [(1, "card", 500), (2, &*card, 300), (3, "bank", 20)] {
        let answer = cast.deposit(&token, id(number), from, amount).await;
        assert_eq!(deposit_of(answer).await.state, DepositState::Done, "{from}");
    }
    assert_eq!(cast.left(&token).await, 820);
    cast.stop_wallet_server().await;
    let database = open_database(&cast.data()).await.unwrap();
    for (name, file, taken) in [("a", "operator.db", 520), ("b", "b.db", 300)] {
        let (now, text) = (Clock::system().now(), cast.day_file_of(name, file).await);
        let foot: DayFoot = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        assert_eq!(foot.sums["EUR"], taken);
        let day = Day::of(now).unwrap();
        let report = reconcile(&database, name, day, &text, now).await.unwrap();
        assert_eq!((report.clearing["EUR"], report.suspense.len()), (taken, 0), "{report}");
        let other = if name == "a" { "b" } else { "a" };
        assert!(reconcile(&database, other, day, &text, now).await.is_err());
    }
    database.close().await;
    cast.stop().await;
}

#[tokio::test]
async fn an_operator_that_is_away_holds_up_no_account_of_another() {
    let (mut cast, token) = with_two_operators().await;
    let card = linked(&cast, &token).await.method.id;
    let (config, running) = cast.other.take().unwrap();
    running.stop().await;
    let pending = deposit_of(cast.deposit(&token, id(1), &card.0, 100).await).await;
    assert_eq!(pending.state, DepositState::Pending);
    let done = deposit_of(cast.deposit(&token, id(2), "bank", 200).await).await;
    assert_eq!(done.state, DepositState::Done);
    // Started without it, the server keeps what is there as away.
    cast.stop_wallet_server().await;
    cast.start_wallet_server().await;
    for method in methods(&cast, &token).await.methods {
        assert_eq!(method.operator_down, method.method.id == card, "{}", method.method.name);
    }
    assert_eq!(cast.left(&token).await, 200);
    let unknown = format!("http://{}/v1/operators/{}/callbacks", cast.wallet_at, config.name);
    let answer = cast.http.post(unknown).body("{}").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    cast.stop().await;
}

#[tokio::test]
async fn a_deposit_that_names_no_source_comes_from_the_members_choice_else_from_the_first() {
    let (cast, token) = with_two_operators().await;
    let first = deposit_of(deposit_without_source(&cast, &token, 1).await).await;
    assert_eq!((first.from.0.as_str(), first.state), ("bank", DepositState::Done));
    let card = linked(&cast, &token).await.method.id;
    let url = format!("http://{}/v1/methods/{}", cast.wallet_at, card.0);
    let call = cast.http.patch(url).bearer_auth(&token).json(&json!({"deposit_source": true}));
    assert_eq!(call.send().await.unwrap().status(), StatusCode::OK);
    let chosen = deposit_of(deposit_without_source(&cast, &token, 2).await).await;
    assert_eq!((chosen.from, chosen.state), (card, DepositState::Done));
    // A repeat is the same deposit, though another source is meant by now.
    let again = deposit_without_source(&cast, &token, 1).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(deposit_of(again).await, first);
    assert_eq!(cast.left(&token).await, 1_400);
    cast.stop().await;
}
