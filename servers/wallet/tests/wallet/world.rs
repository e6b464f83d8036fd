//! Both servers on free ports, with the stores of Rome, two members and their methods.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{
    Timestamp,
    wire::{Network, Session},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;
use wallet_server::{
    Clock, Config, FileSender, LoginProvider, MemberConfig, MessageSender, OperatorConfig,
    ProxyArgs, PushGateway, Running, Seed, open_database,
    register::{Import, Summary, import},
};

pub const KEY: &str = "0123456789abcdef0123456789abcdef";
/// Registers `card-2`.
pub const LINK_CODE: &str = "K7QM-2XPD-94RT";
/// A running server has found by then that the register has changed.
pub const LOOKS_AGAIN_AFTER: Duration = Duration::from_millis(300);
pub const LINK_HOST: &str = "pay.example";

pub fn network() -> Network {
    Network::new("Corner Pay", Uuid::from_u128(0x11_22_33), LINK_HOST, "#00aa77").unwrap()
}

/// 2026-11-22T00:00:00Z.
pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_305_600);

pub struct World {
    pub folder: TempDir,
    pub operator: Option<Running>,
    pub wallet: Option<Running>,
    pub http: reqwest::Client,
    pub url: String,
    clock: Arc<AtomicI64>,
    operator_url: String,
    proxy: ProxyArgs,
    /// What the wallet server is started with, beside its sender of codes.
    pub members: MemberConfig,
    /// By what the wallet server pushes once it is started anew.
    pub push: Option<Arc<dyn PushGateway>>,
}

pub fn rome() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/desktop/data/rome-esquilino.osm.pbf"
    ))
}

/// What opens the account or card with this id to giulia.
pub fn grant(id: &str) -> String {
    format!("giulia's grant for {id:->20}")
}

pub fn method(id: &str, kind: &str, scheme: &str, channel: &str, backing: Value) -> Value {
    json!({
        "method": {
            "id": id, "kind": kind, "name": id, "blocked": false, "expires_at": null,
            "minimum": null, "rides": [{"scheme": scheme, "channel": channel}],
        },
        "backing": backing,
        "times_used": 1,
    })
}

/// The same, which also pays by the code that the phone shows.
fn by_code(mut method: Value) -> Value {
    let ride = json!({"scheme": "tillsight", "channel": "code"});
    method["method"]["rides"].as_array_mut().unwrap().push(ride);
    method
}

pub fn seed() -> Seed {
    serde_json::from_value(json!({"members": [
        {"user_id": "giulia", "password": "correct horse", "methods": [
            method("card", "credit_card", "visa", "contactless",
                json!({"held_by": "card", "id": "card-1", "grant": grant("card-1")})),
            method("bank", "bank_account", "bancomat", "contactless",
                json!({"held_by": "account", "id": "account-1", "grant": grant("account-1")})),
            by_code(method("money", "electronic_money", "tillsight", "scan",
                json!({"held_by": "wallet", "balance": {"amount": 1250, "currency": "EUR"}}))),
        ]},
        {"user_id": "kenji", "password": "battery staple", "methods": []},
    ]}))
    .unwrap()
}

pub fn operator_seed() -> operator_server::Seed {
    serde_json::from_value(json!({
        "accounts": [{"id": "account-1", "name": "Conto", "number_end": "0042", "currency": "EUR",
            "history": [
                {"at": 1_000, "amount": 100_000, "text": "Salary"},
                {"at": 2_000, "amount": -2_500, "text": "Groceries"},
            ]}],
        "cards": [{"id": "card-1", "name": "Rossi Visa", "number_end": "4242",
            "expires_at": 1_900_000_000_000_i64, "limit": {"amount": 200_000, "currency": "EUR"},
            "history": [{"at": 1_000, "amount": 1_999, "text": "Books"}]},
            {"id": "card-2", "name": "Rossi Amex", "number_end": "1005",
            "expires_at": 1_900_000_000_000_i64, "limit": {"amount": 120_000, "currency": "EUR"}}],
        "grants": [
            {"grant": grant("card-1"), "held_by": "card", "id": "card-1"},
            {"grant": grant("account-1"), "held_by": "account", "id": "account-1"},
        ],
        "links": [{"code": LINK_CODE, "held_by": "card", "id": "card-2", "kind": "credit_card",
            "rides": [{"scheme": "amex", "channel": "contactless"}]}],
    }))
    .unwrap()
}

