//! The flags of deposits.

/// What deposits are bound by.
#[derive(Clone, Debug, clap::Args)]
pub struct DepositArgs {
    /// Most that a member may put in within 24 hours, minor units of each currency.
    #[arg(long, env = "TILLSIGHT_DEPOSITS_A_DAY", default_value_t = 100_000,
        value_parser = clap::value_parser!(i64).range(0..))]
    pub deposits_a_day: i64,
}

impl Default for DepositArgs {
    fn default() -> Self {
        Self { deposits_a_day: 100_000 }
    }
}
