//! Scripts: several statements in one message, all of them or none.

use futures_util::FutureExt;
use server_kit::{Database, Script, Statement, Tables};

struct Held {
    database: Database,
    _folder: tempfile::TempDir,
}

async fn held() -> Held {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let database = Database::open(&path, &Tables::DEFAULT).await.unwrap();
    let table = Statement::new("CREATE TABLE pair (id INTEGER PRIMARY KEY, name TEXT) STRICT");
    database.write(&[table].into()).await.unwrap();
    Held { database, _folder: folder }
}

fn put(id: i64, name: Option<&str>) -> Statement {
    Statement::new("INSERT INTO pair (id, name) VALUES ($1, $2)").bind(id).bind(name)
}

async fn count(database: &Database) -> i64 {
    let counted = Statement::new("SELECT COUNT(*) FROM pair");
    let mut answers = database.read(&[counted].into()).await.unwrap();
    answers.row::<(i64,)>().unwrap().unwrap().0
}

#[tokio::test]
async fn every_statement_is_answered_in_its_turn_and_gets_its_own_values() {
    let Held { database, _folder } = held().await;
    let script = Script::from([
        put(1, Some("one")),
        put(2, None),
        Statement::new("UPDATE pair SET name = $2 WHERE id <= $1").bind(1).bind("first"),
        Statement::new("SELECT id, name FROM pair WHERE id IN (?, ?) ORDER BY id").bind(2).bind(1),
        Statement::new("SELECT id, name FROM pair WHERE id = $1").bind(3),
    ]);
    let mut answers = database.write(&script).await.unwrap();
    assert_eq!([answers.changed().unwrap(), answers.changed().unwrap()], [1, 1]);
    assert_eq!(answers.changed().unwrap(), 1);
    let rows: Vec<(i64, Option<String>)> = answers.rows().unwrap();
    assert_eq!(rows, [(1, Some("first".to_owned())), (2, None)]);
    assert_eq!(answers.row::<(i64, String)>().unwrap(), None);
    assert!(answers.changed().is_err(), "nothing more was asked");
}

#[tokio::test]
async fn a_script_that_fails_on_its_way_leaves_nothing_and_the_next_one_is_done() {
    let Held { database, _folder } = held().await;
    let twice = Script::from([put(1, None), put(2, None), put(1, None)]);
    assert!(database.write(&twice).await.is_err());
    assert_eq!(count(&database).await, 0);
    database.write(&[put(1, None)].into()).await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn what_a_transaction_does_last_is_undone_with_all_before_it() {
    let Held { database, _folder } = held().await;
    let first = Script::from([put(1, None)]);
    let done = database.transaction_after(&first, |change, mut answers| async move {
        assert_eq!(answers.changed()?, 1);
        change.keep_after([put(2, None), put(1, None)].into(), ())
    });
    assert!(done.await.is_err());
    assert_eq!(count(&database).await, 0);
}

#[tokio::test]
async fn a_script_of_many_values_is_as_whole_as_a_short_one() {
    let Held { database, _folder } = held().await;
    let mut many = Script::default();
    (1..=100).for_each(|id| many.add(put(id, Some("many"))));
    let mut answers = database.write(&many).await.unwrap();
    assert!((1..=100).all(|_| answers.changed().unwrap() == 1));
    many.add(put(1, None));
    assert!(database.write(&many).await.is_err());
    assert_eq!(count(&database).await, 100);
}

#[tokio::test]
async fn one_who_gives_up_on_the_way_holds_no_lock() {
    let Held { database, _folder } = held().await;
    let mut long = Script::default();
    (1..=200).for_each(|id| long.add(put(id, None)));
    // Begun, and not waited for.
    assert!(database.write(&long).now_or_never().is_none());
    database.write(&[put(1_000, None)].into()).await.unwrap();
    let counted = count(&database).await;
    assert!(counted == 1 || counted == 201, "{counted}");
}
