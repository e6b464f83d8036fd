//! What opens an account or a card: grants, one for each link, kept as digests.

mod http;
mod rows;
mod seed;

pub use http::{grant_of, guarded};
pub use rows::{issue, opening, revoke};
pub use seed::{SeedGrant, check, put};
