//! A person becomes a member, and what stands in the way.

use std::path::PathBuf;

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use wallet_server::open_database;

use crate::world::{World, problem};

pub fn joiner(user_id: &str) -> Value {
    json!({
        "user_id": user_id, "password": "seven tin whistles", "settlement_code": "739158",
        "profile": {"name": "Anna Bianchi", "address": "Via Merulana 1, 00185 Roma",
            "phone": "+39 06 482917", "email": format!("{user_id}@example.org")},
        "device": {"name": "Pixel 9", "system": "Android 16", "app": "1.4"},
    })
}

/// The codes that were sent, oldest first, as (to, purpose, code).
pub fn sent(world: &World) -> Vec<(String, String, String)> {
    let file: PathBuf = world.messages();
    let lines = std::fs::read_to_string(file).unwrap_or_default();
    let message = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        (text("to"), text("purpose"), text("code"))
    };
    lines.lines().map(message).collect()
}

/// The code of the `nth` message, once it has been sent: it is beside the answer.
pub async fn code(world: &World, nth: usize) -> String {
    loop {
        if let Some((_, _, code)) = sent(world).into_iter().nth(nth) {
            return code;
        }
        tokio::task::yield_now().await;
    }
}

pub async fn ask(world: &World, person: &Value) -> reqwest::Response {
    world.post("/v1/members", person).await
}

async fn confirm(world: &World, id: &Value, code: &str) -> reqwest::Response {
    world.post("/v1/members/confirmations", &json!({"id": id, "code": code})).await
}

/// Joins and gives the member's session.
pub async fn join(world: &World, user_id: &str) -> String {
    let before = sent(world).len();
    let asked = ask(world, &joiner(user_id)).await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    let asked: Value = asked.json().await.unwrap();
    let code = code(world, before).await;
    assert_eq!(confirm(world, &asked["id"], &code).await.status(), StatusCode::NO_CONTENT);
    world.token_of(user_id, "seven tin whistles").await
}

#[tokio::test]
async fn who_proves_the_contact_is_a_member_with_an_empty_wallet_and_nobody_before() {
    let world = World::start().await;
    let asked: Value = ask(&world, &joiner("anna")).await.json().await.unwrap();
    let code = code(&world, 0).await;
    assert_eq!(sent(&world)[0].0, "anna@example.org");
    assert_eq!(world.log_in("anna", "seven tin whistles").await.status(), 401);
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    assert_eq!(confirm(&world, &asked["id"], &spaced).await.status(), StatusCode::NO_CONTENT);
    let token = world.token_of("anna", "seven tin whistles").await;
    let methods: Value = world.call(Method::GET, "/v1/methods", &token).await.json().await.unwrap();
    let wallet = &methods["methods"][0];
    assert_eq!(wallet["balance"]["left"], json!({"amount": 0, "currency": "EUR"}), "{methods}");
    // A code is good once.
    let again = problem(confirm(&world, &asked["id"], &code).await).await;
    assert_eq!((again.status, &*again.code, again.retryable), (409, "code_refused", false));
    world.stop().await;
}

