//! Registering a payment method with the link code that its operator gave.

use domain::{Registered, wire::Methods};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::world::{LINK_CODE, World, problem};

async fn register(world: &World, token: &str, scheme: &str, code: &str) -> Response {
    let asked = json!({"scheme": scheme, "link_code": code});
    let url = format!("{}/v1/methods", world.url);
    world.http.post(url).bearer_auth(token).json(&asked).send().await.unwrap()
}

async fn count(world: &World, token: &str) -> usize {
    let told = world.call(Method::GET, "/v1/methods", token).await;
    told.json::<Methods>().await.unwrap().methods.len()
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
