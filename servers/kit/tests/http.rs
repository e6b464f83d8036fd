//! What every server answers whatever its routes do.

use std::time::Duration;

use axum::{Router, routing::get};
use domain::wire::Problem;
use server_kit::{Database, Limits, Tables, serve, serve_within};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test]
async fn a_panic_is_told_as_a_problem_and_the_next_request_is_answered() {
    let folder = tempfile::TempDir::new().unwrap();
    let pool = Database::open(&folder.path().join("test.db"), &Tables::DEFAULT).await.unwrap();
    let fails = || async { "secret".parse::<u8>().expect("on purpose").to_string() };
    let routes = Router::new().route("/fails", get(fails)).route("/works", get(|| async { "ok" }));
    let running = serve("127.0.0.1:0".parse().unwrap(), routes, pool).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::new();
    let url = format!("http://{}", running.addr);
    let response = http.get(format!("{url}/fails")).send().await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["retry-after"], "1");
    let problem: Problem = response.json().await.unwrap();
    assert_eq!((problem.code.as_str(), problem.retryable), ("internal", true));
    assert!(!problem.detail.contains("secret"));
    let works = http.get(format!("{url}/works")).send().await.unwrap();
    assert_eq!(works.text().await.unwrap(), "ok");
    running.stop().await;
    assert!(http.get(format!("{url}/works")).send().await.is_err(), "it answers after its stop");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("test.db");
    std::fs::write(&path, "not a database, but somebody's only copy".repeat(100)).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(Database::open(&path, &Tables::DEFAULT).await.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn silent_and_half_sent_requests_are_ended_and_others_are_answered_meanwhile() {
    let folder = tempfile::TempDir::new().unwrap();
    let pool = Database::open(&folder.path().join("test.db"), &Tables::DEFAULT).await.unwrap();
    let routes = Router::new().route("/works", get(|| async { "ok" }));
    let limits = Limits { connections: 8, silence: Duration::from_millis(200) };
    let running = serve_within("127.0.0.1:0".parse().unwrap(), routes, pool, limits).await.unwrap();
    let mut clients = Vec::new();
    // Three times as many as have a place.
    for nth in 0..24 {
        let mut client = tokio::net::TcpStream::connect(running.addr).await.unwrap();
        if nth % 2 == 0 {
            client.write_all(b"GET /works HTTP/1.1\r\nHost: a").await.unwrap();
        }
        clients.push(client);
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let works = reqwest::get(format!("http://{}/works", running.addr)).await.unwrap();
    assert_eq!(works.text().await.unwrap(), "ok");
    for mut client in clients {
        let mut rest = Vec::new();
        // Ends, with an answer or a reset; one that is kept open would hang here.
        let _ = client.read_to_end(&mut rest).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn a_full_disk_is_told_by_health_and_the_server_works_again_when_there_is_room() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = Database::open(&folder.path().join("test.db"), &Tables::DEFAULT).await.unwrap();
    let reads = database.reads();
    for table in [
        "CREATE TABLE health (only_row INTEGER PRIMARY KEY, checks INTEGER NOT NULL)",
        "INSERT INTO health VALUES (1, 0)",
        "CREATE TABLE grown (data BLOB)",
    ] {
        sqlx::query(table).execute(reads).await.unwrap();
    }
    let grow = || {
        database.transaction(|mut change| async move {
            for _ in 0..64 {
                sqlx::query("INSERT INTO grown VALUES (zeroblob(100000))")
                    .execute(&mut *change)
                    .await?;
            }
            change.keep(())
        })
    };
    // SQLite's own limit stands in for the disk: it fails in the same way and place.
    let room = async |pages: i64| {
        let limit = database.transaction(|mut change| async move {
            let pragma = format!("PRAGMA max_page_count = {pages}");
            sqlx::query(sqlx::AssertSqlSafe(pragma)).execute(&mut *change).await?;
            change.keep(())
        });
        limit.await.unwrap();
    };
    room(200).await;
    for _ in 0..20 {
        assert!(grow().await.is_err(), "the disk was not full");
        sqlx::query("SELECT * FROM health").fetch_all(reads).await.unwrap();
        room(200).await;
    }
    room(1_000_000).await;
    for _ in 0..20 {
        grow().await.unwrap();
        database.try_a_write().await.unwrap();
    }
    database.close().await;
}

#[tokio::test]
async fn two_first_starts_agree_and_an_emptied_file_is_not_made_anew() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("test.db");
    let open = || Database::open(&path, &Tables::DEFAULT);
    let (first, second) = tokio::join!(open(), open());
    first.unwrap().close().await;
    second.unwrap().close().await;
    std::fs::write(&path, "").unwrap();
    let refused = open().await.unwrap_err().to_string();
    assert!(refused.contains("is empty"), "{refused}");
    assert_eq!(path.metadata().unwrap().len(), 0);
}