#[tokio::test]
async fn a_taken_user_id_is_told_to_nobody_who_has_not_proven_a_contact() {
    let world = World::start().await;
    let mut answers = Vec::new();
    for user in ["giulia", "nobody"] {
        let response = ask(&world, &joiner(user)).await;
        let status = response.status();
        let mut headers = response.headers().clone();
        headers.remove("date");
        let mut body: Value = response.json().await.unwrap();
        let id = body.as_object_mut().unwrap().remove("id").unwrap();
        answers.push((status, headers, body));
        let wrong = problem(confirm(&world, &id, "00000000").await).await;
        assert_eq!((wrong.status, &*wrong.code), (409, "code_refused"), "{user}");
    }
    assert_eq!(answers[0], answers[1]);
    let asked: Value = ask(&world, &joiner("giulia")).await.json().await.unwrap();
    let code = code(&world, 2).await;
    let taken = problem(confirm(&world, &asked["id"], &code).await).await;
    assert_eq!((taken.status, &*taken.code, taken.retryable), (409, "user_id_taken", false));
    // The member who has it is untouched.
    assert_eq!(world.log_in("giulia", "seven tin whistles").await.status(), 401);
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn of_two_who_ask_for_one_user_id_the_first_to_prove_a_contact_gets_it() {
    let world = World::start().await;
    let first: Value = ask(&world, &joiner("anna")).await.json().await.unwrap();
    let mut other = joiner("anna");
    other["password"] = json!("eight copper kettles");
    other["profile"]["email"] = json!("other@example.org");
    let second: Value = ask(&world, &other).await.json().await.unwrap();
    let code_of = |to: &str| sent(&world).into_iter().find(|sent| sent.0 == to).unwrap().2;
    code(&world, 1).await;
    let codes = (code_of("anna@example.org"), code_of("other@example.org"));
    let crossed = confirm(&world, &second["id"], &codes.0).await;
    assert_eq!(problem(crossed).await.code, "code_refused");
    assert_eq!(confirm(&world, &second["id"], &codes.1).await.status(), 204);
    assert_eq!(problem(confirm(&world, &first["id"], &codes.0).await).await.code, "user_id_taken");
    assert_eq!(world.log_in("anna", "eight copper kettles").await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn a_code_ends_after_five_wrong_tries_and_after_a_quarter_of_an_hour() {
    let world = World::start().await;
    let asked: Value = ask(&world, &joiner("anna")).await.json().await.unwrap();
    let right = code(&world, 0).await;
    for wrong in ["", "1", "0000000000000000", &right[..7], &format!("{right}0")] {
        assert_eq!(confirm(&world, &asked["id"], wrong).await.status(), 409, "{wrong}");
    }
    assert_eq!(confirm(&world, &asked["id"], &right).await.status(), 409);
    let asked: Value = ask(&world, &joiner("bruno")).await.json().await.unwrap();
    let right = code(&world, 1).await;
    world.wait(15 * 60 * 1000);
    assert_eq!(confirm(&world, &asked["id"], &right).await.status(), 409);
    world.stop().await;
}

#[tokio::test]
async fn fields_that_cannot_be_and_secrets_that_are_soon_guessed_are_refused_by_name() {
    let world = World::start().await;
    let long = |count: usize| json!("a".repeat(count));
    for (pointer, wrong, code, names) in [
        ("/user_id", json!("ab"), "invalid_value", "user_id"),
        ("/user_id", json!("Anna"), "invalid_value", "user_id"),
        ("/user_id", long(65), "invalid_value", "user_id"),
        ("/password", json!("1234567"), "invalid_value", "password"),
        ("/password", long(1025), "invalid_value", "password"),
        ("/password", json!("anna bianchi"), "weak_password", "password"),
        ("/settlement_code", json!("12345"), "invalid_value", "settlement_code"),
        ("/settlement_code", json!("1234567890123"), "invalid_value", "settlement_code"),
        ("/settlement_code", json!("७३९१५८"), "invalid_value", "settlement_code"),
        ("/settlement_code", json!("123456"), "weak_settlement_code", "settlement code"),
        ("/settlement_code", json!("482917"), "weak_settlement_code", "settlement code"),
        ("/settlement_code", json!(739158), "wrong_shape", "settlement_code"),
        ("/profile/name", json!(" "), "invalid_value", "name"),
        ("/profile/name", long(201), "invalid_value", "name"),
        ("/profile/address", json!("a\nb"), "invalid_value", "address"),
        ("/profile/address", long(501), "invalid_value", "address"),
        ("/profile/phone", json!("+0"), "invalid_value", "phone"),
        ("/profile/phone", json!(-1), "wrong_shape", "phone"),
        ("/profile/email", json!("a@b.org\nBcc: c@d.org"), "invalid_value", "email"),
        ("/profile/email", json!(null), "wrong_shape", "email"),
        ("/device/name", long(65), "invalid_value", "device"),
    ] {
        let mut person = joiner("anna");
        *person.pointer_mut(pointer).unwrap() = wrong.clone();
        let refused = problem(ask(&world, &person).await).await;
        assert_eq!((refused.status, &*refused.code), (422, code), "{pointer} {wrong}");
        let told = format!("{} {}", refused.title, refused.detail);
        assert!(told.contains(names) && !refused.retryable, "{told}");
    }
    assert!(sent(&world).is_empty());
    world.stop().await;
}

#[tokio::test]
async fn one_address_is_not_flooded_with_codes_nor_the_server_with_registrations() {
    let world = World::start().await;
    for _ in 0..4 {
        assert_eq!(ask(&world, &joiner("anna")).await.status(), StatusCode::ACCEPTED);
    }
    let refused = problem(ask(&world, &joiner("anna")).await).await;
    assert_eq!((refused.status, refused.retryable), (429, true));
    // Requests from one network wait after a hundred, whoever they are for; weak ones count.
    let mut weak = joiner("anna");
    weak["password"] = json!("password1234");
    let mut last = 0;
    for _ in 0..100 {
        last = ask(&world, &weak).await.status().as_u16();
    }
    assert_eq!(last, 429);
    world.stop().await;
}

#[tokio::test]
async fn without_a_way_to_send_codes_nobody_joins() {
    let world = World::behind_proxy().await;
    let refused = problem(ask(&world, &joiner("anna")).await).await;
    assert_eq!((refused.status, &*refused.code, refused.retryable), (503, "no_messages", false));
    world.stop().await;
}

#[tokio::test]
async fn no_secret_of_a_member_is_in_the_database_and_the_history_cannot_be_changed() {
    let world = World::start().await;
    join(&world, "anna").await;
    let codes: Vec<String> = sent(&world).into_iter().map(|sent| sent.2).collect();
    let data = world.folder.path().join("wallet");
    for file in std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = std::fs::read(&file).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        for secret in ["seven tin whistles", "739158", &codes[0]] {
            assert!(!holds(secret), "{secret} is in {}", file.display());
        }
    }
    let database = open_database(&data).await.unwrap();
    let (joined,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM member_event WHERE what = 'joined'")
            .fetch_one(database.reads())
            .await
            .unwrap();
    assert_eq!(joined, 1);
    for change in ["DELETE FROM member_event", "UPDATE member_event SET what = 'left'"] {
        assert!(sqlx::query(change).execute(database.reads()).await.is_err(), "{change}");
    }
    database.close().await;
    world.stop().await;
}

#[tokio::test]
async fn a_password_hashed_at_other_costs_still_opens_and_is_hashed_anew() {
    let world = World::start().await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let costs = Params::new(7 * 1024, 5, 1, None).unwrap();
    let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, costs);
    let old = old.hash_password(b"correct horse").unwrap().to_string();
    sqlx::query("UPDATE member SET password_hash = $1 WHERE user_id = 'giulia'")
        .bind(&old)
        .execute(database.reads())
        .await
        .unwrap();
    let costs = async || {
        let hash: (String,) =
            sqlx::query_as("SELECT password_hash FROM member WHERE user_id = 'giulia'")
                .fetch_one(database.reads())
                .await
                .unwrap();
        hash.0.split('$').nth(3).unwrap().to_owned()
    };
    assert_eq!(world.log_in("giulia", "wrong").await.status(), 401);
    assert_eq!(costs().await, "m=7168,t=5,p=1");
    for _ in 0..2 {
        assert_eq!(world.log_in("giulia", "correct horse").await.status(), 200);
        assert_eq!(costs().await, "m=19456,t=2,p=1");
    }
    database.close().await;
    world.stop().await;
}
