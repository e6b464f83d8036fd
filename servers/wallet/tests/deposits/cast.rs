//! A wallet server and its operator on free ports, two members, and a phone's view of both.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use domain::{
    Timestamp,
    wire::{DayFoot, Deposit, DepositState, Methods, MovementPage, Network, Session},
};
use operator_server::{Day, SettlementArgs};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sqlx::Connection;
use tempfile::TempDir;
use uuid::Uuid;
use wallet_server::{
    Clock, Config, DepositArgs, MemberConfig, OperatorConfig, ProxyArgs, Running, Seed,
    open_database, verify,
};

pub const KEY: &str = "0123456789abcdef0123456789abcdef";
pub const PASSWORD: &str = "correct horse";
pub const ACCOUNT: &str = "account-7731";
/// What is on the member's account at first, in cents.
pub const ON_ACCOUNT: i64 = 97_500;

/// What opens the account or card with this id to its member.
pub fn grant(id: &str) -> String {
    format!("a grant for {id:->24}")
}

fn backing(held_by: &str, id: &str) -> Value {
    json!({"held_by": held_by, "operator": "a", "id": id, "grant": grant(id)})
}

fn opened(held_by: &str, id: &str) -> Value {
    json!({"held_by": held_by, "id": id, "grant": grant(id)})
}

pub struct Cast {
    pub folder: TempDir,
    pub http: reqwest::Client,
    pub wallet_at: SocketAddr,
    operator_at: SocketAddr,
    sandbox: bool,
    a_day: i64,
    clock: Clock,
    operator: Option<Running>,
    /// A second operator of the wallet server, and where it is.
    pub other: Option<(OperatorConfig, Running)>,
    wallet: Option<Running>,
}

fn method(id: &str, kind: &str, backing: Value) -> Value {
    json!({"method": {"id": id, "kind": kind, "name": id, "blocked": false, "expires_at": null,
            "minimum": null, "rides": [{"scheme": "visa", "channel": "contactless"},
                {"scheme": "tillsight", "channel": "scan"}]},
        "backing": backing, "times_used": 1})
}

fn members() -> Seed {
    let wallet = |currency: &str| json!({"held_by": "wallet", "balance": {"amount": 0, "currency": currency}});
    serde_json::from_value(json!({"members": [
        {"user_id": "giulia", "password": PASSWORD, "methods": [
            method("bank", "bank_account", backing("account", ACCOUNT)),
            method("card", "credit_card", backing("card", "card-1")),
            method("money", "electronic_money", wallet("EUR")),
            method("yen", "electronic_money", wallet("JPY")),
        ]},
        {"user_id": "kenji", "password": PASSWORD, "methods": [
            method("bank", "bank_account", backing("account", "account-2")),
            method("money", "electronic_money", wallet("EUR")),
        ]},
    ]}))
    .unwrap()
}

fn accounts() -> operator_server::Seed {
    let account = |id: &str, amount: i64| {
        json!({"id": id, "name": "Conto", "number_end": "0042", "currency": "EUR",
            "history": [{"at": 1_000, "amount": amount, "text": "Salary"}]})
    };
    serde_json::from_value(json!({
        "accounts": [account(ACCOUNT, ON_ACCOUNT), account("account-2", 10_000_000)],
        "grants": [opened("account", ACCOUNT), opened("account", "account-2"), opened("card", "card-1")],
        "cards": [{"id": "card-1", "name": "Rossi Visa", "number_end": "4242",
            "expires_at": 4_000_000_000_000_i64,
            "limit": {"amount": 10_000_000, "currency": "EUR"}}],
    }))
    .unwrap()
}

