//! Balances as the operator server tells them, and as they were when it is away.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, routing::get};
use domain::{
    Money, Registered,
    wire::{EntryAnswer, GRANT_HEADER, Methods},
};
use futures_util::stream;
use reqwest::Method;
use serde_json::json;
use wallet_server::open_database;

use crate::world::{KEY, NOW, World, method, seed};

/// An operator server that answers whatever `routes` do.
async fn operator(routes: Router) -> (String, tokio::task::JoinHandle<std::io::Result<()>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (url, tokio::spawn(async { axum::serve(listener, routes).await }))
}

async fn methods(world: &World, token: &str) -> Vec<Registered> {
    let response = world.call(Method::GET, "/v1/methods", token).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json::<Methods>().await.unwrap().methods
}

/// The methods once all balances are known: what the operator said is kept beside its answer, not
/// before it.
async fn once_kept(world: &World, token: &str) -> Vec<Registered> {
    for _ in 0..500 {
        let listed = methods(world, token).await;
        if left(&listed).iter().all(Option::is_some) {
            return listed;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no balance was kept");
}

fn left(methods: &[Registered]) -> Vec<Option<i64>> {
    methods.iter().map(|registered| Some(registered.balance?.left.amount)).collect()
}

#[tokio::test]
async fn balances_come_live_from_whoever_holds_the_money() {
    let world = World::start().await;
    let token = world.token().await;
    let listed = methods(&world, &token).await;
    assert_eq!(left(&listed), [Some(198_001), Some(97_500), Some(1_250)]);
    assert!(listed.iter().all(|registered| registered.balance.unwrap().as_of == NOW && !registered.operator_down));
    assert_eq!(listed[0].balance.unwrap().left, Money::new(198_001, domain::Currency::EUR));
    // The operator knows until when its card is valid.
    assert_eq!(listed[0].method.expires_at, Some(domain::Timestamp(1_900_000_000_000)));
    world.stop().await;
}

#[tokio::test]
async fn with_the_operator_away_the_last_balance_is_told_with_its_age() {
    let mut world = World::in_rome().await;
    let token = world.token().await;
    methods(&world, &token).await;
    world.operator.take().unwrap().stop().await;
    world.wait(60_000);
    let listed = once_kept(&world, &token).await;
    assert_eq!(left(&listed), [Some(198_001), Some(97_500), Some(1_250)]);
    assert_eq!(
        listed.iter().map(|registered| registered.operator_down).collect::<Vec<_>>(),
        [true, true, false]
    );
    assert_eq!(listed[0].balance.unwrap().as_of, NOW);
    assert_eq!(listed[2].balance.unwrap().as_of, world.now());
    let ask = json!({"by": "position", "position": [418_950_000, 125_040_000], "accuracy_m": 5});
    let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
    assert_eq!(answer.methods, listed);
    world.stop().await;
}

#[tokio::test]
async fn within_seconds_a_balance_is_told_again_with_its_age_and_the_operator_is_left_alone() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let routes = Router::new().fallback(move || async move {
        let used = 100 * counted.fetch_add(1, Ordering::Relaxed);
        axum::Json(json!({
            "id": "card-1", "name": "Rossi Visa", "number_end": "4242", "blocked": false,
            "expires_at": 1_900_000_000_000_i64, "limit": {"amount": 1_000, "currency": "EUR"},
            "used": {"amount": used, "currency": "EUR"},
            "balance": {"amount": 5, "currency": "EUR"},
        }))
    });
    let (url, serving) = operator(routes).await;
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
async fn what_cannot_be_kept_is_told_all_the_same() {
    let world = World::start().await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    // As on a full disk: every write of a balance fails.
    let full = "CREATE TRIGGER full BEFORE UPDATE ON method BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::query(full).execute(database.reads()).await.unwrap();
    let token = world.token().await;
    for _ in 0..20 {
        let listed = methods(&world, &token).await;
        assert_eq!(left(&listed), [Some(198_001), Some(97_500), Some(1_250)]);
        world.wait(5_000);
    }
    database.close().await;
    world.stop().await;
}

#[tokio::test]
async fn a_balance_never_learnt_is_unknown_and_not_zero() {
    let mut world = World::start().await;
    world.operator.take().unwrap().stop().await;
    let token = world.token().await;
    let listed = methods(&world, &token).await;
    assert_eq!(left(&listed), [None, None, Some(1_250)]);
    world.stop().await;
}

#[tokio::test]
async fn an_account_that_the_operator_no_longer_has_blocks_its_method() {
    let routes = Router::new().fallback(|| async { reqwest::StatusCode::NOT_FOUND });
    let (url, serving) = operator(routes).await;
    let world = World::with_operator(&url).await;
    let token = world.token().await;
    let listed = methods(&world, &token).await;
    let blocked = listed.iter().map(|registered| registered.method.blocked).collect::<Vec<_>>();
    assert_eq!(blocked, [true, true, false]);
    assert!(listed.iter().all(|registered| !registered.operator_down));
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
    let listed = methods(&world, &token).await;
    assert_eq!(
        listed.iter().map(|registered| registered.method.blocked).collect::<Vec<_>>(),
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
    for routes in [
        Router::new().fallback(|| async { (reqwest::StatusCode::INTERNAL_SERVER_ERROR, "no") }),
        Router::new().fallback(|| async { "<html>" }),
        Router::new().fallback(|| async { "{\"id\": \"card-1\"" }),
        Router::new().fallback(get(endless)),
        Router::new().fallback(get(silent)),
    ] {
        let (url, serving) = operator(routes).await;
        let world = World::with_operator(&url).await;
        let token = world.token().await;
        let listed = methods(&world, &token).await;
        assert_eq!(left(&listed), [None, None, Some(1_250)]);
        assert!(listed[0].operator_down && listed[1].operator_down);
        world.stop().await;
        serving.abort();
    }
}

#[tokio::test]
async fn an_id_that_was_found_out_opens_no_account_of_another_member() {
    let world = World::start().await;
    let token = world.token().await;
    let backing = json!({"held_by": "account", "id": "account-1", "grant": "made up by kenji"});
    let theft = json!({"members": [{"user_id": "kenji", "password": "battery staple", "methods": [
        method("stolen", "bank_account", "bancomat", "contactless", backing)]}]});
    let theft = serde_json::from_value(theft).unwrap();
    wallet_server::seed(&world.folder.path().join("wallet"), &theft).await.unwrap();
    let other = world.token_of("kenji", "battery staple").await;
    // Also in the seconds in which the owner's balance is told again without asking.
    assert_eq!(left(&methods(&world, &token).await)[1], Some(97_500));
    let listed = methods(&world, &other).await;
    assert_eq!((left(&listed), listed[0].method.blocked), (vec![None], true));
    world.stop().await;
}

#[tokio::test]
async fn a_grant_that_the_operator_revoked_blocks_its_method() {
    let world = World::start().await;
    let token = world.token().await;
    let revoked = world
        .http
        .delete(format!("http://{}/v1/links", world.operator.as_ref().unwrap().addr))
        .bearer_auth(KEY)
        .header(GRANT_HEADER, crate::world::grant("card-1"));
    assert!(revoked.send().await.unwrap().status().is_success());
    let listed = methods(&world, &token).await;
    assert_eq!(left(&listed), [None, Some(97_500), Some(1_250)]);
    assert!(listed[0].method.blocked && !listed[0].operator_down);
    world.stop().await;
}

/// Giulia with 17 cards.
fn many_cards() -> wallet_server::Seed {
    let mut seed = seed();
    let card = |nth: i32| {
        let backing = json!({"held_by": "card", "id": format!("card-{nth}"), "grant": "g"});
        let method = method(&format!("{nth:02}"), "credit_card", "visa", "contactless", backing);
        serde_json::from_value(method).unwrap()
    };
    seed.members[0].methods = (0..17).map(card).collect();
    seed
}

#[tokio::test]
async fn seventeen_cards_at_an_operator_that_never_answers_end_within_one_time() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let routes = Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::pending::<()>().await;
    });
    let (url, serving) = operator(routes).await;
    let world = World::with_operator(&url).await;
    wallet_server::seed(&world.folder.path().join("wallet"), &many_cards()).await.unwrap();
    let token = world.token().await;
    let listed = methods(&world, &token).await;
    assert!(listed.len() == 17 && listed.iter().all(|registered| registered.operator_down));
    let calls = calls.load(Ordering::Relaxed);
    assert!(calls <= 8, "{calls}: after the first eight there was a time for others");
    world.stop().await;
    serving.abort();
}

#[tokio::test]
async fn an_operator_that_fails_again_and_again_is_left_alone() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let routes = Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::Relaxed);
        reqwest::StatusCode::INTERNAL_SERVER_ERROR
    });
    let (url, serving) = operator(routes).await;
    let world = World::with_operator(&url).await;
    let token = world.token().await;
    for _ in 0..10 {
        let listed = methods(&world, &token).await;
        assert!(listed[0].operator_down && listed[1].operator_down);
    }
    let calls = calls.load(Ordering::Relaxed);
    assert!((5..15).contains(&calls), "{calls} calls of 20 that were asked for");
    world.stop().await;
    serving.abort();
}
