//! What an app is told when a call gives no screen.
//!
//! Every error says what happened, whether and when to try again, what the person can do, and a
//! reference that is safe to log. Words for the person are the app's: no free text crosses.

mod problem;

use std::time::Duration;

use crate::{
    phone::{HttpFailure, KeyStoreError, VaultError},
    transfers::OutboxError,
};
pub use problem::{
    AreaProblem, ConfigProblem, DepositProblem, PaymentProblem, RequestProblem, ServerProblem,
    SignalProblem, SignatureProblem,
};

/// Why a call gave nothing. A variant exists only where an app acts differently.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum WalletError {
    /// What was sensed cannot be used; the screen before it stands and the next signal is welcome.
    /// The app: goes on; shows the remedy when the person did something (scanned, tapped).
    #[error("signal refused: {problem:?}")]
    Signal {
        /// What is wrong with it.
        problem: SignalProblem,
        /// What to do.
        advice: Advice,
    },
    /// User id and password do not belong together, or too many were tried.
    /// The app: asks again, after the wait that `retry` names.
    #[error("log-in refused")]
    LoginRefused {
        /// What to do.
        advice: Advice,
    },
    /// The link code is not valid, is for another scheme, was used by someone else, or too many
    /// were tried.
    /// The app: asks for the code again, after the wait that `retry` names.
    #[error("link code refused")]
    LinkRefused {
        /// What to do.
        advice: Advice,
    },
    /// The deposit cannot be asked for like this; nothing was written down and nothing is sent.
    /// The app: says what is wrong beside its form.
    #[error("deposit refused: {problem:?}")]
    DepositRefused {
        /// What is wrong with it.
        problem: DepositProblem,
        /// What to do.
        advice: Advice,
    },
    /// The payment cannot be begun, agreed to or given up like this. Nothing was paid by the call.
    /// The app: says what is wrong on its payment screen, which stands.
    #[error("payment refused: {problem:?}")]
    PaymentRefused {
        /// What is wrong with it.
        problem: PaymentProblem,
        /// What to do.
        advice: Advice,
    },
    /// The wallet server does not do what was asked of the account or of a method; nothing was changed.
    /// The app: says what is wrong beside its form.
    #[error("request refused: {problem:?}")]
    RequestRefused {
        /// What is wrong with it.
        problem: RequestProblem,
        /// What to do.
        advice: Advice,
    },
    /// The stores of an area are not fetched like this.
    /// The app: asks for a smaller area, or opens the wallet with more bytes for stores.
    #[error("area refused: {problem:?}")]
    AreaRefused {
        /// What is wrong with it.
        problem: AreaProblem,
        /// What to do.
        advice: Advice,
    },
    /// No member is logged in, or the session has ended.
    /// The app: shows its log-in; the screen stands meanwhile.
    #[error("not logged in")]
    NotLoggedIn {
        /// What to do.
        advice: Advice,
    },
    /// The wallet server gave no usable answer. What the phone knows is still shown.
    /// The app: says how old the balances are, and tries again when `retry` says.
    #[error("wallet server away: {kind:?}")]
    ServerAway {
        /// In which way.
        kind: ServerProblem,
        /// What to do.
        advice: Advice,
    },
    /// What the app gave when it opened the wallet cannot be used.
    /// The app: is built or started otherwise; no member can mend it.
    #[error("configuration refused: {problem:?}")]
    Config {
        /// What is wrong with it.
        problem: ConfigProblem,
        /// What to do.
        advice: Advice,
    },
    /// The platform's key store is locked.
    /// The app: opens the wallet once the phone is unlocked; nothing is lost.
    #[error("key store locked")]
    KeyStoreLocked {
        /// What to do.
        advice: Advice,
    },
    /// The phone's storage cannot be written: full, or not permitted.
    /// The app: asks the person to free storage, and tries again.
    #[error("storage unusable")]
    Storage {
        /// What to do.
        advice: Advice,
    },
}

/// What an app does about an error.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Advice {
    /// Whether and when the same call may work.
    pub retry: Retry,
    /// What the person can do.
    pub remedy: Remedy,
    /// Names the place in the core that gave up; holds nothing personal.
    pub reference: String,
}

/// Whether and when to call again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Retry {
    /// The same call will fail again.
    Never,
    /// With the next signal of the same kind.
    NextSignal,
    /// After this many milliseconds.
    After {
        /// Milliseconds.
        ms: u32,
    },
}

