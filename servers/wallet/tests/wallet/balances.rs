//! Balances as the operator server tells them, and as they were when it is away.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, body::Body, routing::get};
use domain::{
    Money, Registered,
    wire::{EntryAnswer, Methods},
};
use futures_util::stream;
use reqwest::Method;
use serde_json::json;

use crate::world::{NOW, World};

async fn methods(world: &World, token: &str) -> Vec<Registered> {
    let response = world.call(Method::GET, "/v1/methods", token).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json::<Methods>().await.unwrap().methods
}

fn left(methods: &[Registered]) -> Vec<Option<i64>> {
    methods.iter().map(|held| Some(held.balance?.left.amount)).collect()
}

#[tokio::test]
async fn balances_come_live_from_whoever_holds_the_money() {
    let world = World::start().await;
    let token = world.token().await;
    let told = methods(&world, &token).await;
    assert_eq!(left(&told), [Some(198_001), Some(97_500), Some(1_250)]);
    assert!(told.iter().all(|held| held.balance.unwrap().as_of == NOW && !held.operator_down));
    assert_eq!(told[0].balance.unwrap().left, Money::new(198_001, domain::Currency::EUR));
    // The operator knows until when its card is valid.
    assert_eq!(told[0].method.expires_at, Some(domain::Timestamp(1_900_000_000_000)));
    world.stop().await;
}

#[tokio::test]
async fn with_the_operator_away_the_last_balance_is_told_with_its_age() {
    let mut world = World::in_rome().await;
    let token = world.token().await;
    methods(&world, &token).await;
    world.operator.take().unwrap().stop().await;
    world.wait(60_000);
    let told = methods(&world, &token).await;
    assert_eq!(left(&told), [Some(198_001), Some(97_500), Some(1_250)]);
    assert_eq!(told.iter().map(|held| held.operator_down).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(told[0].balance.unwrap().as_of, NOW);
    assert_eq!(told[2].balance.unwrap().as_of, world.now());
    let ask = json!({"by": "position", "position": [418_950_000, 125_040_000], "accuracy_m": 5});
    let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
    assert_eq!(answer.methods, told);
    world.stop().await;
}

#[tokio::test]
async fn within_seconds_a_balance_is_told_again_with_its_age_and_the_operator_is_left_alone() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let operator = Router::new().fallback(move || async move {
        let used = 100 * counted.fetch_add(1, Ordering::Relaxed);
        axum::Json(json!({
            "id": "card-1", "name": "Rossi Visa", "number_end": "4242", "blocked": false,
            "expires_at": 1_900_000_000_000_i64, "limit": {"amount": 1_000, "currency": "EUR"},
            "used": {"amount": used, "currency": "EUR"},
            "balance": {"amount": 5, "currency": "EUR"},
        }))
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async { axum::serve(listener, operator).await });
    let world = World::with_operator(&url).await;
    let token = world.token().await;
    let first = methods(&world, &token).await;
    world.wait(4_999);
    let again = methods(&world, &token).await;
    assert_eq!((left(&again), calls.load(Ordering::Relaxed)), (left(&first), 2));
    assert_eq!(again[0].balance.unwrap().as_of, NOW);
    world.wait(1);
    let anew = methods(&world, &token).await;
    assert_eq!(calls.load(Ordering::Relaxed), 4);
    assert_eq!(anew[0].balance.unwrap().as_of, world.now());
    world.stop().await;
    serving.abort();
}

#[tokio::test]
async fn a_balance_never_learnt_is_unknown_and_not_zero() {
    let mut world = World::start().await;
    world.operator.take().unwrap().stop().await;
    let token = world.token().await;
    let told = methods(&world, &token).await;
    assert_eq!(left(&told), [None, None, Some(1_250)]);
    world.stop().await;
}

#[tokio::test]
async fn an_account_that_the_operator_no_longer_has_blocks_its_method() {
    let operator = Router::new().fallback(|| async { reqwest::StatusCode::NOT_FOUND });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async { axum::serve(listener, operator).await });
    let world = World::with_operator(&url).await;
    let token = world.token().await;
    let told = methods(&world, &token).await;
    let blocked = told.iter().map(|held| held.method.blocked).collect::<Vec<_>>();
    assert_eq!(blocked, [true, true, false]);
    assert!(told.iter().all(|held| !held.operator_down));
    world.stop().await;
    serving.abort();
}

#[tokio::test]
async fn an_account_that_is_blocked_blocks_its_method() {
    let world = World::start().await;
    let token = world.token().await;
    let mut seed = crate::world::operator_seed();
    seed.accounts[0].blocked = true;
    let database = world.folder.path().join("operator.db");
    operator_server::seed(&database, &seed).await.unwrap();
    let told = methods(&world, &token).await;
    assert_eq!(
        told.iter().map(|held| held.method.blocked).collect::<Vec<_>>(),
        [false, true, false]
    );
    world.stop().await;
}

#[tokio::test]
async fn an_operator_that_talks_nonsense_counts_as_away() {
    let endless = || async {
        let parts = stream::repeat_with(|| Ok::<_, Infallible>(vec![b' '; 8_192]));
        Body::from_stream(parts)
    };
    let silent = || async {
        std::future::pending::<()>().await;
    };
    for operator in [
        Router::new().fallback(|| async { (reqwest::StatusCode::INTERNAL_SERVER_ERROR, "no") }),
        Router::new().fallback(|| async { "<html>" }),
        Router::new().fallback(|| async { "{\"id\": \"card-1\"" }),
        Router::new().fallback(get(endless)),
        Router::new().fallback(get(silent)),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async { axum::serve(listener, operator).await });
        let world = World::with_operator(&url).await;
        let token = world.token().await;
        let told = methods(&world, &token).await;
        assert_eq!(left(&told), [None, None, Some(1_250)]);
        assert!(told[0].operator_down && told[1].operator_down);
        world.stop().await;
        serving.abort();
    }
}