impl World {
    /// Servers with members and no stores.
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let database = folder.path().join("operator.db");
        operator_server::seed(&database, &operator_seed()).await.unwrap();
        let operator = operator_server::start(operator_server::Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            database,
            api_key: KEY.into(),
            proxy: Default::default(),
            settlement: Default::default(),
        })
        .await
        .unwrap();
        let url = format!("http://{}", operator.addr);
        Self::of(folder, Some(operator), url, ProxyArgs::default()).await
    }

    /// A wallet server that believes whoever asks from this machine to be its proxy.
    pub async fn behind_proxy() -> Self {
        let proxy = ProxyArgs { behind_proxy: Some("127.0.0.1".parse().unwrap()) };
        let nobody = "http://127.0.0.1:9".to_owned();
        Self::of(TempDir::new().unwrap(), None, nobody, proxy).await
    }

    /// Servers with members, where a company's own log-in is believed.
    pub async fn with_provider(provider: Arc<dyn LoginProvider>) -> Self {
        let mut world = Self::start().await;
        world.members.login_provider = Some(provider);
        world.restart().await;
        world
    }

    /// Logs in as a client whose address the proxy tells.
    pub async fn log_in_from(&self, source: &str, user: &str, password: &str) -> reqwest::Response {
        let login = json!({"user_id": user, "password": password});
        let request = self.http.post(format!("{}/v1/sessions", self.url)).json(&login);
        request.header("forwarded", format!("for={source}")).send().await.unwrap()
    }

    /// A wallet server with members and no stores whose operator server is at `url`.
    pub async fn with_operator(url: &str) -> Self {
        Self::of(TempDir::new().unwrap(), None, url.to_owned(), ProxyArgs::default()).await
    }

    /// Where codes for members are written, instead of being sent.
    pub fn messages(&self) -> PathBuf {
        self.folder.path().join("messages")
    }

    async fn of(
        folder: TempDir,
        operator: Option<Running>,
        operator_url: String,
        proxy: ProxyArgs,
    ) -> Self {
        let data = folder.path().join("wallet");
        wallet_server::seed(&data, &seed()).await.unwrap();
        let clock = Arc::new(AtomicI64::new(NOW.0));
        let members =
            MemberConfig { bearer_sessions: true, new_devices_wait_h: 0, ..Default::default() };
        let at = Arc::clone(&clock);
        let wallet = serve(&folder, &operator_url, proxy, at, (members.clone(), None)).await;
        let url = format!("http://{}", wallet.addr);
        let http = reqwest::Client::new();
        Self {
            folder,
            operator,
            wallet: Some(wallet),
            http,
            url,
            clock,
            operator_url,
            proxy,
            members,
            push: None,
        }
    }

    /// Stops the wallet server and starts it over its data, on a new port.
    pub async fn restart(&mut self) {
        self.wallet.take().unwrap().stop().await;
        let clock = Arc::clone(&self.clock);
        let config = (self.members.clone(), self.push.clone());
        let wallet = serve(&self.folder, &self.operator_url, self.proxy, clock, config).await;
        self.url = format!("http://{}", wallet.addr);
        self.wallet = Some(wallet);
    }

    /// Servers with members and the stores of Rome.
    pub async fn in_rome() -> Self {
        let world = Self::start().await;
        let summary = world.import(Import::of(rome(), NOW)).await;
        assert!(summary.is_whole(), "{summary}");
        world
    }

    pub async fn import(&self, order: Import) -> Summary {
        let database = open_database(&self.folder.path().join("wallet")).await.unwrap();
        let summary = import(&database, &order, |_| ()).await.unwrap();
        database.close().await;
        tokio::time::sleep(LOOKS_AGAIN_AFTER).await;
        summary
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::Relaxed))
    }

    pub fn wait(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    pub async fn log_in(&self, user_id: &str, password: &str) -> reqwest::Response {
        let login = json!({"user_id": user_id, "password": password});
        self.http.post(format!("{}/v1/sessions", self.url)).json(&login).send().await.unwrap()
    }

    pub async fn token(&self) -> String {
        self.token_of("giulia", "correct horse").await
    }

    pub async fn token_of(&self, user_id: &str, password: &str) -> String {
        let response = self.log_in(user_id, password).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json::<Session>().await.unwrap().token
    }

    pub async fn call(&self, method: Method, path: &str, token: &str) -> reqwest::Response {
        let url = format!("{}{path}", self.url);
        self.http.request(method, url).bearer_auth(token).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Response {
        self.http.post(format!("{}{path}", self.url)).json(body).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    pub async fn near(&self, lat_e7: i32, lon_e7: i32) -> reqwest::Response {
        let here = json!({"position": [lat_e7, lon_e7]});
        self.http.post(format!("{}/v1/stores/near", self.url)).json(&here).send().await.unwrap()
    }

    pub async fn enter(&self, token: &str, request: Value) -> reqwest::Response {
        let url = format!("{}/v1/entries", self.url);
        self.http.post(url).bearer_auth(token).json(&request).send().await.unwrap()
    }

    pub async fn stop(mut self) {
        self.wallet.take().unwrap().stop().await;
        if let Some(operator) = self.operator.take() {
            operator.stop().await;
        }
    }
}

async fn serve(
    folder: &TempDir,
    operator_url: &str,
    proxy: ProxyArgs,
    clock: Arc<AtomicI64>,
    (members, push): (MemberConfig, Option<Arc<dyn PushGateway>>),
) -> Running {
    // With a proxy before it the server of these tests sends no codes.
    let sender = FileSender::new(folder.path().join("messages"));
    let sends = proxy.behind_proxy.is_none();
    let messages = sends.then(|| Arc::new(sender) as Arc<dyn MessageSender>);
    wallet_server::start(Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: folder.path().join("wallet"),
        operators: vec![OperatorConfig {
            name: "operator".to_owned(),
            url: operator_url.to_owned(),
            api_key: KEY.into(),
        }],
        network: network(),
        deposits: Default::default(),
        members: MemberConfig { messages, ..members },
        push,
        proxy,
        clock: Clock::from_fn(move || Timestamp(clock.load(Ordering::Relaxed))),
    })
    .await
    .unwrap()
}

/// The problem a refused request is told by, after checking that it is one.
pub async fn problem(response: reqwest::Response) -> domain::wire::Problem {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: domain::wire::Problem = response.json().await.unwrap();
    assert_eq!(problem.status, status);
    assert_eq!(problem.kind, format!("/problems/{}", problem.code));
    problem
}
