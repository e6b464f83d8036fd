//! Electronic money: what a wallet holds is its entries, told page by page.

use domain::wire::{Methods, MovementKind, MovementPage};
use ledger::{Account, Action, Amount, Owner, Request};
use reqwest::{Method, StatusCode};
use uuid::Uuid;
use wallet_server::{Clock, Database, Wallets, open_database, verify};

use crate::world::{NOW, World, problem, seed};

async fn database(world: &World) -> Database {
    open_database(&world.folder.path().join("wallet")).await.unwrap()
}

/// The one wallet there is: giulia's, with 12.50 EUR.
async fn wallet(database: &Database) -> Account {
    let (account,): (String,) =
        sqlx::query_as("SELECT account FROM ledger_standing WHERE account LIKE 'member:%'")
            .fetch_one(database.reads())
            .await
            .unwrap();
    account.parse().unwrap()
}

fn pay(number: u128, wallet: &Account, amount: i64) -> Request {
    let credit = Account::new(Owner::Store(Uuid::from_u128(5)), wallet.currency);
    let amount = Amount::new(amount).unwrap();
    let action = Action::Post { debit: wallet.clone(), credit, amount };
    Request { id: Uuid::from_u128(number), action }
}

async fn left(world: &World, token: &str) -> i64 {
    let page: Methods = world.call(Method::GET, "/v1/methods", token).await.json().await.unwrap();
    let wallet = page.methods.iter().find(|registered| registered.method.id.0 == "money").unwrap();
    wallet.balance.unwrap().left.amount
}

async fn page(world: &World, token: &str, query: &str) -> MovementPage {
    let response = world.call(Method::GET, &format!("/v1/history{query}"), token).await;
    assert_eq!(response.status(), StatusCode::OK, "{query}");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json().await.unwrap()
}

#[tokio::test]
async fn what_a_member_is_seeded_with_is_the_ledgers_first_entry() {
    let world = World::start().await;
    let token = world.token().await;
    assert_eq!(left(&world, &token).await, 1_250);
    let page = page(&world, &token, "").await;
    assert_eq!(page.movements.len(), 1);
    let first = &page.movements[0];
    assert_eq!((first.kind, first.change.amount), (MovementKind::Deposit, 1_250));
    let left = first.left.map(|left| left.amount);
    assert_eq!((left, first.method.0.as_str()), (Some(1_250), "money"));
    world.stop().await;
}

#[tokio::test]
async fn seeding_again_makes_no_money() {
    let world = World::start().await;
    let mut again = seed();
    for balance in [1_250, 9_999] {
        let registered = &mut again.members[0].methods[2];
        registered.backing = wallet_server::Backing::Wallet {
            balance: domain::Money::new(balance, domain::Currency::EUR),
        };
        wallet_server::seed(&world.folder.path().join("wallet"), &again).await.unwrap();
        // The seed's password ended the session before.
        assert_eq!(left(&world, &world.token().await).await, 1_250);
    }
    world.stop().await;
}

#[tokio::test]
async fn every_page_of_the_history_joins_the_one_before_it_though_more_comes_meanwhile() {
    let world = World::start().await;
    let token = world.token().await;
    let database = database(&world).await;
    let wallet = wallet(&database).await;
    let wallets = Wallets::start(database.clone(), Clock::from_fn(|| NOW));
    for number in 1..=7 {
        wallets.apply(pay(number, &wallet, 10)).await.unwrap().unwrap();
    }
    let mut seen = Vec::new();
    let mut query = "?limit=3".to_owned();
    for more in 100.. {
        let page = page(&world, &token, &query).await;
        seen.extend(page.movements.iter().map(|movement| movement.left.unwrap().amount));
        wallets.apply(pay(more, &wallet, 1)).await.unwrap().unwrap();
        let Some(after) = page.after else { break };
        query = format!("?limit=3&after={after}");
    }
    assert_eq!(seen, [1_180, 1_190, 1_200, 1_210, 1_220, 1_230, 1_240, 1_250]);
    let uses = page(&world, &token, "?kind=uses").await.movements;
    assert!(uses.len() == 10 && uses.iter().all(|one| one.kind == MovementKind::Use));
    assert_eq!(page(&world, &token, "?kind=deposits").await.movements.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn a_history_asked_for_wrongly_is_refused_and_shows_nobody_elses() {
    let world = World::start().await;
    let token = world.token().await;
    for query in [
        "?limit=0",
        "?limit=51",
        "?limit=-1",
        "?after=",
        "?after=x",
        "?after=1.2",
        "?after=1~2",
        "?after=1.00000000-0000-4000-8000-000000000001",
        "?after=99999999999999999999",
        "?kind=all",
        "?member=1",
    ] {
        let response = world.call(Method::GET, &format!("/v1/history{query}"), &token).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(problem(response).await.code, "invalid_value");
    }
    let other = world.token_of("kenji", "battery staple").await;
    let nothing = page(&world, &other, "").await;
    assert!(nothing.movements.is_empty() && nothing.after.is_none());
    let response = world.call(Method::GET, "/v1/history", "0").await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    world.stop().await;
}

#[tokio::test]
async fn l18_many_who_drain_one_wallet_at_once_get_what_was_in_it_and_no_more() {
    let world = World::start().await;
    let database = database(&world).await;
    let wallet = wallet(&database).await;
    let wallets = Wallets::start(database.clone(), Clock::from_fn(|| NOW));
    let drains = (1..=64).map(|number| wallets.apply(pay(number, &wallet, 100)));
    let outcomes = futures_util::future::join_all(drains).await;
    let paid = outcomes
        .into_iter()
        .filter(|outcome| matches!(outcome, Ok(Ok(ledger::Outcome::Posted(_)))));
    assert_eq!(paid.count(), 12);
    let token = world.token().await;
    assert_eq!(left(&world, &token).await, 50);
    assert_eq!(verify(&database).await.unwrap().entries, 2 + 24);
    world.stop().await;
}

#[tokio::test]
async fn two_writers_on_one_wallet_see_what_the_other_wrote() {
    let world = World::start().await;
    let database = database(&world).await;
    let wallet = wallet(&database).await;
    let writer = || Wallets::start(database.clone(), Clock::from_fn(|| NOW));
    let writers = [writer(), writer()];
    for number in 1..=6 {
        let writer = &writers[number as usize % 2];
        let paid = writer.apply(pay(number, &wallet, 100)).await.unwrap().unwrap();
        assert!(matches!(paid, ledger::Outcome::Posted(_)), "{number}");
    }
    let token = world.token().await;
    assert_eq!(left(&world, &token).await, 650);
    assert_eq!(verify(&database).await.unwrap().entries, 2 + 12);
    world.stop().await;
}
