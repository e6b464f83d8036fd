//! The ledger's writer killed at random points under load: nothing lost, nothing doubled, nothing half.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use domain::Currency;
use futures_util::future::join_all;
use ledger::{Account, Action, Amount, Outcome, Owner, Request, TransferId, part_of};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;
use wallet_server::{Clock, Wallets, open_database, verify};

const FOLDER: &str = "TILLSIGHT_TEST_KILLED_FOLDER";
const ROUND: &str = "TILLSIGHT_TEST_KILLED_ROUND";
const KILLS: u64 = 50;
const AT_ONCE: u64 = 16;

fn id(round: u64, nth: u64) -> TransferId {
    Uuid::from_u64_pair(round + 1, nth)
}

/// Gives one cent to one of four wallets.
fn request(id: TransferId) -> Request {
    let wallet = Uuid::from_u128(u128::from(part_of(id) % 4));
    let debit = Account::new(Owner::Outside { part: part_of(id) }, Currency::EUR);
    let credit = Account::new(Owner::Member(wallet), Currency::EUR);
    Request { id, action: Action::Post { debit, credit, amount: Amount::new(1).unwrap() } }
}

/// The process that is killed: tells each transfer once it was answered.
#[tokio::test]
#[ignore = "the test beside it runs this in a process of its own"]
async fn pours() {
    let (Some(folder), Ok(round)) = (env::var_os(FOLDER), env::var(ROUND)) else { return };
    let round = round.parse().unwrap();
    let database = open_database(Path::new(&folder)).await.unwrap();
    let wallets = Wallets::start(database, Clock::system());
    let pour = |client| {
        let wallets = wallets.clone();
        async move {
            for nth in (client..).step_by(AT_ONCE as usize) {
                wallets.apply(request(id(round, nth))).await.unwrap().unwrap();
                println!("answered {nth}");
            }
        }
    };
    join_all((0..AT_ONCE).map(pour)).await;
}

/// Lets a process pour until it has answered `answers` transfers, kills it, and says which it answered.
fn poured(folder: &Path, round: u64, answers: usize) -> Vec<u64> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "pours", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    while seen.len() < answers {
        let line = lines.next().expect("the process ended by itself").unwrap();
        seen.extend(line.strip_prefix("answered ").map(|nth| nth.parse::<u64>().unwrap()));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it told before it died, and nobody has read yet.
    let rest = lines.map_while(Result::ok);
    seen.extend(rest.filter_map(|line| line.strip_prefix("answered ")?.parse::<u64>().ok()));
    seen
}

#[tokio::test]
async fn l10_l11_after_fifty_kills_every_answered_transfer_is_there_once_and_none_is_half() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let mut answered = Vec::new();
    for round in 0..KILLS {
        let seen = poured(folder.path(), round, random.random_range(1..120));
        answered.extend(seen.into_iter().map(|nth| id(round, nth)));
    }
    let database = open_database(folder.path()).await.unwrap();
    let found = verify(&database).await.unwrap();
    let transfers: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM ledger_transfer")
        .fetch_one(database.reads())
        .await
        .unwrap();
    assert_eq!(found.entries, transfers as u64 * 2);
    // Asked again, as a phone does that got no answer: what was answered had happened.
    let wallets = Wallets::start(database.clone(), Clock::system());
    for again in answered.chunks(64) {
        let outcomes = join_all(again.iter().map(|id| wallets.apply(request(*id)))).await;
        for outcome in outcomes {
            let outcome = outcome.unwrap().unwrap();
            assert!(matches!(outcome, Outcome::Repeated(_)), "an answered transfer was lost");
        }
    }
    assert_eq!(verify(&database).await.unwrap(), found, "asking again moved money");
    assert!(answered.len() > KILLS as usize);
    database.close().await;
}
