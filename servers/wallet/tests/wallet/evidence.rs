//! What sources say of stores, weighed: lists of chains, payments, and sources that are taken out again.

use domain::{Acceptance, Source, StoreId, Timestamp};
use serde_json::Value;
use sqlx::Executor;
use wallet_server::{
    Database, learn_from_payments, open_database,
    register::{ChainsSummary, Import, all, import_chains, remove},
};

use crate::{
    process::program,
    register::Register,
    settlements::Till,
    world::{LOOKS_AGAIN_AFTER, NOW},
};

const DAY_MS: i64 = 86_400_000;

fn days_ago(days: i64) -> Timestamp {
    Timestamp(NOW.0 - days * DAY_MS)
}

/// What is claimed of a store's scheme, and by whom.
async fn claimed(database: &Database, name: &str, scheme: &str) -> Option<(Acceptance, Source)> {
    let stores = all(database).await.unwrap();
    let store = stores.into_iter().find(|store| store.name == name).unwrap();
    let mut claims = store.accepted.claims().iter();
    let claim = claims.find(|claim| claim.scheme.as_str() == scheme)?;
    Some((claim.acceptance, claim.source))
}

async fn chains(register: &Register, list: &str, as_of: Timestamp) -> ChainsSummary {
    let file = register.file("chains.csv", list.as_bytes());
    import_chains(&register.database, &file, "chains", as_of, NOW).await.unwrap()
}

/// A bakery of a chain and one of none, of which a list says that they take this.
async fn bakeries(as_of: Timestamp, visa: &str) -> Register {
    let register = Register::new().await;
    let list = format!(
        "id,name,brand,shop,lat,lon,addr:country,payment:visa\n\
         1,Brot,Kamps,bakery,50.1,8.6,DE,{visa}\n2,Semmel,,bakery,50.1,8.7,DE,\n"
    );
    let file = register.file("stores.csv", list.as_bytes());
    let licence = Some("CC0-1.0".to_owned());
    let order = Import { licence, as_of: Some(as_of), ..Import::of(file, NOW) };
    assert_eq!(register.import(order).await.taken(), 2);
    register
}

#[tokio::test]
async fn a_list_of_chains_speaks_for_their_stores_alone_and_is_gone_when_it_is_removed() {
    let register = bakeries(days_ago(10), "").await;
    let before = register.stores().await;
    let list = "brand,country,payment:girocard,payment:visa\nKAMPS,DE,yes,no\nOther,DE,yes,yes\n";
    let summary = chains(&register, list, days_ago(1)).await;
    assert_eq!((summary.chains, summary.stores, summary.changed), (2, 1, 1));
    let database = &register.database;
    let girocard = claimed(database, "Brot", "girocard").await;
    assert_eq!(girocard, Some((Acceptance::Accepted, Source::Register)));
    // One step follows, as it does from any other statement.
    let mastercard = claimed(database, "Brot", "mastercard").await;
    assert_eq!(mastercard, Some((Acceptance::Refused, Source::Sibling)));
    assert_ne!(claimed(database, "Semmel", "girocard").await, girocard);
    assert_eq!(chains(&register, list, days_ago(1)).await.changed, 0);
    assert_eq!(remove(database, "chains", NOW).await.unwrap(), 1);
    assert_eq!(register.stores().await, before);
}

#[tokio::test]
async fn a_list_of_chains_survives_the_next_import_of_its_stores() {
    let register = bakeries(days_ago(10), "").await;
    chains(&register, "brand,payment:visa\nKamps,no\n", days_ago(1)).await;
    let file = register.folder.path().join("stores.csv");
    let licence = Some("CC0-1.0".to_owned());
    let order = Import { licence, as_of: Some(days_ago(5)), ..Import::of(file, NOW) };
    register.import(order).await;
    let visa = claimed(&register.database, "Brot", "visa").await;
    assert_eq!(visa, Some((Acceptance::Refused, Source::Register)));
}

