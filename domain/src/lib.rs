//! What the phone and the servers have in common: money, schemes, payment methods, stores, and
//! **the rule** that says which of a member's methods work in a store.
//!
//! Everything here is pure: values in, values out. Time arrives as a [`Timestamp`], never from a
//! clock. The phone core and the wallet server call the same [`rule::judge`], so that they can
//! never disagree about a store.
//!
//! ```
//! use domain::{
//!     Acceptance, Accepted, Ask, Channel, Claim, Currency, SchemeId, Source, Timestamp,
//!     rule::{self, Question, StoreInQuestion},
//! };
//!
//! let takes_suica = Accepted::from_iter([Claim {
//!     scheme: SchemeId::new("suica").unwrap(),
//!     channel: Channel::Contactless,
//!     acceptance: Acceptance::Accepted,
//!     source: Source::Store,
//!     as_of: Timestamp::from_unix_seconds(1_790_000_000),
//! }]);
//! let answer = rule::judge(&Question {
//!     stores: &[StoreInQuestion {
//!         probability: 0.9,
//!         accepted: &takes_suica,
//!         currency: Currency::JPY,
//!     }],
//!     registered: &[],
//!     code: None,
//!     ask: &Ask::at(Timestamp::from_unix_seconds(1_790_000_100)),
//! });
//! // Nothing is registered, so the rule tells what could be.
//! assert_eq!(answer.suggestions[0].scheme.as_str(), "suica");
//! ```

mod accepted;
mod bssid;
mod currency;
mod json;
mod method;
mod money;
pub mod order;
pub mod rule;
pub mod scheme;
mod store;
mod time;
mod verdict;
mod week;
pub mod wire;

pub use accepted::{Acceptance, Accepted, Claim, Source};
pub use bssid::{Bssid, BssidError};
pub use json::from_json;
pub use method::{Balance, Method, MethodId, MethodKind, Registered, Ride};
pub use money::{Currency, Money, MoneyError};
pub use rule::{Ask, Choice, Reason, Standing};
pub use scheme::{Channel, SchemeId};
pub use store::{Address, Position, PositionError, Store, StoreId};
pub use time::Timestamp;
pub use verdict::{Belief, DIFFERS_FOR_MS, Known, Verdict, aged};
pub use week::{NoWeek, WEEK_MS, Week};
