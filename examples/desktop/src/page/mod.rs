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
mod street;
mod till;
mod tokens;
mod walk;

use std::{net::Ipv4Addr, sync::Arc};

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use domain::Store;
use tokio::net::TcpListener;

use crate::cast::Cast;

/// Where the page is found again, unless somebody else is there.
const USUAL_PORT: u16 = 7321;

/// A page that is served until it is dropped.
pub struct Served {
    /// With the token.
    pub link: String,
    listener: TcpListener,
    page: Arc<http::Page>,
}

/// Lays the cast out on a desk, for a page that [`Served::run`] then serves; the phone walks to `goal`.
///
/// # Errors
/// When no port is free or a phone cannot be switched on.
pub async fn lay_out(cast: Cast, goal: Store, seed: u64) -> anyhow::Result<Served> {
    let here = Ipv4Addr::LOCALHOST;
    let listener = match TcpListener::bind((here, USUAL_PORT)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((here, 0)).await.context("no port is free for the page")?,
    };
    let port = listener.local_addr()?.port();
    let mut random = [0; 16];
    getrandom::fill(&mut random).context("the system gives no random numbers")?;
    let token = HEXLOWER.encode(&random);
    let desk = tokio::task::block_in_place(|| -> anyhow::Result<_> {
        let desk = desk::Desk::lay_out(cast, goal, seed)?;
        motion::seek(&desk, 0.0)?;
        Ok(desk)
    })?;
    let page = http::Page {
        token: token.clone(),
        hosts: ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}")),
        tokens: tokens::css()?,
        city: serde_json::to_string(&desk.city.map)?,
        desk: Arc::new(desk),
    };
    let link = format!("http://127.0.0.1:{port}/?token={token}");
    Ok(Served { link, listener, page: Arc::new(page) })
}

impl Served {
    /// Answers until it is dropped.
    ///
    /// # Errors
    /// When nothing can be answered any more.
    pub async fn run(self) -> anyhow::Result<()> {
        let Self { listener, page, .. } = self;
        let moves = motion::run(Arc::clone(&page.desk));
        let answers = axum::serve(listener, http::routes(page)).into_future();
        tokio::select! {
            () = moves => Ok(()),
            answered = answers => Ok(answered?),
        }
    }
}
