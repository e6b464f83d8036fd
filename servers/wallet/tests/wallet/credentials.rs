//! Passwords and settlement codes: changed by who knows the present one, set anew by a code.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use wallet_server::open_database;

use crate::{
    joining::{code, join, sent},
    world::{World, problem},
};

const PASSWORD: &str = "seven tin whistles";
const OTHER: &str = "eight copper kettles";

async fn change(world: &World, token: &str, what: &str, present: &str, new: &str) -> (u16, String) {
    let body = json!({"present": present, "new": new});
    let url = format!("{}/v1/members/me/{what}", world.url);
    let answer = world.http.put(url).bearer_auth(token).json(&body).send().await.unwrap();
    outcome(answer).await
}

async fn outcome(answer: reqwest::Response) -> (u16, String) {
    match answer.status() {
        StatusCode::NO_CONTENT => (204, String::new()),
        _ => {
            let problem = problem(answer).await;
            (problem.status, problem.code)
        }
    }
}

async fn ask(world: &World, user_id: &str, of: &str) -> reqwest::Response {
    world.post("/v1/resets", &json!({"user_id": user_id, "of": of})).await
}

async fn reset(world: &World, id: &Value, body: &Value) -> (u16, String) {
    let url = format!("{}/v1/resets/{}", world.url, id.as_str().unwrap());
    outcome(world.http.put(url).json(body).send().await.unwrap()).await
}

/// Asks for a code that is sent, and gives the reset's id and the code.
async fn asked(world: &World, of: &str) -> (Value, String) {
    let before = sent(world).len();
    let answer: Value = ask(world, "anna", of).await.json().await.unwrap();
    (answer["id"].clone(), code(world, before).await)
}

