//! The real servers on free ports, with their data in a temporary folder that goes with them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use data_encoding::HEXLOWER;
use domain::{Currency, StoreId, Timestamp, wire::Network};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{company, register::network, run};

/// Any free port of this machine.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How often a mailbox is looked into, every 20 ms.
const MOST_LOOKS: u32 = 1_000;

/// Where the wallet server keeps its data in the folder of the servers: what is imported before
/// they start goes there.
pub fn wallet_data(folder: &Path) -> PathBuf {
    folder.join("wallet-server")
}

/// The settlement operator servers and the wallet server.
pub struct Servers {
    folder: TempDir,
    root_key: String,
    network: Network,
    operators: Vec<RunningOperator>,
    wallet: Option<wallet_server::Running>,
    /// Of the wallets of who joins: that of the first wallet there is.
    currency: Currency,
    /// Where the wallet server listens.
    listen: SocketAddr,
    /// How far the wallet server's clock is before the system's.
    ahead_ms: Arc<AtomicI64>,
}

/// A settlement operator server, as the wallet server knows it.
struct RunningOperator {
    config: wallet_server::OperatorConfig,
    /// Absent while it is stopped.
    running: Option<operator_server::Running>,
    /// Where it listens, also after it was stopped.
    listen: SocketAddr,
}

impl Servers {
    /// Starts all over `folder`, with these members and, by the names of their operators, the accounts
    /// and cards behind them.
    ///
    /// # Errors
    /// When their data cannot be written or they cannot listen.
    pub async fn start(
        folder: TempDir,
        members: &wallet_server::Seed,
        operators: &[(&str, &operator_server::Seed)],
    ) -> anyhow::Result<Self> {
        Self::start_on(0, network(), folder, members, operators).await
    }

    /// As [`Servers::start`], with the wallet server on this port and another company's network.
    ///
    /// # Errors
    /// As there, also when the port is taken.
    pub async fn start_on(
        port: u16,
        network: Network,
        folder: TempDir,
        members: &wallet_server::Seed,
        operators: &[(&str, &operator_server::Seed)],
    ) -> anyhow::Result<Self> {
        for member in &members.members {
            run::secret(run::PASSWORD, &member.password);
        }
        wallet_server::seed(&wallet_data(folder.path()), members).await?;
        let mut running = Vec::with_capacity(operators.len());
        for (name, accounts) in operators {
            running.push(start_operator(folder.path(), name, accounts).await?);
        }
        let keys = wallet_server::RegisterKeys::open(&wallet_data(folder.path()), None).await?;
        let root_key = keys.root()?;
        keys.close().await;
        let mut servers = Self {
            folder,
            root_key,
            network,
            operators: running,
            wallet: None,
            currency: currency_of(members),
            listen: SocketAddr::new(HERE.ip(), port),
            ahead_ms: Arc::default(),
        };
        servers.start_wallet_server().await?;
        Ok(servers)
    }

    /// Starts the wallet server over its data, on its port, or on a new one where it was given none.
    ///
    /// # Errors
    /// When it cannot read its data or cannot listen.
    pub async fn start_wallet_server(&mut self) -> anyhow::Result<()> {
        let ahead_ms = Arc::clone(&self.ahead_ms);
        let now = move || {
            let now = wallet_server::Clock::system().now();
            Timestamp(now.0 + ahead_ms.load(Ordering::Relaxed))
        };
        let config = wallet_server::Config {
            listen: self.listen,
            data: wallet_data(self.folder.path()),
            operators: self.operators.iter().map(|operator| operator.config.clone()).collect(),
            network: self.network.clone(),
            deposits: Default::default(),
            push: Some(Arc::new(wallet_server::FileGateway::new(self.pushes()))),
            members: wallet_server::MemberConfig {
                messages: Some(Arc::new(wallet_server::FileSender::new(self.messages()))),
                wallet_currency: self.currency,
                login_provider: Some(company::log_in(self.folder.path())?),
                // Each phone of a run is a new one.
                new_devices_wait_h: 0,
                ..Default::default()
            },
            proxy: Default::default(),
            clock: wallet_server::Clock::from_fn(now),
        };
        self.wallet = Some(wallet_server::start(config).await?);
        Ok(())
    }

    /// Lets time pass at the wallet server without waiting for it.
    pub fn pass(&self, time: Duration) {
        let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Stops the wallet server as an operator would: begun requests are finished.
    pub async fn stop_wallet_server(&mut self) {
        if let Some(server) = self.wallet.take() {
            server.stop().await;
        }
    }

    /// The wallet server's database.
    pub fn wallet_database(&self) -> PathBuf {
        wallet_data(self.folder.path()).join("wallet.db")
    }

    /// The file that messages to members are written to.
    pub fn messages(&self) -> PathBuf {
        self.folder.path().join("mailbox")
    }

    /// The file that pushes to phones are written to.
    pub fn pushes(&self) -> PathBuf {
        self.folder.path().join("pushes")
    }

    /// The codes that were sent so far, the oldest first.
    pub fn codes(&self) -> Vec<String> {
        let lines = std::fs::read_to_string(self.messages()).unwrap_or_default();
        let code = |line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            message.get("code")?.as_str().map(str::to_owned)
        };
        lines.lines().filter_map(code).collect()
    }

    /// Where the wallet server listens; empty when it is stopped.
    pub fn wallet_url(&self) -> String {
        self.wallet_address().map_or_else(String::new, |address| format!("http://{address}"))
    }

    /// The address of the wallet server; none when it is stopped.
    pub fn wallet_address(&self) -> Option<SocketAddr> {
        self.wallet.as_ref().map(|server| server.addr)
    }