/// What the person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Remedy {
    /// Nothing; it mends itself.
    Wait,
    /// Scan the store's code instead.
    ScanStoreCode,
    /// Point the camera at the code again.
    AimAgain,
    /// Log in.
    LogIn,
    /// Check the link code, or ask the operator for a new one.
    CheckLinkCode,
    /// Correct what was entered.
    CorrectEntry,
    /// Set the settlement code anew.
    SetSettlementCode,
    /// Use what is left in the wallet first.
    EmptyWallet,
    /// Check the phone's date and time.
    CheckClock,
    /// Turn off the app that makes up positions.
    StopMockLocation,
    /// Unlock the phone.
    Unlock,
    /// Free storage.
    FreeStorage,
    /// Update the app, or tell its makers.
    UpdateApp,
}

impl SignalProblem {
    /// The error of a call whose signal has this problem, as its own room names it.
    pub(crate) fn error_of(problem: impl Into<Self>) -> WalletError {
        problem.into().error()
    }

    pub(crate) fn error(self) -> WalletError {
        let remedy = match self {
            Self::FixFromFuture | Self::ClockUnsure => Remedy::CheckClock,
            Self::FixMocked => Remedy::StopMockLocation,
            Self::FixNotANumber | Self::FixOutOfRange | Self::FixTooCoarse | Self::FixTooOld => {
                Remedy::ScanStoreCode
            }
            Self::FrameMalformed
            | Self::FrameForeign
            | Self::AccessPointMalformed
            | Self::NothingSensed => Remedy::Wait,
            Self::TextNoStoreCode | Self::CodeMalformed | Self::CodeNotGenuine => Remedy::AimAgain,
            Self::PlaneTooSmall | Self::PlaneTooLarge | Self::PlaneMalformed => Remedy::UpdateApp,
            Self::StoreUnknown | Self::CodeOutOfDate => Remedy::ScanStoreCode,
        };
        let advice =
            Advice { retry: Retry::NextSignal, remedy, reference: format!("signal/{self:?}") };
        WalletError::Signal { problem: self, advice }
    }
}

impl ServerProblem {
    pub(crate) fn error(self) -> WalletError {
        let (retry, remedy) = match self {
            Self::NotConfigured | Self::ClearText => (Retry::Never, Remedy::UpdateApp),
            Self::Garbled => (Retry::After { ms: 30_000 }, Remedy::UpdateApp),
            Self::NotVouched => (Retry::After { ms: 60_000 }, Remedy::Wait),
            Self::Unreachable | Self::Timeout | Self::Failing => {
                (Retry::After { ms: 5_000 }, Remedy::Wait)
            }
        };
        let advice = Advice { retry, remedy, reference: format!("server/{self:?}") };
        WalletError::ServerAway { kind: self, advice }
    }
}

impl DepositProblem {
    pub(crate) fn error(self) -> WalletError {
        let (retry, remedy) = match self {
            Self::TooMany => (Retry::After { ms: 60_000 }, Remedy::Wait),
            Self::IdMalformed | Self::IdUsed => (Retry::Never, Remedy::UpdateApp),
            Self::SourceUnknown | Self::AmountNotPositive | Self::CurrencyUnknown => {
                (Retry::Never, Remedy::CorrectEntry)
            }
        };
        let advice = Advice { retry, remedy, reference: format!("deposit/{self:?}") };
        WalletError::DepositRefused { problem: self, advice }
    }
}

impl PaymentProblem {
    /// Told with the wait that the server asked for.
    pub(crate) fn error(self, wait: Option<Duration>) -> WalletError {
        let (retry, remedy) = match self {
            Self::TooManyTries => (after(wait, 1_000), Remedy::Wait),
            Self::UnderWay => (after(None, 1_000), Remedy::Wait),
            Self::DeviceTooNew => (after(wait, 86_400_000), Remedy::Wait),
            Self::AlreadyApproved | Self::NotFound | Self::OtherDevice => {
                (Retry::Never, Remedy::Wait)
            }
            Self::IdMalformed | Self::IdUsed => (Retry::Never, Remedy::UpdateApp),
            Self::MethodNotActive
            | Self::WrongCode
            | Self::KeyRefused
            | Self::NoContactless
            | Self::AmountMissing
            | Self::AmountTooHigh => (Retry::Never, Remedy::CorrectEntry),
            Self::CodeLocked | Self::NoSettlementCode => (Retry::Never, Remedy::SetSettlementCode),
            Self::PlaceUnknown => (Retry::NextSignal, Remedy::Wait),
            Self::NoPaymentCode
            | Self::CodeNotProven
            | Self::CodeFarFromItsPlace
            | Self::NotAsShown => (Retry::NextSignal, Remedy::ScanStoreCode),
        };
        let advice = Advice { retry, remedy, reference: format!("payment/{self:?}") };
        WalletError::PaymentRefused { problem: self, advice }
    }
}

