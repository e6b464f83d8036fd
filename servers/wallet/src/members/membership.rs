//! The parts that every change of a membership works with.

use std::{path::Path, sync::Arc};

use domain::Currency;
use server_kit::{Clock, Database};

use super::{
    args::MemberConfig, dpop::Dpop, forgetting, login_provider::LoginProvider, messages::Messages,
    passwords::Passwords, pepper::Pepper, rows,
};

/// The parts. Cheap to clone.
#[derive(Clone)]
pub struct Membership {
    /// The database.
    pub database: Database,
    /// What the time is.
    pub clock: Clock,
    /// The judge of passwords and settlement codes.
    pub passwords: Passwords,
    /// What short codes are hashed with.
    pub pepper: Arc<Pepper>,
    /// The judge of proofs of possession.
    pub dpop: Arc<Dpop>,
    /// How codes reach members, if they do.
    pub messages: Option<Messages>,
    /// The currency of a new member's wallet.
    pub wallet_currency: Currency,
    /// A company's own log-in beside the password.
    pub login_provider: Option<Arc<dyn LoginProvider>>,
    /// Whether sessions are opened that no key is bound to, too.
    pub bearer_sessions: bool,
    /// Hours for which a new device pays nothing.
    pub new_devices_wait_h: u16,
}

impl Membership {
    /// Opens the keys of the data folder, and begins to forget what is over.
    ///
    /// # Errors
    /// When a key cannot be used, the system gives no random numbers, or the database fails.
    pub async fn start(
        data: &Path,
        database: Database,
        clock: Clock,
        config: MemberConfig,
    ) -> anyhow::Result<Self> {
        let pepper = Arc::new(Pepper::open(data)?);
        let passwords = Passwords::new(Arc::clone(&pepper))?;
        if !config.bearer_sessions {
            rows::end_bearer_sessions(&database).await?;
        }
        forgetting::start(database.clone(), clock.clone(), config.security_log_days);
        Ok(Self {
            database,
            clock,
            passwords,
            pepper,
            dpop: Arc::new(Dpop::new()?),
            messages: config.messages.map(Messages::by),
            wallet_currency: config.wallet_currency,
            login_provider: config.login_provider,
            bearer_sessions: config.bearer_sessions,
            new_devices_wait_h: config.new_devices_wait_h,
        })
    }

    /// How long a new device pays nothing, ms.
    pub fn new_devices_wait_ms(&self) -> i64 {
        i64::from(self.new_devices_wait_h) * 3_600_000
    }
}
