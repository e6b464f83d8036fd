//! A member's own data: seen, changed, taken along, and gone.

use std::path::Path;

use domain::{Currency, Timestamp, wire::MemberExport};
use ledger::{Account, Action, Amount, Owner, Request};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{query, query_as};
use uuid::Uuid;
use wallet_server::{Clock, Wallets, open_database, verify};

use crate::{
    joining::{self, join},
    world::{LINK_CODE, World, grant, problem},
};

const PASSWORD: &str = "seven tin whistles";
/// What names Anna, her card or her device.
const PERSONAL: [&str; 9] = [
    "anna@example.org",
    "Anna Bianchi",
    "Via Merulana",
    "482917",
    "Pixel 9",
    "Rossi Amex",
    "127.0.0.1",
    "\"anna\"",
    "tin whistles",
];

async fn leave(world: &World, token: &str, password: &str) -> (u16, String) {
    let url = format!("{}/v1/members/me", world.url);
    let body = json!({"password": password});
    let answer = world.http.delete(url).bearer_auth(token).json(&body).send().await.unwrap();
    if answer.status() == StatusCode::NO_CONTENT {
        return (204, String::new());
    }
    let problem = problem(answer).await;
    (problem.status, problem.code)
}

async fn link(world: &World, token: &str) {
    let url = format!("{}/v1/methods", world.url);
    let body = json!({"scheme": "amex", "link_code": LINK_CODE});
    let answer = world.http.post(url).bearer_auth(token).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

async fn export(world: &World, token: &str) -> (String, MemberExport) {
    let answer = world.call(Method::GET, "/v1/members/me/export", token).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.unwrap();
    let read = serde_json::from_str(&text).unwrap();
    (text, read)
}

/// Moves money between Anna's wallet and others, as deposits and settlements do.
struct Money {
    wallets: Wallets,
    wallet: Account,
    database: wallet_server::Database,
}

impl Money {
    async fn of_anna(world: &World) -> Self {
        let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
        let (held_id,): (String,) = query_as(
            "SELECT held_id FROM method JOIN member ON member.id = member_id
             WHERE user_id = 'anna' AND held_by = 'wallet'",
        )
        .fetch_one(database.reads())
        .await
        .unwrap();
        let owner = Owner::Member(held_id.parse().unwrap());
        let wallets = Wallets::start(database.clone(), Clock::from_fn(|| Timestamp(1)));
        Self { wallets, wallet: Account::new(owner, Currency::EUR), database }
    }

    async fn apply(&self, id: u128, action: Action) {
        let request = Request { id: Uuid::from_u128(id), action };
        self.wallets.apply(request).await.unwrap().unwrap();
    }

    async fn put_in(&self, amount: i64) {
        let outside = Account::new(Owner::Outside { part: 0 }, Currency::EUR);
        let amount = Amount::new(amount).unwrap();
        self.apply(1, Action::Post { debit: outside, credit: self.wallet.clone(), amount }).await;
    }

    async fn spend(&self, amount: i64) {
        let store = Account::new(Owner::Store(Uuid::from_u128(9)), Currency::EUR);
        let amount = Amount::new(amount).unwrap();
        self.apply(2, Action::Post { debit: self.wallet.clone(), credit: store, amount }).await;
    }
}

/// How many may open the card that Anna linked, by the operator's own database.
async fn grants_of_the_card(world: &World) -> i64 {
    let file = world.folder.path().join("operator.db");
    let operator = sqlx::AnyPool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let (count,): (i64,) = query_as("SELECT COUNT(*) FROM account_grant WHERE held_id = 'card-2'")
        .fetch_one(&operator)
        .await
        .unwrap();
    operator.close().await;
    count
}

fn holds(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| std::fs::read(file).unwrap())
        .any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

#[tokio::test]
async fn who_leaves_leaves_a_whole_ledger_and_nothing_that_names_them() {
    let world = World::start().await;
    let token = join(&world, "anna").await;
    link(&world, &token).await;
    let money = Money::of_anna(&world).await;
    money.put_in(500).await;
    money.spend(500).await;
    let limit = "INSERT INTO unlock_limit (member_id, amount, currency, a_day)
        SELECT id, 500, 'EUR', 2 FROM member";
    query(limit).execute(money.database.reads()).await.unwrap();
    assert_eq!(grants_of_the_card(&world).await, 1);
    let data = world.folder.path().join("wallet");
    let before = verify(&money.database).await.unwrap();
    assert!(before.entries >= 4 && holds(&data, "Anna Bianchi"));
    assert_eq!(leave(&world, &token, PASSWORD).await.0, 204);

    assert_eq!(verify(&money.database).await.unwrap(), before);
    let history: Vec<(String,)> = query_as("SELECT what FROM member_event ORDER BY rowid")
        .fetch_all(money.database.reads())
        .await
        .unwrap();
    let history: Vec<&str> = history.iter().map(|(what,)| &**what).collect();
    assert_eq!(history, ["joined", "left"]);
    money.database.close().await;
    for personal in PERSONAL {
        assert!(!holds(&data, personal), "{personal} is still there");
    }
    let over = world.call(Method::GET, "/v1/methods", &token).await;
    assert_eq!(problem(over).await.status, 401);
    assert_eq!(world.log_in("anna", PASSWORD).await.status(), 401);
    assert_eq!(grants_of_the_card(&world).await, 0, "the operator still opens the card");
    // The user id is free.
    join(&world, "anna").await;
    world.stop().await;
}

#[tokio::test]
async fn nobody_leaves_with_money_in_the_wallet_without_the_password_or_past_the_operator() {
    let mut world = World::start().await;
    let token = join(&world, "anna").await;
    link(&world, &token).await;
    let money = Money::of_anna(&world).await;
    money.put_in(500).await;
    assert_eq!(leave(&world, &token, "wrong").await, (403, "wrong_secret".to_owned()));
    assert_eq!(leave(&world, &token, PASSWORD).await, (409, "wallet_not_empty".to_owned()));
    money.spend(500).await;
    money.database.close().await;
    world.operator.take().unwrap().stop().await;
    assert_eq!(leave(&world, &token, PASSWORD).await, (503, "operator_down".to_owned()));
    // Nothing was lost.
    let methods: Value = world.call(Method::GET, "/v1/methods", &token).await.json().await.unwrap();
    assert_eq!(methods["methods"].as_array().unwrap().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn an_export_holds_all_of_a_member_and_no_secret_and_nothing_of_another() {
    let world = World::start().await;
    let token = join(&world, "anna").await;
    let other = join(&world, "bruno").await;
    link(&world, &token).await;
    let money = Money::of_anna(&world).await;
    money.put_in(500).await;
    money.database.close().await;
    let (text, export) = self::export(&world, &token).await;
    assert_eq!((&*export.user_id, export.methods.len()), ("anna", 2));
    assert_eq!(export.profile.unwrap().address, "Via Merulana 1, 00185 Roma");
    assert_eq!(export.joined_on.unwrap().name, "Pixel 9");
    assert_eq!(export.history[0].what, "joined");
    assert_eq!(export.devices.len(), 1);
    assert_eq!(export.movements[0].change.amount, 500);
    let log: Vec<&str> = export.security_log.iter().map(|entry| &*entry.what).collect();
    assert_eq!(log, ["joined", "logged_in"]);
    for secret in ["argon2", "739158", PASSWORD, &token, &grant("card-1"), "bruno"] {
        assert!(!text.contains(secret), "{secret} is in the export");
    }
    let (text, _) = self::export(&world, &other).await;
    assert!(!text.contains("anna") && !text.contains("Amex"));
    world.stop().await;
}

#[tokio::test]
async fn a_profile_is_seen_and_changed_by_its_member_with_the_password() {
    let world = World::start().await;
    let token = join(&world, "anna").await;
    let change = async |password: &str, name: &str| {
        let body = json!({"password": password, "name": name, "address": "Via Roma 2",
            "phone": "+39 06 1234567"});
        let url = format!("{}/v1/members/me", world.url);
        world.http.put(url).bearer_auth(&token).json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(change("wrong", "Anna Verdi").await, 403);
    assert_eq!(change(PASSWORD, "a\nb").await, 422);
    assert_eq!(change(PASSWORD, "Anna Verdi").await, 204);
    let me: Value = world.call(Method::GET, "/v1/members/me", &token).await.json().await.unwrap();
    assert_eq!(me["profile"]["name"], "Anna Verdi");
    assert_eq!(me["profile"]["email"], "anna@example.org");
    let seeded = world.token().await;
    let me: Value = world.call(Method::GET, "/v1/members/me", &seeded).await.json().await.unwrap();
    assert_eq!(me, json!({"user_id": "giulia", "profile": null}));
    world.stop().await;
}

async fn wanted(world: &World, token: &str, password: &str, email: &str) -> reqwest::Response {
    let url = format!("{}/v1/members/me/email", world.url);
    let body = json!({"password": password, "email": email});
    world.http.post(url).bearer_auth(token).json(&body).send().await.unwrap()
}

async fn proven(world: &World, token: &str, id: &str, code: &str) -> u16 {
    let url = format!("{}/v1/members/me/email/{id}", world.url);
    let answer = world.http.put(url).bearer_auth(token).json(&json!({"code": code})).send();
    answer.await.unwrap().status().as_u16()
}

async fn email(world: &World, token: &str) -> String {
    let me = world.call(Method::GET, "/v1/members/me", token).await;
    me.json::<Value>().await.unwrap()["profile"]["email"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn codes_go_to_another_address_only_once_it_is_proven_and_the_old_one_is_told() {
    let world = World::start().await;
    let token = join(&world, "anna").await;
    let other = join(&world, "bruno").await;
    let new = "anna@example.net";
    for (password, email, code) in [
        ("wrong", new, "wrong_secret"),
        (PASSWORD, "", "invalid_value"),
        (PASSWORD, "anna", "invalid_value"),
        (PASSWORD, &format!("{}@example.net", "a".repeat(250)), "invalid_value"),
    ] {
        assert_eq!(problem(wanted(&world, &token, password, email).await).await.code, code);
    }
    let asked = wanted(&world, &token, PASSWORD, new).await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    let id = asked.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let code = joining::code(&world, 2).await;
    assert_eq!(joining::sent(&world)[2].0, new);
    assert_eq!(email(&world, &token).await, "anna@example.org", "it was not proven yet");
    // Neither by another member nor with another code.
    assert_eq!(proven(&world, &other, &id, &code).await, 409);
    assert_eq!(proven(&world, &token, &id, "00000000").await, 409);
    assert_eq!(proven(&world, &token, &id, &code).await, 204);
    assert_eq!(email(&world, &token).await, new);
    assert_eq!(proven(&world, &token, &id, &code).await, 409, "a code is good once");
    joining::code(&world, 3).await;
    let told = joining::sent(&world)[3].clone();
    assert_eq!(told, ("anna@example.org".into(), "email_changed".into(), String::new()));
    // Whoever changed it cannot reset the settlement code by it before the member had a day.
    let asked = json!({"user_id": "anna", "of": "settlement_code"});
    let id = world.post("/v1/resets", &asked).await.json::<Value>().await.unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let code = joining::code(&world, 4).await;
    assert_eq!(joining::sent(&world)[4].0, new);
    let url = format!("{}/v1/resets/{id}", world.url);
    let body = json!({"code": code, "new": "730482", "password": PASSWORD});
    let answer = world.http.put(url).json(&body).send().await.unwrap();
    assert_eq!(problem(answer).await.code, "too_soon");
    world.stop().await;
}
