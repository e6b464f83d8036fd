use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{
    Currency, Money, Timestamp,
    wire::{Account, Booking, Card, History},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use server_frame::{Refused, bearer};
use sha2::{Digest, Sha256};
use sqlx::SqlitePool;
use subtle::ConstantTimeEq;

use crate::links;

/// Bookings on one page of a history.
const PAGE: i64 = 50;

/// The wallet company's key, as its digest: digests have one length, so that comparing them takes
/// one time whatever was sent.
pub struct Key([u8; 32]);

impl Key {
    pub fn of(key: &SecretString) -> Self {
        Self(Sha256::digest(key.expose_secret()).into())
    }

    fn opens(&self, sent: &str) -> bool {
        let sent: [u8; 32] = Sha256::digest(sent).into();
        self.0.ct_eq(&sent).into()
    }
}

pub fn routes(pool: SqlitePool, key: Arc<Key>) -> Router {
    Router::new()
        .route("/v1/accounts/{id}", get(account))
        .route("/v1/accounts/{id}/history", get(account_history))
        .route("/v1/cards/{id}", get(card))
        .route("/v1/cards/{id}/history", get(card_history))
        .route("/v1/links", post(links::link))
        .route_layer(from_fn_with_state(key, only_the_wallet_company))
        .route("/healthz", get(health))
        .with_state(pool)
}

async fn health(State(pool): State<SqlitePool>) -> Result<&'static str, Refused> {
    sqlx::query("SELECT 1").execute(&pool).await?;
    Ok("ok\n")
}

async fn only_the_wallet_company(
    State(key): State<Arc<Key>>,
    request: Request,
    next: Next,
) -> Response {
    if bearer(request.headers()).is_some_and(|sent| key.opens(sent)) {
        next.run(request).await
    } else {
        Refused::unauthorized("Send the wallet company's key as Authorization: Bearer KEY.")
            .into_response()
    }
}

/// A row's currency is one this server wrote; another would be a damaged database.
fn currency(code: &str) -> Result<Currency, Refused> {
    Currency::from_code(code).ok_or_else(|| {
        tracing::error!("a currency in the database is none");
        Refused::internal()
    })
}

async fn account(
    State(pool): State<SqlitePool>,
    Path(id): Path<String>,
) -> Result<Json<Account>, Refused> {
    let row: Option<(String, String, String, bool, i64)> = sqlx::query_as(
        "SELECT name, number_end, currency, blocked,
            CAST(COALESCE((SELECT SUM(amount) FROM account_booking WHERE account_id = $1), 0)
                AS BIGINT)
         FROM account WHERE id = $1",
    )
    .bind(&id)
    .fetch_optional(&pool)
    .await?;
    let (name, number_end, code, blocked, balance) =
        row.ok_or_else(|| Refused::not_found("There is no account of this id."))?;
    let balance = Money::new(balance, currency(&code)?);
    Ok(Json(Account { id, name, number_end, balance, blocked }))
}

async fn card(
    State(pool): State<SqlitePool>,
    Path(id): Path<String>,
) -> Result<Json<Card>, Refused> {
    let row: Option<(String, String, i64, i64, String, bool, i64)> = sqlx::query_as(
        "SELECT name, number_end, expires_at, credit_limit, currency, blocked,
            CAST(COALESCE((SELECT SUM(amount) FROM card_booking WHERE card_id = $1), 0) AS BIGINT)
         FROM card WHERE id = $1",
    )
    .bind(&id)
    .fetch_optional(&pool)
    .await?;
    let (name, number_end, expires_at, limit, code, blocked, used) =
        row.ok_or_else(|| Refused::not_found("There is no card of this id."))?;
    let currency = currency(&code)?;
    Ok(Json(Card {
        id,
        name,
        number_end,
        expires_at: Timestamp(expires_at),
        limit: Money::new(limit, currency),
        used: Money::new(used, currency),
        blocked,
    }))
}

#[derive(Deserialize)]
struct Page {
    before: Option<i64>,
}

type BookingRow = (i64, i64, i64, String);

/// The two queries of a history and what is said when its owner is not there.
struct HistoryOf {
    currency: &'static str,
    bookings: &'static str,
    missing: &'static str,
}

const OF_ACCOUNT: HistoryOf = HistoryOf {
    currency: "SELECT currency FROM account WHERE id = $1",
    bookings: "SELECT id, at, amount, text FROM account_booking
         WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    missing: "There is no account of this id.",
};

const OF_CARD: HistoryOf = HistoryOf {
    currency: "SELECT currency FROM card WHERE id = $1",
    bookings: "SELECT id, at, amount, text FROM card_booking
         WHERE card_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    missing: "There is no card of this id.",
};

type PageQuery = Result<Query<Page>, axum::extract::rejection::QueryRejection>;

async fn account_history(
    State(pool): State<SqlitePool>,
    Path(id): Path<String>,
    page: PageQuery,
) -> Result<Json<History>, Refused> {
    page_of(&pool, &OF_ACCOUNT, &id, before(page)?).await
}

async fn card_history(
    State(pool): State<SqlitePool>,
    Path(id): Path<String>,
    page: PageQuery,
) -> Result<Json<History>, Refused> {
    page_of(&pool, &OF_CARD, &id, before(page)?).await
}

async fn page_of(
    pool: &SqlitePool,
    of: &HistoryOf,
    id: &str,
    before: i64,
) -> Result<Json<History>, Refused> {
    let code: Option<(String,)> = sqlx::query_as(of.currency).bind(id).fetch_optional(pool).await?;
    let (code,) = code.ok_or_else(|| Refused::not_found(of.missing))?;
    let rows: Vec<BookingRow> =
        sqlx::query_as(of.bookings).bind(id).bind(before).bind(PAGE).fetch_all(pool).await?;
    Ok(Json(history(rows, currency(&code)?)))
}

fn before(page: PageQuery) -> Result<i64, Refused> {
    page.map(|Query(page)| page.before.unwrap_or(i64::MAX))
        .map_err(|_| Refused::invalid("before is not the `next` of an earlier page."))
}

fn history(rows: Vec<BookingRow>, currency: Currency) -> History {
    let full = rows.len() as i64 == PAGE;
    let next = rows.last().filter(|_| full).map(|row| row.0);
    let booking = |(id, at, amount, text)| Booking {
        id,
        at: Timestamp(at),
        amount: Money::new(amount, currency),
        text,
    };
    History { bookings: rows.into_iter().map(booking).collect(), next }
}
