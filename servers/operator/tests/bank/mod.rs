//! An operator server as it runs on a free port, with what it was seeded with.

use operator_server::{Config, Running, Seed, SettlementArgs};
use serde_json::Value;
use tempfile::TempDir;

pub const KEY: &str = "0123456789abcdef0123456789abcdef";

/// What opens the account or card with this id.
pub fn grant(id: &str) -> String {
    format!("{id:0>32}")
}

pub struct Bank {
    pub running: Running,
    pub http: reqwest::Client,
    pub folder: TempDir,
}

impl Bank {
    pub async fn with(seed: Value, settlement: SettlementArgs) -> Self {
        let folder = TempDir::new().unwrap();
        let database = folder.path().join("operator.db");
        let seed: Seed = serde_json::from_value(seed).unwrap();
        operator_server::seed(&database, &seed).await.unwrap();
        // A second seeding replaces, it does not add.
        operator_server::seed(&database, &seed).await.unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let (api_key, proxy) = (KEY.into(), Default::default());
        let config = Config { listen, database, api_key, proxy, settlement };
        let running = operator_server::start(config).await.unwrap();
        // The same provider as the wallet server's client.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { running, http: reqwest::Client::new(), folder }
    }
}
