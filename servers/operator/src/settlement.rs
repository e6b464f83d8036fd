//! How this server settles with the wallet company: the flags that are not about listening.

/// Settling with the wallet company.
#[derive(Clone, Debug, clap::Args)]
pub struct SettlementArgs {
    /// The operator's name, as the wallet company knows it and as its day files say.
    #[arg(long, env = "TILLSIGHT_OPERATOR_NAME", default_value = "operator")]
    pub name: String,
    /// Where the wallet company takes callbacks, for instance
    /// `http://127.0.0.1:8080/v1/operators/bank/callbacks`; without it none are sent.
    #[arg(long, env = "TILLSIGHT_OPERATOR_CALLBACK_URL")]
    pub callback_url: Option<String>,
    /// Lets certain amounts go wrong on purpose (table: README).
    #[arg(long, env = "TILLSIGHT_OPERATOR_SANDBOX")]
    pub sandbox: bool,
}

impl Default for SettlementArgs {
    fn default() -> Self {
        Self { name: "operator".to_owned(), callback_url: None, sandbox: false }
    }
}
