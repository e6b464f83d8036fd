//! What every server answers whatever its routes do.

use axum::{Router, routing::get};
use domain::wire::Problem;
use server_kit::{Database, Tables, serve};

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
