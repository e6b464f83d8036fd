//! Who is told what, and how a request that is not answered is told so.

use domain::wire::Session;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::world::{World, problem};

/// Every call that tells something of a member.
const OF_A_MEMBER: [(Method, &str); 3] =
    [(Method::GET, "/v1/methods"), (Method::POST, "/v1/entries"), (Method::DELETE, "/v1/sessions")];

#[tokio::test]
async fn nothing_of_a_member_is_told_without_that_members_token() {
    let world = World::start().await;
    let over = world.token().await;
    assert_eq!(
        world.call(Method::DELETE, "/v1/sessions", &over).await.status(),
        StatusCode::NO_CONTENT
    );
    for (method, path) in OF_A_MEMBER {
        for token in ["", "nonsense", &over, &"f".repeat(64)] {
            let response = world.call(method.clone(), path, token).await;
            assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
            assert_eq!(problem(response).await.status, 401, "{method} {path} {token:?}");
        }
        let url = format!("{}{path}", world.url);
        let bare = world.http.request(method.clone(), url).send().await.unwrap();
        assert_eq!(problem(bare).await.status, 401, "{method} {path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_session_ends_after_thirty_days() {
    let world = World::start().await;
    let token = world.token().await;
    world.wait(30 * 86_400_000 - 1);
    assert_eq!(world.call(Method::GET, "/v1/methods", &token).await.status(), StatusCode::OK);
    world.wait(1);
    assert_eq!(problem(world.call(Method::GET, "/v1/methods", &token).await).await.status, 401);
    world.stop().await;
}

#[tokio::test]
async fn a_member_sees_only_methods_of_their_own() {
    let world = World::start().await;
    let session: Value = world.log_in("kenji", "battery staple").await.json().await.unwrap();
    let token = session["token"].as_str().unwrap();
    let answer: Value = world.call(Method::GET, "/v1/methods", token).await.json().await.unwrap();
    assert_eq!(answer["methods"], json!([]));
    world.stop().await;
}

#[tokio::test]
async fn a_clock_that_jumps_a_year_and_back_neither_ends_sessions_nor_locks_for_long() {
    const YEAR_MS: i64 = 365 * 86_400_000;
    let world = World::start().await;
    let token = world.token().await;
    world.wait(YEAR_MS);
    // What is over is forgotten at a log-in.
    world.token().await;
    for _ in 0..5 {
        world.log_in("kenji", "wrong").await;
    }
    world.wait(-YEAR_MS);
    assert_eq!(world.call(Method::GET, "/v1/methods", &token).await.status(), StatusCode::OK);
    let locked = world.log_in("kenji", "battery staple").await;
    let wait: u64 = locked.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!(wait <= 1024, "{wait} s");
    world.stop().await;
}

#[tokio::test]
async fn a_new_password_ends_what_was_begun_with_the_old_one() {
    let world = World::start().await;
    let token = world.token().await;
    let seed = crate::world::seed();
    wallet_server::seed(&world.folder.path().join("wallet"), &seed).await.unwrap();
    let over = world.call(Method::GET, "/v1/methods", &token).await;
    assert_eq!(over.status(), StatusCode::UNAUTHORIZED);
    world.stop().await;
}

#[tokio::test]
async fn no_password_and_no_token_of_a_session_or_device_is_in_the_database() {
    let world = World::start().await;
    let session: Session = world.log_in("giulia", "correct horse").await.json().await.unwrap();
    let (token, device) = (session.token, session.device.unwrap());
    let data = world.folder.path().join("wallet");
    let mut files = 0;
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("wallet.db") {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["correct horse", "battery staple", &token, &device] {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
    assert!(files > 0);
    world.stop().await;
}

#[tokio::test]
async fn where_only_sessions_of_a_key_are_wanted_no_other_is_opened_and_those_from_before_are_over()
{
    let mut world = World::start().await;
    let before = world.token().await;
    world.members.bearer_sessions = false;
    world.restart().await;
    assert_eq!(problem(world.log_in("giulia", "correct horse").await).await.code, "not_found");
    let answer = world.call(Method::GET, "/v1/methods", &before).await;
    assert_eq!(problem(answer).await.code, "unauthorized");
    world.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_signing_keys_are_made_at_the_first_start_and_read_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::start().await;
    let keys: domain::wire::Keys = world.get("/v1/keys").await.json().await.unwrap();
    assert_eq!(keys.keys.len(), 3);
    for name in ["root.key", "register.key", "store-code.key", "receipt.key"] {
        let path = world.folder.path().join("wallet").join(name);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        let seed = std::fs::read_to_string(&path).unwrap();
        assert!(
            keys.keys.iter().all(|key| key.ed25519 != seed),
            "{name}: the secret half was told"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn whatever_is_wrong_with_a_request_is_told_as_a_problem() {
    let world = World::start().await;
    let login = format!("{}/v1/sessions", world.url);
    let json = "application/json";
    let long = format!("{{\"user_id\": \"{}\"}}", "x".repeat(20_000));
    for (body, kind, status, code) in [
        ("{\"user_id\":", json, 400, "not_json"),
        ("{}", json, 422, "wrong_shape"),
        ("{\"user_id\": 1, \"password\": 2}", json, 422, "wrong_shape"),
        ("[]", "text/plain", 415, "not_json"),
        (&long, json, 413, "too_large"),
    ] {
        let request = world.http.post(&login).header(header::CONTENT_TYPE, kind);
        let problem = problem(request.body(body.to_owned()).send().await.unwrap()).await;
        assert_eq!((problem.status, problem.code.as_str()), (status, code));
        assert!(!problem.retryable);
    }
    for (method, path, status, code) in [
        (Method::GET, "/", 404, "not_found"),
        (Method::GET, "/v2/methods", 404, "not_found"),
        (Method::PUT, "/v1/sessions", 405, "method_not_allowed"),
        (Method::POST, "/v1/keys", 405, "method_not_allowed"),
        (Method::GET, "/v1/stores/nonsense", 404, "not_found"),
        (Method::GET, "/v1/stores/%FF", 400, "refused"),
        (Method::GET, "/v1/tiles/%FF/1", 400, "refused"),
        (Method::GET, "/v1/stores", 404, "not_found"),
        (Method::GET, "/v1/stores/near", 405, "method_not_allowed"),
        (Method::POST, "/v1/stores/near", 415, "not_json"),
    ] {
        let problem = problem(world.call(method.clone(), path, "").await).await;
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{method} {path}");
    }
    assert_eq!(world.get("/healthz").await.status(), 200);
    world.stop().await;
}
