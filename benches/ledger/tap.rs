//! Tap to paid: how long the member waits from agreeing to the captured settlement, with the wallet's own
//! money and with a card through its operator, beside what the durable commits on the way take alone.

use std::{path::Path, time::Instant};

use anyhow::{Context, ensure};
use domain::{
    Currency, MethodId, Money, StoreId, Timestamp,
    wire::{Settlement, SettlementState},
};
use operator_server::SettlementArgs;
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;
use wallet_server::{
    Clock, OperatorConfig, Tills, Wallets, open_database,
    register::{Import, all, import},
    seed,
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const GRANT: &str = "a grant for the bench of 32 characters";
/// The agreement, the transfer, and the settlement's end.
const COMMITS_OF_MONEY: f64 = 3.0;
/// The agreement, the reservation, the operator's authorisation and capture, the posting, and the
/// settlement's end.
const COMMITS_OF_A_CARD: f64 = 6.0;

/// Medians, ms.
pub struct Tap {
    /// With the wallet's own money.
    pub money_ms: f64,
    /// With a card.
    pub card_ms: f64,
    /// One durable commit.
    pub commit_ms: f64,
}

impl Tap {
    /// The wallet's own money over the commits on its way.
    pub fn money_over_commits(&self) -> f64 {
        self.money_ms / (COMMITS_OF_MONEY * self.commit_ms)
    }

    /// A card over the commits on its way.
    pub fn card_over_commits(&self) -> f64 {
        self.card_ms / (COMMITS_OF_A_CARD * self.commit_ms)
    }
}

/// Measures `payments` of each kind, in turns with bare commits, so that the disk is the same for all.
pub async fn measure(folder: &Path, payments: u64) -> anyhow::Result<Tap> {
    std::fs::create_dir_all(folder)?;
    let operator = operator(folder).await?;
    let url = format!("http://{}", operator.addr);
    let data = folder.join("wallet");
    let counter = Counter::open(folder, &data, url).await?;
    let (mut money, mut card, mut commits) = (Vec::new(), Vec::new(), Vec::new());
    let bare = bare(&folder.join("bare.db"))?;
    for nth in 0..payments {
        money.push(counter.pay(nth * 2, "money").await?);
        commits.push(timed(|| commit(&bare, nth))?);
        card.push(counter.pay(nth * 2 + 1, "card").await?);
    }
    counter.database.close().await;
    operator.stop().await;
    Ok(Tap { money_ms: median(money), card_ms: median(card), commit_ms: median(commits) })
}

fn median(mut times_ms: Vec<f64>) -> f64 {
    times_ms.sort_by(f64::total_cmp);
    times_ms.get(times_ms.len() / 2).copied().unwrap_or(f64::NAN)
}

fn timed(work: impl FnOnce() -> rusqlite::Result<()>) -> rusqlite::Result<f64> {
    let begun = Instant::now();
    work()?;
    Ok(begun.elapsed().as_secs_f64() * 1_000.0)
}

fn bare(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;",
    )?;
    Ok(connection)
}

fn commit(bare: &Connection, nth: u64) -> rusqlite::Result<()> {
    let text = "as many bytes as a settlement's row has, or about as many as that";
    bare.execute("INSERT INTO row (id, text) VALUES (?1, ?2)", params![nth as i64, text])?;
    Ok(())
}

async fn operator(folder: &Path) -> anyhow::Result<operator_server::Running> {
    let database = folder.join("operator.db");
    let accounts = serde_json::from_value(json!({
        "cards": [{"id": "card", "name": "Card", "number_end": "4242",
            "expires_at": 9_000_000_000_000_i64,
            "limit": {"amount": 1_000_000_000, "currency": "EUR"}}],
        "grants": [{"grant": GRANT, "held_by": "card", "id": "card"}],
    }))?;
    operator_server::seed(&database, &accounts).await?;
    operator_server::start(operator_server::Config {
        listen: "127.0.0.1:0".parse()?,
        database,
        api_key: KEY.into(),
        proxy: Default::default(),
        settlement: SettlementArgs::default(),
    })
    .await
}

/// A member in front of a store's till.
struct Counter {
    tills: Tills,
    database: wallet_server::Database,
    store: StoreId,
    member: String,
}

impl Counter {
    async fn open(folder: &Path, data: &Path, url: String) -> anyhow::Result<Self> {
        fill(folder, data).await?;
        let database = open_database(data).await?;
        let store = all(&database).await?.first().context("no store")?.id;
        let member = member(data)?;
        let wallets = Wallets::start(database.clone(), Clock::system());
        let name = "operator".to_owned();
        let operators = vec![OperatorConfig { name, url, api_key: KEY.into() }];
        let tills =
            Tills::open(data, database.clone(), wallets, operators, Clock::system()).await?;
        Ok(Self { tills, database, store, member })
    }

    /// Milliseconds from the member's agreement to the captured settlement.
    async fn pay(&self, nth: u64, method: &str) -> anyhow::Result<f64> {
        let (charge, id) = (Uuid::from_u64_pair(1, nth), Uuid::from_u64_pair(2, nth));
        let amount = Money::new(1, Currency::EUR);
        let refused = |not_done| anyhow::anyhow!("{not_done:?}");
        self.tills.charge(self.store, charge, amount).await?.map_err(refused)?;
        let method = MethodId(method.to_owned());
        self.tills.begin(id, charge, &self.member, &method).await?.map_err(refused)?;
        let begun = Instant::now();
        let paid: Option<Settlement> = self.tills.approve(id).await?;
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        let state = paid.map(|paid| (paid.state, paid.reason));
        ensure!(state == Some((SettlementState::Captured, None)), "not paid: {state:?}");
        Ok(ms)
    }
}

fn member(data: &Path) -> anyhow::Result<String> {
    let rows = Connection::open(data.join("wallet.db"))?;
    Ok(rows.query_row("SELECT id FROM member", [], |row| row.get(0))?)
}

async fn fill(folder: &Path, data: &Path) -> anyhow::Result<()> {
    let method = |id: &str, kind: &str, backing: serde_json::Value| {
        json!({"method": {"id": id, "kind": kind, "name": id, "blocked": false,
                "expires_at": null, "minimum": null,
                "rides": [{"scheme": "tillsight", "channel": "scan"}]},
            "backing": backing, "times_used": 0})
    };
    let money = json!({"held_by": "wallet", "balance": {"amount": 1_000_000, "currency": "EUR"}});
    let card = json!({"held_by": "card", "id": "card", "grant": GRANT});
    let member = json!({"user_id": "member", "password": "correct horse", "methods": [
        method("money", "electronic_money", money), method("card", "credit_card", card)]});
    seed(data, &serde_json::from_value(json!({ "members": [member] }))?).await?;
    let store = json!({"type": "Feature", "id": "one",
        "geometry": {"type": "Point", "coordinates": [12.5, 41.9]},
        "properties": {"name": "One", "shop": "bakery", "addr:country": "IT",
            "payment:tillsight": "yes"}});
    let list = folder.join("stores.geojson");
    std::fs::write(&list, json!({"type": "FeatureCollection", "features": [store]}).to_string())?;
    let database = open_database(data).await?;
    let licence = Some("CC0-1.0".to_owned());
    let order = Import { licence, ..Import::of(list, Timestamp(0)) };
    import(&database, &order, |_| {}).await?;
    database.close().await;
    Ok(())
}
