//! What members begin with and how they are reached: flags, and the same for who starts the server
//! in a process of their own.

use std::{path::PathBuf, sync::Arc};

use domain::Currency;

use super::{
    login_provider::{JwtProvider, LoginProvider},
    messages::{FileSender, MessageSender},
};

/// A day: who has the phone or the mail of a member needs no more to be noticed.
const NEW_DEVICES_WAIT_H: u16 = 24;

/// The flags of members.
#[derive(Clone, Debug, clap::Args)]
pub struct MemberArgs {
    /// For development: writes the codes for members to this file (`-`: standard output) instead
    /// of sending them. Without a way to send codes nobody can join or reset a password.
    #[arg(long, env = "TILLSIGHT_DEVELOPMENT_MESSAGES", value_name = "FILE")]
    development_messages: Option<PathBuf>,
    /// Days for which the security log keeps who did what from which address.
    #[arg(long, env = "TILLSIGHT_SECURITY_LOG_DAYS", default_value_t = 7,
        value_parser = clap::value_parser!(u16).range(1..=90))]
    security_log_days: u16,
    /// The currency (ISO 4217) of the wallet that a new member gets.
    #[arg(long, env = "TILLSIGHT_WALLET_CURRENCY", default_value = "EUR", value_parser = currency)]
    wallet_currency: Currency,
    /// Opens sessions that no key is bound to, too (`POST /v1/sessions`): whoever holds the token may
    /// use one, for 30 days. For programs without a key; phones need none. Without this flag such
    /// sessions from before are over.
    #[arg(long, env = "TILLSIGHT_BEARER_SESSIONS")]
    bearer_sessions: bool,
    /// Hours for which a new device of a member who has another pays nothing, unless that agrees, and every
    /// device after the settlement code was set anew.
    #[arg(long, env = "TILLSIGHT_NEW_DEVICES_WAIT_H", default_value_t = NEW_DEVICES_WAIT_H)]
    new_devices_wait_h: u16,
    /// The public keys of a company's own log-in, a JWK Set (RFC 7517): whoever it says somebody is
    /// by a signed token, is believed to be the member of that user id.
    #[arg(long, env = "TILLSIGHT_LOGIN_PROVIDER_KEYS", value_name = "FILE",
        requires_all = ["login_provider_issuer", "login_provider_audience"])]
    login_provider_keys: Option<PathBuf>,
    /// The `iss` of its tokens.
    #[arg(long, env = "TILLSIGHT_LOGIN_PROVIDER_ISSUER", value_name = "ISSUER")]
    login_provider_issuer: Option<String>,
    /// The `aud` of its tokens: how it calls this server.
    #[arg(long, env = "TILLSIGHT_LOGIN_PROVIDER_AUDIENCE", value_name = "AUDIENCE")]
    login_provider_audience: Option<String>,
}

fn currency(code: &str) -> Result<Currency, String> {
    Currency::from_code(code).ok_or_else(|| "not an ISO 4217 code".to_owned())
}

impl MemberArgs {
    /// What the flags say.
    ///
    /// # Errors
    /// When the keys of the company's own log-in cannot be used.
    pub fn config(self) -> anyhow::Result<MemberConfig> {
        let login_provider = self.login_provider()?;
        let sender = |file| Arc::new(FileSender::new(file)) as Arc<dyn MessageSender>;
        if self.development_messages.is_some() {
            tracing::warn!("codes for members are written to a file: for development only");
        }
        Ok(MemberConfig {
            messages: self.development_messages.map(sender),
            security_log_days: self.security_log_days,
            wallet_currency: self.wallet_currency,
            login_provider,
            bearer_sessions: self.bearer_sessions,
            new_devices_wait_h: self.new_devices_wait_h,
        })
    }

    fn login_provider(&self) -> anyhow::Result<Option<Arc<dyn LoginProvider>>> {
        let flags =
            (&self.login_provider_keys, &self.login_provider_issuer, &self.login_provider_audience);
        let (Some(keys), Some(issuer), Some(audience)) = flags else { return Ok(None) };
        Ok(Some(Arc::new(JwtProvider::open(keys, issuer, audience)?)))
    }
}

/// What members begin with and how they are reached.
#[derive(Clone)]
pub struct MemberConfig {
    /// Sends codes to members' contacts; without it nobody can join or reset a password.
    pub messages: Option<Arc<dyn MessageSender>>,
    /// Days for which the security log is kept.
    pub security_log_days: u16,
    /// The currency of the wallet that a new member gets.
    pub wallet_currency: Currency,
    /// A company's own log-in beside the password.
    pub login_provider: Option<Arc<dyn LoginProvider>>,
    /// Whether sessions are opened that no key is bound to, too.
    pub bearer_sessions: bool,
    /// Hours for which a new device pays nothing.
    pub new_devices_wait_h: u16,
}

impl Default for MemberConfig {
    fn default() -> Self {
        Self {
            messages: None,
            security_log_days: 7,
            wallet_currency: Currency::EUR,
            login_provider: None,
            bearer_sessions: false,
            new_devices_wait_h: NEW_DEVICES_WAIT_H,
        }
    }
}
