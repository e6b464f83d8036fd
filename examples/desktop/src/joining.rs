//! The fifth act: a person joins, links a bank account at one operator and a card at another, and
//! deposits from both.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Serialize;
use testkit::{Phone, Servers};
use tillsight::{
    DepositAsk, JoinAsk,
    screen::{DepositScreen, DepositState},
};
use uuid::Uuid;
use wallet_server::Booked;

use crate::member::{BANK_CODE, CARD_CODE};

const USER_ID: &str = "sakura";
/// Only ever used against servers of this process.
const PASSWORD: &str = "nine paper lanterns";
const SETTLEMENT_CODE: &str = "739158204617";
const EMAIL: &str = "sakura@example.org";
/// Taken from each source, minor units.
const AMOUNT: i64 = 2_500;
/// The servers are in this process; what takes longer is a fault of theirs.
const LONGEST: Duration = Duration::from_secs(20);

/// What the act came to.
#[derive(Serialize)]
pub struct Joined {
    /// The deposit screen, when both deposits have ended.
    pub screen: DepositScreen,
    /// What the ledger booked for them.
    pub entries: Vec<Booked>,
    /// What was given less what was taken: nothing is made or lost.
    pub sum: i64,
}

/// Plays the act on a phone of its own.
pub async fn play(servers: &Servers) -> anyhow::Result<Joined> {
    // The core waits for the network, so it lives beside the servers' threads.
    let (screen, ids) = tokio::task::block_in_place(|| deposit(servers))?;
    let entries = servers.booked(&ids).await?;
    let sum = entries.iter().map(|entry| entry.credit - entry.debit).sum();
    Ok(Joined { screen, entries, sum })
}

fn deposit(servers: &Servers) -> anyhow::Result<(DepositScreen, Vec<Uuid>)> {
    let phone = Phone::switch_on(testkit::folder()?, &servers.wallet_url(), servers.root_key())?;
    join(&phone, servers)?;
    phone.wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned())?;
    for (scheme, code) in [BANK_CODE, CARD_CODE] {
        phone.wallet.register_method(scheme.to_owned(), code.to_owned())?;
    }
    let screen = phone.wallet.deposits()?;
    let mut ids = Vec::new();
    for source in &screen.sources {
        let currency = source.balance.as_ref().context("a balance")?.currency.clone();
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, source.id.as_bytes());
        let (source_id, amount_minor) = (source.id.clone(), AMOUNT);
        phone.wallet.deposit(DepositAsk {
            id: id.to_string(),
            source_id,
            amount_minor,
            currency,
        })?;
        ids.push(id);
    }
    let screen = ended(&phone)?;
    let done = screen.deposits.iter().filter(|deposit| deposit.state == DepositState::Done);
    ensure!(done.count() == 2, "not both deposits are done: {:?}", screen.deposits);
    Ok((screen, ids))
}

/// The deposit screen once nothing is pending and the balances are of after that.
fn ended(phone: &Phone) -> anyhow::Result<DepositScreen> {
    let begun = Instant::now();
    while phone.wallet.deposits()?.deposits.iter().any(|it| it.state == DepositState::Pending) {
        ensure!(begun.elapsed() < LONGEST, "a deposit did not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    phone.wallet.refresh()?;
    Ok(phone.wallet.deposits()?)
}

/// Becomes a member, by the code that is sent to the contact.
fn join(phone: &Phone, servers: &Servers) -> anyhow::Result<()> {
    testkit::secret("password", PASSWORD);
    testkit::secret("settlement code", SETTLEMENT_CODE);
    let id = phone.wallet.join(JoinAsk {
        user_id: USER_ID.to_owned(),
        password: PASSWORD.to_owned(),
        settlement_code: SETTLEMENT_CODE.to_owned(),
        name: "Sakura Tanaka".to_owned(),
        address: "1-1 Marunouchi, Chiyoda, Tokyo".to_owned(),
        phone: "+81 3 5555 0100".to_owned(),
        email: EMAIL.to_owned(),
    })?;
    let code = servers.code_sent_to(EMAIL)?;
    Ok(phone.wallet.confirm_join(id, code)?)
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Timestamp};
    use tillsight::phone::{Clock as _, SystemClock};

    use super::*;
    use crate::member;

    #[tokio::test(flavor = "multi_thread")]
    async fn both_deposits_are_in_the_wallet_and_in_the_ledger_from_their_own_operators() {
        let now = Timestamp(SystemClock.now_ms());
        let operators = member::operators(Currency::JPY, now);
        let [bank, cards] = operators.each_ref().map(|(name, accounts)| (*name, accounts));
        let members = member::member(Currency::JPY, now);
        let folder = testkit::folder().unwrap();
        let servers = Servers::start(folder, &members, &[bank, cards]).await.unwrap();
        let joined = play(&servers).await.unwrap();
        assert_eq!(joined.screen.wallets[0].balance.as_ref().unwrap().minor, 2 * AMOUNT);
        let [first, second] = ["bank", "cards"].map(|name| {
            let is_of = |entry: &&Booked| entry.account.starts_with(&format!("clearing:{name}:"));
            joined.entries.iter().filter(is_of).map(|entry| entry.debit).sum::<i64>()
        });
        assert_eq!((first, second, joined.sum), (AMOUNT, AMOUNT, 0));
        let got = joined.entries.iter().filter(|entry| entry.account.starts_with("member:"));
        assert_eq!(got.map(|entry| entry.credit).sum::<i64>(), 2 * AMOUNT);
        assert!(joined.entries.iter().all(|entry| entry.currency == "JPY"));
        servers.stop().await;
    }
}
