//! The wallet server killed at random points while deposits are under way.

use std::{
    fs::File,
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use domain::wire::{Deposit, DepositState};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::sync::Notify;
use uuid::Uuid;
use wallet_server::Clock;

use crate::cast::{ACCOUNT, Cast, KEY, PASSWORD};

const KILLS: u64 = 50;
const PHONES: u64 = 6;
/// How long a busy machine may take for an answer.
const ANSWERS: Duration = Duration::from_secs(30);

/// The wallet server as a process of its own, which ends with its owner.
pub struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn serve(cast: &Cast) -> Served {
    let key = cast.folder.path().join("operator.key");
    if !key.exists() {
        std::fs::write(&key, KEY).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&key, mode).unwrap();
    }
    let log = File::options().create(true).append(true).open(log(cast)).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_wallet-server"))
        .arg("--data")
        .arg(cast.data())
        .args(["serve", "--bearer-sessions", "--deposits-a-day", "1000000000"])
        .args([
            "--listen",
            &cast.wallet_at.to_string(),
            "--operator",
            &format!("a={}", cast.operator_url()),
        ])
        .args(["--beacon-uuid", "00000000-0000-0000-0000-000000000001"])
        .args(["--network-name", "Tests", "--link-host", "pay.example"])
        .args(["--operator-key-file", &format!("a={}", key.display())])
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap();
    let child = Served(child);
    while TcpStream::connect(cast.wallet_at).is_err() {
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

fn log(cast: &Cast) -> std::path::PathBuf {
    cast.folder.path().join("wallet.log")
}

fn id(round: u64, phone: u64, nth: u64) -> Uuid {
    Uuid::from_u64_pair(round + 1, phone * 1_000 + nth)
}

/// Deposits until the server is gone: all ids that were sent, and those that were answered.
async fn pour(
    cast: &Cast,
    token: &str,
    (round, phone): (u64, u64),
    any_answer: &Notify,
) -> (Vec<Uuid>, Vec<Deposit>) {
    let (mut sent, mut answered) = (Vec::new(), Vec::new());
    for nth in 0.. {
        let id = id(round, phone, nth);
        sent.push(id);
        let Ok(answer) = cast.try_deposit(token, id, "card", 7).await else { break };
        let Ok(deposit) = answer.json().await else { break };
        answered.push(deposit);
        any_answer.notify_one();
    }
    (sent, answered)
}

#[tokio::test(flavor = "multi_thread")]
async fn l10_l11_after_fifty_kills_no_deposit_is_lost_doubled_or_half() {
    let mut cast = Cast::without_wallet_server(false, 0, Clock::system()).await;
    let mut random = ChaCha8Rng::seed_from_u64(10);
    let mut child = serve(&cast);
    let token = cast.log_in("giulia").await;
    let (mut sent, mut answered) = (Vec::new(), Vec::new());
    for round in 0..KILLS {
        let after = Duration::from_millis(random.random_range(5..500));
        let any_answer = Notify::new();
        let kill = async {
            tokio::time::sleep(after).await;
            if round % 10 == 0 {
                // On a busy machine all others may be killed before their first answer.
                let _ = tokio::time::timeout(ANSWERS, any_answer.notified()).await;
            }
            drop(child);
        };
        let one = |phone| pour(&cast, &token, (round, phone), &any_answer);
        let pours = join_all((0..PHONES).map(one));
        let (poured, ()) = tokio::join!(pours, kill);
        for (some_sent, some_answered) in poured {
            sent.extend(some_sent);
            answered.extend(some_answered);
        }
        child = serve(&cast);
    }
    // Every phone asks again under its id, as often as it is told to wait.
    let mut done = 0;
    for some in sent.chunks(16) {
        let asked = some.iter().map(|id| async {
            cast.insist(&token, *id, "card", 7).await;
            cast.ended(&token, *id).await
        });
        for deposit in join_all(asked).await {
            assert_eq!(deposit.state, DepositState::Done);
            done += 1;
        }
    }
    assert!(!answered.is_empty(), "none was answered");
    for deposit in &answered {
        assert!(deposit.state == DepositState::Done, "answered {deposit:?}");
    }
    assert_eq!(cast.left(&token).await, 7 * done);
    drop(child);
    assert_eq!(cast.settled().await, 7 * done);
    let log = std::fs::read_to_string(log(&cast)).unwrap();
    for secret in [KEY, PASSWORD, &token, ACCOUNT, "card-1", "giulia"] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
    assert!(log.contains("/v1/deposits"));
    cast.stop().await;
}
