//! Whose account it is, in which currency, and how it is written down.

use std::{fmt, str::FromStr};

use iso_currency::Currency;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Into how many accounts each clearing and outside account is split. Every deposit touches one of
/// them: a single one would be the row that all of them wait for.
pub const PARTS: u8 = 16;

/// Longest name of an operator, in bytes.
const LONGEST_NAME: usize = 32;

/// Which part of a split account a transfer uses: always the same one, so that a repeat of the
/// request has the same content.
pub fn part_of(id: Uuid) -> u8 {
    Sha256::digest(id.as_bytes()).first().map_or(0, |byte| byte % PARTS)
}

/// The name of a settlement operator: 1 to 32 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperatorName(String);

impl OperatorName {
    /// `name`, checked.
    ///
    /// # Errors
    /// [`AccountError`] when it is empty, too long or holds another character.
    pub fn new(name: &str) -> Result<Self, AccountError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain);
        fits.then(|| Self(name.to_owned())).ok_or(AccountError)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whose account it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A wallet: what the wallet company owes one member. The id is a pseudonym that outlives the
    /// member's record. It never goes below zero.
    Member(Uuid),
    /// What the wallet company owes a store.
    Store(Uuid),
    /// What an operator owes the wallet company, or it the operator, until the two have settled.
    Clearing {
        /// The operator.
        operator: OperatorName,
        /// Below [`PARTS`].
        part: u8,
    },
    /// What the operator's day file and these books do not yet agree on.
    Suspense(OperatorName),
    /// The world beyond the books: opening balances and payouts.
    Outside {
        /// Below [`PARTS`].
        part: u8,
    },
}

/// An account: its owner and its one currency.
///
/// As text `member:UUID:EUR`, `store:UUID:EUR`, `clearing:NAME:PART:EUR`, `suspense:NAME:EUR`,
/// `outside:PART:EUR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// Whose it is.
    pub owner: Owner,
    /// The ledger it belongs to.
    pub currency: Currency,
}

/// A text or a name that is no account's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an account")]
pub struct AccountError;

impl Account {
    /// The account of `owner` in `currency`.
    pub const fn new(owner: Owner, currency: Currency) -> Self {
        Self { owner, currency }
    }

    /// Whether its debits may not exceed its credits.
    pub const fn is_limited(&self) -> bool {
        matches!(self.owner, Owner::Member(_))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            Owner::Member(id) => write!(f, "member:{id}"),
            Owner::Store(id) => write!(f, "store:{id}"),
            Owner::Clearing { operator, part } => {
                write!(f, "clearing:{}:{part}", operator.as_str())
            }
            Owner::Suspense(operator) => write!(f, "suspense:{}", operator.as_str()),
            Owner::Outside { part } => write!(f, "outside:{part}"),
        }?;
        write!(f, ":{}", self.currency.code())
    }
}

impl FromStr for Account {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        let (owner, currency) = text.rsplit_once(':').ok_or(AccountError)?;
        let currency = Currency::from_code(currency).ok_or(AccountError)?;
        let account = Self { owner: owner_of(owner)?, currency };
        // One spelling only: the text is hashed and is a key.
        if account.to_string() == text { Ok(account) } else { Err(AccountError) }
    }
}

fn owner_of(text: &str) -> Result<Owner, AccountError> {
    let (kind, rest) = text.split_once(':').ok_or(AccountError)?;
    match kind {
        "member" => uuid(rest).map(Owner::Member),
        "store" => uuid(rest).map(Owner::Store),
        "clearing" => {
            let (name, number) = rest.split_once(':').ok_or(AccountError)?;
            Ok(Owner::Clearing { operator: OperatorName::new(name)?, part: part(number)? })
        }
        "suspense" => OperatorName::new(rest).map(Owner::Suspense),
        "outside" => Ok(Owner::Outside { part: part(rest)? }),
        _ => Err(AccountError),
    }
}

fn uuid(text: &str) -> Result<Uuid, AccountError> {
    text.parse().map_err(|_| AccountError)
}

fn part(text: &str) -> Result<u8, AccountError> {
    text.parse().ok().filter(|part| *part < PARTS).ok_or(AccountError)
}
