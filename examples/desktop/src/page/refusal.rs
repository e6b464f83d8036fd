//! Why something was not done, in the core's own words where it is the core that refuses.

use serde_json::{Value, json};
use tillsight::{Advice, Remedy, Retry, SignalProblem, WalletError};

/// Why something was not done.
pub enum Refusal {
    /// The core refuses.
    Wallet(WalletError),
    /// The till or a server does, in its words.
    Desk(anyhow::Error),
}

impl From<WalletError> for Refusal {
    fn from(error: WalletError) -> Self {
        Self::Wallet(error)
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self::Desk(error)
    }
}

impl From<SignalProblem> for Refusal {
    fn from(problem: SignalProblem) -> Self {
        let retry = Retry::NextSignal;
        let advice = Advice { retry, remedy: Remedy::ScanStoreCode, reference: "desk".to_owned() };
        Self::Wallet(WalletError::Signal { problem, advice })
    }
}

impl Refusal {
    /// As the page shows it.
    pub fn json(&self) -> Value {
        let error = match self {
            Self::Desk(error) => return json!({ "kind": "desk", "text": format!("{error:#}") }),
            Self::Wallet(error) => error,
        };
        let (kind, problem) = kind(error);
        let advice = error.advice();
        let retry_ms = match advice.retry {
            Retry::After { ms } => Some(ms),
            Retry::Never | Retry::NextSignal => None,
        };
        json!({
            "kind": kind, "problem": problem, "remedy": format!("{:?}", advice.remedy),
            "retry_ms": retry_ms, "reference": advice.reference, "text": error.to_string(),
        })
    }
}

fn kind(error: &WalletError) -> (&'static str, Option<String>) {
    match error {
        WalletError::Signal { problem, .. } => ("signal", Some(format!("{problem:?}"))),
        WalletError::LoginRefused { .. } => ("login_refused", None),
        WalletError::LinkRefused { .. } => ("link_refused", None),
        WalletError::DepositRefused { problem, .. } => {
            ("deposit_refused", Some(format!("{problem:?}")))
        }
        WalletError::PaymentRefused { problem, .. } => {
            ("payment_refused", Some(format!("{problem:?}")))
        }
        WalletError::RequestRefused { problem, .. } => {
            ("request_refused", Some(format!("{problem:?}")))
        }
        WalletError::AreaRefused { problem, .. } => ("area_refused", Some(format!("{problem:?}"))),
        WalletError::NotLoggedIn { .. } => ("not_logged_in", None),
        WalletError::ServerAway { kind, .. } => ("server_away", Some(format!("{kind:?}"))),
        WalletError::Config { problem, .. } => ("config", Some(format!("{problem:?}"))),
        WalletError::KeyStoreLocked { .. } => ("key_store_locked", None),
        WalletError::Storage { .. } => ("storage", None),
    }
}
