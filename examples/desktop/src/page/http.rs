//! The page over HTTP: for this machine alone, and there only for who has the link.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, State},
    http::{HeaderMap, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use terminal::{After, Guard, NOTHING_TO_DO, asked, from_here, with_token};

use super::{
    act::{self, Act},
    assets::{ASSETS, Asset, SHARED},
    camera,
    refusal::Refusal,
    shown,
    stage::Stage,
};

/// A photo of a phone has at most so many bytes.
const MOST_BYTES: usize = 24 << 20;
/// What the routes are asked with.
pub struct Page {
    /// The desk, and what can take its place.
    pub stage: Stage,
    /// Who may call it.
    pub guard: Arc<Guard>,
    /// The style sheet of the tokens.
    pub tokens: String,
}

/// Everything that is answered.
pub fn routes(page: Arc<Page>) -> Router {
    let calls = Router::new()
        .route("/city", get(city))
        .route("/state", get(state))
        .route("/recording", get(recording).post(loaded))
        .route("/do", post(done))
        .route("/photo", post(photo))
        .route("/frame", post(frame))
        .layer(from_fn_with_state(Arc::clone(&page.guard), with_token));
    let mut routes = Router::new().route("/", get(async || file(&ASSETS[0]))).merge(calls);
    for asset in ASSETS.iter().chain(SHARED) {
        routes = routes.route(asset.path, get(async || file(asset)));
    }
    routes
        .route("/tokens.css", get(tokens))
        .layer(from_fn_with_state(Arc::clone(&page.guard), from_here))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(page)
}

fn file(asset: &Asset) -> Response {
    ([(header::CONTENT_TYPE, asset.kind)], asset.text).into_response()
}

async fn tokens(State(page): State<Arc<Page>>) -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page.tokens.clone()).into_response()
}

async fn city(State(page): State<Arc<Page>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], page.stage.set().city.to_string())
        .into_response()
}

/// The state, once it is newer than the one that the page has.
async fn state(State(page): State<Arc<Page>>, Query(after): Query<After>) -> Response {
    after.newer(page.stage.desk().news()).await;
    axum::Json(shown::state(&page.stage.desk())).into_response()
}

async fn recording(State(page): State<Arc<Page>>) -> Response {
    let text = page.stage.desk().evidence().recording();
    ([(header::CONTENT_TYPE, "application/jsonl")], text).into_response()
}

/// Shows a recording that was saved before.
async fn loaded(State(page): State<Arc<Page>>, body: Bytes) -> Response {
    let desk = page.stage.desk();
    let text = String::from_utf8_lossy(&body);
    let shown = tokio::task::block_in_place(|| desk.show_recording(&text));
    answer(&page, shown.map(|()| Value::Null).map_err(Refusal::from))
}

/// Does one thing and answers with the state after it; `error` says why it was not done.
async fn done(State(page): State<Arc<Page>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(asked) = asked(&headers, &body) else { return NOTHING_TO_DO.into_response() };
    let done = match asked {
        Act::SetOut { world, seed } => {
            page.stage.set_out(&world, seed).await.map_err(Refusal::from).map(|()| Value::Null)
        }
        asked => act::act(&page.stage.desk(), asked).await,
    };
    answer(&page, done)
}

/// Holds a photo before the camera.
async fn photo(State(page): State<Arc<Page>>, body: Bytes) -> Response {
    let read = tokio::task::block_in_place(|| camera::read(&page.stage.desk(), &body));
    answer(&page, read)
}

#[derive(Deserialize)]
struct Size {
    width: u32,
    height: u32,
}

/// Holds one frame of the computer's camera before the phone's.
async fn frame(State(page): State<Arc<Page>>, Query(size): Query<Size>, body: Bytes) -> Response {
    let size = (size.width, size.height);
    let read = tokio::task::block_in_place(|| camera::frame(&page.stage.desk(), size, &body));
    answer(&page, read)
}

fn answer(page: &Page, done: Result<Value, Refusal>) -> Response {
    let (answer, error) = match done {
        Ok(answer) => (answer, None),
        Err(refusal) => (Value::Null, Some(refusal.json())),
    };
    let state = shown::state(&page.stage.desk());
    axum::Json(json!({ "answer": answer, "error": error, "state": state })).into_response()
}