    /// The root key of the wallet server's register, which a phone of it is opened with.
    pub fn root_key(&self) -> &str {
        &self.root_key
    }

    /// The settlement operators' names, and where their servers listen.
    pub fn operator_urls(&self) -> impl Iterator<Item = (&str, &str)> {
        self.operators.iter().map(|operator| (&*operator.config.name, &*operator.config.url))
    }

    /// Stops an operator: what it had begun is finished, then nothing answers in its place.
    pub async fn stop_operator(&mut self, name: &str) {
        let mut stopped = self.operators.iter_mut().filter(|it| it.config.name == name);
        if let Some(running) = stopped.next().and_then(|it| it.running.take()) {
            running.stop().await;
        }
    }

    /// Starts a stopped operator again, over its data and in its place.
    ///
    /// # Errors
    /// When somebody else listens there meanwhile.
    pub async fn start_operator(&mut self, name: &str) -> anyhow::Result<()> {
        let stopped = |it: &&mut RunningOperator| it.config.name == name && it.running.is_none();
        let Some(operator) = self.operators.iter_mut().find(stopped) else { return Ok(()) };
        let database = operator_database(self.folder.path(), name);
        let config = operator_config(operator.listen, database, &operator.config);
        operator.running = Some(operator_server::start(config).await?);
        Ok(())
    }

    /// Makes an operator's accounts and cards anew, with what was booked on them.
    ///
    /// # Errors
    /// When the operator's database cannot be written.
    pub async fn seed_operator(
        &self,
        name: &str,
        accounts: &operator_server::Seed,
    ) -> anyhow::Result<()> {
        operator_server::seed(&operator_database(self.folder.path(), name), accounts).await
    }

    /// The key of the store's terminal; the one it had before is void.
    ///
    /// # Errors
    /// When there is no such store.
    pub async fn terminal_key(&self, store: StoreId) -> anyhow::Result<String> {
        let key = wallet_server::terminal_key(&wallet_data(self.folder.path()), store).await?;
        run::secret(run::KEY, &key);
        Ok(key)
    }

    /// A file with the key of the store's terminal.
    ///
    /// # Errors
    /// When there is no such store, or the file cannot be written.
    pub async fn terminal_key_file(&self, store: StoreId) -> anyhow::Result<PathBuf> {
        let file = self.folder.path().join("terminal.key");
        std::fs::write(&file, self.terminal_key(store).await?)?;
        Ok(file)
    }

    /// The last code that was sent to an address, once one was; waits for it, as a person does.
    ///
    /// # Errors
    /// When none is sent.
    pub fn code_sent_to(&self, address: &str) -> anyhow::Result<String> {
        for _ in 0..MOST_LOOKS {
            let mails = std::fs::read_to_string(self.messages()).unwrap_or_default();
            let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok();
            let mut mails = mails.lines().rev().filter_map(read);
            let mail = mails.find(|mail| mail["to"] == address);
            if let Some(code) = mail.as_ref().and_then(|mail| mail["code"].as_str()) {
                run::secret(run::CODE, code);
                return Ok(code.to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        anyhow::bail!("no code was sent")
    }

    /// What the ledger booked for these transfers.
    ///
    /// # Errors
    /// When the wallet server's database cannot be read.
    pub async fn booked(&self, ids: &[Uuid]) -> anyhow::Result<Vec<wallet_server::Booked>> {
        let data = wallet_data(self.folder.path());
        let database = wallet_server::open_database(&data).await?;
        let mut booked = Vec::new();
        for id in ids {
            booked.extend(wallet_server::booked(&database, *id).await?);
        }
        database.close().await;
        Ok(booked)
    }

    /// Stops everything and removes the data.
    pub async fn stop(mut self) {
        self.stop_wallet_server().await;
        for running in self.operators.into_iter().filter_map(|operator| operator.running) {
            running.stop().await;
        }
    }
}

fn currency_of(members: &wallet_server::Seed) -> Currency {
    let mut methods = members.members.iter().flat_map(|member| &member.methods);
    let wallet = methods.find_map(|stored| match stored.backing {
        wallet_server::Backing::Wallet { balance } => Some(balance.currency),
        _ => None,
    });
    wallet.unwrap_or(Currency::EUR)
}

fn operator_database(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("operator-{name}.db"))
}

async fn start_operator(
    folder: &Path,
    name: &str,
    accounts: &operator_server::Seed,
) -> anyhow::Result<RunningOperator> {
    let database = operator_database(folder, name);
    operator_server::seed(&database, accounts).await?;
    for grant in &accounts.grants {
        run::secret(run::GRANT, grant.grant.expose());
    }
    for link in &accounts.links {
        run::secret(run::LINK_CODE, &link.code);
    }
    let key = random_key()?;
    run::secret(run::KEY, &key);
    let mut config = wallet_server::OperatorConfig {
        name: name.to_owned(),
        url: String::new(),
        api_key: SecretString::from(key),
    };
    let running = operator_server::start(operator_config(HERE, database, &config)).await?;
    let listen = running.addr;
    config.url = format!("http://{listen}");
    Ok(RunningOperator { config, running: Some(running), listen })
}

fn operator_config(
    listen: SocketAddr,
    database: PathBuf,
    known: &wallet_server::OperatorConfig,
) -> operator_server::Config {
    operator_server::Config {
        listen,
        database,
        api_key: known.api_key.clone(),
        proxy: Default::default(),
        settlement: operator_server::SettlementArgs {
            name: known.name.clone(),
            ..Default::default()
        },
    }
}

/// 32 random bytes in hexadecimal: the wallet company's key for the operator.
fn random_key() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}
