//! The real servers on free ports, with their data in a temporary folder that goes with them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use data_encoding::HEXLOWER;
use domain::StoreId;
use secrecy::SecretString;
use tempfile::TempDir;
use tillsight::sensed::NETWORK;
use wallet_server::{FileSender, MemberConfig};

/// Any free port of this machine.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Where the wallet server keeps its data in the folder of the servers: what is imported before
/// they start goes there.
pub fn wallet_data(folder: &Path) -> PathBuf {
    folder.join("wallet-server")
}

/// The settlement operator server and the wallet server.
pub struct Servers {
    folder: TempDir,
    operator_key: String,
    root_key: String,
    operator: operator_server::Running,
    wallet: Option<wallet_server::Running>,
}

impl Servers {
    /// Starts both over `folder`, with these members and the accounts and cards behind them.
    ///
    /// # Errors
    /// When their data cannot be written or they cannot listen.
    pub async fn start(
        folder: TempDir,
        members: &wallet_server::Seed,
        accounts: &operator_server::Seed,
    ) -> anyhow::Result<Self> {
        wallet_server::seed(&wallet_data(folder.path()), members).await?;
        let database = folder.path().join("operator.db");
        operator_server::seed(&database, accounts).await?;
        let operator_key = random_key()?;
        let operator = operator_server::start(operator_server::Config {
            listen: HERE,
            database,
            api_key: SecretString::from(operator_key.clone()),
            proxy: Default::default(),
            settlement: Default::default(),
        })
        .await?;
        let keys = wallet_server::RegisterKeys::open(&wallet_data(folder.path()), None).await?;
        let root_key = keys.root()?;
        keys.close().await;
        let mut servers = Self { folder, operator_key, root_key, operator, wallet: None };
        servers.start_wallet_server().await?;
        Ok(servers)
    }

    /// Starts the wallet server over its data, on a new port.
    ///
    /// # Errors
    /// When it cannot read its data or cannot listen.
    pub async fn start_wallet_server(&mut self) -> anyhow::Result<()> {
        let config = wallet_server::Config {
            listen: HERE,
            data: wallet_data(self.folder.path()),
            operator_url: self.operator_url(),
            operator_api_key: SecretString::from(self.operator_key.clone()),
            beacon_uuid: NETWORK,
            deposits: Default::default(),
            members: MemberConfig {
                messages: Some(Arc::new(FileSender::new(self.messages()))),
                ..MemberConfig::default()
            },
            proxy: Default::default(),
            clock: wallet_server::Clock::system(),
        };
        self.wallet = Some(wallet_server::start(config).await?);
        Ok(())
    }

    /// Stops the wallet server as an operator would: begun requests are finished.
    pub async fn stop_wallet_server(&mut self) {
        if let Some(server) = self.wallet.take() {
            server.stop().await;
        }
    }

    fn messages(&self) -> PathBuf {
        self.folder.path().join("messages")
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
        self.wallet.as_ref().map_or_else(String::new, |server| format!("http://{}", server.addr))
    }

    /// The root key of the wallet server's register, which a phone of it is opened with.
    pub fn root_key(&self) -> &str {
        &self.root_key
    }

    /// Where the settlement operator server listens.
    pub fn operator_url(&self) -> String {
        format!("http://{}", self.operator.addr)
    }

    /// Makes accounts and cards anew, with what was booked on them.
    ///
    /// # Errors
    /// When the operator's database cannot be written.
    pub async fn seed_operator(&self, accounts: &operator_server::Seed) -> anyhow::Result<()> {
        operator_server::seed(&self.folder.path().join("operator.db"), accounts).await
    }

    /// The key of the store's terminal; the one it had before is void.
    ///
    /// # Errors
    /// When there is no such store.
    pub async fn terminal_key(&self, store: StoreId) -> anyhow::Result<String> {
        wallet_server::terminal_key(&wallet_data(self.folder.path()), store).await
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

    /// Stops everything and removes the data.
    pub async fn stop(mut self) {
        self.stop_wallet_server().await;
        self.operator.stop().await;
    }
}

/// 32 random bytes in hexadecimal: the wallet company's key for the operator.
fn random_key() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}
