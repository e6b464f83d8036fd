//! The sixth act: the member scans the code that a store's terminal shows, pays, and gets a part back.

use anyhow::{Context, ensure};
use domain::{
    Acceptance, Channel, Money, Store,
    wire::{ChargeRequest, RefundRequest},
};
use serde::Serialize;
use terminal::{Keyed, new_id};
use testkit::{Phone, Servers};
use tillsight::{
    PaymentAsk,
    screen::{KindOfMethod, PaymentScreen, PaymentState},
};
use wallet_server::Booked;

use crate::member;

/// Paid, minor units.
const AMOUNT: i64 = 500;
/// Given back of it, minor units.
const REFUNDED: i64 = 200;
/// The scheme of the wallet's own money.
const OWN_MONEY: &str = "tillsight";

/// What the act came to.
#[derive(Serialize)]
pub struct Paid {
    /// How it was done at the till.
    pub channel: &'static str,
    /// The payment screen, when the payment has ended.
    pub screen: PaymentScreen,
    /// What the ledger booked for the payment and the refund.
    pub entries: Vec<Booked>,
    /// What was given less what was taken: nothing is made or lost.
    pub sum: i64,
}

/// The store where the member pays: the one visited if it takes the wallet's own money by a scanned
/// code, else the first that does; `None` when no store of the world does.
pub fn store<'a>(stores: &'a [Store], visited: &Store) -> Option<&'a Store> {
    let takes = |store: &&Store| {
        let mut claims = store.accepted.claims().iter();
        claims.any(|claim| {
            claim.scheme.as_str() == OWN_MONEY
                && claim.channel == Channel::Scan
                && claim.acceptance == Acceptance::Accepted
        })
    };
    let mut takers = stores.iter().filter(takes);
    let first = takers.clone().next();
    takers.find(|store| store.id == visited.id).or(first)
}

/// Plays the act at `store` with a phone of its own.
pub async fn play(servers: &Servers, store: &Store) -> anyhow::Result<Paid> {
    let key = servers.terminal_key(store.id).await?;
    let terminal = Keyed::new(&servers.wallet_url(), &store.id.to_string(), &key)?;
    // The core waits for the network, so it lives beside the servers' threads.
    let screen = tokio::task::block_in_place(|| pay(servers, store, &terminal))?;
    // The refund's are among those of the payment that it undoes.
    let entries = servers.booked(&[screen.id.parse()?]).await?;
    let sum = entries.iter().map(|entry| entry.credit - entry.debit).sum();
    Ok(Paid { channel: "scan", screen, entries, sum })
}

/// The payment screen of what was paid, and a part of it given back.
fn pay(servers: &Servers, store: &Store, terminal: &Keyed) -> anyhow::Result<PaymentScreen> {
    let money = |amount| Money::new(amount, store.currency);
    let charge = terminal.charge(new_id()?, &ChargeRequest::by_scan(money(AMOUNT), None))?;
    let code = terminal.code(charge.id)?.code;

    let phone = Phone::switch_on(testkit::folder()?, &servers.wallet_url(), servers.root_key())?;
    member::log_in(&phone)?;
    phone.wallet.prefetch(store.position.lat(), store.position.lon())?;
    phone.wallet.sense_fix(phone.fix(store.position.lat(), store.position.lon()))?;
    let here = phone.wallet.sense_text(code)?;
    let method = here.active.iter().find(|method| method.kind == KindOfMethod::ElectronicMoney);
    let method_id = method.context("the wallet's own money does not work here")?.id.clone();
    let begun = phone.wallet.begin_payment(PaymentAsk { id: new_id()?.to_string(), method_id })?;
    let paid = phone.wallet.approve_payment(begun.id, member::SETTLEMENT_CODE.to_owned())?;
    ensure!(paid.state == PaymentState::Done, "it is not paid: {paid:?}");

    let asked = RefundRequest { amount: money(REFUNDED), cashier: None };
    terminal.refund(paid.id.parse()?, new_id()?, &asked)?;
    Ok(paid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_paid_and_given_back_is_in_the_ledger_of_member_and_store() {
        let cast = Cast::assemble(None, 1, 0).await.unwrap();
        let store = store(&cast.stores, &cast.stores[0]).unwrap();
        let paid = play(&cast.servers, store).await.unwrap();
        assert_eq!((&paid.screen.payee, paid.sum), (&store.name, 0));
        let total = |of: &str, side: fn(&Booked) -> i64| -> i64 {
            let of = format!("{of}:");
            paid.entries.iter().filter(|entry| entry.account.starts_with(&of)).map(side).sum()
        };
        let moved = |of| (total(of, |entry| entry.debit), total(of, |entry| entry.credit));
        assert_eq!((moved("member"), moved("store")), ((AMOUNT, REFUNDED), (REFUNDED, AMOUNT)));
        cast.servers.stop().await;
    }
}