/// After the wait that the server asked for, or else after so many milliseconds.
fn after(wait: Option<Duration>, ms: u32) -> Retry {
    let ms = wait.map_or(ms, |wait| u32::try_from(wait.as_millis()).unwrap_or(u32::MAX));
    Retry::After { ms }
}

impl RequestProblem {
    /// Told with the wait that the server asked for.
    pub(crate) fn error(self, wait: Option<Duration>) -> WalletError {
        let after = |ms| (after(wait, ms), Remedy::Wait);
        let (retry, remedy) = match self {
            Self::TooMany => after(1_000),
            Self::TooSoon => after(86_400_000),
            Self::OperatorDown => after(5_000),
            Self::DepositPending => after(60_000),
            Self::NoMessages | Self::NoProfile => (Retry::Never, Remedy::UpdateApp),
            Self::WalletNotEmpty => (Retry::Never, Remedy::EmptyWallet),
            _ => (Retry::Never, Remedy::CorrectEntry),
        };
        let advice = Advice { retry, remedy, reference: format!("request/{self:?}") };
        WalletError::RequestRefused { problem: self, advice }
    }
}

impl AreaProblem {
    pub(crate) fn error(self) -> WalletError {
        let (retry, remedy) = (Retry::Never, Remedy::CorrectEntry);
        let advice = Advice { retry, remedy, reference: format!("area/{self:?}") };
        WalletError::AreaRefused { problem: self, advice }
    }
}

impl ConfigProblem {
    pub(crate) fn error(self) -> WalletError {
        let reference = format!("config/{self:?}");
        let advice = Advice { retry: Retry::Never, remedy: Remedy::UpdateApp, reference };
        WalletError::Config { problem: self, advice }
    }
}

impl WalletError {
    pub(crate) fn not_logged_in() -> Self {
        let advice =
            Advice { retry: Retry::Never, remedy: Remedy::LogIn, reference: "session".to_owned() };
        Self::NotLoggedIn { advice }
    }

    pub(crate) fn login_refused(retry: Retry) -> Self {
        let advice = Advice { retry, remedy: Remedy::LogIn, reference: "login".to_owned() };
        Self::LoginRefused { advice }
    }

    pub(crate) fn link_refused(retry: Retry) -> Self {
        let reference = "link".to_owned();
        Self::LinkRefused { advice: Advice { retry, remedy: Remedy::CheckLinkCode, reference } }
    }

    pub(crate) fn storage(reference: &str) -> Self {
        let reference = reference.to_owned();
        let advice =
            Advice { retry: Retry::After { ms: 5_000 }, remedy: Remedy::FreeStorage, reference };
        Self::Storage { advice }
    }

    /// The advice that comes with every error.
    pub fn advice(&self) -> &Advice {
        match self {
            Self::Signal { advice, .. }
            | Self::DepositRefused { advice, .. }
            | Self::PaymentRefused { advice, .. }
            | Self::RequestRefused { advice, .. }
            | Self::AreaRefused { advice, .. }
            | Self::LoginRefused { advice }
            | Self::LinkRefused { advice }
            | Self::NotLoggedIn { advice }
            | Self::ServerAway { advice, .. }
            | Self::Config { advice, .. }
            | Self::KeyStoreLocked { advice }
            | Self::Storage { advice } => advice,
        }
    }
}

impl From<HttpFailure> for ServerProblem {
    fn from(failure: HttpFailure) -> Self {
        match failure {
            HttpFailure::Unreachable => Self::Unreachable,
            HttpFailure::Timeout => Self::Timeout,
            HttpFailure::TooLarge => Self::Garbled,
        }
    }
}

impl From<VaultError> for WalletError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::KeyStore(KeyStoreError::Locked) => Self::KeyStoreLocked {
                advice: Advice {
                    retry: Retry::After { ms: 1_000 },
                    remedy: Remedy::Unlock,
                    reference: "vault/locked".to_owned(),
                },
            },
            VaultError::KeyStore(KeyStoreError::Lost) => Self::storage("vault/key"),
            VaultError::File(_) => Self::storage("vault/file"),
            VaultError::Seal => Self::storage("vault/seal"),
        }
    }
}

impl From<OutboxError> for WalletError {
    fn from(_: OutboxError) -> Self {
        Self::storage("transfers")
    }
}

impl From<ServerProblem> for WalletError {
    fn from(problem: ServerProblem) -> Self {
        problem.error()
    }
}
