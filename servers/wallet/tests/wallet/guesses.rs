//! Wrong guesses at a password: who must wait, and who must not.

use std::time::Duration;

use domain::wire::Session;
use futures_util::future::join_all;
use reqwest::{StatusCode, header};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use wallet_server::open_database;

use crate::world::{World, problem};

#[tokio::test]
async fn an_unknown_user_is_refused_and_throttled_exactly_as_a_known_one() {
    let world = World::start().await;
    let mut answers = Vec::new();
    for user in ["giulia", "nobody"] {
        let mut answered = Vec::new();
        for _ in 0..6 {
            let response = world.log_in(user, "wrong").await;
            let retry = response.headers().get(header::RETRY_AFTER).cloned();
            answered.push((problem(response).await, retry));
        }
        answers.push(answered);
    }
    assert_eq!(answers[0], answers[1]);
    let statuses: Vec<u16> = answers[0].iter().map(|(problem, _)| problem.status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    // The right password does not open a locked account either, and opens it after the wait.
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 429);
    world.wait(1_000);
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 200);
    // A log-in forgets the failures.
    assert_eq!(world.log_in("giulia", "wrong").await.status(), 401);
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn waits_double_with_every_further_failure() {
    let world = World::start().await;
    for _ in 0..4 {
        assert_eq!(world.log_in("giulia", "wrong").await.status(), 401);
    }
    for seconds in [1, 2, 4] {
        let response = world.log_in("giulia", "wrong").await;
        assert_eq!(response.headers()[header::RETRY_AFTER], seconds.to_string());
        world.wait(seconds * 1_000);
        assert_eq!(world.log_in("giulia", "wrong").await.status(), 401);
    }
    world.stop().await;
}

#[tokio::test]
async fn many_guesses_at_once_do_not_slip_past_the_throttle() {
    let world = World::start().await;
    let tries = (0..20).map(|nth| world.log_in("giulia", ["wrong", "guess"][nth % 2]));
    let answers = join_all(tries).await;
    let judged = answers.iter().filter(|response| response.status() == 401).count();
    assert!((1..=4).contains(&judged), "{judged} passwords were judged");
    world.stop().await;
}

