//! The store's own page: a tablet at a till. What comes in are taps, what goes out is what the wallet server
//! says; who has the link may charge, and who has a cashier's code may give back.

mod cashiers;
mod http;
mod state;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use server_kit::{Limits, answer_until};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    Counter, ShownSign,
    guard::Guard,
    tls::{self, Certificate},
};
pub use cashiers::Cashiers;
use state::{Page, now_ms};

/// How often the wallet server is asked what has become of a charge.
const LOOK: Duration = Duration::from_secs(1);

/// How long a stop waits for what was begun: a page that waits for news is not waited for.
const GRACE: Duration = Duration::from_secs(2);

/// What a page is served with.
pub struct PageOptions {
    /// Where it listens; off this machine only with TLS.
    pub listen: SocketAddr,
    /// The certificate and its key; without them one is made for this run when it is needed.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// Who may give back.
    pub cashiers: Cashiers,
    /// A reader's host and port on this machine.
    pub reader: Option<String>,
}

/// A page, to be served by [`ServedPage::run`].
pub struct ServedPage {
    /// With the token.
    pub link: String,
    /// Of the certificate; none on this machine alone.
    pub fingerprint: Option<String>,
    listener: TcpListener,
    certificate: Option<Certificate>,
    guard: Arc<Guard>,
    page: Arc<Page>,
}

impl ServedPage {
    /// Lays the page of a counter out.
    ///
    /// # Errors
    /// When the address is taken, or the certificate cannot be read or made.
    pub async fn lay_out(
        counter: Counter,
        sign: ShownSign,
        options: PageOptions,
    ) -> anyhow::Result<Self> {
        let PageOptions { listen, certificate, cashiers, reader } = options;
        let listener = TcpListener::bind(listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {listen}"))?;
        let (address, port) = (listen.ip(), listener.local_addr()?.port());
        let name = tls::named(address)?;
        let certificate = certificate_for(address, certificate.as_ref(), &name)?;
        let origins = match certificate {
            Some(_) => vec![format!("https://{name}:{port}")],
            None => [name, "localhost".to_owned()].map(|it| format!("http://{it}:{port}")).into(),
        };
        let guard = Guard::new(origins)?;
        let page = Page {
            counter: counter.into(),
            sign,
            cashiers: cashiers.into(),
            reader,
            tokens: design::css()?,
            news: watch::channel(1).0,
        };
        Ok(Self {
            link: guard.link(),
            fingerprint: certificate.as_ref().map(Certificate::fingerprint),
            listener,
            certificate,
            guard: guard.into(),
            page: page.into(),
        })
    }

    /// Answers until `stop`, and lets what was begun end.
    ///
    /// # Errors
    /// When nothing can be answered any more.
    pub async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let Self { listener, certificate, guard, page, .. } = self;
        let looks = look(Arc::clone(&page));
        let routes = http::routes(page, guard);
        let answers = |listener| answer_until(listener, routes, Limits::default(), stop, GRACE);
        let Some(certificate) = certificate else {
            tokio::select! {
                () = looks => {}
                () = answers(listener) => {}
            }
            return Ok(());
        };
        // In clear only behind the front, on this machine.
        let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let behind = inner.local_addr()?;
        tokio::select! {
            () = looks => Ok(()),
            () = answers(inner) => Ok(()),
            front = tls::front(listener, &certificate, behind) => match front? {},
        }
    }
}

fn certificate_for(
    address: IpAddr,
    given: Option<&(PathBuf, PathBuf)>,
    name: &str,
) -> anyhow::Result<Option<Certificate>> {
    match given {
        Some((chain, key)) => Certificate::read(chain, key).map(Some),
        None if address.is_loopback() => Ok(None),
        None => Certificate::made(vec![name.trim_matches(['[', ']']).to_owned()]).map(Some),
    }
}

async fn look(page: Arc<Page>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if tokio::task::block_in_place(|| page.counter().look(now_ms())) {
            page.tell();
        }
    }
}

/// The certificate and the key must both be given.
///
/// # Errors
/// When one is.
pub fn pair(
    chain: Option<&Path>,
    key: Option<&Path>,
) -> anyhow::Result<Option<(PathBuf, PathBuf)>> {
    ensure!(chain.is_some() == key.is_some(), "--certificate and --certificate-key go together");
    Ok(chain.zip(key).map(|(chain, key)| (chain.to_owned(), key.to_owned())))
}
