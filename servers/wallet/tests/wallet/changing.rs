//! What a member changes of its methods: name, order, block, and where deposits come from.

use domain::{
    rule::{Reason, Standing},
    wire::{EntryAnswer, Methods},
};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::world::{World, operator_seed, problem};

async fn change(world: &World, token: &str, id: &str, wanted: Value) -> Response {
    let url = format!("{}/v1/methods/{id}", world.url);
    world.http.patch(url).bearer_auth(token).json(&wanted).send().await.unwrap()
}

async fn listed(answer: Response) -> Methods {
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.json().await.unwrap()
}

fn ids(methods: &Methods) -> Vec<&str> {
    methods.methods.iter().map(|listed| listed.method.id.0.as_str()).collect()
}

fn source(methods: &Methods) -> Option<&str> {
    methods.deposit_source.as_ref().map(|id| id.0.as_str())
}

#[tokio::test]
async fn name_order_and_deposit_source_are_as_the_member_left_them() {
    let world = World::start().await;
    let token = world.token().await;
    let before = listed(world.call(Method::GET, "/v1/methods", &token).await).await;
    assert_eq!((ids(&before), source(&before)), (vec!["card", "bank", "money"], Some("card")));
    let wanted = json!({"name": " Rossi ..4242 ", "place": 9});
    let changed = listed(change(&world, &token, "card", wanted).await).await;
    assert_eq!((ids(&changed), source(&changed)), (vec!["bank", "money", "card"], Some("bank")));
    assert_eq!(changed.methods[2].method.name, "Rossi ..4242");
    listed(change(&world, &token, "money", json!({"place": 0})).await).await;
    listed(change(&world, &token, "bank", json!({"deposit_source": true})).await).await;
    listed(change(&world, &token, "card", json!({"deposit_source": true})).await).await;
    let kept = listed(change(&world, &token, "card", json!({})).await).await;
    assert_eq!((ids(&kept), source(&kept)), (vec!["money", "bank", "card"], Some("card")));
    assert_eq!(kept, listed(world.call(Method::GET, "/v1/methods", &token).await).await);
    // The choice of one that is not chosen is nothing to be undone.
    listed(change(&world, &token, "bank", json!({"deposit_source": false})).await).await;
    let undone = change(&world, &token, "card", json!({"deposit_source": false})).await;
    assert_eq!(source(&listed(undone).await), Some("bank"));
    world.stop().await;
}

#[tokio::test]
async fn a_wrong_change_is_a_problem_and_changes_nothing_of_anybodys() {
    let world = World::start().await;
    let token = world.token().await;
    let before = listed(world.call(Method::GET, "/v1/methods", &token).await).await;
    for (id, wanted, status, code) in [
        ("card", json!({"name": ""}), 422, "invalid_value"),
        ("card", json!({"name": "4111 1111 1111 1111"}), 422, "invalid_value"),
        ("card", json!({"name": "a\u{1b}[2J", "place": 2}), 422, "invalid_value"),
        ("card", json!({"place": -1}), 422, "wrong_shape"),
        ("card", json!({"expires_at": null}), 422, "wrong_shape"),
        ("card", json!("blocked"), 422, "wrong_shape"),
        ("money", json!({"deposit_source": true, "name": "x"}), 409, "method_of_the_wallet"),
        ("nothing", json!({"blocked": true}), 404, "not_found"),
    ] {
        let problem = problem(change(&world, &token, id, wanted.clone()).await).await;
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{id} {wanted}");
    }
    let other = world.token_of("kenji", "battery staple").await;
    let theirs = change(&world, &other, "card", json!({"blocked": true})).await;
    assert_eq!(problem(theirs).await.status, 404);
    let nobody = change(&world, "nonsense", "card", json!({"blocked": true})).await;
    assert_eq!(problem(nobody).await.status, 401);
    assert_eq!(before, listed(world.call(Method::GET, "/v1/methods", &token).await).await);
    world.stop().await;
}

#[tokio::test]
async fn what_the_member_blocked_is_inactive_for_that_reason_and_the_operators_block_stays() {
    let world = World::in_rome().await;
    let token = world.token().await;
    let mut seed = operator_seed();
    seed.accounts[0].blocked = true;
    let database = world.folder.path().join("operator.db");
    operator_server::seed(&database, &seed).await.unwrap();
    let reasons = async || {
        let ask =
            json!({"by": "position", "position": [418_950_000, 125_040_000], "accuracy_m": 5});
        let answer: EntryAnswer = world.enter(&token, ask).await.json().await.unwrap();
        let is_blocked = |one: &Standing| one.reason == Some(Reason::Blocked);
        let standings = answer.answer.standings.iter().enumerate();
        standings.filter(|(_, one)| is_blocked(one)).map(|(nth, _)| nth).collect::<Vec<_>>()
    };
    assert_eq!(reasons().await, [1]);
    listed(change(&world, &token, "money", json!({"blocked": true})).await).await;
    assert_eq!(reasons().await, [1, 2]);
    listed(change(&world, &token, "bank", json!({"blocked": false})).await).await;
    listed(change(&world, &token, "money", json!({"blocked": false})).await).await;
    assert_eq!(reasons().await, [1]);
    world.stop().await;
}