#[tokio::test]
async fn of_two_lists_the_newer_counts_and_when_it_is_removed_the_older_does_again() {
    let register = bakeries(days_ago(20), "yes").await;
    let database = &register.database;
    chains(&register, "brand,payment:visa\nKamps,no\n", days_ago(3)).await;
    let visa = claimed(database, "Brot", "visa").await;
    assert_eq!(visa, Some((Acceptance::Refused, Source::Register)));
    remove(database, "chains", NOW).await.unwrap();
    let visa = claimed(database, "Brot", "visa").await;
    assert_eq!(visa, Some((Acceptance::Accepted, Source::Register)));
    chains(&register, "brand,payment:visa\nKamps,no\n", days_ago(40)).await;
    let visa = claimed(database, "Brot", "visa").await;
    assert_eq!(visa, Some((Acceptance::Accepted, Source::Register)));
}

/// Has another member have paid the same.
async fn paid_by_another(database: &Database) {
    for copy in [
        "INSERT INTO method (member_id, id, place, definition, held_by, held_id, times_used)
         SELECT (SELECT id FROM member WHERE user_id = 'kenji'), id, place, definition, held_by,
            held_id, times_used FROM method WHERE id = 'money'",
        "INSERT INTO charge (id, store_id, amount, currency, at, ends_at)
         SELECT 'another', store_id, amount, currency, at, ends_at FROM charge",
        "INSERT INTO settlement (id, charge_id, store_id, member_id, method_id, channel, amount,
            currency, at, state, captured_at)
         SELECT 'another', 'another', store_id, (SELECT id FROM member WHERE user_id = 'kenji'),
            method_id, channel, amount, currency, at, state, captured_at FROM settlement",
    ] {
        database.reads().execute(copy).await.unwrap();
    }
}

#[tokio::test]
async fn payments_of_two_members_speak_for_a_store_and_that_of_one_alone_does_not() {
    let till = Till::open().await;
    till.pay(1, 250).await;
    let database = open_database(&till.world.folder.path().join("wallet")).await.unwrap();
    assert_eq!(learn_from_payments(&database, NOW).await.unwrap(), 0);
    paid_by_another(&database).await;
    assert_eq!(learn_from_payments(&database, NOW).await.unwrap(), 1);
    assert_eq!(learn_from_payments(&database, NOW).await.unwrap(), 0, "twice is once");
    // The list that said so before is taken out: what was paid stays.
    remove(&database, "stores", NOW).await.unwrap();
    let paid = claimed(&database, "Uno", "tillsight").await;
    assert_eq!(paid, Some((Acceptance::Accepted, Source::Settlement)));
    assert_eq!(claimed(&database, "Due", "tillsight").await, None);
    tokio::time::sleep(LOOKS_AGAIN_AFTER).await;
    let told: Value = told(&till, till.store).await;
    let claims = told["accepted"].as_array().unwrap();
    let money = claims.iter().find(|claim| claim["scheme"] == "tillsight").unwrap();
    // The Monday before, not the moment.
    assert_eq!((&money["source"], &money["as_of"]), (&"settlement".into(), &days_ago(6).0.into()));
    assert_eq!(learn_from_payments(&database, days_ago(-91)).await.unwrap(), 1, "it is forgotten");
    database.close().await;
    till.world.stop().await;
}

async fn told(till: &Till, store: StoreId) -> Value {
    let path = format!("{}/v1/stores/{store}", till.world.url);
    let request = till.world.http.get(path).bearer_auth(&till.token);
    request.send().await.unwrap().json().await.unwrap()
}

pub fn command(data: &std::path::Path, words: &[&str]) -> (bool, String) {
    let mut command = std::process::Command::new(program());
    let output = command.arg("--data").arg(data).arg("knowledge").args(words).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn the_commands_take_a_list_in_and_out_and_name_the_lines_they_left_out() {
    let register = bakeries(days_ago(10), "").await;
    let data = register.folder.path().join("data");
    let list = register.file("chains.csv", b"brand,payment:visa\nKamps,yes\n,yes\n");
    let list = list.to_str().unwrap();
    let (is_whole, said) =
        command(&data, &["chains", "--source", "c", "--as-of", "2026-11-01", "--json", list]);
    assert!(!is_whole);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["chains"], &said["changed"]), (&1.into(), &1.into()));
    assert_eq!(said["faults"][0], "line 3: it names no brand");
    assert_eq!(command(&data, &["update", "--json"]), (true, "{\"changed\":0}\n".to_owned()));
    assert_eq!(command(&data, &["remove", "c"]), (true, "1 stores changed\n".to_owned()));
    assert!(!command(&data, &["remove", "c"]).0, "there is none of that name any more");
    assert!(command(&data, &["--help"]).1.contains("chains"));
}
