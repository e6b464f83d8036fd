//! Double entry, append only: where every minor unit of a member's money came from and went to.
//!
//! A [`Request`] names two accounts and an amount, or an earlier transfer. [`Books::apply`] says what
//! becomes of it: a [`Posting`] (the transfer and its two entries), the same answer as before, a
//! [`Refusal`] that stays with the id for good, or a [`Rejection`] that left nothing behind.
//!
//! ```text
//!   post      moves an amount at once            debit account  --amount-->  credit account
//!   pending   reserves it until it is ended      (counts against what is available)
//!     post    moves all or a part, frees the rest
//!     void    frees it
//!     expire  frees it, once its time is over
//!   refund    moves back what was posted, in parts too, never more
//! ```
//!
//! Nothing is changed or removed: an end, a refund and a correction are transfers of their own. An
//! account is in one currency, so each currency is a ledger of its own. What stands on an account is
//! the sum of its entries; each entry carries the running [`Totals`] and the hash of the one before
//! it, and [`Audit`] recomputes both.
//!
//! Everything here is pure: instants (milliseconds since 1970) and ids arrive as values. The server
//! loads what a group of requests touches into [`Books`], applies them and writes what came out; an
//! [`Oracle`] keeps everything in memory, for tests to hold the server against.
//!
//! ```
//! use ledger::{Account, Action, Amount, Currency, Oracle, Owner, Request, TransferId};
//!
//! let wallet = Account::new(Owner::Member(uuid::Uuid::from_u128(1)), Currency::EUR);
//! let outside = Account::new(Owner::Outside { part: 0 }, Currency::EUR);
//! let mut oracle = Oracle::default();
//! oracle
//!     .apply(
//!         &Request {
//!             id: TransferId::from_u128(7),
//!             action: Action::Post {
//!                 debit: outside,
//!                 credit: wallet.clone(),
//!                 amount: Amount::new(1250).unwrap(),
//!             },
//!         },
//!         1_790_000_000_000,
//!     )
//!     .unwrap();
//! assert_eq!(oracle.totals(&wallet).available(), Some(1250));
//! ```

mod account;
mod amount;
mod audit;
mod books;
mod encoding;
mod entry;
mod oracle;
mod outcome;
mod totals;
mod transfer;

pub use account::{Account, AccountError, OperatorName, Owner, PARTS, part_of};
pub use amount::Amount;
pub use audit::{Audit, Break, Fault, Sums};
pub use books::Books;
pub use encoding::Digest;
pub use entry::{Entry, Head};
pub use iso_currency::Currency;
pub use oracle::Oracle;
pub use outcome::{Outcome, Posting, Refusal, Rejection};
pub use totals::{Side, Totals};
pub use transfer::{Action, Kind, Request, Transfer, TransferId};
