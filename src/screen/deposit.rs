//! The deposit screen: what money can come from and go into, and what became of each deposit.

use domain::{MethodKind, Registered, Timestamp, wire::DepositFailure};
use serde::{Deserialize, Serialize};

use super::{Amount, KindOfMethod, ServerState, WhyNot, reason::works_nowhere};
use crate::transfers::{Failure, Stage, Transfer};

/// Everything the deposit screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct DepositScreen {
    /// The accounts and cards that money can come from, in the member's order.
    pub sources: Vec<DepositSource>,
    /// The wallets it can go into: one for each currency.
    pub wallets: Vec<DepositWallet>,
    /// What was asked for on this phone, the newest first; the history has all.
    pub deposits: Vec<DepositRow>,
    /// Whether the wallet server has been heard.
    pub server: ServerState,
    /// When it was drawn, milliseconds since 1970.
    pub drawn_at_ms: i64,
    /// Counts the wallet's drawings of every screen: the larger number is the newer. Not in the JSON.
    #[serde(skip)]
    pub revision: u64,
}

/// An account or card that money can come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct DepositSource {
    /// Its id, which a deposit is asked for with.
    pub id: String,
    /// As the member knows it.
    pub name: String,
    /// An account or a card.
    pub kind: KindOfMethod,
    /// What is left on it, when that was ever learnt.
    pub balance: Option<Amount>,
    /// Why nothing can come from it now: it is expired or blocked, or its operator is down.
    pub reason: Option<WhyNot>,
}

/// A wallet that money can go into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct DepositWallet {
    /// As the member knows it.
    pub name: String,
    /// What is left in it, when that was ever learnt.
    pub balance: Option<Amount>,
}

/// A deposit and what has become of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct DepositRow {
    /// The id it was asked for with.
    pub id: String,
    /// The name of the account or card; empty when it is not registered any more.
    pub source: String,
    /// How much.
    pub amount: Amount,
    /// Where it stands.
    pub state: DepositState,
    /// Why it failed.
    pub reason: Option<DepositReason>,
    /// When it was asked for, milliseconds since 1970.
    pub asked_at_ms: i64,
}

/// Where a deposit stands. Done and failed are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum DepositState {
    /// It is not known yet what happened; the wallet asks until it is, and trying again can never
    /// take twice.
    Pending,
    /// The money is in the wallet.
    Done,
    /// Nothing was taken.
    Failed,
}

/// Why a deposit failed. Nothing was taken; another try is a new deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum DepositReason {
    /// With the deposits of the last 24 hours, more than a member may put in.
    DayLimit,
    /// The wallet cannot hold so much.
    WalletFull,
    /// The account does not hold enough.
    InsufficientFunds,
    /// The card's limit would be exceeded.
    CardLimit,
    /// The account or card is blocked.
    Blocked,
    /// The card is past its validity.
    Expired,
    /// The account or card, or every wallet, is in another currency.
    OtherCurrency,
    /// The account or card is not linked any more: link it anew.
    NotLinked,
    /// The operator was away too long.
    OperatorDown,
    /// The operator refused for another reason.
    Refused,
    /// The wallet server was not reached in time.
    NotSent,
    /// The wallet server did not take it.
    NotTaken,
}

/// Everything the deposit screen is drawn from.
pub(crate) struct DrawDeposits<'a> {
    pub registered: &'a [Registered],
    /// The newest first.
    pub transfers: &'a [Transfer],
    pub server: ServerState,
    pub now: Timestamp,
    pub revision: u64,
}

/// The deposit screen.
pub(crate) fn draw_deposits(from: &DrawDeposits<'_>) -> DepositScreen {
    let of_kind = |wanted: fn(MethodKind) -> bool| {
        from.registered.iter().filter(move |registered| wanted(registered.method.kind))
    };
    DepositScreen {
        sources: of_kind(is_source).map(|registered| source(registered, from.now)).collect(),
        wallets: of_kind(|kind| kind == MethodKind::ElectronicMoney).map(wallet).collect(),
        deposits: from.transfers.iter().map(|transfer| row(transfer, from.registered)).collect(),
        server: from.server,
        drawn_at_ms: from.now.0,
        revision: from.revision,
    }
}

/// Whether money can come from methods of this kind.
pub(crate) fn is_source(kind: MethodKind) -> bool {
    matches!(kind, MethodKind::BankAccount | MethodKind::CreditCard)
}

fn source(registered: &Registered, now: Timestamp) -> DepositSource {
    let Registered { method, balance, .. } = registered;
    DepositSource {
        id: method.id.0.clone(),
        name: method.name.clone(),
        kind: method.kind.into(),
        balance: balance.map(|balance| balance.left.into()),
        reason: works_nowhere(registered, now),
    }
}

fn wallet(registered: &Registered) -> DepositWallet {
    let balance = registered.balance.map(|balance| balance.left.into());
    DepositWallet { name: registered.method.name.clone(), balance }
}

fn row(transfer: &Transfer, registered: &[Registered]) -> DepositRow {
    let Transfer { id, from, amount, made_at, stage } = transfer;
    let source = registered.iter().find(|registered| registered.method.id == *from);
    let (state, reason) = match stage {
        Stage::Written | Stage::Accepted => (DepositState::Pending, None),
        Stage::Done => (DepositState::Done, None),
        Stage::Failed(failure) => (DepositState::Failed, Some((*failure).into())),
    };
    DepositRow {
        id: id.to_string(),
        source: source.map(|source| source.method.name.clone()).unwrap_or_default(),
        amount: (*amount).into(),
        state,
        reason,
        asked_at_ms: made_at.0,
    }
}

impl From<Failure> for DepositReason {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Told(told) => told.into(),
            Failure::NoSuchSource => Self::NotLinked,
            Failure::NoSuchWallet => Self::OtherCurrency,
            Failure::NotSent => Self::NotSent,
            Failure::NotTaken => Self::NotTaken,
        }
    }
}

impl From<DepositFailure> for DepositReason {
    fn from(failure: DepositFailure) -> Self {
        match failure {
            DepositFailure::DayLimit => Self::DayLimit,
            DepositFailure::WalletFull => Self::WalletFull,
            DepositFailure::InsufficientFunds => Self::InsufficientFunds,
            DepositFailure::CardLimit => Self::CardLimit,
            DepositFailure::Blocked => Self::Blocked,
            DepositFailure::Expired => Self::Expired,
            DepositFailure::OtherCurrency => Self::OtherCurrency,
            DepositFailure::NotLinked => Self::NotLinked,
            DepositFailure::OperatorDown => Self::OperatorDown,
            DepositFailure::Refused => Self::Refused,
            DepositFailure::IdUsed => Self::NotTaken,
        }
    }
}
