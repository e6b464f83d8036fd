//! Registered payment methods: linked at an operator, listed with their balances,
//! and changed as the member likes.

mod debiting;
mod grant_key;
mod http;
mod linking;
mod method;
mod rows;
mod rules;

pub use grant_key::GrantKey;
pub use http::{MemberMethods, Stored, grant_among, routes};
pub use method::{Backing, MAX_METHODS, StoredMethod};
pub use rows::put;
