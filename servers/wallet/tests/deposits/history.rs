//! The history over electronic money, accounts and cards: each payment once, with what undid it.

use domain::wire::{MemberExport, Movement};
use reqwest::StatusCode;

use crate::{
    cast::{Cast, id},
    shop::Shop,
};

/// What a person would read of it.
fn read(movement: &Movement) -> (&str, Option<&str>, i64, Option<i64>, i64, Vec<i64>) {
    let from = movement.from.as_ref().map(|from| &*from.0);
    let left = movement.left.map(|left| left.amount);
    let back = movement.refunds.iter().map(|refund| refund.change.amount).collect();
    (&movement.method.0, from, movement.change.amount, left, movement.refunded.amount, back)
}

#[tokio::test]
async fn every_method_is_in_one_history_page_by_page_with_the_refunds_beneath_what_they_undo() {
    let cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    let deposited = cast.deposit(&shop.token, id(1), "bank", 2_000).await;
    assert_eq!(deposited.status(), StatusCode::CREATED);
    for (number, method, amount) in [(10, "money", 500), (20, "bank", 700), (30, "card", 900)] {
        shop.pay(&cast, number, method, amount).await;
    }
    for (number, of, amount) in [(40, 31, 200), (50, 11, 100), (60, 31, 300)] {
        let made = shop.refund(&cast, number, of, amount).await;
        assert_eq!(made.status(), StatusCode::CREATED);
    }
    let expected = [
        ("card", None, -900, None, 500, vec![300, 200]),
        ("bank", None, -700, None, 0, vec![]),
        ("money", None, -500, Some(1_500), 100, vec![100]),
        ("money", Some("bank"), 2_000, Some(2_000), 0, vec![]),
    ];
    let (mut query, mut seen) = ("?limit=1".to_owned(), Vec::new());
    for more in 100.. {
        let page = cast.movements(&shop.token, &query).await;
        seen.extend(page.movements);
        // What comes meanwhile is in front of the pages that follow.
        shop.pay(&cast, more * 10, if more % 2 == 0 { "card" } else { "money" }, 1).await;
        let Some(after) = page.after else { break };
        query = format!("?limit=1&after={after}");
    }
    assert_eq!(seen.iter().map(read).collect::<Vec<_>>(), expected);
    assert_eq!(seen[0].transfer, id(31), "by which its receipt is asked for");
    assert_eq!(seen[3].deposit, Some(id(1)));
    let names: Vec<_> = seen.iter().map(|one| one.store_name.as_deref()).collect();
    assert_eq!(names, [Some("Uno"), Some("Uno"), Some("Uno"), None]);
    let deposits = cast.movements(&shop.token, "?kind=deposits").await.movements;
    assert_eq!(deposits.iter().map(read).collect::<Vec<_>>(), expected[3..]);
    let uses = cast.movements(&shop.token, "?kind=uses").await.movements;
    assert_eq!(uses[4..].iter().map(read).collect::<Vec<_>>(), expected[..3]);
    let export = cast.get(&shop.token, "/v1/members/me/export").await;
    let export: MemberExport = export.json().await.unwrap();
    assert_eq!(export.movements[4..].iter().map(read).collect::<Vec<_>>(), expected);
    let other = cast.log_in("kenji").await;
    assert!(cast.movements(&other, "").await.movements.is_empty(), "somebody else's");
    cast.stop().await;
}

#[tokio::test]
async fn of_many_refunds_the_newest_are_told_and_the_sum_of_all() {
    let cast = Cast::plain().await;
    let shop = Shop::open(&cast).await;
    cast.deposit(&shop.token, id(1), "bank", 2_000).await;
    for (number, method) in [(10, "money"), (20, "card")] {
        shop.pay(&cast, number, method, 500).await;
        for nth in 1..=12 {
            let made = shop.refund(&cast, number * 100 + nth, number + 1, nth as i64).await;
            assert_eq!(made.status(), StatusCode::CREATED);
        }
    }
    let page = cast.movements(&shop.token, "?kind=uses").await;
    assert_eq!(page.movements.len(), 2);
    for movement in &page.movements {
        let (.., refunded, back) = read(movement);
        assert_eq!((refunded, back), (78, (3..=12).rev().collect()), "{}", movement.method.0);
    }
    cast.stop().await;
}
