//! The built-in HTTP client.

mod tls;

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use reqwest::{Client, Method, Proxy, Url, redirect};
use rustls::{ClientConfig, pki_types::CertificateDer};
use tokio::{
    runtime::Builder,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use super::received::{failure, received};
use crate::phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport};

/// A person waits in front of a till: what takes longer than this is given up, however much of it has
/// come. The cached screen is shown meanwhile.
const WHOLE_CALL: Duration = Duration::from_secs(8);
/// The longest until there is a connection, shared among a name's addresses: less than any call waits
/// for the head of its answer, so that a second address has its turn.
const CONNECT: Duration = Duration::from_secs(3);
/// Connections wait this long for the next call, and are asked for a sign of life so often: networks
/// of phones forget silent ones.
const IDLE: Duration = Duration::from_secs(50);
const ALIVE: Duration = Duration::from_secs(15);
/// Of the client's thread and of those that look names up.
const STACK: usize = 512 << 10;
/// A name that is looked up in vain holds its thread for long; another network has others.
const MOST_LOOK_UPS: usize = 8;

/// The client of a wallet that is opened without a transport: reqwest over HTTP/1, rustls with ring,
/// Mozilla's roots, no redirects, 8 s for a call and 8 MiB for an answer. Nothing is asked of the
/// platform, so nothing has to be initialised through JNI. An app's transport may wrap it. Every thread
/// may call it, one that runs tasks too: it has its own, from the first call until it is ended or
/// dropped.
#[derive(Default)]
pub struct BuiltInClient {
    settings: Settings,
    thread: Mutex<Thread>,
}

#[derive(Default)]
struct Settings {
    proxy: Option<Url>,
    roots: Vec<CertificateDer<'static>>,
}

/// The client's thread, by the way to it.
#[derive(Default)]
enum Thread {
    #[default]
    NotStarted,
    Started(UnboundedSender<Job>),
    Ended,
}

/// A call, and where its answer goes. When the thread ends first, the caller learns it.
struct Job {
    request: HttpRequest,
    answer: mpsc::SyncSender<Result<HttpReply, HttpFailure>>,
}

impl BuiltInClient {
    /// The same through an HTTP proxy, `http://host:port`; `None` for an address that is none, or has
    /// a name and password in it, which would end up wherever configurations are written.
    pub fn through_proxy(mut self, address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_proxy = matches!(url.scheme(), "http" | "https") && url.has_host();
        self.settings.proxy = Some(url).filter(|_| is_plain && is_proxy);
        self.settings.proxy.is_some().then_some(self)
    }

    /// The same, believing a certificate in DER beside Mozilla's roots: for tests, whose servers no
    /// authority vouches for.
    pub fn trusting(mut self, root: Vec<u8>) -> Self {
        self.settings.roots.push(CertificateDer::from(root));
        self
    }

    /// Ends what is under way, which is then unreachable as everything is from now on.
    pub fn end(&self) {
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Thread::Ended;
    }

    /// The way to the thread, which begins with the first call; `None` once it has ended, or where the
    /// system gives none.
    fn way(&self) -> Option<UnboundedSender<Job>> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Thread::NotStarted = *thread {
            let connector = Connector::new(&self.settings)?;
            let (way, jobs) = unbounded_channel();
            let run = move || carry_all(connector, jobs);
            let named = thread::Builder::new().name("tillsight-http".to_owned()).stack_size(STACK);
            named.spawn(run).ok()?;
            *thread = Thread::Started(way);
        }
        match &*thread {
            Thread::Started(way) => Some(way.clone()),
            Thread::NotStarted | Thread::Ended => None,
        }
    }
}

impl HttpTransport for BuiltInClient {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let (answer, answered) = mpsc::sync_channel(1);
        // Kept here no longer than it takes: the thread ends with the last way to it.
        let sent = self.way().is_some_and(|way| way.send(Job { request, answer }).is_ok());
        if !sent {
            return Err(HttpFailure::Unreachable);
        }
        answered.recv().unwrap_or(Err(HttpFailure::Unreachable))
    }
}

/// Carries calls until the last way to this thread is gone, and with it those under way.
fn carry_all(connector: Connector, mut jobs: UnboundedReceiver<Job>) {
    let mut one = Builder::new_current_thread();
    one.enable_io().enable_time().max_blocking_threads(MOST_LOOK_UPS).thread_stack_size(STACK);
    let Ok(runtime) = one.build() else { return };
    let connector = Arc::new(connector);
    runtime.block_on(async {
        while let Some(Job { request, answer }) = jobs.recv().await {
            let connector = Arc::clone(&connector);
            tokio::spawn(async move {
                // Nobody waits any more when this cannot be told.
                let _ = answer.send(connector.carry(request).await);
            });
        }
    });
    // Dropped it would wait for names that are still looked up.
    runtime.shutdown_background();
}

/// Makes connections, and forgets them where one fails: after a change of the network all are dead, and
/// each would cost a call its time.
struct Connector {
    tls: ClientConfig,
    proxy: Option<Proxy>,
    client: Mutex<Client>,
}

impl Connector {
    fn new(settings: &Settings) -> Option<Self> {
        let tls = tls::config(&settings.roots)?;
        let proxy = match &settings.proxy {
            Some(url) => Some(Proxy::all(url.clone()).ok()?),
            None => None,
        };
        let client = Mutex::new(built(&tls, proxy.as_ref())?);
        Some(Self { tls, proxy, client })
    }

    /// A question that met a dead connection is asked once more on a new one: the server may have closed
    /// it just when it was used again, and asking twice changes nothing.
    async fn carry(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let may_repeat = request.method == "GET";
        let carried = timeout(WHOLE_CALL, async {
            match self.once(request.clone()).await {
                Err(HttpFailure::Unreachable) if may_repeat => self.once(request).await,
                carried => carried,
            }
        });
        carried.await.unwrap_or_else(|_| {
            self.forget_connections();
            Err(HttpFailure::Timeout)
        })
    }

    async fn once(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let carried = call(&client, request).await;
        if matches!(carried, Err(HttpFailure::Timeout | HttpFailure::Unreachable)) {
            self.forget_connections();
        }
        carried
    }

    fn forget_connections(&self) {
        if let Some(fresh) = built(&self.tls, self.proxy.as_ref()) {
            *self.client.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }
}

fn built(tls: &ClientConfig, proxy: Option<&Proxy>) -> Option<Client> {
    // What the environment or the system says of proxies is the app's to know.
    let builder = Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls.clone())
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .tcp_keepalive(ALIVE)
        .tcp_keepalive_interval(ALIVE)
        .user_agent(concat!("tillsight/", env!("CARGO_PKG_VERSION")));
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy.clone()),
        None => builder,
    };
    builder.build().ok()
}

async fn call(client: &Client, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
    let HttpRequest { method, url, headers, body, answer_within_ms } = request;
    let method: Method = method.parse().map_err(|_| HttpFailure::Unreachable)?;
    let mut asked = client.request(method, url).header("accept-encoding", "gzip");
    for header in headers {
        asked = asked.header(header.name, header.value);
    }
    let head = timeout(Duration::from_millis(answer_within_ms.into()), asked.body(body).send());
    let head = head.await.map_err(|_| HttpFailure::Timeout)?;
    received(head.map_err(|error| failure(&error))?).await
}
