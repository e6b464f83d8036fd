//! The wallet server's writer behind one call, as the kit serves every call.

use std::path::Path;

use anyhow::ensure;
use axum::{Router, extract::State, http::StatusCode, routing::post};
use ledger::{Account, Action, Amount, Currency, Outcome, Owner, Request};
use serde::Deserialize;
use uuid::Uuid;
use wallet_server::{Clock, Wallets, open_database, verify};

use crate::clients;

const MEMBERS: u128 = 2_000;
const STORES: u64 = 1_000;
const PAY: &str = "/transfers";
const UNDONE: &str = "/undone";

#[derive(Deserialize)]
struct Asked {
    id: Uuid,
    member: u64,
    store: u64,
}

/// Transfers a second.
pub struct Served {
    /// To all stores.
    pub uniform: f64,
    /// To one.
    pub hot: f64,
    /// By a call that reads what is asked and does none of it: what HTTP and the clients, which run on
    /// the same cores, leave possible.
    pub undone: f64,
}

/// Measures each over `transfers` of them.
pub async fn transfers_a_second(folder: &Path, transfers: u64) -> anyhow::Result<Served> {
    let database = open_database(folder).await?;
    let wallets = Wallets::start(database.clone(), Clock::system());
    fill(&wallets).await?;
    let routes =
        Router::new().route(PAY, post(pay)).with_state(wallets).route(UNDONE, post(leave_undone));
    let server = server_kit::serve("127.0.0.1:0".parse()?, routes, database.clone()).await?;
    let uniform = clients::transfers_a_second(server.addr, PAY, transfers, 0, STORES).await?;
    let hot = clients::transfers_a_second(server.addr, PAY, transfers, transfers, 1).await?;
    let undone = clients::transfers_a_second(server.addr, UNDONE, transfers, 0, STORES).await?;
    let found = verify(&database).await?;
    ensure!(found.entries as u128 == (MEMBERS + 2 * u128::from(transfers)) * 2, "some are missing");
    server.stop().await;
    Ok(Served { uniform, hot, undone })
}

fn wallet(number: u128) -> Account {
    Account::new(Owner::Member(Uuid::from_u128(number)), Currency::EUR)
}

/// Gives every member what all the transfers can take.
async fn fill(wallets: &Wallets) -> anyhow::Result<()> {
    let fill = |number| {
        let debit = Account::new(Owner::Outside { part: 0 }, Currency::EUR);
        let amount = Amount::new(1_000_000).expect("above zero");
        let action = Action::Post { debit, credit: wallet(number), amount };
        wallets.apply(Request { id: Uuid::from_u128(u128::MAX - number), action })
    };
    for outcome in futures_util::future::join_all((0..MEMBERS).map(fill)).await {
        outcome??;
    }
    Ok(())
}

async fn pay(
    State(wallets): State<Wallets>,
    server_kit::Json(asked): server_kit::Json<Asked>,
) -> StatusCode {
    let credit = Account::new(Owner::Store(Uuid::from_u64_pair(1, asked.store)), Currency::EUR);
    let debit = wallet(u128::from(asked.member) % MEMBERS);
    let amount = Amount::new(1).expect("above zero");
    let request = Request { id: asked.id, action: Action::Post { debit, credit, amount } };
    match wallets.apply(request).await {
        Ok(Ok(Outcome::Posted(_))) => StatusCode::CREATED,
        _ => StatusCode::CONFLICT,
    }
}

async fn leave_undone(server_kit::Json(asked): server_kit::Json<Asked>) -> StatusCode {
    if asked.id.is_nil() { StatusCode::CONFLICT } else { StatusCode::CREATED }
}
