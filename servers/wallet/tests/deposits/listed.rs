//! A member's deposits, page by page, and those from what the member blocked.

use domain::{
    Timestamp,
    wire::{DepositFailure, DepositPage, DepositState},
};
use serde_json::json;
use wallet_server::Clock;

use crate::cast::{Cast, deposit_of, id};

async fn page(cast: &Cast, token: &str, query: &str) -> DepositPage {
    let answer = cast.get(token, &format!("/v1/deposits{query}")).await;
    assert_eq!(answer.status(), 200, "{query}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn all_deposits_of_a_member_are_listed_once_though_they_are_of_one_moment() {
    let at = Clock::from_fn(|| Timestamp(1_795_305_600_000));
    let mut cast = Cast::start(false, 150, at).await;
    let token = cast.log_in("giulia").await;
    for nth in 1..=4 {
        deposit_of(cast.deposit(&token, id(nth), "card", 50).await).await;
    }
    let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let page = page(&cast, &token, &query).await;
        seen.extend(page.deposits);
        let Some(after) = page.after else { break };
        query = format!("?limit=3&after={after}");
    }
    let ids: Vec<_> = seen.iter().map(|deposit| deposit.id).collect();
    assert_eq!(ids, [4, 3, 2, 1].map(id));
    let failed = page(&cast, &token, "?state=failed").await;
    assert_eq!(failed.deposits, seen[..1]);
    assert!(page(&cast, &token, "?state=pending").await.deposits.is_empty());
    cast.stop_operator().await;
    let kenji = cast.log_in("kenji").await;
    assert!(page(&cast, &kenji, "").await.deposits.is_empty());
    deposit_of(cast.deposit(&kenji, id(9), "bank", 50).await).await;
    let pending = page(&cast, &kenji, "?state=pending").await;
    assert_eq!((pending.deposits.len(), pending.deposits[0].id), (1, id(9)));
    for wrong in ["?limit=0", "?limit=51", "?state=lost", "?after=1", "?after=x.y", "?before=1"] {
        let answer = cast.get(&token, &format!("/v1/deposits{wrong}")).await;
        assert_eq!(answer.status(), 422, "{wrong}");
    }
    cast.stop().await;
}

#[tokio::test]
async fn nothing_is_taken_from_what_the_member_blocked() {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    let url = format!("http://{}/v1/methods/card", cast.wallet_at);
    for (blocked, number, state, reason) in [
        (true, 1, DepositState::Failed, Some(DepositFailure::Blocked)),
        (false, 2, DepositState::Done, None),
    ] {
        let change = cast.http.patch(&url).bearer_auth(&token).json(&json!({"blocked": blocked}));
        assert_eq!(change.send().await.unwrap().status(), 200);
        let deposit = deposit_of(cast.deposit(&token, id(number), "card", 100).await).await;
        assert_eq!((deposit.state, deposit.reason), (state, reason));
    }
    assert_eq!(cast.settled().await, 100);
    cast.stop().await;
}