#[tokio::test]
async fn right_log_ins_at_once_never_lock_each_other_out() {
    let world = World::start().await;
    let answers = join_all((0..16).map(|_| world.log_in("giulia", "correct horse"))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(statuses, [200; 16]);
    world.stop().await;
}

#[tokio::test]
async fn guesses_from_elsewhere_keep_no_member_from_logging_in() {
    let world = World::behind_proxy().await;
    for _ in 0..6 {
        world.log_in_from("192.0.2.7", "giulia", "wrong").await;
    }
    let locked = world.log_in_from("192.0.2.7", "giulia", "correct horse").await;
    assert_eq!(locked.status(), 429);
    let elsewhere = world.log_in_from("192.0.2.8", "giulia", "correct horse").await;
    assert_eq!(elsewhere.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn a_source_that_guesses_at_many_members_must_wait() {
    let world = World::behind_proxy().await;
    let mut last = 0;
    for nth in 0..110 {
        let answer = world.log_in_from("192.0.2.7", &format!("member-{nth}"), "wrong").await;
        last = answer.status().as_u16();
    }
    assert_eq!(last, 429);
    world.stop().await;
}

async fn log_in_with(world: &World, device: &str, user: &str, password: &str) -> StatusCode {
    let asked = json!({"user_id": user, "password": password, "device": device});
    let request = world.http.post(format!("{}/v1/sessions", world.url)).json(&asked);
    request.send().await.unwrap().status()
}

async fn device_of(world: &World, user: &str, password: &str) -> String {
    let session: Session = world.log_in(user, password).await.json().await.unwrap();
    session.device.unwrap()
}

#[tokio::test]
async fn a_flood_from_its_own_network_never_locks_a_device_that_logged_in_before() {
    let world = World::start().await;
    let device = device_of(&world, "giulia", "correct horse").await;
    for _ in 0..6 {
        world.log_in("giulia", "wrong").await;
    }
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 429);
    for _ in 0..2 {
        assert_eq!(log_in_with(&world, &device, "giulia", "correct horse").await, 200);
    }
    // Nor does a flood at other members.
    for nth in 0..100 {
        world.log_in(&format!("member-{nth}"), "wrong").await;
    }
    assert_eq!(world.log_in("kenji", "battery staple").await.status(), 429);
    assert_eq!(log_in_with(&world, &device, "giulia", "correct horse").await, 200);
    world.stop().await;
}

#[tokio::test]
async fn guesses_by_a_known_device_make_it_wait_and_nobody_else() {
    let world = World::start().await;
    let device = device_of(&world, "giulia", "correct horse").await;
    for _ in 0..4 {
        assert_eq!(log_in_with(&world, &device, "giulia", "wrong").await, 401);
    }
    assert_eq!(log_in_with(&world, &device, "giulia", "correct horse").await, 429);
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn a_device_of_another_member_or_a_made_up_one_has_no_counter_of_its_own() {
    let world = World::start().await;
    let other = device_of(&world, "kenji", "battery staple").await;
    for _ in 0..6 {
        world.log_in("giulia", "wrong").await;
    }
    for device in ["", "made up", &other] {
        assert_eq!(log_in_with(&world, device, "giulia", "correct horse").await, 429, "{device}");
    }
    let endless = "d".repeat(129);
    assert_eq!(log_in_with(&world, &endless, "giulia", "correct horse").await, 422);
    world.stop().await;
}

#[tokio::test]
async fn the_devices_of_a_member_are_the_last_sixteen() {
    let world = World::start().await;
    let first = device_of(&world, "giulia", "correct horse").await;
    for _ in 0..16 {
        world.wait(1);
        device_of(&world, "giulia", "correct horse").await;
    }
    for _ in 0..6 {
        world.log_in("giulia", "wrong").await;
    }
    assert_eq!(log_in_with(&world, &first, "giulia", "correct horse").await, 429);
    world.stop().await;
}

#[tokio::test]
async fn a_client_that_gives_up_leaves_no_right_password_counted_as_wrong() {
    let world = World::start().await;
    let body = json!({"user_id": "giulia", "password": "correct horse"}).to_string();
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    for _ in 0..8 {
        let address = world.url.trim_start_matches("http://");
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(request.as_bytes()).await.unwrap();
        // Long enough that it is being judged, and seldom enough that it is judged.
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    assert_eq!(world.log_in("giulia", "correct horse").await.status(), 200);
    world.stop().await;
}

#[tokio::test]
async fn a_flood_of_made_up_members_neither_fills_the_disk_nor_is_read_through() {
    let world = World::start().await;
    let database = open_database(&world.folder.path().join("wallet")).await.unwrap();
    let flood = "WITH RECURSIVE made_up (nth) AS
            (SELECT 1 UNION ALL SELECT nth + 1 FROM made_up WHERE nth < 100500)
         INSERT INTO login_failure SELECT 'made up ' || nth, 1, $1 + nth FROM made_up";
    sqlx::query(flood).bind(world.now().0).execute(database.reads()).await.unwrap();
    assert_eq!(world.log_in("giulia", "wrong").await.status(), 401);
    let (kept,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM login_failure")
        .fetch_one(database.reads())
        .await
        .unwrap();
    assert!(kept <= 100_001, "{kept}");
    for forgets in [
        "DELETE FROM login_failure WHERE locked_until <= 0",
        "SELECT locked_until FROM login_failure ORDER BY locked_until DESC LIMIT 1 OFFSET 9",
    ] {
        let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {forgets}"));
        let (_, _, _, plan): (i64, i64, i64, String) =
            sqlx::query_as(plan).fetch_one(database.reads()).await.unwrap();
        assert!(plan.contains("INDEX login_failure_age"), "{plan}");
    }
    database.close().await;
    world.stop().await;
}
