//! The log of the program as it is started from a shell.

use std::path::Path;

use domain::wire::Session;
use serde_json::json;
use tempfile::TempDir;
use wallet_server::{
    open_database,
    register::{Import, import},
};

use crate::{
    served::Served,
    world::{KEY, NOW, operator_seed, rome, seed},
};

#[tokio::test]
async fn the_log_names_no_member_token_place_store_or_account_and_sigterm_ends_well() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("operator.db");
    operator_server::seed(&database, &operator_seed()).await.unwrap();
    let operator = operator_server::start(operator_server::Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        database,
        api_key: KEY.into(),
        proxy: Default::default(),
        settlement: Default::default(),
    })
    .await
    .unwrap();
    let operator_url = format!("http://{}", operator.addr);
    let data = folder.path().join("wallet");
    wallet_server::seed(&data, &seed()).await.unwrap();
    let database = open_database(&data).await.unwrap();
    import(&database, &Import::of(rome(), NOW), |_| ()).await.unwrap();
    database.close().await;

    let program = Path::new(env!("CARGO_BIN_EXE_wallet-server"));
    let flags = ["--bearer-sessions", "--operator", &format!("operator={operator_url}")];
    let served = Served::start(program, folder.path(), KEY, &flags).unwrap();
    let url = &served.url;
    let http = reqwest::Client::new();
    let sessions = format!("{url}/v1/sessions");
    for password in ["wrong password", "correct horse"] {
        let login = json!({"user_id": "giulia", "password": password});
        http.post(&sessions).json(&login).send().await.unwrap();
    }
    let login = json!({"user_id": "giulia", "password": "correct horse"});
    let session: Session =
        http.post(&sessions).json(&login).send().await.unwrap().json().await.unwrap();
    let here = serde_json::json!({"position": [418_950_000, 125_040_000]});
    let near = http.post(format!("{url}/v1/stores/near")).json(&here);
    let stores: Vec<domain::Store> = near.send().await.unwrap().json().await.unwrap();
    let store = stores.iter().find(|store| store.name.len() > 5).unwrap();
    let id = store.id.to_string();
    for path in [format!("/v1/stores/{id}"), format!("/v1/stores/{id}/sign"), "/nowhere".into()] {
        http.get(format!("{url}{path}")).send().await.unwrap();
    }
    for ask in [
        json!({"by": "position", "position": [418_950_000, 125_040_000], "accuracy_m": 25.5}),
        json!({"by": "store", "id": id}),
        json!({"by": "store_code", "text": "TS1:SECRETCODE"}),
        json!({"by": "giulia"}),
    ] {
        let entries = http.post(format!("{url}/v1/entries")).bearer_auth(&session.token);
        entries.json(&ask).send().await.unwrap();
    }
    operator.stop().await;
    // Balances of the last seconds are told again without asking; a link code never is.
    let link = http.post(format!("{url}/v1/methods")).bearer_auth(&session.token);
    let asked = json!({"scheme": "amex", "link_code": "SECRETCODE"});
    link.json(&asked).send().await.unwrap();

    let (exit, text) = served.stop().unwrap();
    assert!(exit.success(), "{text}");
    assert!(text.matches("\"request\"").count() >= 10, "{text}");
    assert!(text.contains("did not answer"), "the operator's absence is logged: {text}");
    for personal in [
        "giulia",
        "correct horse",
        "wrong password",
        &session.token,
        KEY,
        "41.895",
        "12.504",
        "418950000",
        "25.5",
        &id,
        &store.name,
        "SECRETCODE",
        "account-1",
        "card-1",
        "198001",
        "Visa",
    ] {
        assert!(!text.contains(personal), "{personal} is in the log:\n{text}");
    }
}