async fn is_over(world: &World, token: &str) -> bool {
    world.call(Method::GET, "/v1/devices", token).await.status() == StatusCode::UNAUTHORIZED
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_logs_every_other_device_out() {
    let world = World::start().await;
    let elsewhere = join(&world, "anna").await;
    let here = world.token_of("anna", PASSWORD).await;
    for (present, new, status, code) in [
        ("wrong", OTHER, 403, "wrong_secret"),
        (PASSWORD, "password1234", 422, "weak_password"),
        (PASSWORD, "anna@example.org", 422, "weak_password"),
        (PASSWORD, "short", 422, "invalid_value"),
    ] {
        let refused = change(&world, &here, "password", present, new).await;
        assert_eq!(refused, (status, code.to_owned()), "{present} {new}");
    }
    assert!(!is_over(&world, &elsewhere).await);
    assert_eq!(change(&world, &here, "password", PASSWORD, OTHER).await.0, 204);
    assert!(is_over(&world, &elsewhere).await && !is_over(&world, &here).await);
    assert_eq!(world.log_in("anna", PASSWORD).await.status(), 401);
    assert_eq!(world.log_in("anna", OTHER).await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn guesses_at_the_present_secret_wait() {
    let world = World::start().await;
    let token = join(&world, "anna").await;
    for _ in 0..6 {
        let refused = change(&world, &token, "settlement-code", "000000", "940573").await;
        assert_eq!(refused.0, 403);
    }
    let waits = change(&world, &token, "settlement-code", "739158", "940573").await;
    assert_eq!(waits, (429, "too_many_attempts".to_owned()));
    // One secret's guesses say nothing of the other.
    assert_eq!(change(&world, &token, "password", PASSWORD, OTHER).await.0, 204);
    world.wait(1_000);
    let changed = change(&world, &token, "settlement-code", "739158", "940573").await;
    assert_eq!(changed.0, 204);
    world.stop().await;
}

#[tokio::test]
async fn a_member_without_a_settlement_code_sets_the_first_by_the_password() {
    let world = World::start().await;
    let token = world.token().await;
    let change = |present, new| change(&world, &token, "settlement-code", present, new);
    assert_eq!(change("739158", "739158").await.0, 403);
    assert_eq!(change("correct horse", "111111").await.1, "weak_settlement_code");
    assert_eq!(change("correct horse", "739158").await.0, 204);
    assert_eq!(change("correct horse", "940573").await.0, 403);
    assert_eq!(change("739158", "940573").await.0, 204);
    world.stop().await;
}

#[tokio::test]
async fn who_forgot_the_password_sets_it_anew_once_and_is_logged_out_everywhere() {
    let world = World::start().await;
    let before = join(&world, "anna").await;
    let (id, code) = asked(&world, "password").await;
    let (_, purpose, _) = sent(&world).pop().unwrap();
    assert_eq!(purpose, "reset_password");
    let body = |code: &str, new: &str| json!({"code": code, "new": new});
    assert_eq!(reset(&world, &id, &body("00000000", OTHER)).await.1, "code_refused");
    // A weak one does not use the code up.
    assert_eq!(reset(&world, &id, &body(&code, "12345678")).await.1, "weak_password");
    assert!(!is_over(&world, &before).await);
    assert_eq!(reset(&world, &id, &body(&code, OTHER)).await.0, 204);
    assert!(is_over(&world, &before).await);
    assert_eq!(world.log_in("anna", OTHER).await.status(), 200);
    assert_eq!(reset(&world, &id, &body(&code, PASSWORD)).await.1, "code_refused");
    world.stop().await;
}

#[tokio::test]
async fn a_reset_ends_after_five_wrong_codes_or_a_quarter_of_an_hour() {
    let world = World::start().await;
    join(&world, "anna").await;
    let (id, code) = asked(&world, "password").await;
    for _ in 0..5 {
        reset(&world, &id, &json!({"code": "00000000", "new": OTHER})).await;
    }
    let right = json!({"code": code, "new": OTHER});
    assert_eq!(reset(&world, &id, &right).await.1, "code_refused");
    let (id, code) = asked(&world, "password").await;
    world.wait(15 * 60 * 1000);
    let right = json!({"code": code, "new": OTHER});
    assert_eq!(reset(&world, &id, &right).await.1, "code_refused");
    assert_eq!(world.log_in("anna", PASSWORD).await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn asking_for_a_reset_tells_nobody_who_is_a_member() {
    let world = World::start().await;
    join(&world, "anna").await;
    let before = sent(&world).len();
    let mut answers = Vec::new();
    // Of a stranger, of a member without a contact, of a member.
    for user in ["nobody", "giulia", "anna"] {
        let mut answered = Vec::new();
        for _ in 0..5 {
            let answer = ask(&world, user, "password").await;
            let status = answer.status().as_u16();
            let mut body: Value = answer.json().await.unwrap();
            if let Some(id) = body.as_object_mut().unwrap().remove("id") {
                let wrong = json!({"code": "00000000", "new": OTHER});
                assert_eq!(reset(&world, &id, &wrong).await.1, "code_refused");
            }
            answered.push((status, body));
        }
        answers.push(answered);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0].iter().map(|(status, _)| *status).max(), Some(429));
    code(&world, before + 3).await;
    assert!(sent(&world)[before..].iter().all(|(to, ..)| to == "anna@example.org"));
    world.stop().await;
}

#[tokio::test]
async fn mail_alone_sets_no_settlement_code_anew_not_even_by_way_of_the_password() {
    let world = World::start().await;
    join(&world, "anna").await;
    let (id, code) = asked(&world, "settlement_code").await;
    let body =
        |password: Option<&str>| json!({"code": code, "new": "940573", "password": password});
    assert_eq!(reset(&world, &id, &body(None)).await.1, "wrong_secret");
    assert_eq!(reset(&world, &id, &body(Some("wrong"))).await.1, "wrong_secret");
    let (by_mail, mailed) = asked(&world, "password").await;
    assert_eq!(reset(&world, &by_mail, &json!({"code": mailed, "new": OTHER})).await.0, 204);
    assert_eq!(reset(&world, &id, &body(Some(OTHER))).await.1, "too_soon");
    world.wait(86_400_000);
    let (id, code) = asked(&world, "settlement_code").await;
    let body = json!({"code": code, "new": "940573", "password": OTHER});
    assert_eq!(reset(&world, &id, &body).await.0, 204);
    let token = world.token_of("anna", OTHER).await;
    let changed = change(&world, &token, "settlement-code", "940573", "739158").await;
    assert_eq!(changed.0, 204);
    world.stop().await;
}

#[tokio::test]
async fn the_security_log_keeps_who_did_what_from_where_and_for_days_only() {
    let world = World::start().await;
    join(&world, "anna").await;
    world.log_in("anna", "wrong").await;
    world.log_in("nobody", "wrong").await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let log: Vec<(Option<String>, String, String)> =
        sqlx::query_as("SELECT member_id, what, source FROM security_log ORDER BY rowid")
            .fetch_all(database.reads())
            .await
            .unwrap();
    let what: Vec<(bool, &str)> =
        log.iter().map(|(member, what, _)| (member.is_some(), &**what)).collect();
    let known = [(true, "joined"), (true, "logged_in"), (true, "log_in_refused")];
    assert_eq!(what, [&known[..], &[(false, "log_in_refused")]].concat());
    assert!(log.iter().all(|(.., source)| source == "127.0.0.1"));
    database.close().await;
    let mut world = world;
    world.wait(7 * 86_400_000);
    world.restart().await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    loop {
        let (left,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM security_log")
            .fetch_one(database.reads())
            .await
            .unwrap();
        if left == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    database.close().await;
    world.stop().await;
}
