//! How many answers a second the server gives over one million stores, beside a bare axum and sqlx
//! GET of one row from the same database, in turn in the same run.
//!
//! `cargo bench -p wallet-server --bench serve -- --json` prints one JSON line. It makes the
//! register once (some minutes) and keeps it under the target folder; `--short` takes 20,000
//! stores and a second a round.

mod bare;
mod client;
mod town;

use std::{net::SocketAddr, time::Duration};

use client::{Request, answers_a_second};
use serde_json::json;

/// Connections at once, each with one request under way.
const CONNECTIONS: usize = 32;
/// Odd, so that there is a round in the middle.
const ROUNDS: usize = 5;
/// What is measured, in this order in every round.
const NAMES: [&str; 3] = ["one_row", "methods", "entries"];

#[tokio::main]
async fn main() {
    let has = |flag: &str| std::env::args().any(|arg| arg == flag);
    let (stores, lasts) = if has("--short") { (20_000, 1) } else { (1_000_000, 5) };
    let town = town::Town::open(stores).await;
    let bare = bare::start(&town.data).await;
    let token = client::log_in(town.wallet.addr).await;
    let servers = [bare, town.wallet.addr, town.wallet.addr];
    let mut rates = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for ((rates, name), server) in rates.iter_mut().zip(NAMES).zip(servers) {
            let asked = requests(name, &token, stores);
            rates.push(rate(server, asked, Duration::from_secs(lasts)).await);
        }
    }
    let [one_row, methods, entries] = rates.map(middle);
    let figures = json!({
        "stores": stores, "connections": CONNECTIONS, "rounds": ROUNDS, "round_s": lasts,
        "candidates": town::AT_ONE_PLACE.min(20),
        "one_row": one_row.round(), "methods": methods.round(), "entries": entries.round(),
        "methods_share": share(methods, one_row), "entries_share": share(entries, one_row),
    });
    if has("--json") {
        println!("{figures}");
    } else {
        println!("answers a second: {figures:#}");
    }
    town.close().await;
}

/// Requests of one kind, each for another place of the map.
fn requests(name: &str, token: &str, stores: usize) -> Vec<Request> {
    let token = Some(token);
    let one = |nth| match name {
        "one_row" => Request::get(&format!("/{}", town::store_id(nth, stores)), None),
        "methods" => Request::get("/v1/methods", token),
        _ => {
            let asked = json!({"by": "position", "position": town::place(nth), "accuracy_m": 50});
            Request::post("/v1/entries", &asked, token)
        }
    };
    // A prime far above the number of places in a row: no two neighbours follow each other.
    (0..10_007).map(|nth| one(nth * 7_919 % town::places(stores))).collect()
}

async fn rate(server: SocketAddr, asked: Vec<Request>, lasts: Duration) -> f64 {
    answers_a_second(server, asked.into(), CONNECTIONS, lasts).await
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[ROUNDS / 2]
}

fn share(of: f64, bare: f64) -> f64 {
    (of / bare * 1000.0).round() / 1000.0
}
