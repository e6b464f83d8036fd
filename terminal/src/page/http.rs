//! The store's page over HTTP.

use std::{sync::Arc, time::Instant};

use anyhow::Context as _;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, State},
    http::{HeaderMap, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::state::{Page, now_ms};
use crate::{
    calls::{After, NOTHING_TO_DO, asked},
    counter::rows,
    guard::{Guard, from_here, with_token},
    read_token,
};

/// What is asked is small.
const MOST_BYTES: usize = 4_096;

/// One thing to do.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Act {
    /// Ask for money, minor units, of who scans the code.
    Charge { amount_minor: i64 },
    /// Charge the code that a member's phone shows.
    Read { amount_minor: i64, code: String },
    /// Charge the phone that is held to the reader.
    Tap { amount_minor: i64 },
    /// Take the charge back; or the next customer comes.
    End,
    /// Give back; by a cashier's code.
    Refund { settlement: Uuid, amount_minor: i64, code: String },
    /// Close the day; by a cashier's code.
    Close { code: String },
}

macro_rules! assets {
    ($($path:literal $kind:literal $text:expr),* $(,)?) => {
        [$(($path, concat!("text/", $kind, "; charset=utf-8"), $text)),*]
    };
}

const ASSETS: [(&str, &str, &str); 6] = assets![
    "/" "html" include_str!("../../page/counter.html"),
    "/counter.css" "css" include_str!("../../page/counter.css"),
    "/counter.js" "javascript" include_str!("../../page/counter.js"),
    "/parts.css" "css" design::PARTS,
    "/draw.js" "javascript" design::DRAW,
    "/icons.js" "javascript" design::ICONS,
];

/// Everything that is answered.
pub fn routes(page: Arc<Page>, guard: Arc<Guard>) -> Router {
    let mut routes = Router::new()
        .route("/state", get(state))
        .route("/do", post(done))
        .layer(from_fn_with_state(Arc::clone(&guard), with_token))
        .route("/tokens.css", get(tokens));
    for (path, kind, text) in ASSETS {
        routes = routes.route(path, get(async move || ([(header::CONTENT_TYPE, kind)], text)));
    }
    routes
        .layer(from_fn_with_state(guard, from_here))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(page)
}

async fn tokens(State(page): State<Arc<Page>>) -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page.tokens.clone()).into_response()
}

/// The state, once it is newer than the one that the page has.
async fn state(State(page): State<Arc<Page>>, Query(after): Query<After>) -> Response {
    after.newer(page.news.subscribe()).await;
    Json(shown(&page)).into_response()
}

fn shown(page: &Page) -> Value {
    let revision = *page.news.borrow();
    let sign = page.sign.sign();
    let takes = sign.store.accepted.claims();
    let cashiers = page.cashiers.lock().is_ok_and(|cashiers| !cashiers.is_empty());
    json!({
        "revision": revision,
        "now_ms": now_ms(),
        "till": page.counter().json(),
        "sign": { "rows": rows(&sign.url), "code": sign.code },
        "takes": takes.iter().map(|claim| json!({
            "name": claim.scheme.name(), "channel": claim.channel, "acceptance": claim.acceptance,
        })).collect::<Vec<_>>(),
        "has_reader": page.reader.is_some(),
        "has_cashiers": cashiers,
    })
}

/// Does one thing and answers with the state after it; `error` says why it was not done.
async fn done(State(page): State<Arc<Page>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(asked) = asked(&headers, &body) else { return NOTHING_TO_DO.into_response() };
    let error = tokio::task::block_in_place(|| act(&page, asked)).err();
    page.tell();
    let error = error.map(|error| format!("{error:#}"));
    Json(json!({ "error": error, "state": shown(&page) })).into_response()
}

fn act(page: &Page, act: Act) -> anyhow::Result<()> {
    match act {
        Act::Charge { amount_minor } => page.counter().charge(amount_minor),
        Act::Read { amount_minor, code } => page.counter().read(amount_minor, code),
        Act::Tap { amount_minor } => {
            let reader = page.reader.as_deref().context("this till has no reader")?;
            let token = read_token(reader)?;
            page.counter().contactless(amount_minor, token)
        }
        Act::End => page.counter().end(),
        Act::Refund { settlement, amount_minor, code } => {
            let cashier = cashier(page, &code)?;
            page.counter().refund(settlement, amount_minor, Some(cashier))
        }
        Act::Close { code } => {
            cashier(page, &code)?;
            page.counter().close()
        }
    }
}

fn cashier(page: &Page, code: &str) -> anyhow::Result<String> {
    let mut cashiers = page.cashiers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    cashiers.with_code(code, Instant::now())
}
