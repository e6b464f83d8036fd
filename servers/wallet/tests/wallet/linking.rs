//! Registering a payment method with the link code that its operator gave.

use domain::{
    Registered,
    wire::{GRANT_HEADER, Methods},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::world::{KEY, LINK_CODE, World, grant, problem};

async fn register(world: &World, token: &str, scheme: &str, code: &str) -> Response {
    let asked = json!({"scheme": scheme, "link_code": code});
    let url = format!("{}/v1/methods", world.url);
    world.http.post(url).bearer_auth(token).json(&asked).send().await.unwrap()
}

async fn count(world: &World, token: &str) -> usize {
    let listed = world.call(Method::GET, "/v1/methods", token).await;
    listed.json::<Methods>().await.unwrap().methods.len()
}

#[tokio::test]
async fn a_code_registers_its_card_once_however_often_it_is_sent() {
    let world = World::start().await;
    let token = world.token().await;
    let first: Registered = register(&world, &token, "amex", LINK_CODE).await.json().await.unwrap();
    assert_eq!(first.method.name, "Rossi Amex ..1005");
    assert_eq!(first.balance.unwrap().left.amount, 120_000);
    let again: Registered = register(&world, &token, "amex", LINK_CODE).await.json().await.unwrap();
    assert_eq!(again, first);
    assert_eq!(count(&world, &token).await, 4);
    world.stop().await;
}

#[tokio::test]
async fn a_code_belongs_to_the_first_member_who_used_it() {
    let world = World::start().await;
    let token = world.token().await;
    assert_eq!(register(&world, &token, "amex", LINK_CODE).await.status(), StatusCode::OK);
    let other = world.token_of("kenji", "battery staple").await;
    let refused = problem(register(&world, &other, "amex", LINK_CODE).await).await;
    assert_eq!((refused.status, refused.code.as_str()), (409, "link_code_refused"));
    assert_eq!(count(&world, &other).await, 0);
    world.stop().await;
}

#[tokio::test]
async fn a_code_for_another_scheme_registers_nothing() {
    let world = World::start().await;
    let token = world.token().await;
    let refused = problem(register(&world, &token, "visa", LINK_CODE).await).await;
    assert_eq!(refused.code, "link_code_of_other_scheme");
    assert_eq!(count(&world, &token).await, 3);
    world.stop().await;
}

#[tokio::test]
async fn guessing_codes_makes_wait() {
    let world = World::start().await;
    let token = world.token().await;
    let mut statuses = Vec::new();
    for nth in 0..6 {
        statuses.push(register(&world, &token, "amex", &format!("GUESS-{nth}")).await.status());
    }
    assert_eq!(statuses[0], StatusCode::CONFLICT);
    assert_eq!(statuses[5], StatusCode::TOO_MANY_REQUESTS);
    world.wait(3_600_000);
    assert_eq!(register(&world, &token, "amex", LINK_CODE).await.status(), StatusCode::OK);
    world.stop().await;
}

#[tokio::test]
async fn sending_ones_own_code_again_and_again_gives_no_further_guesses() {
    let world = World::start().await;
    let token = world.token().await;
    let mut judged = 0;
    for nth in 0..10 {
        let guess = register(&world, &token, "amex", &format!("GUESS-{nth}")).await;
        judged += usize::from(guess.status() == StatusCode::CONFLICT);
        register(&world, &token, "amex", LINK_CODE).await;
    }
    assert!(judged <= 4, "{judged} guesses were judged");
    world.stop().await;
}

#[tokio::test]
async fn with_the_operator_away_the_code_stays_good_and_no_try_is_counted() {
    let mut world = World::start().await;
    let token = world.token().await;
    world.operator.take().unwrap().stop().await;
    for _ in 0..6 {
        let refused = problem(register(&world, &token, "amex", LINK_CODE).await).await;
        assert_eq!((refused.status, refused.code.as_str()), (503, "operator_down"));
        assert!(refused.retryable);
    }
    world.stop().await;
}

#[tokio::test]
async fn nobody_registers_without_a_session_or_with_an_endless_code() {
    let world = World::start().await;
    let nobody = register(&world, "none", "amex", LINK_CODE).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    let token = world.token().await;
    for code in ["", &"A".repeat(65)] {
        let refused = register(&world, &token, "amex", code).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    world.stop().await;
}

async fn remove(world: &World, token: &str, method: &str) -> Response {
    world.call(Method::DELETE, &format!("/v1/methods/{method}"), token).await
}

async fn opens(world: &World, grant: &str) -> bool {
    let url = format!("http://{}/v1/cards/card-1", world.operator.as_ref().unwrap().addr);
    let asked = world.http.get(url).bearer_auth(KEY).header(GRANT_HEADER, grant);
    asked.send().await.unwrap().status() == StatusCode::OK
}

#[tokio::test]
async fn a_removed_method_is_gone_and_its_grant_opens_nothing_any_more() {
    let world = World::start().await;
    let token = world.token().await;
    assert!(opens(&world, &grant("card-1")).await);
    assert_eq!(remove(&world, &token, "card").await.status(), StatusCode::NO_CONTENT);
    assert!(!opens(&world, &grant("card-1")).await);
    assert_eq!(count(&world, &token).await, 2);
    assert_eq!(remove(&world, &token, "card").await.status(), StatusCode::NOT_FOUND);
    // What is linked now is the last of the member's methods, and alone at its place.
    let new: Registered = register(&world, &token, "amex", LINK_CODE).await.json().await.unwrap();
    let listed: Methods =
        world.call(Method::GET, "/v1/methods", &token).await.json().await.unwrap();
    assert_eq!(listed.methods.last().unwrap().method, new.method);
    world.stop().await;
}

#[tokio::test]
async fn nobody_removes_a_method_of_another_member_or_the_wallets_own_money() {
    let world = World::start().await;
    let (token, other) = (world.token().await, world.token_of("kenji", "battery staple").await);
    assert_eq!(remove(&world, &other, "card").await.status(), StatusCode::NOT_FOUND);
    let refused = problem(remove(&world, &token, "money").await).await;
    assert_eq!((refused.status, refused.code.as_str()), (409, "method_of_the_wallet"));
    assert_eq!(remove(&world, "none", "card").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(count(&world, &token).await, 3);
    world.stop().await;
}

#[tokio::test]
async fn with_the_operator_away_no_method_is_removed_and_no_grant_left_behind() {
    let mut world = World::start().await;
    let token = world.token().await;
    world.operator.take().unwrap().stop().await;
    let refused = problem(remove(&world, &token, "card").await).await;
    assert_eq!((refused.status, refused.code.as_str()), (503, "operator_down"));
    assert_eq!(count(&world, &token).await, 3);
    world.stop().await;
}

#[tokio::test]
async fn no_grant_is_in_the_database_in_clear() {
    let world = World::start().await;
    world.token().await;
    for entry in std::fs::read_dir(world.folder.path().join("wallet")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(14).any(|part| part == b"giulia's grant");
        assert!(!found, "{}", path.display());
    }
    world.stop().await;
}
