//! The wallet server killed at random points while a card pays.

use std::time::Duration;

use domain::wire::{ChargeState, Settlement, SettlementState};
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use wallet_server::Clock;

use crate::{
    cast::{Cast, id},
    killed::serve,
    shop::Shop,
};

const KILLS: u128 = 6;
const PHONES: u128 = 3;

/// Pays until the server is gone: the numbers of the charges that were asked for, and what was told.
async fn pour(cast: &Cast, shop: &Shop, first: u128) -> (Vec<u128>, Vec<Settlement>) {
    let (mut charges, mut told) = (Vec::new(), Vec::new());
    for number in (first..).step_by(2) {
        charges.push(number);
        let Ok(begun) = shop.try_begin(cast, number, "card", 7).await else { break };
        let Ok(answer) = shop.try_approve(cast, &begun).await else { break };
        let Ok(settlement) = answer.json().await else { break };
        told.push(settlement);
    }
    (charges, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn l10_l11_after_kills_no_payment_is_lost_doubled_or_told_otherwise_to_the_till() {
    let mut cast = Cast::without_wallet_server(false, 0, Clock::system()).await;
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let mut child = serve(&cast);
    let shop = Shop::open(&cast).await;
    let (mut charges, mut told) = (Vec::new(), Vec::new());
    for round in 0..KILLS {
        let after = Duration::from_millis(random.random_range(100..1_500));
        let kill = async {
            tokio::time::sleep(after).await;
            drop(child);
        };
        let pours = (1..=PHONES).map(|phone| pour(&cast, &shop, (round << 40) + (phone << 20)));
        let (poured, ()) = tokio::join!(join_all(pours), kill);
        for (some_charges, some_told) in poured {
            charges.extend(some_charges);
            told.extend(some_told);
        }
        child = serve(&cast);
    }
    let mut captured = 0;
    for number in charges {
        let Some(known) = shop.settlement(&cast, id(number + 1)).await else { continue };
        let settlement = shop.ended(&cast, known.id).await;
        let is_paid = settlement.state == SettlementState::Captured;
        assert_eq!(shop.charge(&cast, number).await.state == ChargeState::Paid, is_paid);
        captured += i64::from(is_paid) * 7;
    }
    for settlement in told.iter().filter(|one| one.state == SettlementState::Captured) {
        assert_eq!(shop.ended(&cast, settlement.id).await.state, SettlementState::Captured);
    }
    drop(child);
    assert_eq!(cast.settled().await, captured);
    cast.stop().await;
}
