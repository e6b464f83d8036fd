//! A registered method as this server keeps it.

use domain::{
    Method, Money,
    wire::{Grant, LinkedTo},
};
use serde::{Deserialize, Serialize};

/// Most methods one member can have, so that one screen stays one screen.
pub const MAX_METHODS: usize = 64;

/// A method and where its money is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMethod {
    /// The method.
    pub method: Method,
    /// Where its balance comes from.
    pub backing: Backing,
    /// How often the member paid with it.
    pub times_used: u32,
    /// Whether the member chose it to take deposits from.
    #[serde(default)]
    pub deposit_source: bool,
}

/// Where a method's balance comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "held_by")]
pub enum Backing {
    /// The wallet's own electronic money, kept by the wallet server.
    Wallet {
        /// What is left.
        balance: Money,
    },
    /// A bank account at a settlement operator.
    Account {
        /// The operator's name.
        #[serde(default = "default_operator")]
        operator: String,
        /// The operator's id of it.
        id: String,
        /// What opens it to this member.
        grant: Grant,
    },
    /// A card at a settlement operator.
    Card {
        /// The operator's name.
        #[serde(default = "default_operator")]
        operator: String,
        /// The operator's id of it.
        id: String,
        /// What opens it to this member.
        grant: Grant,
    },
}

impl Backing {
    /// The account or card of a link at an operator, opened by `grant`.
    pub fn linked(operator: String, to: LinkedTo, grant: Grant) -> Self {
        match to {
            LinkedTo::Account { id } => Self::Account { operator, id, grant },
            LinkedTo::Card { id } => Self::Card { operator, id, grant },
        }
    }

    /// The table's words for it: by whom it is held, at which operator, and under which id there.
    pub fn holder(&self) -> (&'static str, &str, &str) {
        match self {
            Self::Wallet { .. } => ("wallet", "", ""),
            Self::Account { operator, id, .. } => ("account", operator, id),
            Self::Card { operator, id, .. } => ("card", operator, id),
        }
    }

    /// The name of its operator; `None` for the wallet's own money.
    pub fn operator(&self) -> Option<&str> {
        match self {
            Self::Wallet { .. } => None,
            Self::Account { operator, .. } | Self::Card { operator, .. } => Some(operator),
        }
    }

    /// What opens it to its member; `None` for the wallet's own money.
    pub fn grant(&self) -> Option<&Grant> {
        match self {
            Self::Wallet { .. } => None,
            Self::Account { grant, .. } | Self::Card { grant, .. } => Some(grant),
        }
    }

    /// The same, opened by `other`.
    #[must_use]
    pub fn with_grant(self, other: Grant) -> Self {
        match self {
            Self::Wallet { .. } => self,
            Self::Account { operator, id, .. } => Self::Account { operator, id, grant: other },
            Self::Card { operator, id, .. } => Self::Card { operator, id, grant: other },
        }
    }
}

/// What an operator server calls itself unless it is told otherwise.
fn default_operator() -> String {
    "operator".to_owned()
}