/// An address that was free a moment ago: both servers must know the other's before it runs.
fn free() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Cast {
    pub async fn start(sandbox: bool, a_day: i64, clock: Clock) -> Self {
        let mut cast = Self::without_wallet_server(sandbox, a_day, clock).await;
        cast.start_wallet_server().await;
        cast
    }

    pub async fn without_wallet_server(sandbox: bool, a_day: i64, clock: Clock) -> Self {
        let folder = TempDir::new().unwrap();
        wallet_server::seed(&folder.path().join("wallet"), &members()).await.unwrap();
        operator_server::seed(&folder.path().join("operator.db"), &accounts()).await.unwrap();
        let (wallet_at, operator_at) = (free(), free());
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Longer than any answer takes: what hangs is a failure of its test, not of the whole run.
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        let (operator, other, wallet) = (None, None, None);
        let mut cast = Self {
            folder,
            http,
            wallet_at,
            operator_at,
            sandbox,
            a_day,
            clock,
            operator,
            other,
            wallet,
        };
        cast.start_operator().await;
        cast
    }

    pub async fn plain() -> Self {
        Self::start(false, 10_000_000, Clock::system()).await
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("wallet")
    }

    pub fn operator_url(&self) -> String {
        format!("http://{}", self.operator_at)
    }

    pub async fn start_operator(&mut self) {
        let callback_url = format!("http://{}/v1/operators/a/callbacks", self.wallet_at);
        let config = operator_server::Config {
            listen: self.operator_at,
            database: self.folder.path().join("operator.db"),
            api_key: KEY.into(),
            proxy: ProxyArgs::default(),
            settlement: SettlementArgs {
                name: "a".to_owned(),
                callback_url: Some(callback_url),
                sandbox: self.sandbox,
            },
        };
        self.operator = Some(operator_server::start(config).await.unwrap());
    }

    pub async fn start_wallet_server(&mut self) {
        let config = Config {
            listen: self.wallet_at,
            data: self.data(),
            operators: self.operators(),
            network: Network::new("Tests", Uuid::from_u128(1), "pay.example", "#000000").unwrap(),
            deposits: DepositArgs { deposits_a_day: self.a_day },
            push: None,
            members: MemberConfig {
                bearer_sessions: true,
                new_devices_wait_h: 0,
                ..Default::default()
            },
            proxy: ProxyArgs::default(),
            clock: self.clock.clone(),
        };
        self.wallet = Some(wallet_server::start(config).await.unwrap());
    }

    fn operators(&self) -> Vec<OperatorConfig> {
        let a =
            OperatorConfig { name: "a".to_owned(), url: self.operator_url(), api_key: KEY.into() };
        let other = self.other.as_ref().map(|(config, _)| config.clone());
        [Some(a), other].into_iter().flatten().collect()
    }

    pub async fn stop_operator(&mut self) {
        self.operator.take().unwrap().stop().await;
    }

    pub async fn stop_wallet_server(&mut self) {
        self.wallet.take().unwrap().stop().await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.wallet_at)
    }

    pub async fn log_in(&self, user_id: &str) -> String {
        let login = json!({"user_id": user_id, "password": PASSWORD});
        let call = self.http.post(self.url("/v1/sessions")).json(&login);
        call.send().await.unwrap().json::<Session>().await.unwrap().token
    }

    pub async fn get(&self, token: &str, path: &str) -> Response {
        self.http.get(self.url(path)).bearer_auth(token).send().await.unwrap()
    }

    /// Asks for a deposit; an error when the connection breaks.
    pub async fn try_deposit(
        &self,
        token: &str,
        id: Uuid,
        from: &str,
        amount: i64,
    ) -> reqwest::Result<Response> {
        let asked = json!({"from": from, "amount": {"amount": amount, "currency": "EUR"}});
        let call = self.http.post(self.url("/v1/deposits")).bearer_auth(token).json(&asked);
        call.header("idempotency-key", id.to_string()).send().await
    }

    pub async fn deposit(&self, token: &str, id: Uuid, from: &str, amount: i64) -> Response {
        self.try_deposit(token, id, from, amount).await.unwrap()
    }

    /// Asks again for as long as the server says that it may.
    pub async fn insist(&self, token: &str, id: Uuid, from: &str, amount: i64) -> Response {
        loop {
            let answer = self.deposit(token, id, from, amount).await;
            if !matches!(answer.status().as_u16(), 409 | 503) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The deposit once it has ended.
    pub async fn ended(&self, token: &str, id: Uuid) -> Deposit {
        let ends = async {
            loop {
                let answer = self.get(token, &format!("/v1/deposits/{id}")).await;
                assert_eq!(answer.status(), StatusCode::OK);
                let deposit: Deposit = answer.json().await.unwrap();
                if deposit.state != DepositState::Pending {
                    return deposit;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(90), ends).await.expect("it never ended")
    }

    /// What is in the member's wallet in euros.
    pub async fn left(&self, token: &str) -> i64 {
        let listed: Methods = self.get(token, "/v1/methods").await.json().await.unwrap();
        let wallet = listed.methods.iter().find(|backing| backing.method.id.0 == "money").unwrap();
        wallet.balance.unwrap().left.amount
    }

    pub async fn movements(&self, token: &str, query: &str) -> MovementPage {
        self.get(token, &format!("/v1/history{query}")).await.json().await.unwrap()
    }

    /// What the operator says moved today.
    pub async fn day_file(&self) -> String {
        self.day_file_of("a", "operator.db").await
    }

    /// What the operator with this name and database says moved today.
    pub async fn day_file_of(&self, name: &str, database: &str) -> String {
        let day = Day::of(operator_server::Clock::system().now()).unwrap();
        let database = self.folder.path().join(database);
        operator_server::day_file(&database, name, day).await.unwrap()
    }

    /// What the operator says it took today.
    pub async fn taken(&self) -> i64 {
        let file = self.day_file().await;
        let foot: DayFoot = serde_json::from_str(file.lines().last().unwrap()).unwrap();
        foot.sums.get("EUR").copied().unwrap_or(0)
    }

    /// How many authorisations the operator has that have not ended.
    pub async fn reserved(&self) -> i64 {
        let url = format!("sqlite:{}", self.folder.path().join("operator.db").display());
        let mut operator = sqlx::AnyConnection::connect(&url).await.unwrap();
        let counted = sqlx::query_scalar("SELECT COUNT(*) FROM reserved");
        counted.fetch_one(&mut operator).await.unwrap()
    }

    /// Stops the wallet server and holds the whole ledger against the operator: L16. Answers what all
    /// members and stores have.
    pub async fn settled(&mut self) -> i64 {
        if self.wallet.is_some() {
            self.stop_wallet_server().await;
        }
        let database = open_database(&self.data()).await.unwrap();
        verify(&database).await.unwrap();
        let sum = |kind: &'static str| {
            let database = database.clone();
            async move {
                let all: Vec<(String, i64)> =
                    sqlx::query_as("SELECT account, available FROM ledger_standing")
                        .fetch_all(database.reads())
                        .await
                        .unwrap();
                let all = all.into_iter().filter(|(account, _)| account.starts_with(kind));
                all.map(|(_, available)| available).sum::<i64>()
            }
        };
        let clearing = sum("clearing:a:").await;
        let owed = sum("member:").await + sum("store:").await;
        let pending: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM ledger_transfer p WHERE p.kind = 2 AND NOT EXISTS
                (SELECT 1 FROM ledger_transfer e WHERE e.of_id = p.id)",
        )
        .fetch_one(database.reads())
        .await
        .unwrap();
        database.close().await;
        assert_eq!(pending, 0, "something stays reserved");
        assert_eq!(-clearing, self.taken().await, "the clearing account is not the operator's");
        assert_eq!(-clearing, owed);
        owed
    }

    pub async fn stop(mut self) {
        if let Some(wallet) = self.wallet.take() {
            wallet.stop().await;
        }
        if let Some(operator) = self.operator.take() {
            operator.stop().await;
        }
        if let Some((_, other)) = self.other.take() {
            other.stop().await;
        }
    }
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub async fn deposit_of(answer: Response) -> Deposit {
    let status = answer.status();
    assert!(status.is_success(), "{status}: {}", answer.text().await.unwrap());
    answer.json().await.unwrap()
}

/// A clock that a test moves.
pub fn moved(by_ms: &std::sync::Arc<std::sync::atomic::AtomicI64>) -> Clock {
    let by_ms = std::sync::Arc::clone(by_ms);
    Clock::from_fn(move || {
        let by_ms = by_ms.load(std::sync::atomic::Ordering::SeqCst);
        Timestamp(Clock::system().now().0 + by_ms)
    })
}
