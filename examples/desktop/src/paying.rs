//! The sixth act: the member pays by the code that a store's terminal shows, by the one that the phone shows and
//! by holding the phone to the terminal's reader, and gets a part back each time.

use std::time::Duration;

use anyhow::{Context, ensure};
use domain::{
    Acceptance, Channel, Money, Store,
    wire::{ChargeRequest, RefundRequest},
};
use serde::Serialize;
use terminal::{Keyed, new_id, read_token};
use testkit::{Phone, Servers, hold};
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

/// How long the phone may take to hear of the charge.
const LONGEST: Duration = Duration::from_secs(30);
/// The channels that are played, in their order.
pub const CHANNELS: [Channel; 3] = [Channel::Scan, Channel::Code, Channel::Contactless];

/// What the act came to on one channel.
#[derive(Serialize)]
pub struct Paid {
    /// How it was done at the till.
    pub channel: Channel,
    /// The payment screen, when the payment has ended.
    pub screen: PaymentScreen,
    /// What the ledger booked for the payment and the refund.
    pub entries: Vec<Booked>,
    /// What was given less what was taken: nothing is made or lost.
    pub sum: i64,
}

/// The store where the member pays: the one visited if it takes the wallet's own money on this channel,
/// else the first that does; `None` when no store of the world does.
pub fn store<'a>(stores: &'a [Store], visited: &Store, channel: Channel) -> Option<&'a Store> {
    let takes = |store: &&Store| {
        let mut claims = store.accepted.claims().iter();
        claims.any(|claim| {
            claim.scheme.as_str() == OWN_MONEY
                && claim.channel == channel
                && claim.acceptance == Acceptance::Accepted
        })
    };
    let mut takers = stores.iter().filter(takes);
    let first = takers.clone().next();
    takers.find(|store| store.id == visited.id).or(first)
}

/// Plays the act on one channel at `store`, with a phone of its own.
pub async fn play(servers: &Servers, store: &Store, channel: Channel) -> anyhow::Result<Paid> {
    let key = servers.terminal_key(store.id).await?;
    let terminal = Keyed::new(&servers.wallet_url(), &store.id.to_string(), &key)?;
    // The core waits for the network, so it lives beside the servers' threads.
    let screen = tokio::task::block_in_place(|| pay(servers, store, &terminal, channel))?;
    // The refund's are among those of the payment that it undoes.
    let entries = servers.booked(&[screen.id.parse()?]).await?;
    let sum = entries.iter().map(|entry| entry.credit - entry.debit).sum();
    Ok(Paid { channel, screen, entries, sum })
}

/// The payment screen of what was paid, and a part of it given back.
fn pay(
    servers: &Servers,
    store: &Store,
    terminal: &Keyed,
    channel: Channel,
) -> anyhow::Result<PaymentScreen> {
    let money = |amount| Money::new(amount, store.currency);
    let phone = Phone::switch_on(testkit::folder()?, &servers.wallet_url(), servers.root_key())?;
    member::log_in(&phone)?;
    let asked = match channel {
        Channel::Code => by_code(&phone, terminal, money(AMOUNT))?,
        Channel::Contactless => contactless(&phone, terminal, money(AMOUNT))?,
        Channel::Scan => by_scan(&phone, store, terminal, money(AMOUNT))?,
    };
    let paid = phone.wallet.approve_payment(asked.id, member::SETTLEMENT_CODE.to_owned())?;
    ensure!(paid.state == PaymentState::Done, "it is not paid: {paid:?}");

    let asked = RefundRequest { amount: money(REFUNDED), cashier: None };
    terminal.refund(paid.id.parse()?, new_id()?, &asked)?;
    Ok(paid)
}

/// The phone scans the terminal's code; what the member is then asked.
fn by_scan(
    phone: &Phone,
    store: &Store,
    terminal: &Keyed,
    amount: Money,
) -> anyhow::Result<PaymentScreen> {
    let charge = terminal.charge(new_id()?, &ChargeRequest::by_scan(amount, None))?;
    let code = terminal.code(charge.id)?.code;
    phone.wallet.prefetch(store.position.lat(), store.position.lon())?;
    phone.wallet.sense_fix(phone.fix(store.position.lat(), store.position.lon()))?;
    let here = phone.wallet.sense_text(code)?;
    let method = here.active.iter().find(|method| method.kind == KindOfMethod::ElectronicMoney);
    let method_id = method.context("the wallet's own money does not work here")?.id.clone();
    Ok(phone.wallet.begin_payment(PaymentAsk { id: new_id()?.to_string(), method_id })?)
}

/// The terminal charges the code that the phone shows; what the member is then asked.
fn by_code(phone: &Phone, terminal: &Keyed, amount: Money) -> anyhow::Result<PaymentScreen> {
    let shown = phone.wallet.show_payment_code(own_money(phone)?)?;
    let code = shown.code.context("the phone shows no code")?.text;
    terminal.charge(new_id()?, &ChargeRequest::by_code(amount, None, code))?;
    asked(phone)
}

/// The terminal charges what the phone hands to its reader; what the member is then asked.
fn contactless(phone: &Phone, terminal: &Keyed, amount: Money) -> anyhow::Result<PaymentScreen> {
    phone.wallet.hold_to_reader(own_money(phone)?)?;
    phone.wallet.payment_open(true);
    let held = hold(&phone.wallet, true)?;
    let token = read_token(&held.at.to_string())?;
    held.taken_away()?;
    terminal.charge(new_id()?, &ChargeRequest::contactless(amount, None, token))?;
    asked(phone)
}

/// A payment with the wallet's own money.
fn own_money(phone: &Phone) -> anyhow::Result<PaymentAsk> {
    phone.wallet.refresh()?;
    let methods = phone.wallet.methods().methods;
    let method = methods.iter().find(|method| method.kind == KindOfMethod::ElectronicMoney);
    let method_id = method.context("the member has none of the wallet's own money")?.id.clone();
    Ok(PaymentAsk { id: new_id()?.to_string(), method_id })
}

/// What the member is asked once the charge has come to the phone.
fn asked(phone: &Phone) -> anyhow::Result<PaymentScreen> {
    let asked = phone.await_payment(LONGEST, |it| it.state == PaymentState::ToApprove);
    asked.context("the charge did not come to the phone")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::{Cast, Lists};

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_paid_and_given_back_is_in_the_ledger_of_member_and_store() {
        let cast = Cast::assemble(None, 1, 0, Lists::Generated).await.unwrap();
        for channel in CHANNELS {
            let store = store(&cast.stores, &cast.stores[0], channel).unwrap();
            let paid = play(&cast.servers, store, channel).await.unwrap();
            assert_eq!((&paid.screen.payee, paid.sum), (&store.name, 0));
            let total = |of: &str, side: fn(&Booked) -> i64| -> i64 {
                let of = format!("{of}:");
                paid.entries.iter().filter(|entry| entry.account.starts_with(&of)).map(side).sum()
            };
            let moved = |of| (total(of, |entry| entry.debit), total(of, |entry| entry.credit));
            let (member, store) = ((AMOUNT, REFUNDED), (REFUNDED, AMOUNT));
            assert_eq!((moved("member"), moved("store")), (member, store), "{channel:?}");
        }
        cast.servers.stop().await;
    }
}
