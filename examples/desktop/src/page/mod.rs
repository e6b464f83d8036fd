//! The harness's page: a phone that walks through the city and pays, for this machine's browser. What
//! comes in are clicks, what goes out are the core's own records; the page has no state of its own. It must
//! not know how a judgement is made or a screen is drawn.

mod act;
mod assets;
mod camera;
mod city;
mod desk;
mod evidence;
mod handset;
mod http;
mod ledger;
mod motion;
mod refusal;
mod rerun;
mod shown;
mod stage;
mod street;
mod walk;

use std::{future::pending, net::Ipv4Addr, sync::Arc};

use anyhow::Context as _;
use server_kit::{Limits, answer};
use terminal::Guard;
use tokio::net::TcpListener;

use crate::cast::Cast;
pub use stage::Course;
use stage::Stage;

/// Where the page is found again, unless somebody else is there.
const USUAL_PORT: u16 = 7321;

/// A page that is served until it is dropped.
pub struct Served {
    /// With the token.
    pub link: String,
    listener: TcpListener,
    page: Arc<http::Page>,
}

/// Lays the cast out on a desk, for a page that [`Served::run`] then serves.
///
/// # Errors
/// When no port is free or a phone cannot be switched on.
pub async fn lay_out(course: Course, cast: Cast, seed: u64) -> anyhow::Result<Served> {
    let here = Ipv4Addr::LOCALHOST;
    let listener = match TcpListener::bind((here, USUAL_PORT)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((here, 0)).await.context("no port is free for the page")?,
    };
    let port = listener.local_addr()?.port();
    let names = ["127.0.0.1", "localhost"];
    let origins = names.map(|name| format!("http://{name}:{port}")).into();
    let guard = Arc::new(Guard::new(origins)?);
    let page = http::Page {
        guard: Arc::clone(&guard),
        tokens: design::css()?,
        stage: Stage::new(course, cast, seed)?,
    };
    Ok(Served { link: guard.link(), listener, page: Arc::new(page) })
}

impl Served {
    /// Answers until it is dropped.
    pub async fn run(self) {
        let Self { listener, page, .. } = self;
        let looked_at = Arc::clone(&page);
        let moves = motion::run(move || looked_at.stage.desk());
        tokio::select! {
            () = moves => {}
            () = answer(listener, http::routes(page), Limits::default(), pending()) => {}
        }
    }
}
